/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The common ways to connect RTS and DTR of an adapter to BOOT0 and NRST, each
 * with a name and its sequence. A name cannot be mistaken for a sequence: see
 * the grammar in init.h.
 */
#ifndef WIRINGS_H
#define WIRINGS_H

#include <stdbool.h>
#include <stddef.h>

struct wiring {
	const char *name;
	const char *boot0, *nrst;	/* a picture, one line each */
	const char *sequence;	/* independent of the earlier state of the
				 * lines */
	bool tried;		/* by -i auto; not needed if another wiring's
				 * sequence does the same */
};

extern const struct wiring wirings[];	/* the most common first */
extern const size_t wiring_count;

/* NULL if there is no such name. */
const struct wiring *wiring_find(const char *name);

#endif
