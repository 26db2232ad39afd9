/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Option bytes that lock out every interface for good, or this bootloader
 * until another tool restores them. Pure: checks the effect of an image.
 */
#ifndef LOCKOUT_H
#define LOCKOUT_H

#include "flash/part.h"
#include "parsers/image.h"
#include "problem.h"

enum lockout {
	LOCKOUT_NONE,
	LOCKOUT_BOOT,	/* the bootloader may become unreachable */
	LOCKOUT_FOREVER	/* for good: nothing can undo it */
};

/*
 * Returns the worst effect of the image on the option bytes of the part; if
 * they are unknown, on those of any part. Ignores fields that the image lacks;
 * if it has only part of a field, takes the other bits as set. before, if not
 * NULL, has the current bytes of the chip: a byte that does not change has no
 * effect. *why names the field and its effect.
 */
enum lockout lockout_check(const struct part *part, const struct image *image,
			   const struct image *before, struct problem *why);

#endif
