/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CRC unit of the STM32 in software: polynomial 04C11DB7, not reflected,
 * no final XOR, fed with little-endian 32-bit words.
 */
#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

#define CRC_POLYNOMIAL 0x04C11DB7u
#define CRC_INIT 0xFFFFFFFFu

/*
 * Goes on from crc (CRC_INIT to begin) over len bytes; the result is the crc
 * of the next call. len must be a multiple of 4: pad with what the flash will
 * hold behind the data.
 */
uint32_t crc_update(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
