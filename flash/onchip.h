/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --on-chip: compares memory by checksums that a routine computes on the chip
 * (routine.h), for ROMs without Get Checksum.
 *
 * The routine only reads the flash. A result is used only as proof that memory
 * matches: its checksum is the expected one, and begins with a number that no
 * other run has used. Everything else is read over the line.
 */
#ifndef ONCHIP_H
#define ONCHIP_H

#include "flash/types.h"

/*
 * Compares these ranges of flash with the image, and with the erased value
 * where the image has no bytes; onchip_stretch() returns the results. Does
 * nothing if it is not wanted, if the ROM's own checksum works, or if reading
 * is faster. If it is impossible, warns the watcher once and also returns
 * FLASH_OK. FLASH_GONE: the chip did not come back.
 */
enum flash_err onchip_compare(struct flash *flash, const struct image *image,
			      const struct range *ranges, size_t count,
			      struct problem *why);

/* Returns the end of a stretch that begins at start, at most end. *same: all
 * of it is known to match; otherwise nothing is known about it. */
uint32_t onchip_stretch(const struct flash *flash, uint32_t start,
			uint32_t end, bool *same);

/* Discards the results: call before memory changes, and when they are no
 * longer needed. */
void onchip_forget(struct flash *flash);

/* Computes the CRC of crc.h over a range, both ends multiples of 4; *done: the
 * CRC is valid. Otherwise as above. */
enum flash_err onchip_crc(struct flash *flash, uint32_t start, uint32_t len,
			  uint32_t *crc, bool *done, struct problem *why);

#endif
