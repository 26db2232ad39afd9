/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks that the ROM serves the address of a write.
 *
 * Some ROMs send an ACK for an address that they do not serve, and then wait
 * for a command (protocol/count.h). The data of a write follows that ACK, and
 * any two of its bytes may be a command: a file with 82 7D in it would protect
 * the chip. No answer tells the host in time.
 *
 * So a write is sent only if its address is known to be served. That is true
 * of the flash if the chip's ID and size register agree with its row. Anywhere
 * else a word is read first, at both ends: its N, 03, is no opcode of any ROM,
 * and only memory answers it with data. If the row has no size register but
 * the ID agrees, the upper end of the flash is enough.
 */
#ifndef VOUCH_H
#define VOUCH_H

#include "flash/run.h"

/* True for the part's own flash, within the size that the chip reports. */
bool vouch_is_known(const struct part *part, uint32_t start, uint32_t end);

/* Reads a word at both ends. STM32_BAD_ADDRESS: writing there is unsafe; *at
 * is the end that is not served. */
enum stm32_err vouch_read(struct flash *flash, uint32_t start, uint32_t end,
			  uint32_t *at);

/* Checks all writes of a plan, before the first step changes anything. */
enum flash_err vouch_plan(const struct run *run);

#endif
