/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/events.h"
#include "cli/progress.h"
#include "sim/transcript.h"
#include "host/terminal.h"
#include "utils.h"

#define PROGRAM "stm32flash"
#define REDRAW_MS 200
#define MOST_SAID 16
#define LONG_STAGE_MS 5000	/* a longer stage gets a line every 10 % in a
				 * log */
#define ERASE_TO_END "\x1B[K"

/* All the state of the writer. */
static struct {
	struct report_settings settings;
	bool draws, erases;	/* capabilities of the terminal */
	int64_t drawn_ms;	/* when the progress was last drawn */
	size_t drawn_len;	/* length of that line; 0: none is open */
	int64_t began_ms[STAGES];	/* start of each stage, on the port's
					 * clock */
	struct problem said[MOST_SAID];	/* failures and warnings so far */
	size_t said_count;
	unsigned tenths[STAGES];	/* of each stage, as printed last */
	FILE *trace;
	int64_t trace_us;	/* start of the trace; -1: not started */
	char label[LABEL_MOST + 3];	/* with ": "; empty: none */
	struct json member;	/* the label as JSON, for every object */
} report = { .settings = { .level = REPORT_NORMAL } };

static FILE *fact_stream(void)
{
	return report.settings.facts_on_stderr ? stderr : stdout;
}

/* With NO_COLOR set, uses no escape sequences at all. */
static bool wants_plain(void)
{
	const char *no_color = getenv("NO_COLOR");

	return no_color != NULL && no_color[0] != '\0';
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

void report_setup(const struct report_settings *settings)
{
	bool terminal;

	report.settings = *settings;
	report.said_count = 0;	/* from an earlier run in this process */
	if (settings->label != NULL) {
		(void)snprintf(report.label, sizeof(report.label), "%s: ",
			       settings->label);
		json_string(&report.member, "label", settings->label);
	}
	terminal = terminal_is(fact_stream()) && !is_dumb();
	report.draws = !settings->json && !settings->progress_never &&
		       settings->level > REPORT_QUIET &&
		       ((terminal && settings->label == NULL) ||
			settings->progress_always);
	report.erases = report.draws && terminal && !wants_plain() &&
			terminal_can_erase(fact_stream());
}

unsigned report_columns(void)
{
	return terminal_columns(fact_stream());
}

/* Ends an unfinished line of progress. */
static void break_progress(void)
{
	if (report.drawn_len > 0)
		fputc('\n', fact_stream());
	report.drawn_len = 0;
}

/* Replaces control characters in names from outside by '?', as they could
 * move the cursor or change the terminal. C1 controls are C2 80 to C2 9F in
 * UTF-8. */
static void make_safe(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)text[0];
		unsigned char next = (unsigned char)text[1];
		bool c1 = c == 0xC2 && next >= 0x80 && next < 0xA0;

		*to++ = (char)(c < ' ' || c == 0x7F || c1 ? '?' : c);
		text += c1;
	}
	*to = '\0';
}

/* Prints a line in one piece, as other runs may write to the same stream. */
static void print_line(FILE *stream, const char *prefix, const char *text)
{
	char line[sizeof(report.label) + sizeof(struct json)];

	break_progress();
	if (stream == stderr)
		fflush(stdout);
	(void)snprintf(line, sizeof(line), "%s%s%s", report.label, prefix,
		       text);
	make_safe(line);
	fprintf(stream, "%s\n", line);
	fflush(stream);
}

/* How each kind of message is shown. */
enum kind { FAILURE, WARNING, HINT, FACT, DETAIL, RESULT };

static const struct {
	enum report_level from;	/* the lowest level that shows it */
	const char *prefix;
	bool on_stderr;
	bool json_too;		/* with --json also as text on stderr */
	bool once;		/* not repeated with the same text */
	const char *object;	/* for --json; NULL: none, or another one with
				 * more members */
} kinds[] = {
	[FAILURE] = { REPORT_QUIET, PROGRAM ": ", true, true, true,
		      NULL },
	[WARNING] = { REPORT_NORMAL, PROGRAM ": warning: ", true, true, true,
		      "warning" },
	[HINT] = { REPORT_NORMAL, "", true, true, false, NULL },
	[FACT] = { REPORT_NORMAL, "", false, false, false, NULL },
	[DETAIL] = { REPORT_VERBOSE, "  ", false, false, false, "note" },
	[RESULT] = { REPORT_QUIET, "", false, false, false, NULL },
};

/* True if a failure or warning had the same text. When the list is full,
 * further texts are not remembered. */
static bool said_before(const char *text)
{
	size_t i;

	for (i = 0; i < report.said_count; i++)
		if (strcmp(report.said[i].text, text) == 0)
			return true;
	if (i < ARRAY_LEN(report.said))
		problem_set(&report.said[report.said_count++], "%s", text);
	return false;
}

/* False if the text is not shown. */
static bool say(enum kind kind, struct problem *text, const char *fmt,
		va_list args)
{
	struct json json;

	text->text[0] = '\0';
	if (report.settings.level < kinds[kind].from)
		return false;
	problem_vset(text, fmt, args);
	if (kinds[kind].once && said_before(text->text))
		return false;
	if (!report.settings.json || kinds[kind].json_too)
		print_line(kinds[kind].on_stderr ? stderr : fact_stream(),
			   kinds[kind].prefix, text->text);
	if (kinds[kind].object == NULL)
		return true;
	events_text(&json, kinds[kind].object, text->text);
	report_result_object(&json);
	return true;
}

void report_failure(enum exit_status status, const char *fmt, ...)
{
	struct problem text;
	struct json json;
	va_list args;
	bool shown;

	va_start(args, fmt);
	shown = say(FAILURE, &text, fmt, args);
	va_end(args);
	if (!shown)
		return;
	events_error(&json, status, text.text);
	report_result_object(&json);
}

void report_warning(const char *fmt, ...)
{
	struct problem text;
	va_list args;

	va_start(args, fmt);
	say(WARNING, &text, fmt, args);
	va_end(args);
}

void report_hint(const char *fmt, ...)
{
	struct problem text;
	va_list args;

	va_start(args, fmt);
	say(HINT, &text, fmt, args);
	va_end(args);
}

void report_fact(const char *fmt, ...)
{
	struct problem text;
	va_list args;

	va_start(args, fmt);
	say(FACT, &text, fmt, args);
	va_end(args);
}

void report_detail(const char *fmt, ...)
{
	struct problem text;
	va_list args;

	va_start(args, fmt);
	say(DETAIL, &text, fmt, args);
	va_end(args);
}

void report_result(const char *fmt, ...)
{
	struct problem text;
	va_list args;

	va_start(args, fmt);
	say(RESULT, &text, fmt, args);
	va_end(args);
}

void report_result_object(const struct json *json)
{
	if (!report.settings.json)
		return;
	break_progress();
	fprintf(stdout, "%.*s%s}\n", (int)(json->len - 1), json->text,
		report.member.text);
	fflush(stdout);
}

void report_object(const struct json *json)
{
	if (report.settings.level > REPORT_QUIET)
		report_result_object(json);
}

bool report_finish(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	report_failure(STATUS_FILE, "standard output: %s", strerror(errno));
	return false;
}

/* --- progress --------------------------------------------------------------- */

/* Overwrites the line drawn before, with blanks if it was longer. */
static void redraw(const char *line)
{
	size_t len = strlen(line);
	int cover = !report.erases && report.drawn_len > len
		  ? (int)(report.drawn_len - len) : 0;

	fprintf(fact_stream(), "\r%s%s%s%*s", report.label, line,
		report.erases ? ERASE_TO_END : "", cover, "");
	fflush(fact_stream());
	report.drawn_len = len + (size_t)cover;
}

/* Leaves the last column free: some terminals start a new line after it. */
static void draw_progress(const struct progress *progress, int64_t elapsed_ms)
{
	unsigned columns = terminal_columns(fact_stream()) - 1;
	unsigned label = (unsigned)strlen(report.label);
	char line[PROGRESS_LINE];

	progress_line(progress, elapsed_ms,
		      columns > label ? columns - label : 0, line);
	redraw(line);
}

static void end_progress(const struct progress *progress, bool verified)
{
	char line[PROGRESS_LINE];

	progress_done(progress, verified, line);
	if (report.drawn_len == 0) {
		print_line(fact_stream(), "", line);
		return;
	}
	redraw(line);
	break_progress();
	fflush(fact_stream());
}

/* For a pipe or a file: a long stage prints each tenth, as programs that wrap
 * 0.7 expect. */
static void log_progress(const struct progress *progress, int64_t elapsed_ms,
			 bool verified)
{
	unsigned tenths = progress_tenths(progress);
	char line[PROGRESS_LINE];

	if (progress->first)
		report.tenths[progress->stage] = 0;
	if (tenths <= report.tenths[progress->stage] || progress->last ||
	    report.draws || report.settings.json ||
	    report.settings.progress_never ||
	    report.settings.level == REPORT_QUIET)
		return;
	report.tenths[progress->stage] = tenths;
	if (elapsed_ms * 10 / tenths < LONG_STAGE_MS)
		return;
	progress_between(progress, verified, line);
	print_line(fact_stream(), "", line);
}

void report_progress(const struct progress *progress, bool verified)
{
	int64_t now = clock_ms(), elapsed_ms;
	bool between = !progress->first && !progress->last;
	struct json json;

	if (progress->first)
		report.began_ms[progress->stage] = progress->at_ms;
	elapsed_ms = progress->at_ms - report.began_ms[progress->stage];
	log_progress(progress, elapsed_ms, verified);
	if (report.settings.level == REPORT_QUIET ||
	    (between && (now - report.drawn_ms < REDRAW_MS ||
			 report.settings.progress_never)))
		return;
	report.drawn_ms = now;
	if (report.settings.json) {
		events_stage(&json, progress, elapsed_ms);
		report_object(&json);
	} else if (progress->last) {
		end_progress(progress, verified);
	} else if (report.draws) {
		draw_progress(progress, elapsed_ms);
	}
}

/* --- trace ------------------------------------------------------------------ */

static void trace_line(const char *line)
{
	if (report.trace == stderr)
		print_line(stderr, "", line);
	else
		fprintf(report.trace, "%s\n", line);
}

static void trace_event(void *ctx, const struct port_event *event)
{
	char line[TRANSCRIPT_LINE];
	size_t done = 0;

	(void)ctx;
	if (report.trace_us < 0)
		report.trace_us = event->at_us;
	do {
		transcript_line(event, report.trace_us, &done, line);
		trace_line(line);
	} while (done < event->len);
}

bool report_trace_open(const char *file, struct port *port,
		       struct problem *why)
{
	char head[100];

	report.trace = file != NULL ? fopen(file, "wb") : stderr;
	if (report.trace == NULL) {
		problem_set(why, "%s: %s", file, strerror(errno));
		return false;
	}
	/* Line buffered, so that the trace is complete even if the program is
	 * killed. */
	(void)setvbuf(report.trace, NULL, _IOLBF, BUFSIZ);
	report.trace_us = -1;
	(void)snprintf(head, sizeof(head), "# " PROGRAM " " VERSION
		       ", %s, %s", port->ops->name, port->text);
	trace_line(head);
	port->tap = (struct port_tap){ .event = trace_event };
	return true;
}

bool report_trace_close(void)
{
	FILE *trace = report.trace;
	bool whole = trace == NULL || !ferror(trace);

	report.trace = NULL;
	if (trace != NULL && trace != stderr)
		whole = fclose(trace) == 0 && whole;
	return whole;
}
