/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suffix of DFU files, from ST and others: USB Device Firmware Upgrade
 * 1.1, appendix B.
 */
#ifndef DFU_H
#define DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DFU_SUFFIX_LEN 16

/* True if the file ends with a suffix and its CRC is right. */
bool dfu_has_suffix(const uint8_t *file, size_t len);

/* Computes the CRC at the end of a suffix, over everything before it. */
uint32_t dfu_crc(const uint8_t *bytes, size_t len);

#endif
