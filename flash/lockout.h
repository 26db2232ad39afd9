/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Option bytes that lock out every interface for good, or this bootloader until
 * another tool restores them. Pure: what an image would do.
 */
#ifndef LOCKOUT_H
#define LOCKOUT_H

#include "flash/part.h"
#include "parsers/image.h"
#include "problem.h"

enum lockout {
	LOCKOUT_NONE,
	LOCKOUT_BOOT,	/* the bootloader may not be reached any more */
	LOCKOUT_GOOD	/* it cannot be undone */
};

/*
 * The worst that the bytes of the image do to the option bytes of the part; of
 * a part whose option bytes are not known, to those of any. Fields that the
 * image does not have are left out; of one that it has in part the rest is
 * taken for set. before, if not NULL, has the bytes of the chip: a byte that stays
 * the same does nothing. *why names the field and its effect.
 */
enum lockout lockout_check(const struct part *part, const struct image *image,
			   const struct image *before, struct problem *why);

#endif
