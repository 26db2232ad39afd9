/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/stub.h"

#include <assert.h>
#include <string.h>

#include "utils.h"

#define VECTORS 8	/* bytes: stack pointer, entry */

#define AIRCR 0xe000ed0c	/* ARMv6-M Architecture Reference Manual */
#define AIRCR_RESET 0x05fa0004	/* VECTKEY, SYSRESETREQ */

/* RM0360, flash registers; offset of FLASH_CR from the first register. */
#define FLASH_CR_OFFSET 0x10
#define FLASH_KEY1 0x45670123
#define FLASH_KEY2 0xcdef89ab

/* The words of the literal pool after the code. */
enum literal {
	LITERAL_AIRCR,
	LITERAL_AIRCR_RESET,
	LITERAL_FLASH,		/* first flash register */
	LITERAL_FLASH_KEY1,
	LITERAL_FLASH_KEY2,
	LITERAL_REG,
	LITERAL_MASK
};

static const uint16_t reset_code[] = {
	0x4802,			/*	ldr	r0, =AIRCR		*/
	0x4903,			/*	ldr	r1, =AIRCR_RESET	*/
	0xf3bf, 0x8f4f,		/*	dsb				*/
	0x6001,			/*	str	r1, [r0]		*/
	0xe7fe			/*	b	.			*/
};

static const enum literal reset_pool[] = {
	LITERAL_AIRCR, LITERAL_AIRCR_RESET
};

/*
 * The ROM may have left the registers unlocked, and unexpected keys lock them
 * until the next reset: hence the two tests. The launch is a bit of the locked
 * register, and ST's own drivers set it with the option bytes unlocked too.
 */
static const uint16_t option_launch_code[] = {
	0x4809,			/*	ldr	r0, =FLASH		*/
	0x490a,			/*	ldr	r1, =FLASH_KEY1		*/
	0x4a0a,			/*	ldr	r2, =FLASH_KEY2		*/
	0x6903,			/*	ldr	r3, [r0, #16]	CR	*/
	0x061b,			/*	lsls	r3, r3, #24	LOCK	*/
	0xd501,			/*	bpl	1f			*/
	0x6041,			/*	str	r1, [r0, #4]	KEYR	*/
	0x6042,			/*	str	r2, [r0, #4]		*/
	0x6903,			/* 1:	ldr	r3, [r0, #16]	CR	*/
	0x059b,			/*	lsls	r3, r3, #22	OPTWRE	*/
	0xd401,			/*	bmi	2f			*/
	0x6081,			/*	str	r1, [r0, #8]	OPTKEYR	*/
	0x6082,			/*	str	r2, [r0, #8]		*/
	0x4906,			/* 2:	ldr	r1, =MASK		*/
	0x6903,			/*	ldr	r3, [r0, #16]	CR	*/
	0x430b,			/*	orrs	r3, r1			*/
	0xf3bf, 0x8f4f,		/*	dsb				*/
	0x6103,			/*	str	r3, [r0, #16]		*/
	0xe7fe			/*	b	.			*/
};

static const enum literal option_launch_pool[] = {
	LITERAL_FLASH, LITERAL_FLASH_KEY1, LITERAL_FLASH_KEY2, LITERAL_MASK
};

/*
 * First clears the bit like any other. If it is still set, it toggles: then
 * writes it alone, as the bits next to it are cleared by writing 1.
 */
static const uint16_t clear_empty_code[] = {
	0x4807,			/*	ldr	r0, =REG		*/
	0x4908,			/*	ldr	r1, =MASK		*/
	0x6802,			/*	ldr	r2, [r0]		*/
	0x438a,			/*	bics	r2, r1			*/
	0x6002,			/*	str	r2, [r0]		*/
	0x6802,			/*	ldr	r2, [r0]		*/
	0x420a,			/*	tst	r2, r1			*/
	0xd000,			/*	beq	1f			*/
	0x6001,			/*	str	r1, [r0]		*/
	0x4805,			/* 1:	ldr	r0, =AIRCR		*/
	0x4905,			/*	ldr	r1, =AIRCR_RESET	*/
	0xf3bf, 0x8f4f,		/*	dsb				*/
	0x6001,			/*	str	r1, [r0]		*/
	0xe7fe,			/*	b	.			*/
	0x46c0			/* nop: aligns the pool */
};

static const enum literal clear_empty_pool[] = {
	LITERAL_REG, LITERAL_MASK, LITERAL_AIRCR, LITERAL_AIRCR_RESET
};

#define PROGRAM(name) {							\
	.code = name##_code, .code_len = ARRAY_LEN(name##_code),	\
	.pool = name##_pool, .pool_len = ARRAY_LEN(name##_pool)		\
}
#define SIZE(name) (VECTORS + sizeof(name##_code) + 4 * ARRAY_LEN(name##_pool))

static const struct {
	const uint16_t *code;	/* an even number of half-words, to align the
				 * pool */
	size_t code_len;
	const enum literal *pool;
	size_t pool_len;
} programs[] = {
	[STUB_RESET] = PROGRAM(reset),
	[STUB_OPTION_LAUNCH] = PROGRAM(option_launch),
	[STUB_CLEAR_EMPTY] = PROGRAM(clear_empty),
};

_Static_assert(SIZE(reset) % 4 == 0 && SIZE(option_launch) % 4 == 0 &&
	       SIZE(clear_empty) % 4 == 0, "the literals must be aligned");
_Static_assert(SIZE(reset) <= STUB_MAX && SIZE(option_launch) <= STUB_MAX &&
	       SIZE(clear_empty) <= STUB_MAX, "STUB_MAX is too small");
_Static_assert(STUB_MAX % 8 == 0, "the padding must fit");

static uint32_t literal_value(enum literal literal,
			      const struct stub_target *target)
{
	switch (literal) {
	case LITERAL_AIRCR:
		return AIRCR;
	case LITERAL_AIRCR_RESET:
		return AIRCR_RESET;
	case LITERAL_FLASH:
		return target->reg - FLASH_CR_OFFSET;
	case LITERAL_FLASH_KEY1:
		return FLASH_KEY1;
	case LITERAL_FLASH_KEY2:
		return FLASH_KEY2;
	case LITERAL_REG:
		return target->reg;
	case LITERAL_MASK:
		return (uint32_t)1 << target->bit;
	}
	return 0;
}

size_t stub_build(enum stub_kind kind, const struct stub_target *target,
		  uint8_t out[STUB_MAX])
{
	size_t at = VECTORS, i;

	assert(target->base % 4 == 0 && target->bit < 32);
	memset(out, 0, STUB_MAX);
	put_le32(out, target->stack);
	put_le32(out + 4, (target->base + VECTORS) | 1);
	for (i = 0; i < programs[kind].code_len; i++) {
		out[at++] = (uint8_t)programs[kind].code[i];
		out[at++] = (uint8_t)(programs[kind].code[i] >> 8);
	}
	for (i = 0; i < programs[kind].pool_len; i++) {
		put_le32(out + at,
			 literal_value(programs[kind].pool[i], target));
		at += 4;
	}
	return round_up((uint32_t)at, 8);
}
