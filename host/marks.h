/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Unix makes of received bytes under INPCK and PARMRK: FF 00 x stands
 * for a byte x with a parity or framing error, FF 00 00 for a break, FF FF for
 * an FF that is good. Any other pair with an FF in front cannot be.
 */
#ifndef MARKS_H
#define MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct marks {
	uint8_t held;	/* bytes of a mark that have come: 0, FF, FF 00 */
	bool damaged;	/* set for every bad byte; the caller clears it */
};

/* Decodes len bytes in place; the result is how many there are then, at most
 * len. A bad byte is a 00. */
size_t marks_decode(struct marks *marks, uint8_t *bytes, size_t len);

#endif
