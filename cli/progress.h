/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a stage is, as a line of text that fits a terminal. Pure: report.c
 * prints it.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "flash/watch.h"

#define PROGRESS_LINE 160
#define PROGRESS_SIZE 24

/*
 * "Write   [#####     ]  51%  20.0/39.1 KiB  4.5 KiB/s  0:04", at most columns
 * characters; what does not fit is left out, the least useful first.
 * elapsed_ms is the time since the stage began.
 */
void progress_line(const struct progress *progress, int64_t elapsed_ms,
		   unsigned columns, char out[PROGRESS_LINE]);

/* The line of 0.7 at the end of a stage, which scripts look for: "Wrote
 * address 0x08001388 (100.00%) Done." verified: it was a verify of a write. */
void progress_done(const struct progress *progress, bool verified,
		   char out[PROGRESS_LINE]);

/* The same before the end, where total is not 0: "Wrote address 0x08001388
 * (10.00%)". */
void progress_between(const struct progress *progress, bool verified,
		      char out[PROGRESS_LINE]);

/* How many tenths of the stage are done; 0 where that cannot be known. */
unsigned progress_tenths(const struct progress *progress);

/* "512 B", "4.5 KiB", "1.21 MiB"; how long the number is. */
int progress_size(double bytes, char out[PROGRESS_SIZE]);

#endif
