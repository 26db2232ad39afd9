/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The units that Write Protect takes by number: groups of pages, or sectors.
 * Pure: which pages they cover on this part, and how its option bytes show
 * them.
 */
#ifndef UNITS_H
#define UNITS_H

#include "flash/option_bytes.h"
#include "flash/part.h"
#include "problem.h"

#define UNITS_MOST 256	/* numbers have one byte */

struct units {
	uint32_t count;		/* on this chip, numbered from 0 */
	uint32_t pages;		/* per unit; on F0, F1 and F3 the last unit has
				 * all remaining pages */
};

/* False with *why: the units of this ROM (AN3155 does not define them) or its
 * pages are unknown. */
bool units_of(const struct part *part, struct units *units,
	      struct problem *why);

/* Returns the addresses of `count` units from `first` on; both are in range. */
struct range units_range(const struct part *part, const struct units *units,
			 uint32_t first, uint32_t count);

/* Finds the units that the option bytes protect. False: this bootloader does
 * not show all of them. */
bool units_protected(struct option_bytes *ob, const struct units *units,
		     bool out[UNITS_MOST]);

/* Returns the field that turns the bits into a protection against reading
 * (PCROP); NULL: none is set. Only lifting the readout protection ends
 * PCROP. */
const char *units_are_pcrop(struct option_bytes *ob);

#endif
