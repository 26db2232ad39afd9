/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <io.h>
#define isatty _isatty
#define fileno _fileno
#else
#include <unistd.h>
#endif

#include "utils.h"

#define PROGRAM "stm32flash"
#define REDRAW_MS 200
#define TRACE_WIDTH 16	/* bytes a line */

/* The writer's memory; all of it. */
static struct {
	struct report_settings settings;
	int64_t drawn_ms;	/* when the progress was last drawn */
	bool line_open;		/* a progress line without its end */
	bool verify;
	FILE *trace;
} report = { .settings = { .level = REPORT_NORMAL } };

void report_setup(const struct report_settings *settings)
{
	report.settings = *settings;
}

static FILE *fact_stream(void)
{
	return report.settings.facts_on_stderr ? stderr : stdout;
}

void report_progress_broken(void)
{
	if (report.line_open)
		fputc('\n', fact_stream());
	report.line_open = false;
}

static void say(FILE *stream, const char *prefix, const char *fmt,
		va_list args)
{
	report_progress_broken();
	if (stream == stderr)
		fflush(stdout);
	fputs(prefix, stream);
	vfprintf(stream, fmt, args);
	fputc('\n', stream);
	fflush(stream);
}

void report_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(stderr, PROGRAM ": ", fmt, args);
	va_end(args);
}

void report_warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (report.settings.level > REPORT_QUIET)
		say(stderr, PROGRAM ": warning: ", fmt, args);
	va_end(args);
}

void report_hint(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (report.settings.level > REPORT_QUIET)
		say(stderr, "  ", fmt, args);
	va_end(args);
}

void report_fact(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (report.settings.level > REPORT_QUIET)
		say(fact_stream(), "", fmt, args);
	va_end(args);
}

void report_detail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (report.settings.level >= REPORT_VERBOSE)
		say(fact_stream(), "  ", fmt, args);
	va_end(args);
}

void report_result(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fact_stream(), "", fmt, args);
	va_end(args);
}

void report_object(const struct json *json)
{
	fputs(json->text, stdout);
	fputc('\n', stdout);
	fflush(stdout);
}

bool report_finish(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	report_error("standard output: %s", strerror(errno));
	return false;
}

/* --- progress --------------------------------------------------------------- */

static bool draws(void)
{
	if (report.settings.level == REPORT_QUIET ||
	    report.settings.progress_never)
		return false;
	return report.settings.progress_always ||
	       isatty(fileno(fact_stream()));
}

static const char *stage_verb(enum stage stage)
{
	switch (stage) {
	case STAGE_KEEP:	return "Kept";
	case STAGE_ERASE:	return "Erased";
	case STAGE_WRITE:	return "Wrote";
	case STAGE_VERIFY:	return report.verify ? "Wrote and verified"
						     : "Verified";
	case STAGE_READ:	return "Read";
	case STAGE_COMPARE:	return "Compared";
	}
	return "Did";
}

/* The line of 0.7, which scripts look for: "Wrote address 0x08001388
 * (100.00%) Done." */
static void draw(const struct progress *p)
{
	double percent = p->total == 0 ? 100.0
		       : 100.0 * (double)p->done / (double)p->total;

	fprintf(fact_stream(), "%s address 0x%08" PRIx32 " (%.2f%%) %s",
		stage_verb(p->stage), p->address, percent,
		p->last ? "Done.\n" : "");
	fflush(fact_stream());
}

static void show_progress(void *ctx, const struct progress *p)
{
	int64_t now = clock_ms();
	bool moving = draws();

	(void)ctx;
	if (report.settings.level == REPORT_QUIET)
		return;
	if (!p->last && (!moving || now - report.drawn_ms < REDRAW_MS))
		return;
	if (moving && report.line_open)
		fputc('\r', fact_stream());
	draw(p);
	report.drawn_ms = now;
	report.line_open = !p->last;
}

static void show_explanation(void *ctx, const char *text)
{
	(void)ctx;
	report_detail("%s", text);
}

static void show_warning(void *ctx, const char *text)
{
	(void)ctx;
	report_warning("%s", text);
}

struct watcher report_watcher(bool verify)
{
	report.verify = verify;
	return (struct watcher){ .progress = show_progress,
				 .explain = show_explanation,
				 .warn = show_warning };
}

/* --- trace ------------------------------------------------------------------ */

static void trace_bytes(void *ctx, enum port_direction direction,
			const uint8_t *bytes, size_t len, int64_t at_us)
{
	size_t i;

	(void)ctx;
	for (i = 0; i < len; i++) {
		if (i % TRACE_WIDTH == 0)
			fputc(direction == PORT_TO_DEVICE ? '>' : '<',
			      report.trace);
		fprintf(report.trace, " %02X", bytes[i]);
		if (i == TRACE_WIDTH - 1 || (i + 1 == len && len < TRACE_WIDTH))
			fprintf(report.trace, "\t# %" PRId64 ".%03d ms",
				at_us / 1000, (int)(at_us % 1000));
		if (i % TRACE_WIDTH == TRACE_WIDTH - 1 || i + 1 == len)
			fputc('\n', report.trace);
	}
}

bool report_trace_open(const char *file, struct port_tap *tap,
		       struct problem *why)
{
	report.trace = file != NULL ? fopen(file, "w") : stderr;
	if (report.trace == NULL) {
		problem_set(why, "%s: %s", file, strerror(errno));
		return false;
	}
	*tap = (struct port_tap){ .bytes = trace_bytes };
	return true;
}

bool report_trace_close(void)
{
	FILE *trace = report.trace;

	report.trace = NULL;
	return trace == NULL || trace == stderr || fclose(trace) == 0;
}
