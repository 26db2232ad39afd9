/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between bootloaders where the application notes are silent, or
 * where a ROM deviates from them. A kind is a row of facts; no other code
 * tests its name. Two ROMs were run in an emulator and recorded, see
 * tests/rom: the F103's for protocol 2.2, the F051's for 3.1.
 */
#ifndef SIM_KIND_H
#define SIM_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/spec.h"

/* Groups of commands that are refused in the same way. */
enum refusal { REFUSE_OTHERS, REFUSE_MEMORY, REFUSE_GO, REFUSE_ERASE };
#define REFUSALS 4

struct refusals {
	bool acked;		/* an address that is not served gets an ACK */
	/* Numbers of NACKs: */
	uint8_t unserved;	/* for such an address, after the ACK */
	uint8_t checksum;	/* for a bad checksum of an address or a page
				 * list */
	uint8_t locked;		/* for the command, if readout protected */
};

struct rom_kind {
	struct refusals refusals[REFUSALS];

	/* The first byte after a reset */
	bool measures_any;	/* measures the rate on any byte */
	bool measures_again;	/* after a byte without a second edge, gives up
				 * and measures the next one */
	bool leaves_state;	/* Go leaves the USART on and a count in the
				 * SysTick, which spoils the measurement of a
				 * ROM that is jumped to */

	/* Memories */
	uint16_t clears_from, clears_to;	/* RAM that its start clears,
						 * as offsets from the base,
						 * except what the row leaves
						 * to the host */
	bool serves_largest;	/* allows flash up to the end of the largest
				 * part */
	bool spares_last;	/* refuses the last byte of the option bytes
				 * and of the system memory */
	bool faults;		/* an access past the end of a memory is a hard
				 * fault, which resets the chip */
	bool aligned;		/* a write to an odd address is one too */
	bool words;		/* writes whole words: the last word is
				 * completed from the buffer, and if a
				 * half-word is refused, so is the other half */
	bool ignores;		/* sends an ACK for a write to system memory,
				 * or after the start of the option bytes, but
				 * writes nothing */

	/* Erase and protection */
	bool ignores_bad_ff;	/* FF with a bad complement: ACK, but no
				 * erase */
	bool rewrites;		/* protection commands erase the option bytes
				 * and restore only some of them */
	bool loses_data;	/* Write Protect does not restore the data
				 * bytes */

	bool slides;		/* after a refusal, any two consecutive bytes
				 * may be a command */
};

/* Returns the row; for a choice by version, version is the one that the ROM
 * reports. */
const struct rom_kind *rom_kind(enum sim_rom choice, uint8_t version);

#endif
