/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where data goes: the range that the user means on this part, and the
 * addresses that an image needs there. Pure.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/image.h"
#include "flash/part.h"
#include "problem.h"

/* The range that the user gave: -S, or -s and -e. */
struct target {
	bool has_address, has_len;	/* -S address[:len] */
	uint32_t address, len;
	bool has_first_page, has_page_count;	/* -s, -e */
	uint32_t first_page, page_count;
};

/* True if the user limited the job to a range. */
bool target_is_limited(const struct target *target);

/*
 * Sets the range on this part: by default the whole flash. Without a length it
 * ends with its area. False with *why: outside the part, across areas, or the
 * end is unknown.
 */
bool place_range(const struct target *target, const struct part *part,
		 struct range *range, struct problem *why);

/*
 * Sets the address of a raw binary, moves an image that begins at 0 to the
 * flash, and checks that the file is for this part. Other arguments as for
 * place_image(), which calls it too.
 */
bool place_origin(struct image *image, const struct target *target,
		  const struct part *part, struct problem *notice,
		  bool *asked, struct problem *why);

/*
 * Sets the address of a raw binary, limits an addressed image to the range,
 * and checks that every byte is in memory that this part has. May replace
 * *image. Sets *notice if there is something to tell the user. On failure *why
 * says what does not fit, and *asked is true if the request is wrong, not the
 * file.
 */
bool place_image(struct image **image, const struct target *target,
		 const struct part *part, struct problem *notice,
		 bool *asked, struct problem *why);

/* Checks that an image at the flash start begins with a plausible vector table
 * for this part; false with the reason in *odd. */
bool place_check_vectors(const struct image *image, const struct part *part,
			 struct problem *odd);

/* True if the vector table of this part is known well enough to check it. */
bool place_knows_vectors(const struct part *part);

/* Checks that a program can start with these first words of a vector table at
 * address; false with the reason in *odd. */
bool place_check_start(const uint8_t words[static 8], uint32_t address,
		       const struct part *part, struct problem *odd);

/* Checks an image for the flash for additional bytes in RAM, which nothing
 * restores after a reset; false with the reason in *odd. */
bool place_check_ram(const struct image *image, const struct part *part,
		     struct problem *odd);

#endif
