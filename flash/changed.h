/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Write only what differs: looks which pages of the flash hold what the image
 * wants there already.
 */
#ifndef CHANGED_H
#define CHANGED_H

#include "flash/types.h"
#include "parsers/image.h"

struct changed {
	uint32_t pages, pages_same;	/* that the image touches */
	size_t bytes_same;		/* of the image, on the same pages */
	bool by_checksum;
};

/*
 * Compares the flash with the image, by the ROM's checksum where that can be
 * relied on, else by reading, and takes out of *image what lies on pages that
 * need no change. *image is replaced; *found says how much that was.
 */
enum flash_err changed_only(struct flash *flash, struct image **image,
			    struct changed *found, struct problem *why);

#endif
