/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vector table, and the code that runs before main(). */
#include <stdint.h>

#define VTOR (*(volatile uint32_t *)0xe000ed08)

/* From the linker script. */
extern uint32_t data_source[], data_start[], data_end[];
extern uint32_t bss_start[], bss_end[], stack_top[];

int main(void);
void tick(void);
void reset(void);

/* An unexpected fault or interrupt: a debugger finds it here. */
static void trap(void)
{
	for (;;)
		;
}

static const struct {
	uint32_t *stack;
	void (*handlers[15])(void);
} vectors __attribute__((section(".vectors"), used)) = {
	.stack = stack_top,
	.handlers = {
		reset, trap, trap, trap, trap, trap, 0, 0, 0, 0, trap, trap,
		0, trap, tick
	}
};

void reset(void)
{
	const uint32_t *from = data_source;
	uint32_t *to;

	/* After Go, the processor still uses the ROM's vectors. */
	VTOR = (uint32_t)(uintptr_t)&vectors;
	for (to = data_start; to < data_end; to++)
		*to = *from++;
	for (to = bss_start; to < bss_end; to++)
		*to = 0;
	main();
	trap();
}
