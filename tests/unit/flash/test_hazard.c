/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that a ROM may take for commands. The count of a write, or of a list of
 * units of Write Protect, is lost, changed or preceded by an extra byte: none of
 * the data is executed, and the next command finds the ROM in step.
 */
#include "tests/unit/t.h"

#include "protocol/hazard.h"
#include "stm32.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"
#include "utils.h"

#define FLASH 0x08000000
#define LEN STM32_MAX_BLOCK
#define COUNT_AT 23	/* bytes to the device before N: 7F; Get, Get Version,
			 * Get ID; Read and Write Memory, up to the address */
#define UNITS 64
#define UNITS_COUNT_AT 18	/* the same with Write Protect */

/* --- positions ---------------------------------------------------------- */

static void test_places(void)
{
	static const struct {
		const char *name;
		uint8_t bytes[12];
		size_t len, from, next;
	} cases[] = {
		{ "nothing", { 1, 2, 3, 4 }, 4, 1, 4 },
		{ "between the two", { 1, 0x82, 0x7D, 4 }, 4, 1, 2 },
		{ "the first two", { 0x82, 0x7D, 3, 4 }, 4, 1, 1 },
		{ "the last two", { 1, 2, 0x92, 0x6D }, 4, 1, 3 },
		{ "its half", { 1, 2, 3, 0x92 }, 4, 1, 4 },
		{ "from there on", { 0x82, 0x7D, 0x73, 0x8C }, 4, 2, 3 },
		{ "behind all", { 0x82, 0x7D }, 2, 2, 2 },
		{ "Erase", { 0x43, 0xBC, 3 }, 3, 1, 1 },
		{ "Extended Erase", { 0x44, 0xBB, 3 }, 3, 1, 1 },
		{ "Write Protect", { 0x63, 0x9C, 3 }, 3, 1, 1 },
		{ "only read", { 0x11, 0xEE, 8, 0, 0, 0, 8 }, 7, 1, 7 },
		{ "Write Memory", { 0x31, 0xCE, 8, 0, 0, 0, 8, 1 }, 8, 1, 1 },
		{ "Go", { 0x21, 0xDE, 8, 0, 1, 0, 9 }, 7, 1, 1 },
		{ "another XOR", { 0x21, 0xDE, 8, 0, 1, 0, 8 }, 7, 1, 7 },
		{ "Special", { 1, 0x50, 0xAF, 1, 2, 3 }, 6, 1, 2 },
		{ "Extended Special", { 0x51, 0xAE, 0, 7, 7 }, 5, 1, 1 },
		{ "no subcode", { 0x50, 0xAF, 1, 2, 4 }, 5, 1, 5 },
		{ "half an address", { 0x31, 0xCE, 8, 0, 0, 0 }, 6, 1, 6 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		EQUAL(hazard_next(cases[i].bytes, cases[i].len, cases[i].from),
		      cases[i].next);
	}
}

/* --- effects ------------------------------------------------------------ */

static const uint8_t opcodes[] = { 0x43, 0x44, 0x63, 0x73, 0x82, 0x92 };

/* Commands at even positions, or at odd ones. */
static void fill(uint8_t data[LEN], size_t start)
{
	size_t i;

	memset(data, 0x55, LEN);
	for (i = start; i + 2 <= LEN; i += 2) {
		data[i] = opcodes[i / 2 % ARRAY_LEN(opcodes)];
		data[i + 1] = (uint8_t)~data[i];
	}
}

/* asked: an opcode that was sent; 0: none. */
static bool nothing_done(const struct sim_files *files, uint8_t asked)
{
	char name[16];
	bool good = true;
	size_t i;

	for (i = 0; i < ARRAY_LEN(opcodes); i++) {
		if (opcodes[i] == asked)
			continue;
		snprintf(name, sizeof(name), "command_%02X", opcodes[i]);
		good &= sim_files_stat(files, name) <= 0;
	}
	return good;
}

struct case_of {
	const char *rom;
	size_t start;
	bool units;		/* of Write Protect */
	enum damage damage;
	uint8_t value;
};

/* Reads first: the ROM answers, and serves the address. */
static bool send_block(struct noisy_port *port, const uint8_t *data, bool units)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};
	struct problem why = { "" };
	struct stm32 *stm;
	uint8_t word[4];
	bool good;

	if (stm32_open(&port->base, &options, &stm, &why) != STM32_OK)
		return false;
	good = stm32_read_memory(stm, FLASH, word, 4) == STM32_OK;
	if (units) {
		(void)stm32_write_protect(stm, data, UNITS);
		good &= stm32_reconnect(stm, 1000, NULL, &why) == STM32_OK;
	} else {
		(void)stm32_write_memory(stm, FLASH, data, LEN, 100);
	}
	good &= stm32_read_memory(stm, FLASH, word, 4) == STM32_OK;
	stm32_close(stm);
	return good;
}

static void try(struct sim_files *files, const struct case_of *c)
{
	uint8_t data[LEN];
	char spec[64];
	struct noisy_port *port;
	struct port *below;
	bool worst = strcmp(c->rom, "worst") == 0, good;

	fill(data, c->start);
	snprintf(spec, sizeof(spec), "sim:0x410,rom=%s", c->rom);
	below = sim_files_open(files, spec, NULL, 0);
	if (!CHECK(below != NULL))
		return;
	port = noisy_new(below);
	port->damage = c->damage;
	port->direction = PORT_TO_DEVICE;
	port->position = c->units ? UNITS_COUNT_AT : COUNT_AT;
	port->value = c->value;
	good = send_block(port, data, c->units);
	good &= port->struck == 1;
	port_close(&port->base);
	sim_files_read(files);
	/* the worst kind loses step: it only must be safe */
	if (!CHECK(nothing_done(files, c->units ? 0x63 : 0)) ||
	    !CHECK(good || worst))
		printf("  rom=%s, commands from %zu, units %d, damage %d, value "
		       "%02X:\n%s", c->rom, c->start, c->units, c->damage,
		       c->value, files->stats);
}

static void test_counts(struct sim_files *files, const char *rom, size_t start,
			bool units)
{
	struct case_of c = { .rom = rom, .start = start, .units = units };
	unsigned value;

	t_about("the count is lost");
	c.damage = DAMAGE_LOST;
	try(files, &c);
	for (value = 0; value < 0xFF; value++) {
		c.value = (uint8_t)value;
		t_about("another count");
		c.damage = DAMAGE_SET;
		if (!t_left_out(7))
			try(files, &c);
		t_about("a byte in front of the count");
		c.damage = DAMAGE_ADDED;
		if (value != 0 && !t_left_out(7))
			try(files, &c);
	}
}

int main(void)
{
	static const char *const roms[] = { "2.2", "3.1", "strict", "worst" };
	struct sim_files files;
	size_t i;

	if (!sim_files_begin(&files))
		return 1;
	test_places();
	for (i = 0; i < 2 * ARRAY_LEN(roms); i++)
		test_counts(&files, roms[i / 2], i % 2, false);
	for (i = 0; i < 2 * ARRAY_LEN(roms); i++)
		test_counts(&files, roms[i / 2], i % 2, true);
	sim_files_end(&files);
	return t_done();
}
