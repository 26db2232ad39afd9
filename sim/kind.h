/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How bootloaders differ where the application notes are silent, or where a ROM
 * does something else than they say. A kind is a row of facts; nothing else
 * looks at its name. Two ROMs were run in an emulator and recorded, see
 * tests/rom: protocol 2.2 is the F103's, 3.1 the F051's.
 */
#ifndef SIM_KIND_H
#define SIM_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/spec.h"

/* Commands that are refused in the same way. */
enum refusal { REFUSE_OTHERS, REFUSE_MEMORY, REFUSE_GO, REFUSE_ERASE };
#define REFUSALS 4

struct refusals {
	bool acked;		/* an address that is not served has its ACK */
	uint8_t unserved;	/* NACKs: of such an address, behind the ACK; */
	uint8_t checksum;	/* of a bad checksum, of an address or a page
				 * list; */
	uint8_t locked;		/* of the command, when readout protected */
};

struct rom_kind {
	struct refusals refusals[REFUSALS];

	/* The first byte after a reset */
	bool measures_any;	/* the rate is taken from whatever it is, */
	bool measures_again;	/* but not from one without a second edge */
	bool leaves_state;	/* Go leaves the USART on and a count in the
				 * SysTick, and a ROM that is jumped to
				 * measures by these */

	/* Memories */
	uint16_t clears_from, clears_to;	/* RAM that its start clears,
				 * from the base on, but for what the row
				 * leaves to the host */
	bool serves_largest;	/* flash up to the end of the largest part */
	bool spares_last;	/* refuses the last byte of the option bytes
				 * and of the system memory */
	bool faults;		/* an access past the end of a memory is a hard
				 * fault, and that a reset */
	bool aligned;		/* so is a write to an odd address */
	bool words;		/* writes whole words: the buffer fills up the
				 * last one, and a half-word that is refused
				 * takes the other half along */
	bool ignores;		/* ACKs and drops what is written to system
				 * memory, or behind the start of the option
				 * bytes */

	/* Erase and protection */
	bool ignores_bad_ff;	/* FF with a bad complement: ACK, no erase */
	bool rewrites;		/* protection commands erase the option bytes
				 * and program few of them again */
	bool loses_data;	/* Write Protect: not the data bytes */

	bool slides;		/* after a refusal every two bytes in a row may
				 * be a command */
};

/* version: the one that the ROM reports, where the choice is left to it. */
const struct rom_kind *rom_kind(enum sim_rom choice, uint8_t version);

#endif
