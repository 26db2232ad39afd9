/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of the simulated device, one per line, in memory until they are
 * saved. Records nothing unless enabled.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

struct journal {
	bool wanted;
	bool incomplete;	/* out of memory for a line */
	char *text;		/* not terminated */
	size_t len, room;
};

void journal_add(struct journal *journal, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void journal_free(struct journal *journal);

#endif
