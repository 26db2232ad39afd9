/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The units that Write Protect takes by number: groups of pages, or sectors.
 * Pure: what they cover on this part, and what its option bytes say of them.
 */
#ifndef UNITS_H
#define UNITS_H

#include "flash/option_bytes.h"
#include "flash/part.h"
#include "problem.h"

#define UNITS_MOST 256	/* numbers have one byte */

struct units {
	uint32_t count;		/* on this chip, from 0 on */
	uint32_t pages;		/* in each of them; on F0, F1 and F3 the last
				 * has all pages that are left */
};

/* False with *why: it is not known what this ROM takes for a unit (AN3155 does
 * not say), or which pages there are. */
bool units_of(const struct part *part, struct units *units,
	      struct problem *why);

/* What `count` of them, from `first` on, cover; both in range. */
struct range units_range(const struct part *part, const struct units *units,
			 uint32_t first, uint32_t count);

/* Which units the option bytes protect. False: this bootloader does not show
 * all of them. */
bool units_protected(struct option_bytes *ob, const struct units *units,
		     bool out[UNITS_MOST]);

/* The field that makes the bits a protection against reading (PCROP), which
 * only the way out of readout protection ends; NULL: they are not. */
const char *units_are_pcrop(struct option_bytes *ob);

#endif
