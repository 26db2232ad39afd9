/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only writer: messages, facts, progress, trace, the objects of --json.
 * Remembers how much the user wants to know, the streams, and the line that is
 * being drawn; everything else is handed in.
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
	bool json;		/* standard output has objects and no text */
	bool progress_always, progress_never;
	const char *label;	/* in front of every line and in every object;
				 * at most LABEL_MOST bytes. NULL: none */
};

void report_setup(const struct report_settings *settings);

/* "stm32flash: text" on standard error; with --json an object besides. */
void report_failure(enum exit_status status, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
/* The same; not with --quiet. */
void report_warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* More on the last message: a line of its own without the program's name, on
 * standard error; not with --quiet. */
void report_hint(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line of facts, for people and for scripts; not with --quiet or --json. */
void report_fact(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A decision and why, only with --verbose; with --json a note. */
void report_detail(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* What was asked for: shown with --quiet too, not with --json. */
void report_result(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The width of the terminal that facts go to; 80 if that is none. */
unsigned report_columns(void);

/* An object of --json, as a line of its own; nothing without it. The first
 * not with --quiet. */
void report_object(const struct json *json);
void report_result_object(const struct json *json);

/* On a terminal a line that is drawn anew, at most five times a second; else,
 * and at the end of a stage, a line of text. verified: a verify of a write. */
void report_progress(const struct progress *progress, bool verified);

/* Flushes standard output; false if what was written there did not arrive. */
bool report_finish(void);

/* Writes what passes the port to the file (NULL: standard error) as a
 * transcript, sim/transcript.h. False: *why. */
bool report_trace_open(const char *file, struct port *port,
		       struct problem *why);
/* False: the trace could not be written whole. */
bool report_trace_close(void);

#endif
