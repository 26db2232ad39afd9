/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares memory by its checksum: some ROMs compute it (Get Checksum), which
 * saves reading. Used only after a trial against a software CRC has shown
 * which form of the command the ROM has.
 */
#ifndef SUMS_H
#define SUMS_H

#include "flash/types.h"
#include "parsers/image.h"

/* True if the ROM's checksum is reliable; the first call tests it on memory at
 * address, of which len bytes can be read. */
bool sums_usable(struct flash *flash, uint32_t address, uint32_t len);

/*
 * Sets *match if [start, end), both multiples of 4, matches the image, or the
 * erased value where the image has no bytes.
 */
enum stm32_err sums_match(struct flash *flash, const struct image *image,
			  uint32_t start, uint32_t end, bool *match);

#endif
