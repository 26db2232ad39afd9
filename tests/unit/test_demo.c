/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The demo firmware on a processor with a serial port and an LED. Reads the
 * file relative to the top of the source tree, where the tests run.
 */
#include "tests/unit/machine.h"
#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define FLASH_SIZE 65536u
#define RAM 0x20000000u
#define RAM_SIZE 20480u
#define SYSTICK_VECTOR (FLASH + 15 * 4)

#define GPIOC_BSRR 0x40011010u
#define USART1_SR 0x40013800u
#define USART1_DR 0x40013804u
#define VTOR 0xe000ed08u
#define SYST_CSR 0xe000e010u

#define LINE_HELLO "hello from the demo firmware, line "

static const char want[] =
	LINE_HELLO "1\r\n"
	LINE_HELLO "2\r\n"
	LINE_HELLO "3\r\n"
	"                        *\r\n"
	"                                        *\r\n"
	"                                               *\r\n"
	"                                        *\r\n"
	"                        *\r\n"
	"       *\r\n"
	"*\r\n"
	"       *\r\n"
	"checksum 0xA133B162, self-test passed\r\n"
	"send ? for help\r\n";

struct board {
	struct machine machine;
	uint8_t flash[FLASH_SIZE], ram[RAM_SIZE];
	size_t image_len;
	char text[4096];	/* its output; the last byte stays 0 */
	size_t text_len;
	int busy;		/* status reads until TXE is set */
	int received;		/* byte for it to receive, or -1 */
	unsigned overruns;	/* bytes sent while the port was busy */
	unsigned led_changes;
	bool led;
	uint32_t vtor, systick;
};

static bool board_load(struct machine *machine, uint32_t address,
		       uint32_t *value)
{
	struct board *board = (struct board *)machine;

	*value = 0;
	if (address == USART1_SR) {
		if (board->busy > 0)
			board->busy--;
		*value = (board->busy == 0 ? 0x80u : 0) |
			 (board->received >= 0 ? 0x20u : 0);
	} else if (address == USART1_DR && board->received >= 0) {
		*value = (uint32_t)board->received;
		board->received = -1;
	}
	return true;
}

static void say(struct board *board, uint32_t value)
{
	if (board->busy > 0)
		board->overruns++;
	board->busy = 3;
	if (board->text_len < sizeof(board->text) - 1)
		board->text[board->text_len++] = (char)value;
}

static void set_led(struct board *board, uint32_t value)
{
	bool on = value >> 29 & 1;	/* the LED is on while PC13 is low */

	if (on != board->led)
		board->led_changes++;
	board->led = on;
}

static bool board_store(struct machine *machine, uint32_t address,
			uint32_t value)
{
	struct board *board = (struct board *)machine;

	if (address == USART1_DR)
		say(board, value);
	else if (address == GPIOC_BSRR)
		set_led(board, value);
	else if (address == VTOR)
		board->vtor = value;
	else if (address == SYST_CSR)
		board->systick = value;
	return true;
}

static bool power_up(struct board *board)
{
	FILE *file = fopen("demo/firmware.bin", "rb");

	memset(board, 0, sizeof(*board));
	memset(board->flash, 0xff, sizeof(board->flash));
	memset(board->ram, 0xa5, sizeof(board->ram));
	board->received = -1;
	board->machine.flash = (struct machine_memory){ FLASH, FLASH_SIZE,
							board->flash };
	board->machine.ram = (struct machine_memory){ RAM, RAM_SIZE,
						      board->ram };
	board->machine.load = board_load;
	board->machine.store = board_store;
	machine_wire(&board->machine);
	if (!CHECK(file != NULL))
		return false;
	board->image_len = fread(board->flash, 1, FLASH_SIZE, file);
	fclose(file);
	return true;
}

static void test_output(struct board *board)
{
	struct thumb *cpu = &board->machine.cpu;

	t_about("what it says");
	CHECK(board->image_len >= 3 * 1024 && board->image_len <= 8 * 1024);
	CHECK(thumb_reset(cpu, FLASH));
	EQUAL(cpu->r[13], RAM + RAM_SIZE);
	EQUAL(thumb_run(cpu, 1000000), THUMB_IDLE);
	TEXT(board->text, want);
	EQUAL(board->overruns, 0);
	EQUAL(board->vtor, FLASH);
	EQUAL(board->systick, 7);
	CHECK(board->led_changes >= 10);
}

/* The interpreter takes no exceptions: calls the handler directly, which the
 * processor would do 100 times a second. */
static void test_blinking(struct board *board)
{
	struct thumb *cpu = &board->machine.cpu;
	unsigned before = board->led_changes, tick;

	t_about("the LED blinks at 1 Hz");
	for (tick = 0; tick < 400; tick++) {
		uint32_t back = cpu->r[15];

		cpu->r[14] = back | 1;
		cpu->r[15] = get_le32(board->flash + (SYSTICK_VECTOR - FLASH)) &
			     ~1u;
		EQUAL(thumb_run(cpu, 1000), THUMB_IDLE);
	}
	EQUAL(board->led_changes - before, 8);
}

static void test_help(struct board *board)
{
	struct thumb *cpu = &board->machine.cpu;
	size_t before = board->text_len;

	t_about("help");
	board->received = 'x';
	EQUAL(thumb_run(cpu, 100000), THUMB_IDLE);
	EQUAL(board->text_len, before);
	board->received = '?';
	EQUAL(thumb_run(cpu, 100000), THUMB_IDLE);
	CHECK(strstr(board->text + before, "-w demo/firmware.hex") != NULL);
	EQUAL(board->overruns, 0);
}

/* Detects a wrong bit in the tables. */
static void test_damage(struct board *board)
{
	struct thumb *cpu = &board->machine.cpu;

	t_about("a damaged image");
	if (!power_up(board))
		return;
	board->flash[board->image_len - 512] ^= 1;
	CHECK(thumb_reset(cpu, FLASH));
	EQUAL(thumb_run(cpu, 1000000), THUMB_IDLE);
	CHECK(strstr(board->text, "self-test failed\r\n") != NULL);
}

int main(void)
{
	static struct board board;

	if (power_up(&board)) {
		test_output(&board);
		test_blinking(&board);
		test_help(&board);
		test_damage(&board);
	}
	return t_done();
}
