/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Get Checksum (AN3155, AN4221), a command that exists in several forms.
 * Private to stm32.c; stm32.h describes the functions.
 */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "protocol/session.h"

bool checksum_prove(struct stm32 *stm, uint32_t address, const uint8_t *bytes,
		    size_t len);
enum stm32_err checksum_take(struct stm32 *stm, uint32_t address, uint32_t len,
			     uint32_t *crc);

#endif
