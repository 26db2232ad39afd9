/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marks in received bytes under INPCK and PARMRK on Unix: FF 00 x is a byte x
 * with a parity or framing error, FF 00 00 is a break, FF FF is a good FF. No
 * other byte may follow an FF.
 */
#ifndef MARKS_H
#define MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct marks {
	uint8_t held;	/* bytes of an incomplete mark: 0, FF, FF 00 */
	bool damaged;	/* set for every damaged byte; the caller clears it */
};

/* Decodes len bytes in place; returns the number of bytes left, at most len. A
 * damaged byte becomes 00. */
size_t marks_decode(struct marks *marks, uint8_t *bytes, size_t len);

#endif
