/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What vouches for the address of a write.
 *
 * Some ROMs acknowledge an address that they do not serve and wait for a
 * command next (protocol/count.h). The data of a write go out behind such an
 * ACK, and any two of their bytes may be a command: a file with 82 7D in it
 * would protect the chip. Nothing in the answers tells a host in time.
 *
 * So a write goes out only where the address is known to be served. The flash
 * of a chip whose ID and size register agree with its row is; of everything
 * else a word is read first, at both ends: its N, 03, is no opcode of any ROM,
 * and it is answered by data only where there is memory. Of the flash of a row
 * without a size register, whose ID agrees, the upper end is enough.
 */
#ifndef VOUCH_H
#define VOUCH_H

#include "flash/run.h"

/* The part's own flash, as far as the chip says that it has it. */
bool vouch_is_known(const struct part *part, uint32_t start, uint32_t end);

/* Reads a word at both ends. STM32_BAD_ADDRESS: nothing may be written there;
 * *at is the end that is not served. */
enum stm32_err vouch_read(struct flash *flash, uint32_t start, uint32_t end,
			  uint32_t *at);

/* All writes of a plan, before the first step changes something. */
enum flash_err vouch_plan(const struct run *run);

#endif
