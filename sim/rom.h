/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootloader in the ROM. rom.c is the machine: it waits for the 7F, for
 * an opcode and its complement, for the packets that the command is made of,
 * and answers each. What the commands are and do stands in the table of
 * commands.c. What ends the ROM it asks for by state_ask().
 */
#ifndef SIM_ROM_H
#define SIM_ROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/state.h"

/* As after a reset, or with the 7F already taken. */
void rom_start(struct rom *rom, bool synced);

/* A byte from the host. */
void rom_receive(struct sim *sim, uint8_t byte);

/* The end of a frame that began before the ROM looked at the line: so much of
 * it had passed. */
void rom_receive_cut(struct sim *sim, uint8_t byte, int64_t missed_ns);

/* How many bytes the packet has that it waits for, judged by the len first
 * ones of it. */
size_t rom_wants(const struct rom *rom, const uint8_t *bytes, size_t len);

#endif
