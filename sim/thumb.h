/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ARMv6-M interpreter: all Thumb-1 integer instructions and the few 32-bit
 * ones of that architecture (BL, DMB, DSB, ISB, MRS, MSR). Exceptions are not
 * taken: what would raise one is a fault and stops the run. Little endian. The
 * memory is behind the caller's bus.
 */
#ifndef SIM_THUMB_H
#define SIM_THUMB_H

#include <stdbool.h>
#include <stdint.h>

/* size is 1, 2 or 4 bytes, and address is aligned to it; value has no bits
 * above the size. False: bus fault. */
struct thumb_bus {
	bool (*load)(void *ctx, uint32_t address, unsigned size,
		     uint32_t *value);
	bool (*store)(void *ctx, uint32_t address, unsigned size,
		      uint32_t value);
	void *ctx;
};

enum thumb_stop {
	THUMB_BUDGET,	/* all steps used: still running */
	THUMB_IDLE,	/* branch to itself, WFI or WFE: nothing will change */
	THUMB_FAULT,	/* bus fault, undefined, unaligned, ARM state, SVC... */
	THUMB_HALTED	/* the bus set halt: a reset was requested */
};

/* An instruction and its row in the table of thumb.c, plus 1; 0: none. */
struct thumb_decoded {
	uint32_t op;
	uint8_t row_after;
};

struct thumb {
	uint32_t r[16];		/* r[13] SP, r[14] LR, r[15] the address of the
				 * next instruction; after a fault, of the
				 * failed one */
	bool n, z, c, v;
	uint32_t primask, control;
	uint32_t other_sp;	/* MSP or PSP: the one not in r[13], see
				 * CONTROL */
	bool halt;		/* set by the bus to stop after this step */
	struct thumb_bus bus;
	uint64_t steps;		/* instructions executed so far */
	struct thumb_decoded decoded[256];	/* by a hash of the instruction */
};

/* Resets the processor with this vector table: SP from word 0, PC from word 1.
 * False if the table cannot be read or word 1 has no Thumb bit. */
bool thumb_reset(struct thumb *cpu, uint32_t vector_table);

/* Runs at most budget instructions. */
enum thumb_stop thumb_run(struct thumb *cpu, uint64_t budget);

#endif
