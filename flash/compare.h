/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares memory with an image or with the erased value; changes nothing. */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash/types.h"
#include "flash/picture.h"

#define COMPARE_MOST 64

struct comparison {
	struct range ranges[COMPARE_MOST];	/* ranges that differ, from
						 * their first to their last
						 * byte; a few equal bytes in
						 * between do not split a
						 * range */
	size_t count;		/* number of all ranges; may exceed
				 * COMPARE_MOST */
	uint64_t bytes, bytes_differ;
	bool by_checksum;	/* by the ROM's checksum; false: by reading */
	struct picture *picture;	/* to mark the results in; NULL: none */
};

/* image is placed on the part; picture: begun, or NULL. */
enum flash_err compare_image(struct flash *flash, const struct image *image,
			     struct picture *picture, struct comparison *found,
			     struct problem *why);

/* Sets *blank if all of a range is erased. If not, *first is the address of
 * the first byte that is not erased, and *value its value. */
enum flash_err compare_blank(struct flash *flash, const struct range *range,
			     bool *blank, uint32_t *first, uint8_t *value,
			     struct problem *why);

#endif
