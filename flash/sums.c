/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/sums.h"

#include <string.h>

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
	run_explain(flash, "unknown form of this ROM's checksum; reading "
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
