/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes only what differs: finds the pages of the flash that already match
 * the image.
 */
#ifndef CHANGED_H
#define CHANGED_H

#include "flash/types.h"
#include "parsers/image.h"

struct changed {
	uint32_t pages, pages_same;	/* of those that the image touches */
	size_t bytes_same;		/* of the image, on those pages */
	bool by_checksum;
};

/*
 * Compares the flash with the image, by the ROM's checksum if that is
 * reliable, else by reading. Replaces *image by one without the pages that
 * already match; *found counts them.
 */
enum flash_err changed_only(struct flash *flash, struct image **image,
			    struct changed *found, struct problem *why);

#endif
