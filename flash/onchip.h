/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --on-chip: memory compared by checksums that a routine takes on the chip,
 * routine.h, for ROMs that have no Get Checksum.
 *
 * The routine only reads the flash. What is believed is only that something is
 * the same: its checksums are those of what it should hold, and they begin with
 * a number that no other run had. All else is read by wire.
 */
#ifndef ONCHIP_H
#define ONCHIP_H

#include "flash/types.h"

/*
 * Finds out what of these ranges of flash holds what the image has, with the
 * erased value where it has nothing; onchip_stretch() has the result. Does
 * nothing where it is not wanted, the ROM's own checksum is usable, or reading
 * is faster; where it cannot be done the watcher is warned, once. FLASH_OK then
 * too. FLASH_GONE: the chip did not come back.
 */
enum flash_err onchip_compare(struct flash *flash, const struct image *image,
			      const struct range *ranges, size_t count,
			      struct problem *why);

/* The end of the longest stretch from start on, at most end, that is known to
 * be the same (*same), or of which nothing is known. */
uint32_t onchip_stretch(const struct flash *flash, uint32_t start,
			uint32_t end, bool *same);

/* Call it before memory changes, and when the table is no longer needed. */
void onchip_forget(struct flash *flash);

/* The CRC of crc.h over a range, both ends multiples of 4; *done: it is known.
 * As above otherwise. */
enum flash_err onchip_crc(struct flash *flash, uint32_t start, uint32_t len,
			  uint32_t *crc, bool *done, struct problem *why);

#endif
