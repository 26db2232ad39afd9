/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries a plan out on the device: keep, erase, write, verify, repair; reads
 * memory and takes its checksum. Knows no options and no files.
 */
#ifndef FLASH_H
#define FLASH_H

#include <stdint.h>

#include "flash/explain.h"
#include "flash/plan.h"
#include "flash/types.h"
#include "parsers/image.h"
#include "problem.h"

/* Reads [start, start + len) into out. */
enum flash_err flash_read(struct flash *flash, uint32_t start, uint8_t *out,
			  uint32_t len, struct problem *why);

/* Where the flash ends on a chip that does not tell its size; else, and if
 * that is not behind start, *end stays. */
enum flash_err flash_find_end(struct flash *flash, uint32_t start,
			      uint32_t *end, struct problem *why);

/*
 * Does all steps of plan, in order. image is what has to be in memory in the
 * end; what the plan keeps is added to it. A write whose fate is not known is
 * settled by looking at the memory: no granule is programmed twice.
 */
enum flash_err flash_carry_out(struct flash *flash, const struct plan *plan,
			       struct image *image, struct problem *why);

/* Asks once more for all that the part follows from; nothing of that has a
 * checksum. FLASH_DEVICE: the chip does not say the same again. */
enum flash_err flash_confirm_part(const struct flash *flash,
				  struct problem *why);

/* CRC of [start, start + len), both multiples of 4, as the chip's CRC unit
 * counts: by the ROM where that is proven to work, else by reading. */
enum flash_err flash_crc(struct flash *flash, uint32_t start, uint32_t len,
			 uint32_t *crc, struct problem *why);

#endif
