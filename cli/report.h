/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only writer: messages, facts, progress, trace, the --json objects.
 * Remembers the level, the streams and the line being drawn; everything else
 * is an argument.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "cli/json.h"
#include "port.h"
#include "problem.h"
#include "cli/status.h"
#include "flash/watch.h"

enum report_level { REPORT_QUIET, REPORT_NORMAL, REPORT_VERBOSE };

#define LABEL_MOST 64	/* bytes */

struct report_settings {
	enum report_level level;
	bool facts_on_stderr;	/* standard output carries data */
	bool json;		/* standard output has objects only */
	bool progress_always, progress_never;
	const char *label;	/* before every line and in every object; at
				 * most LABEL_MOST bytes. NULL: none */
};

void report_setup(const struct report_settings *settings);

/* "stm32flash: text" on standard error; with --json also an object. */
void report_failure(enum exit_status status, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
/* The same, unless --quiet is given. */
void report_warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Explains the last message: a line without the program's name on standard
 * error, unless --quiet is given. */
void report_hint(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line of facts, for people and scripts; not with --quiet or --json. */
void report_fact(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A decision and its reason, only with --verbose; with --json a note. */
void report_detail(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Requested output: shown with --quiet too, not with --json. */
void report_result(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Returns the width of the terminal for facts; 80 if there is none. */
unsigned report_columns(void);

/* Prints an object as a line of its own, only with --json; report_object() not
 * with --quiet. */
void report_object(const struct json *json);
void report_result_object(const struct json *json);

/* On a terminal redraws one line, at most five times a second; elsewhere, and
 * at the end of a stage, prints a line of text. verified: a verify after a
 * write. */
void report_progress(const struct progress *progress, bool verified);

/* Flushes standard output; false if some of its data was not written. */
bool report_finish(void);

/* Writes a transcript (sim/transcript.h) of what passes the port to the file,
 * NULL: standard error. On false *why is set. */
bool report_trace_open(const char *file, struct port *port,
		       struct problem *why);
/* False: the trace is incomplete. */
bool report_trace_close(void);

#endif
