/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootloader has no command for a reset, so a stub that resets the chip is
 * written to RAM and started by Go. It has a vector table in front, like an
 * application, and runs on every Cortex-M (ARMv6-M subset).
 */
#ifndef STUB_H
#define STUB_H

#include <stddef.h>
#include <stdint.h>

enum stub_kind {
	/* System reset: AIRCR.SYSRESETREQ. */
	STUB_RESET,
	/*
	 * Loads the option bytes again, which resets the chip and samples the
	 * "flash is empty" flag: for parts that restart their ROM after a
	 * plain reset. Flash registers as in F0 and F3; reg is FLASH_CR, bit
	 * is OBL_LAUNCH.
	 */
	STUB_OPTION_LAUNCH,
	/*
	 * Clears that flag, then as STUB_RESET. reg and bit are its address
	 * and position: a bit that is read and written (EMPTY in FLASH_ACR),
	 * or one that toggles when 1 is written (PEMPTY in FLASH_SR of the
	 * L4).
	 */
	STUB_CLEAR_EMPTY
};

/* FLASH_CR and OBL_LAUNCH of the F0: RM0360, RM0091. */
#define STUB_F0_FLASH_CR 0x40022010
#define STUB_F0_OBL_LAUNCH 13

struct stub_target {
	uint32_t base;	/* address of the stub in RAM; a multiple of 4 */
	uint32_t stack;	/* the stack pointer for Go: in RAM or at its end, as
			 * the ROM may check it; the stub needs no stack */
	uint32_t reg;	/* not used by STUB_RESET */
	uint8_t bit;	/* 0 to 31 */
};

#define STUB_MAX 64	/* bytes of the longest stub */

/*
 * Writes the image for target->base to out and returns its size in bytes, a
 * multiple of 8. Pass target->base to Go: word 0 is the stack pointer, word 1
 * the entry.
 */
size_t stub_build(enum stub_kind kind, const struct stub_target *target,
		  uint8_t out[STUB_MAX]);

#endif
