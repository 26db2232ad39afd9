/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MD5 as RFC 1321 describes it: a checksum against damage, not against malice.
 */
#ifndef MD5_H
#define MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_LEN 16

void md5(const uint8_t *bytes, size_t len, uint8_t sum[MD5_LEN]);

#endif
