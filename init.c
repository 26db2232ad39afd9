/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "init.h"

#include <stdlib.h>
#include <string.h>

#include "host/gpio.h"
#include "utils.h"

/* For a comma. */
#define DELAY_MS 100

/* Like tcsendbreak(), which lasts 250 to 500 ms; boards are built for that. */
#define BREAK_MS 250

/* If setting a line takes longer than this, start the next delay late instead
 * of shortening it. */
#define STALL_MS 10

/* The kernel's numbers of chips, lines and GPIOs are far lower. */
#define LAST_NUMBER 65535

enum step_kind { STEP_WAIT, STEP_PORT_LINE, STEP_GPIO };

struct step {
	enum step_kind kind;
	enum port_line line;	/* for STEP_PORT_LINE */
	size_t gpio;		/* for STEP_GPIO: index of the id */
	bool level;
	unsigned delay_ms;	/* after the step */
};

struct sequence {
	struct step *steps;	/* of the entry, then of the exit */
	size_t exit;		/* index of the first exit step */
	size_t count;
	struct gpio_id *ids;	/* each line once */
	size_t id_count;
};

struct lines {
	size_t count;
	struct gpio_line *line[];	/* in the order of sequence.ids */
};

static const struct {
	const char *name;
	const char *lacking;	/* message if the port has no such line */
} port_lines[] = {
	[PORT_LINE_RTS] = { "rts", "has no rts line" },
	[PORT_LINE_DTR] = { "dtr", "has no dtr line" },
	[PORT_LINE_BREAK] = { "brk", "cannot send a break" },
};

/* A piece of the text, and the error in it. */
struct token {
	const char *text;
	size_t len;
	size_t bad;		/* offset of the wrong character */
	struct problem *why;
};

static bool starts_with(const struct token *token, const char *start)
{
	size_t len = strlen(start);

	return token->len >= len && memcmp(token->text, start, len) == 0;
}

static bool fail(struct token *token, size_t at, const char *what)
{
	token->bad = at;
	problem_set(token->why, "%.*s: %s", (int)token->len, token->text,
		    what);
	return false;
}

static bool parse_port_line(const struct token *token, struct step *step)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(port_lines); i++) {
		const char *name = port_lines[i].name;

		if (token->len == strlen(name) && starts_with(token, name)) {
			step->kind = STEP_PORT_LINE;
			step->line = (enum port_line)i;
			return true;
		}
	}
	return false;
}

/* gpiochipN/LINE */
static bool parse_chip(struct token *token, struct gpio_id *id)
{
	size_t first = strlen("gpiochip");
	const char *slash = memchr(token->text, '/', token->len);
	uint32_t chip;
	size_t line;

	if (slash == NULL)
		return fail(token, token->len, "no line given, as in "
			    "gpiochip0/17");
	line = (size_t)(slash - token->text) + 1;
	if (!parse_u32_len(token->text + first, line - 1 - first, LAST_NUMBER,
			   &chip))
		return fail(token, first, "not a GPIO chip number");
	if (!parse_u32_len(slash + 1, token->len - line, LAST_NUMBER,
			   &id->line))
		return fail(token, line, "not a line number");
	id->chip = (int)chip;
	return true;
}

static bool parse_gpio(struct token *token, struct gpio_id *id)
{
	if (starts_with(token, "gpiochip"))
		return parse_chip(token, id);
	if (token->text[0] < '0' || token->text[0] > '9')
		return fail(token, 0, "not rts, dtr, brk, a GPIO number or "
			    "gpiochipN/LINE");
	id->chip = GPIO_NO_CHIP;
	if (!parse_u32_len(token->text, token->len, LAST_NUMBER, &id->line))
		return fail(token, 0, "not a GPIO number");
	return true;
}

/* Returns the index of id in the sequence; adds it if it is new. */
static size_t add_id(struct sequence *sequence, const struct gpio_id *id)
{
	size_t i;

	for (i = 0; i < sequence->id_count; i++)
		if (sequence->ids[i].chip == id->chip &&
		    sequence->ids[i].line == id->line)
			return i;
	sequence->ids[i] = *id;
	sequence->id_count++;
	return i;
}

static bool parse_signal(struct sequence *sequence, struct token *token,
			 struct step *step)
{
	struct token name = *token;
	struct gpio_id id;

	*step = (struct step){ .kind = STEP_WAIT };
	if (token->len == 0)
		return true;
	step->level = token->text[0] != '-';
	if (!step->level) {
		name.text++;
		name.len--;
	}
	if (name.len == 0)
		return fail(token, 1, "no signal given");
	if (parse_port_line(&name, step)) {
		/* A break ends by itself. */
		if (step->line == PORT_LINE_BREAK && !step->level)
			step->kind = STEP_WAIT;
		return true;
	}
	if (!parse_gpio(&name, &id)) {
		token->bad = name.bad + (size_t)(name.text - token->text);
		return false;
	}
	step->kind = STEP_GPIO;
	step->gpio = add_id(sequence, &id);
	return true;
}

/* Allocates room for count signals; NULL if out of memory. */
static struct sequence *sequence_new(size_t count)
{
	struct sequence *sequence = calloc(1, sizeof(*sequence));

	if (sequence == NULL)
		return NULL;
	sequence->steps = calloc(count, sizeof(*sequence->steps));
	sequence->ids = calloc(count, sizeof(*sequence->ids));
	if (sequence->steps != NULL && sequence->ids != NULL)
		return sequence;
	sequence_free(sequence);
	return NULL;
}

void sequence_free(struct sequence *sequence)
{
	if (sequence == NULL)
		return;
	free(sequence->steps);
	free(sequence->ids);
	free(sequence);
}

/* Returns the length of a name or of the digits of a GPIO; 0: neither. */
static size_t name_len(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(port_lines); i++) {
		size_t len = strlen(port_lines[i].name);

		if (strncmp(text, port_lines[i].name, len) == 0)
			return len;
	}
	return strspn(text, "0123456789");
}

/* Returns the length up to a separator, or up to a signal that follows without
 * one. As in 0.7, "-dtr-rts" is "-dtr&-rts". */
static size_t signal_len(const char *text)
{
	size_t sign = text[0] == '-';
	size_t len = sign + name_len(text + sign);
	const char *next = text + len;

	if (len > sign && name_len(next + (*next == '-')) > 0)
		return len;
	return strcspn(text, ",&:");
}

/* On failure *at is the offset in text. */
static bool parse_all(struct sequence *sequence, const char *text,
		      struct problem *why, size_t *at)
{
	const char *here = text;
	bool exit_begun = false;

	for (;;) {
		struct token token = { .text = here, .why = why,
				       .len = signal_len(here) };
		struct step *step = &sequence->steps[sequence->count];

		if (!parse_signal(sequence, &token, step)) {
			*at = (size_t)(here - text) + token.bad;
			return false;
		}
		sequence->count++;
		if (!exit_begun)
			sequence->exit = sequence->count;
		here += token.len;
		if (*here == '\0')
			return true;
		if (*here == ',')
			step->delay_ms = DELAY_MS;
		if (*here == ':' && exit_begun) {
			*at = (size_t)(here - text);
			problem_set(why, "a second \":\"; only one separates "
				    "entry and exit");
			return false;
		}
		exit_begun |= *here == ':';
		here += strchr(",&:", *here) != NULL;
	}
}

bool sequence_parse(const char *text, struct sequence **out,
		    struct problem *why, size_t *at)
{
	/* Each signal is at least one character or ends in a separator. */
	struct sequence *sequence = sequence_new(strlen(text) + 1);

	*out = NULL;
	*at = 0;
	if (sequence == NULL) {
		problem_set(why, "out of memory");
		return false;
	}
	if (!parse_all(sequence, text, why, at)) {
		sequence_free(sequence);
		return false;
	}
	*out = sequence;
	return true;
}

static bool does_something(const struct sequence *sequence, size_t from,
			   size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (sequence->steps[i].kind != STEP_WAIT ||
		    sequence->steps[i].delay_ms != 0)
			return true;
	return false;
}

bool sequence_has_entry(const struct sequence *sequence)
{
	return does_something(sequence, 0, sequence->exit);
}

bool sequence_has_exit(const struct sequence *sequence)
{
	return does_something(sequence, sequence->exit, sequence->count);
}

bool sequence_has_gpio(const struct sequence *sequence)
{
	return sequence->id_count != 0;
}

enum port_err lines_request(const struct sequence *sequence,
			    struct lines **out, struct problem *why)
{
	size_t count = sequence->id_count;
	struct lines *lines;

	*out = NULL;
	lines = calloc(1, sizeof(*lines) + count * sizeof(struct gpio_line *));
	if (lines == NULL) {
		problem_set(why, "out of memory");
		return PORT_IO;
	}
	for (; lines->count < count; lines->count++) {
		enum port_err err = gpio_request(&sequence->ids[lines->count],
						 &lines->line[lines->count],
						 why);

		if (err != PORT_OK) {
			lines_release(lines);
			return err;
		}
	}
	*out = lines;
	return PORT_OK;
}

void lines_release(struct lines *lines)
{
	if (lines == NULL)
		return;
	while (lines->count > 0)
		gpio_release(lines->line[--lines->count]);
	free(lines);
}

/* The progress of a sequence, on the clock of the port. */
struct run {
	const struct sequence *sequence;
	struct lines *lines;
	struct port *port;
	int64_t due_ms;		/* start of the next step */
};

/* Keeps delays by deadlines, so that small errors do not add up. */
static void wait_more(struct run *run, unsigned ms)
{
	int64_t now = port_now_ms(run->port);

	if (now > run->due_ms + STALL_MS)
		run->due_ms = now;
	run->due_ms += ms;
	if (run->due_ms > now)
		port_sleep_ms(run->port, (unsigned)(run->due_ms - now));
}

static enum port_err send_break(struct run *run)
{
	enum port_err err = port_set_line(run->port, PORT_LINE_BREAK, true);

	if (err != PORT_OK)
		return err;
	wait_more(run, BREAK_MS);
	return port_set_line(run->port, PORT_LINE_BREAK, false);
}

static enum port_err set_port_line(struct run *run, const struct step *step,
				   struct problem *why)
{
	const char *name = port_lines[step->line].name;
	enum port_err err;

	if (step->line == PORT_LINE_BREAK)
		err = send_break(run);
	else
		err = port_set_line(run->port, step->line, step->level);
	if (err == PORT_UNSUPPORTED)
		problem_set(why, "-i %s: this port %s", name,
			    port_lines[step->line].lacking);
	else if (err != PORT_OK)
		problem_set(why, "-i %s: %s", name, port_trouble(run->port, err));
	return err;
}

static enum port_err run_step(struct run *run, const struct step *step,
			      struct problem *why)
{
	switch (step->kind) {
	case STEP_WAIT:
		return PORT_OK;
	case STEP_PORT_LINE:
		return set_port_line(run, step, why);
	case STEP_GPIO:
		if (run->lines == NULL)
			return PORT_OK;
		return gpio_set(run->lines->line[step->gpio], step->level,
				why);
	}
	return PORT_OK;
}

enum port_err sequence_enter(const struct sequence *sequence,
			     struct lines *lines, struct port *port,
			     struct problem *why)
{
	struct run run = { sequence, lines, port, port_now_ms(port) };
	size_t i;

	for (i = 0; i < sequence->exit; i++) {
		const struct step *step = &sequence->steps[i];
		enum port_err err = run_step(&run, step, why);

		if (err != PORT_OK)
			return err;
		wait_more(&run, step->delay_ms);
	}
	return PORT_OK;
}

/* Leaves the board as usable as possible: continues after a failed step, and
 * reports the first failure. */
enum port_err sequence_exit(const struct sequence *sequence,
			    struct lines *lines, struct port *port,
			    struct problem *why)
{
	struct run run = { sequence, lines, port, port_now_ms(port) };
	enum port_err first = PORT_OK;
	size_t i;

	for (i = sequence->exit; i < sequence->count; i++) {
		const struct step *step = &sequence->steps[i];
		enum port_err err;

		err = run_step(&run, step, first == PORT_OK ? why : NULL);
		if (first == PORT_OK)
			first = err;
		wait_more(&run, step->delay_ms);
	}
	return first;
}
