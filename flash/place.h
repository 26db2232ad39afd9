/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where data goes: the range the user means on this part, and the addresses
 * an image has to have there. Pure.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/image.h"
#include "flash/part.h"
#include "problem.h"

/* What the user said about the range: -S, or -s and -e. */
struct target {
	bool has_address, has_len;	/* -S address[:len] */
	uint32_t address, len;
	bool has_first_page, has_page_count;	/* -s, -e */
	uint32_t first_page, page_count;
};

/* True if the user limited the job to a range. */
bool target_is_limited(const struct target *target);

/*
 * The range that is meant on this part: by default the whole flash. Without a
 * length it reaches to the end of its area. False with *why: outside the
 * part, across areas, or not known where it ends.
 */
bool place_range(const struct target *target, const struct part *part,
		 struct range *range, struct problem *why);

/*
 * Gives a raw binary its address and an image that begins at 0 the one of the
 * flash, and looks whether the file is for this part at all. The rest as with
 * place_image(), which does it too.
 */
bool place_origin(struct image *image, const struct target *target,
		  const struct part *part, struct problem *notice,
		  bool *asked, struct problem *why);

/*
 * Gives a raw binary its address, limits an addressed image to the range, and
 * checks that every byte lands in memory that this part has. *image may be
 * replaced. A notice for the user is put in *notice, else that stays empty. On
 * failure *why says what does not fit, and *asked whether it is what was asked
 * for, and not the file.
 */
bool place_image(struct image **image, const struct target *target,
		 const struct part *part, struct problem *notice,
		 bool *asked, struct problem *why);

/* Looks whether an image at the flash start begins like a vector table of this
 * part. False with what is odd in *odd. */
bool place_check_vectors(const struct image *image, const struct part *part,
			 struct problem *odd);

/* Whether it is known what a vector table of this part looks like. */
bool place_knows_vectors(const struct part *part);

/* Looks whether a program can start with these first words of a vector table
 * at address. False with why not in *odd. */
bool place_check_start(const uint8_t words[static 8], uint32_t address,
		       const struct part *part, struct problem *odd);

/* Looks whether an image for the flash has bytes for RAM as well, where nothing
 * copies them after a reset. False with what is odd in *odd. */
bool place_check_ram(const struct image *image, const struct part *part,
		     struct problem *odd);

#endif
