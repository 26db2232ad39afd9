/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The --json objects that need neither part nor session; those for the chip
 * and the plan are in facts.c. The manual has the schema: members may be added
 * to an object at any time; any other change raises EVENTS_SCHEMA.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include "cli/json.h"
#include "cli/status.h"
#include "flash/watch.h"

#define EVENTS_SCHEMA 1

/* The totals of a run. */
struct totals {
	uint64_t read, kept, compared, written, verified;	/* bytes */
	uint64_t pages_erased;
	uint64_t sent, received;	/* bytes on the wire */
	uint64_t retries;	/* of commands, blocks and pages */
	double seconds;		/* since the port was opened, on the port's
				 * clock */
};

/* The first object of every run: program and schema. */
void events_program(struct json *json);
void events_stage(struct json *json, const struct progress *progress,
		  int64_t elapsed_ms);
/* kind: "warning" or "note". */
void events_text(struct json *json, const char *kind, const char *text);
void events_error(struct json *json, enum exit_status status,
		  const char *text);
/* The last object of every run. */
void events_result(struct json *json, enum exit_status status,
		   const struct totals *totals);

/* "wrote and verified 40000 bytes in 17.1 s (2.3 KiB/s), no retries"; "" if
 * nothing was done. */
#define EVENTS_SUMMARY 200
void events_summary(const struct totals *totals, char out[EVENTS_SUMMARY]);

#endif
