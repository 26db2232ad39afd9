/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries out a plan on the device: keep, erase, write, verify, repair; reads
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

/* On a chip of unknown size finds the end of the flash by reading, and sets
 * *end. Keeps *end if the size is known, or if the end found is not after
 * start. */
enum flash_err flash_find_end(struct flash *flash, uint32_t start,
			      uint32_t *end, struct problem *why);

/*
 * Carries out all steps of plan, in order. image is the required contents of
 * memory; the bytes that the plan keeps are added to it. If the result of a
 * write is unknown, reads the memory back: no granule is programmed twice.
 */
enum flash_err flash_carry_out(struct flash *flash, const struct plan *plan,
			       struct image *image, struct problem *why);

/* Reads all facts that identify the part once more, as none has a checksum.
 * FLASH_DEVICE: the chip returned other values. */
enum flash_err flash_confirm_part(const struct flash *flash,
				  struct problem *why);

/* Computes the CRC of [start, start + len), both multiples of 4, as the chip's
 * CRC unit does: by the ROM if its checksum is proven, else by reading. */
enum flash_err flash_crc(struct flash *flash, uint32_t start, uint32_t len,
			 uint32_t *crc, struct problem *why);

#endif
