/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory against an image, or against what is erased: looked at, and never
 * changed.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash/types.h"
#include "flash/picture.h"

#define COMPARE_MOST 64

struct comparison {
	struct range ranges[COMPARE_MOST];	/* that differ, from the first
			 * to the last byte; equal bytes between that are few
			 * belong to one */
	size_t count;		/* of all ranges; more than there is room for */
	uint64_t bytes, bytes_differ;
	bool by_checksum;	/* where the ROM could; else by reading */
	struct picture *picture;	/* to be marked; NULL: none */
};

/* The image has its place on the part; picture: begun, or NULL. */
enum flash_err compare_image(struct flash *flash, const struct image *image,
			     struct picture *picture, struct comparison *found,
			     struct problem *why);

/* Whether all of a range is erased; if not, *first is the first byte that is
 * not, and *value what it is. */
enum flash_err compare_blank(struct flash *flash, const struct range *range,
			     bool *blank, uint32_t *first, uint8_t *value,
			     struct problem *why);

#endif
