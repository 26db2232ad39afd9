/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program with everything that linkers produce: vectors, code, constants,
 * data that the start-up code copies to RAM, memory that it clears, and
 * settings at a separate address. It is converted, never run.
 */
#include <stdint.h>

void reset(void);
static void set_up(void);

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];

uint32_t counter = 0x12345678;
char greeting[] = "written by the tests";
static volatile uint32_t buffer[300];
const uint16_t table[] = { 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233 };

__attribute__((section(".settings"), used))
const uint8_t settings[37] = { 0xC0, 0xFF, 0xEE, [36] = 0x5A };

__attribute__((section(".vectors"), used))
static const struct {
	uint32_t stack;
	void (*handlers[15])(void);
} vectors = { 0x20005000, { reset, reset, reset } };

__attribute__((section(".init_array"), used))
static void (*const at_start)(void) = set_up;

static void set_up(void)
{
	buffer[counter % 300] = table[counter % 13] + settings[0];
}

void reset(void)
{
	uint32_t *from = data_load, *to;

	for (to = data_start; to < data_end; to++)
		*to = *from++;
	for (to = bss_start; to < bss_end; to++)
		*to = 0;
	for (;;) {
		at_start();
		greeting[counter++ % sizeof(greeting)]++;
	}
}
