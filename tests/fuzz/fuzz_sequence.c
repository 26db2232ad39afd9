/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the sequence parser with an independent reader of its grammar, and
 * runs the result on lines that only count.
 */
#include "tests/fuzz/check.h"

#include "host/gpio.h"
#include "init.h"

#define LINES_MAX 4096
#define BREAK_MS 250

/* --- the lines, which only init.c requests ------------------------------ */

struct gpio_line {
	struct gpio_id id;
	bool held;
};

/* gpio_request() has no argument for it. */
static struct {
	struct gpio_line line[LINES_MAX];
	size_t count, held;
} host;

enum port_err gpio_request(const struct gpio_id *id, struct gpio_line **out,
			   struct problem *why)
{
	size_t i;

	(void)why;
	MUST(id->chip >= GPIO_NO_CHIP);
	/* each line once */
	for (i = 0; i < host.count; i++)
		MUST(host.line[i].id.chip != id->chip ||
		     host.line[i].id.line != id->line);
	MUST(host.count < LINES_MAX);
	*out = &host.line[host.count++];
	**out = (struct gpio_line){ *id, true };
	host.held++;
	return PORT_OK;
}

enum port_err gpio_set(struct gpio_line *line, bool high, struct problem *why)
{
	(void)high, (void)why;
	MUST(line->held);
	return PORT_OK;
}

void gpio_release(struct gpio_line *line)
{
	MUST(line->held);
	line->held = false;
	host.held--;
}

struct line_port {
	struct port base;
	int64_t now_us;
};

static int64_t now_us(struct port *port)
{
	return ((struct line_port *)port)->now_us;
}

static void sleep_ms(struct port *port, unsigned ms)
{
	((struct line_port *)port)->now_us += ms * INT64_C(1000);
}

static enum port_err set_line(struct port *port, enum port_line line,
			      bool level)
{
	(void)port, (void)level;
	MUST(line <= PORT_LINE_BREAK);
	return PORT_OK;
}

/* --- the grammar of init.h ---------------------------------------------- */

/* Digits without a leading zero, or 0x and hex digits; up to 65535. */
static bool is_number(const char *text, size_t len)
{
	bool hex = len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
	unsigned long value = 0;
	size_t i;

	if (len == 0 || (!hex && len > 1 && text[0] == '0'))
		return false;
	for (i = hex ? 2 : 0; i < len; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0 || (!hex && digit > 9))
			return false;
		value = value * (hex ? 16 : 10) + (unsigned)digit;
		if (value > 65535)
			return false;
	}
	return true;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool is_signal(const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len);
	size_t chip = strlen("gpiochip");

	if (len == 0)
		return true;
	if (text[0] == '-')
		return len > 1 && text[1] != '-' &&
		       is_signal(text + 1, len - 1);
	if (is_word(text, len, "rts") || is_word(text, len, "dtr") ||
	    is_word(text, len, "brk") || is_number(text, len))
		return true;
	return slash != NULL && (size_t)(slash - text) > chip &&
	       memcmp(text, "gpiochip", chip) == 0 &&
	       is_number(text + chip, (size_t)(slash - text) - chip) &&
	       is_number(slash + 1, len - (size_t)(slash - text) - 1);
}

/* True if a name of three letters, or a digit, begins here. */
static bool begins_signal(const char *text, size_t len)
{
	if (len > 0 && text[0] == '-')
		text++, len--;
	return (len > 0 && text[0] >= '0' && text[0] <= '9') ||
	       (len >= 3 && (is_word(text, 3, "rts") ||
			     is_word(text, 3, "dtr") ||
			     is_word(text, 3, "brk")));
}

/* Returns the length of the first signal in text: all of it, or a name or
 * number before a signal that follows without a separator. */
static size_t first_signal(const char *text, size_t len)
{
	size_t end = text[0] == '-';

	if (!begins_signal(text, len))
		return len;
	if (text[end] <= '9')
		while (end < len && text[end] >= '0' && text[end] <= '9')
			end++;
	else
		end += 3;
	return begins_signal(text + end, len - end) ? end : len;
}

struct expected {
	bool valid;
	unsigned long ms[2];	/* of entry and exit */
};

static struct expected read_grammar(const char *text)
{
	struct expected e = { .valid = true };
	int half = 0;

	for (;;) {
		size_t len = first_signal(text, strcspn(text, ",&:"));

		e.valid &= is_signal(text, len);
		if (is_word(text, len, "brk"))
			e.ms[half] += BREAK_MS;
		text += len;
		if (*text == '\0')
			return e;
		if (*text == ',')
			e.ms[half] += 100;
		if (*text == ':' && ++half > 1)
			return (struct expected){ .valid = false };
		text += strcspn(text, ",&:") == 0;
	}
}

static void check_run(const struct sequence *sequence,
		      const struct expected *expected)
{
	static const struct port_ops ops = {
		.now_us = now_us, .sleep_ms = sleep_ms, .set_line = set_line
	};
	struct line_port port = { .base.ops = &ops };
	struct problem why = { .text = "" };
	struct lines *lines;

	host.count = host.held = 0;
	MUST(lines_request(sequence, &lines, &why) == PORT_OK);
	MUST(sequence_has_gpio(sequence) == (host.count > 0));
	MUST(sequence_enter(sequence, lines, &port.base, &why) == PORT_OK);
	MUST(port.now_us == (int64_t)expected->ms[0] * 1000);
	MUST(sequence_exit(sequence, lines, &port.base, &why) == PORT_OK);
	MUST(port.now_us ==
	     (int64_t)(expected->ms[0] + expected->ms[1]) * 1000);
	lines_release(lines);
	MUST(host.held == 0 && why.text[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	struct sequence *sequence = NULL;
	struct problem why = { .text = "" };
	struct expected expected;
	size_t at = 0;
	bool valid;

	MUST(text != NULL);
	memcpy(text, bytes, len);
	text[len] = '\0';
	expected = read_grammar(text);
	valid = sequence_parse(text, &sequence, &why, &at);
	MUST(valid == expected.valid);
	MUST(valid == (sequence != NULL) && valid == (why.text[0] == '\0'));
	MUST(at <= strlen(text));
	if (valid)
		check_run(sequence, &expected);
	sequence_free(sequence);
	free(text);
	return 0;
}
