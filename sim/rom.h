/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootloader in the ROM. rom.c is the state machine: it waits for the 7F,
 * for an opcode and its complement, and for the packets of the command, and
 * answers each. commands.c has the commands. Requests that end the ROM go to
 * state_ask().
 */
#ifndef SIM_ROM_H
#define SIM_ROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/state.h"

/* Starts after a reset, or (synced) with the 7F already received. */
void rom_start(struct rom *rom, bool synced);

/* Receives a byte from the host. */
void rom_receive(struct sim *sim, uint8_t byte);

/* Receives the end of a frame that began before the ROM listened; missed_ns of
 * it had passed. */
void rom_receive_cut(struct sim *sim, uint8_t byte, int64_t missed_ns);

/* Returns the length of the packet that the ROM waits for, as far as its first
 * len bytes tell. */
size_t rom_wants(const struct rom *rom, const uint8_t *bytes, size_t len);

#endif
