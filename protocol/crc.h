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
 * Continues crc (CRC_INIT at the start) over len bytes; returns the crc for
 * the next call. len must be a multiple of 4: pad with the later contents of
 * the flash.
 */
uint32_t crc_update(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
