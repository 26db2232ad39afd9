/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs routines on the Cortex-M of a QEMU board: reads the records of cases.h
 * from standard input, and writes what each leaves in the RAM. Code for the
 * target, without a libc; RAM is the start of the board's RAM.
 */
#include <stddef.h>
#include <stdint.h>

#include "tests/cores/cases.h"

#define AT(offset) ((uint8_t *)(RAM + (offset)))

/* Semihosting for AArch32, as QEMU implements it. */
enum { SYS_OPEN = 1, SYS_WRITE = 5, SYS_READ = 6, SYS_EXIT = 0x18 };
#define APPLICATION_EXIT 0x20026
#define FOR_READING 0
#define FOR_WRITING 4

static int call(int number, const void *arguments)
{
	register int r0 __asm__("r0") = number;
	register const void *r1 __asm__("r1") = arguments;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
	return r0;
}

static int open_stream(int mode)
{
	static const char name[] = ":tt";
	const uint32_t arguments[] = { (uint32_t)name, (uint32_t)mode, 3 };

	return call(SYS_OPEN, arguments);
}

/* Both return the number of bytes left. */
static int all(int number, int handle, uint8_t *bytes, uint32_t len)
{
	while (len > 0) {
		const uint32_t arguments[] = { (uint32_t)handle,
					       (uint32_t)bytes, len };
		uint32_t left = (uint32_t)call(number, arguments);

		if (left >= len)
			return 0;
		bytes += len - left;
		len = left;
	}
	return 1;
}

/* Starts a routine, which ends in a jump to the vector table at CASE_VECTORS:
 * that sets the stack pointer; all registers are changed. */
void run_case(uint32_t entry, uint32_t *vectors);
__asm__(
"	.thumb\n"
"	.syntax unified\n"
"	.thumb_func\n"
"	.global	run_case\n"
"run_case:\n"
"	push	{r4-r7, lr}\n"
"	mov	r4, r8\n"
"	mov	r5, r9\n"
"	mov	r6, r10\n"
"	mov	r7, r11\n"
"	push	{r4-r7}\n"
"	mov	r3, sp\n"
"	str	r3, [r1]\n"
"	ldr	r3, =back\n"
"	str	r3, [r1, #4]\n"
"	bx	r0\n"
"	.thumb_func\n"
"back:\n"
"	pop	{r4-r7}\n"
"	mov	r8, r4\n"
"	mov	r9, r5\n"
"	mov	r10, r6\n"
"	mov	r11, r7\n"
"	pop	{r4-r7, pc}\n"
"	.pool\n"
);

void start(void);
void start(void)
{
	const uint32_t *table = (const uint32_t *)AT(CASE_ROUTINE);
	int in = open_stream(FOR_READING), out = open_stream(FOR_WRITING);

	while (all(SYS_READ, in, AT(0), CASE_RAM_SIZE) &&
	       all(SYS_READ, in, AT(CASE_DATA), CASE_DATA_SIZE)) {
		run_case(table[1], (uint32_t *)AT(CASE_VECTORS));
		if (!all(SYS_WRITE, out, AT(0), CASE_RAM_SIZE))
			break;
	}
	call(SYS_EXIT, (const void *)APPLICATION_EXIT);
	for (;;)
		;
}

const void *const vectors[16] __attribute__((section(".vectors"), used)) = {
	AT(CASE_STACK), (const void *)start,
};
