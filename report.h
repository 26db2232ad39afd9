/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only writer: messages, facts, progress, trace. Remembers the program's
 * name, the level and the stream; everything else is handed in.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "json.h"
#include "port.h"
#include "problem.h"
#include "watch.h"

enum report_level { REPORT_QUIET, REPORT_NORMAL, REPORT_VERBOSE };

struct report_settings {
	enum report_level level;
	bool facts_on_stderr;	/* standard output carries data */
	bool progress_always, progress_never;
};

void report_setup(const struct report_settings *settings);

/* "stm32flash: text" on standard error. */
void report_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void report_warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line on standard error that goes with the message before it; not with
 * --quiet. */
void report_hint(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line of facts, for people and for scripts; not with --quiet. */
void report_fact(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same, only with --verbose. */
void report_detail(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* What was asked for: shown with --quiet too. */
void report_result(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* One object of --json, as a line of its own. */
void report_object(const struct json *json);

/* Flushes standard output; false if what was written there did not arrive. */
bool report_finish(void);

/* Ends the line of a progress that did not come to its end. */
void report_progress_broken(void);

/* What the engine says, shown. verify: a write is verified afterwards, and its
 * last line waits for that. */
struct watcher report_watcher(bool verify);

/* Writes every byte that passes to the file (NULL: standard error), as
 * "> 7F" and "< 79" lines with comments of the time. False: *why. */
bool report_trace_open(const char *file, struct port_tap *tap,
		       struct problem *why);
/* False: the trace could not be written whole. */
bool report_trace_close(void);

#endif
