/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suffix of DFU files, of ST and of others: USB Device Firmware Upgrade
 * 1.1, appendix B.
 */
#ifndef DFU_H
#define DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DFU_SUFFIX_LEN 16

/* True if the file ends in a suffix and its CRC is right. */
bool dfu_has_suffix(const uint8_t *file, size_t len);

/* The CRC that a suffix ends with, over all that stands before it. */
uint32_t dfu_crc(const uint8_t *bytes, size_t len);

#endif
