/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats the progress of a stage as a line that fits a terminal. Prints
 * nothing; report.c does.
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
 * characters; drops the least useful pieces if they do not fit. elapsed_ms is
 * the time since the stage began.
 */
void progress_line(const struct progress *progress, int64_t elapsed_ms,
		   unsigned columns, char out[PROGRESS_LINE]);

/* The line that 0.7 prints at the end of a stage, which scripts look for:
 * "Wrote address 0x08001388 (100.00%) Done." verified: a verify after a
 * write. */
void progress_done(const struct progress *progress, bool verified,
		   char out[PROGRESS_LINE]);

/* The same before the end, if total is not 0: "Wrote address 0x08001388
 * (10.00%)". */
void progress_between(const struct progress *progress, bool verified,
		      char out[PROGRESS_LINE]);

/* Returns how many tenths of the stage are done; 0 if unknown. */
unsigned progress_tenths(const struct progress *progress);

/* Formats "512 B", "4.5 KiB", "1.21 MiB"; returns the length of the number. */
int progress_size(double bytes, char out[PROGRESS_SIZE]);

#endif
