/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/sums.h"

#include <stdlib.h>
#include <string.h>

#include "flash/onchip.h"
#include "flash/run.h"
#include "protocol/crc.h"

static bool prove(struct flash *flash, uint32_t address, uint32_t len)
{
	uint8_t sample[STM32_MAX_BLOCK];
	uint32_t n = run_next_len(flash, address, len) & ~3u;

	if (!stm32_has(flash->stm, CMD_GET_CHECKSUM) || n == 0 ||
	    run_read_block(flash, address, sample, n) != STM32_OK)
		return false;
	if (stm32_prove_checksum(flash->stm, address, sample, n))
		return true;
	run_explain(flash, "this ROM's checksum is of no known form: reading "
		    "instead");
	return false;
}

bool sums_usable(struct flash *flash, uint32_t address, uint32_t len)
{
	if (flash->sums == FLASH_SUMS_UNTRIED)
		flash->sums = prove(flash, address, len) ? FLASH_SUMS_PROVEN
							 : FLASH_SUMS_NONE;
	return flash->sums == FLASH_SUMS_PROVEN;
}

enum stm32_err sums_match(struct flash *flash, const struct image *image,
			  uint32_t start, uint32_t end, bool *match)
{
	uint32_t expected = CRC_INIT, crc, at, n;
	uint8_t buf[STM32_MAX_BLOCK];
	enum stm32_err err;

	for (at = start; at < end; at += n) {
		n = end - at < sizeof(buf) ? end - at : (uint32_t)sizeof(buf);
		memset(buf, flash->part->dev.erased, n);
		run_overlay(image, at, buf, n);
		expected = crc_update(expected, buf, n);
	}
	err = stm32_checksum(flash->stm, start, end - start, &crc);
	*match = err == STM32_OK && crc == expected;
	return err;
}

/* On a line with errors two answers have to agree. */
static bool checksum_surely(struct flash *flash, uint32_t start, uint32_t len,
			    uint32_t *crc)
{
	uint32_t again;

	if (stm32_checksum(flash->stm, start, len, crc) != STM32_OK)
		return false;
	if (!stm32_had_trouble(flash->stm))
		return true;
	return stm32_checksum(flash->stm, start, len, &again) == STM32_OK &&
	       again == *crc;
}

enum flash_err flash_crc(struct flash *flash, uint32_t start, uint32_t len,
			 uint32_t *crc, struct problem *why)
{
	enum flash_err err;
	uint8_t *bytes;
	bool done;

	if (sums_usable(flash, start, len) &&
	    checksum_surely(flash, start, len, crc))
		return FLASH_OK;
	err = onchip_crc(flash, start, len, crc, &done, why);
	if (err != FLASH_OK || done)
		return err;
	bytes = malloc(len);
	if (bytes == NULL) {
		problem_set(why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	err = run_read(flash, STAGE_CRC, start, bytes, len, why);
	if (err == FLASH_OK)
		*crc = crc_update(CRC_INIT, bytes, len);
	free(bytes);
	return err;
}
