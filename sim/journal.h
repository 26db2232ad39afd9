/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened to the simulated device, an event a line, kept in memory until
 * it is saved. Nothing is kept unless it is wanted.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

struct journal {
	bool wanted;
	bool incomplete;	/* there was no memory for a line */
	char *text;		/* not terminated */
	size_t len, room;
};

void journal_add(struct journal *journal, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void journal_free(struct journal *journal);

#endif
