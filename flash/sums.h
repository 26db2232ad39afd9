/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory compared by its checksum: some ROMs take it themselves (Get
 * Checksum), which spares the reading. Used only when one trial against a
 * software CRC has shown which form of the command the ROM has.
 */
#ifndef SUMS_H
#define SUMS_H

#include "flash/types.h"
#include "parsers/image.h"

/* True if the ROM's checksum can be relied on; the first call tries it on
 * memory at address, of which len bytes can be read. */
bool sums_usable(struct flash *flash, uint32_t address, uint32_t len);

/*
 * Whether [start, end), both multiples of 4, holds what the image has, with
 * the erased value where it has nothing.
 */
enum stm32_err sums_match(struct flash *flash, const struct image *image,
			  uint32_t start, uint32_t end, bool *match);

#endif
