/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How RTS and DTR of an adapter commonly reach BOOT0 and NRST, each with a name
 * and the sequence for it. No name is a sequence: see the grammar in init.h.
 */
#ifndef WIRINGS_H
#define WIRINGS_H

#include <stdbool.h>
#include <stddef.h>

struct wiring {
	const char *name;
	const char *boot0, *nrst;	/* drawn, a line each */
	const char *sequence;	/* works whatever the lines were before */
	bool tried;		/* by -i auto; else another one's sequence does
				 * what this one's does */
};

extern const struct wiring wirings[];	/* the most common first */
extern const size_t wiring_count;

/* NULL if there is no such name. */
const struct wiring *wiring_find(const char *name);

#endif
