/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "init.h"

#include "utils.h"

#include "tests/unit/t.h"

/* A port that records the changes of its lines, and their times. */
struct fake {
	struct port base;	/* first, for the cast */
	int64_t now_us;
	unsigned oversleep_us;	/* how late each sleep ends */
	unsigned line_us;	/* how long it takes to set a line */
	enum port_err answer[3];	/* result for each of the lines */
	char events[512];	/* "0 rts+, 100 dtr-" */
};

static enum port_err fake_set_line(struct port *port, enum port_line line,
				   bool level)
{
	static const char *const names[] = { "rts", "dtr", "brk" };
	struct fake *fake = (struct fake *)port;
	size_t used = strlen(fake->events);

	if (fake->answer[line] != PORT_OK)
		return fake->answer[line];
	(void)snprintf(fake->events + used, sizeof(fake->events) - used,
		       "%s%ld %s%c", used > 0 ? ", " : "",
		       (long)(fake->now_us / 1000), names[line],
		       level ? '+' : '-');
	fake->now_us += fake->line_us;
	return PORT_OK;
}

static int64_t fake_now_us(struct port *port)
{
	return ((struct fake *)port)->now_us;
}

static void fake_sleep_ms(struct port *port, unsigned ms)
{
	struct fake *fake = (struct fake *)port;

	fake->now_us += (int64_t)ms * 1000 + fake->oversleep_us;
}

static const struct port_ops fake_ops = {
	.name = "fake",
	.set_line = fake_set_line,
	.now_us = fake_now_us,
	.sleep_ms = fake_sleep_ms,
};

static const struct {
	const char *text;
	int bad;		/* offset of the error, -1: none */
	const char *why;	/* part of the text */
	bool entry, exit;	/* which of them exist */
} grammar[] = {
	{ "", -1, "", false, false },
	{ ":", -1, "", false, false },
	{ "&", -1, "", false, false },
	{ "&:&", -1, "", false, false },
	{ ",", -1, "", true, false },
	{ ":,", -1, "", false, true },
	{ "-brk", -1, "", false, false },
	{ "rts", -1, "", true, false },
	{ "rts:", -1, "", true, false },
	{ ":rts", -1, "", false, true },
	{ "-rts&dtr,,brk:-dtr", -1, "", true, true },
	{ "17,-18:0", -1, "", true, true },
	{ "65535", -1, "", true, false },
	{ "gpiochip0/17", -1, "", true, false },
	{ "-gpiochip65535/65535&rts", -1, "", true, false },
	{ "17,17,-17,gpiochip0/17", -1, "", true, false },
	/* no separator: "&", as in 0.7 */
	{ "-dtr-rts,dtr", -1, "", true, false },
	{ "rtsdtr:brk-17", -1, "", true, true },
	{ "17dtr18", -1, "", true, false },

	{ "foo", 0, "foo: not rts, dtr, brk, a GPIO number or", false, false },
	{ "RTS", 0, "RTS: not rts", false, false },
	{ "rt", 0, "rt: not rts", false, false },
	{ "rtss", 0, "rtss: not rts", false, false },
	{ "-dtr--rts", 1, "dtr--rts: not rts", false, false },
	{ "-dtr -rts", 1, "dtr -rts: not rts", false, false },
	{ "rts-", 0, "rts-: not rts", false, false },
	{ "rts,dtx", 4, "dtx: not rts", false, false },
	{ "rts, dtr", 4, " dtr: not rts", false, false },
	{ "rts,-foo:dtr", 5, "foo: not rts", false, false },
	{ "rts:dtr&foo", 8, "foo: not rts", false, false },
	{ "+rts", 0, "+rts: not rts", false, false },
	{ "--rts", 1, "-rts: not rts", false, false },
	{ "-", 1, "no signal given", false, false },
	{ "rts,-", 5, "no signal given", false, false },
	{ "rts,-,dtr", 5, "no signal given", false, false },
	{ "rts:dtr:rts", 7, "a second \":\"", false, false },
	{ "::", 1, "a second \":\"", false, false },
	{ "65536", 0, "65536: not a GPIO number", false, false },
	{ "-4294967313", 1, "not a GPIO number", false, false },
	{ "17x", 0, "17x: not a GPIO number", false, false },
	{ "017", 0, "017: not a GPIO number", false, false },
	{ "rts,gpiochip0", 13, "no line given", false, false },
	{ "gpiochip", 8, "no line given", false, false },
	{ "gpiochip/3", 8, "not a GPIO chip number", false, false },
	{ "gpiochipx/3", 8, "not a GPIO chip number", false, false },
	{ "gpiochip65536/3", 8, "not a GPIO chip number", false, false },
	{ "gpiochip0/", 10, "not a line number", false, false },
	{ "-gpiochip0/x", 11, "not a line number", false, false },
	{ "gpiochip0/3/4", 10, "not a line number", false, false },
	{ "gpiochip0/65536", 10, "not a line number", false, false },
};

static void test_grammar(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(grammar); i++) {
		struct sequence *sequence = NULL;
		struct problem why = { "" };
		size_t at = 999;
		bool ok;

		t_about(grammar[i].text);
		ok = sequence_parse(grammar[i].text, &sequence, &why, &at);
		EQUAL(ok, grammar[i].bad < 0);
		CHECK((sequence != NULL) == ok);
		if (!ok)
			EQUAL(at, grammar[i].bad);
		if (!CHECK(strstr(why.text, grammar[i].why) != NULL))
			printf("  expected \"%s\" in \"%s\"\n",
			       grammar[i].why, why.text);
		if (sequence != NULL) {
			EQUAL(sequence_has_entry(sequence), grammar[i].entry);
			EQUAL(sequence_has_exit(sequence), grammar[i].exit);
		}
		sequence_free(sequence);
	}
}

/* The events, with milliseconds since the start of the entry or exit; the last
 * number is the end. */
static const struct {
	const char *text;
	const char *entry;
	int entry_ends;
	const char *exit;
	int exit_ends;
} runs[] = {
	{ "", "", 0, "", 0 },
	{ ":", "", 0, "", 0 },
	{ "rts", "0 rts+", 0, "", 0 },
	{ "-rts", "0 rts-", 0, "", 0 },
	{ ":dtr", "", 0, "0 dtr+", 0 },
	{ ",,:,", "", 200, "", 100 },
	{ "rts,", "0 rts+", 100, "", 0 },
	{ "rts,-dtr,dtr:-rts,dtr,,",
	  "0 rts+, 100 dtr-, 200 dtr+", 200,
	  "0 rts-, 100 dtr+", 300 },
	{ "-rts&dtr,,brk:",
	  "0 rts-, 0 dtr+, 200 brk+, 450 brk-", 450, "", 0 },
	{ "brk,rts", "0 brk+, 250 brk-, 350 rts+", 350, "", 0 },
	{ "brk&rts", "0 brk+, 250 brk-, 250 rts+", 250, "", 0 },
	{ "-brk", "", 0, "", 0 },
	{ "rts,-brk,-rts", "0 rts+, 200 rts-", 200, "", 0 },
	{ "&rts&&dtr&", "0 rts+, 0 dtr+", 0, "", 0 },
	{ "rts&dtr:rts&dtr", "0 rts+, 0 dtr+", 0, "0 rts+, 0 dtr+", 0 },
	/* recorded from 0.7 */
	{ "-dtr-rts,,-dtr-rts:dtrrts",
	  "0 dtr-, 0 rts-, 200 dtr-, 200 rts-", 200, "0 dtr+, 0 rts+", 0 },
	{ "rts-dtr,rts", "0 rts+, 0 dtr-, 100 rts+", 100, "", 0 },
};

static void check_half(enum port_err (*half)(const struct sequence *,
					     struct lines *, struct port *,
					     struct problem *),
		       const struct sequence *sequence, const char *events,
		       int ends_ms)
{
	struct fake fake = { .base.ops = &fake_ops };
	struct lines *lines = NULL;
	struct problem why = { "" };

	EQUAL(lines_request(sequence, &lines, &why), PORT_OK);
	CHECK(lines != NULL);
	EQUAL(half(sequence, lines, &fake.base, &why), PORT_OK);
	lines_release(lines);
	TEXT(why.text, "");
	TEXT(fake.events, events);
	EQUAL(fake.now_us, (int64_t)ends_ms * 1000);
}

static struct sequence *parsed(const char *text)
{
	struct sequence *sequence = NULL;
	struct problem why;
	size_t at;

	t_about(text);
	CHECK(sequence_parse(text, &sequence, &why, &at));
	return sequence;
}

static void test_runs(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(runs); i++) {
		struct sequence *sequence = parsed(runs[i].text);

		check_half(sequence_enter, sequence, runs[i].entry,
			   runs[i].entry_ends);
		check_half(sequence_exit, sequence, runs[i].exit,
			   runs[i].exit_ends);
		sequence_free(sequence);
	}
}

/* Sleeps that end late, and lines that are slow to set. */
static const struct {
	const char *text;
	unsigned oversleep_us, line_us;
	const char *events;
} clocks[] = {
	/* Small errors do not add up ... */
	{ "rts,-rts,rts,-rts,rts", 3000, 0,
	  "0 rts+, 103 rts-, 203 rts+, 303 rts-, 403 rts+" },
	{ "rts,-rts,rts,-rts", 0, 2000,
	  "0 rts+, 100 rts-, 200 rts+, 300 rts-" },
	/* ... and a stall does not shorten the next delay. */
	{ "rts,-rts,rts", 0, 80000, "0 rts+, 180 rts-, 360 rts+" },
	{ "rts,-rts,rts", 80000, 0, "0 rts+, 180 rts-, 360 rts+" },
	{ "brk", 0, 60000, "0 brk+, 310 brk-" },
};

static void test_clocks(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(clocks); i++) {
		struct sequence *sequence = parsed(clocks[i].text);
		struct fake fake = {
			.base.ops = &fake_ops,
			.oversleep_us = clocks[i].oversleep_us,
			.line_us = clocks[i].line_us,
		};

		EQUAL(sequence_enter(sequence, NULL, &fake.base, NULL),
		      PORT_OK);
		TEXT(fake.events, clocks[i].events);
		sequence_free(sequence);
	}
}

/* The entry stops at the first failure, the exit continues; both report the
 * first. */
static const struct {
	const char *text;
	enum port_err answer[3];
	enum port_err err;
	const char *why;
	const char *entry_events, *exit_events;
} failures[] = {
	{ "-dtr,-rts,dtr", { [PORT_LINE_RTS] = PORT_UNSUPPORTED },
	  PORT_UNSUPPORTED, "-i rts: this port has no rts line",
	  "0 dtr-", "0 dtr-, 200 dtr+" },
	{ "dtr&brk&rts", { [PORT_LINE_DTR] = PORT_UNSUPPORTED,
			   [PORT_LINE_BREAK] = PORT_CLOSED },
	  PORT_UNSUPPORTED, "-i dtr: this port has no dtr line",
	  "", "0 rts+" },
	{ "brk", { [PORT_LINE_BREAK] = PORT_UNSUPPORTED },
	  PORT_UNSUPPORTED, "-i brk: this port cannot send a break", "", "" },
	{ "rts", { PORT_CLOSED }, PORT_CLOSED,
	  "-i rts: the port has disappeared; plug the adapter in again", "", "" },
};

static void test_failures(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(failures); i++) {
		struct fake in = { .base.ops = &fake_ops }, out;
		struct problem why = { "" };
		struct sequence *sequence;
		char text[64];

		memcpy(in.answer, failures[i].answer, sizeof(in.answer));
		out = in;
		(void)snprintf(text, sizeof(text), "%s:%s", failures[i].text,
			       failures[i].text);
		sequence = parsed(text);
		EQUAL(sequence_enter(sequence, NULL, &in.base, &why),
		      failures[i].err);
		TEXT(why.text, failures[i].why);
		TEXT(in.events, failures[i].entry_events);

		why.text[0] = '\0';
		EQUAL(sequence_exit(sequence, NULL, &out.base, &why),
		      failures[i].err);
		TEXT(why.text, failures[i].why);
		TEXT(out.events, failures[i].exit_events);
		sequence_free(sequence);
	}
}

/* A transport without any lines, such as I2C. */
static void test_no_lines(void)
{
	static const struct port_ops bare = { .name = "bare" };
	struct port port = { .ops = &bare };
	struct sequence *sequence = parsed("rts");
	struct problem why = { "" };

	EQUAL(sequence_enter(sequence, NULL, &port, &why), PORT_UNSUPPORTED);
	TEXT(why.text, "-i rts: this port has no rts line");
	sequence_free(sequence);
}

/* A line that no system has. */
static void test_gpio_missing(void)
{
	struct sequence *sequence = parsed("rts,gpiochip65535/3");
	struct lines *lines = (struct lines *)&sequence;
	struct problem why = { "" };
	enum port_err err = lines_request(sequence, &lines, &why);

	CHECK(err == PORT_NODEV || err == PORT_UNSUPPORTED);
	CHECK(lines == NULL);
	CHECK(why.text[0] != '\0');
	lines_release(lines);
	sequence_free(sequence);
	sequence_free(NULL);
}

int main(void)
{
	test_grammar();
	test_runs();
	test_clocks();
	test_failures();
	test_no_lines();
	test_gpio_missing();
	return t_done();
}
