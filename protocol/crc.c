/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/crc.h"

#include <assert.h>

#include "utils.h"

uint32_t crc_update(uint32_t crc, const uint8_t *bytes, size_t len)
{
	size_t i;
	int bit;

	assert(len % 4 == 0);

	for (i = 0; i < len; i += 4) {
		crc ^= get_le32(bytes + i);
		for (bit = 0; bit < 32; bit++)
			crc = crc << 1 ^ (crc >> 31 ? CRC_POLYNOMIAL : 0);
	}
	return crc;
}
