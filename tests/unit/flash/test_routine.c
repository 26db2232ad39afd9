/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the on-chip checksum routine on the interpreter, and compares it with
 * the host's computation.
 */
#include "flash/routine.h"

#include "tests/unit/machine.h"
#include "tests/unit/t.h"
#include "protocol/crc.h"
#include "utils.h"

#define FLASH_BASE 0x08000000u
#define RAM_BASE 0x20000800u
#define FLASH_SIZE 32768u
#define RAM_SIZE 8192u
#define WATCHDOG 0x40003000u
#define STEPS 4000000
#define STORES 8
#define ROM 0x1fffec00u

struct chip {
	struct machine machine;
	uint8_t flash[FLASH_SIZE], ram[RAM_SIZE];
	unsigned fed, wrong;
	uint64_t fed_at, longest;	/* steps without a reload of the
					 * watchdog */
	struct routine_store stores[STORES];
	size_t store_count;
	bool in_rom;
};

static struct chip chip;
static uint32_t dice = 1;

static uint32_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice;
}

static bool chip_load(struct machine *machine, uint32_t address,
		      uint32_t *value)
{
	(void)machine;
	*value = address == ROM ? 0x20002000u : ROM + 0x101;
	if (address == ROM + 0x100) {	/* it has arrived there */
		*value = 0xbf00;	/* nop */
		chip.in_rom = true;
		chip.machine.cpu.halt = true;
	}
	return address >= ROM && address < ROM + 0x200;
}

static bool chip_store(struct machine *machine, uint32_t address,
		       uint32_t value)
{
	uint64_t steps = machine->cpu.steps;

	if (address == WATCHDOG) {
		chip.fed++;
		chip.wrong += value != 0xaaaa;
		if (steps - chip.fed_at > chip.longest)
			chip.longest = steps - chip.fed_at;
		chip.fed_at = steps;
	} else if (chip.store_count < STORES) {
		chip.stores[chip.store_count++] =
			(struct routine_store){ address, value };
	}
	return true;
}

static void fill(uint8_t *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)(roll() >> 11);
}

static void new_chip(void)
{
	memset(&chip, 0, sizeof(chip));
	fill(chip.flash, sizeof(chip.flash));
	fill(chip.ram, sizeof(chip.ram));
	chip.machine.flash = (struct machine_memory){ FLASH_BASE, FLASH_SIZE,
						      chip.flash };
	chip.machine.ram = (struct machine_memory){ RAM_BASE, RAM_SIZE,
						    chip.ram };
	chip.machine.load = chip_load;
	chip.machine.store = chip_store;
	machine_wire(&chip.machine);
}

/* Runs it at the address where it was placed. */
static enum thumb_stop start(const struct routine *routine,
			     struct routine_layout *layout)
{
	routine_lay_out(routine, layout);
	CHECK(layout->len <= ROUTINE_MAX);
	CHECK(layout->end <= RAM_BASE + RAM_SIZE);
	CHECK(layout->table >= routine->base + layout->len);
	routine_build(routine, layout,
		      chip.ram + (routine->base - RAM_BASE));
	if (!CHECK(thumb_reset(&chip.machine.cpu, routine->base)))
		return THUMB_FAULT;
	return thumb_run(&chip.machine.cpu, STEPS);
}

static const uint8_t *ram_at(uint32_t address)
{
	return chip.ram + (address - RAM_BASE);
}

static void check_sums(const uint8_t *found, uint32_t nonce,
		       const uint8_t *bytes, size_t len)
{
	struct routine_sums sums = { nonce, 0 };

	routine_add(&sums, bytes, len);
	EQUAL(get_le32(found), sums.crc);
	EQUAL(get_le32(found + 4), sums.sum);
}

static void check_results(const struct routine *routine,
			  const struct routine_layout *layout)
{
	const uint8_t *found = ram_at(layout->results);
	uint8_t trailer[ROUTINE_TRAILER];
	size_t i;
	uint32_t n;

	for (i = 0; i < routine->run_count; i++)
		for (n = 0; n < routine->runs[i].count; n++) {
			const struct routine_run *run = &routine->runs[i];

			check_sums(found, routine->nonce, chip.flash +
				   (run->start - FLASH_BASE) + n * run->length,
				   run->length);
			found += ROUTINE_SUMS;
		}
	check_sums(ram_at(layout->digest), routine->nonce,
		   ram_at(layout->results),
		   layout->digest - layout->results);
	routine_trailer(routine, trailer);
	BYTES(ram_at(layout->trailer), trailer, sizeof(trailer));
}

/* Some runs anywhere in the flash. */
static void draw(struct routine *routine)
{
	size_t i;

	*routine = (struct routine){
		.base = RAM_BASE + roll() % 64 * 8,
		.stack = RAM_BASE + RAM_SIZE,
		.nonce = roll(),
		.watchdog = WATCHDOG,
		.bitwise = roll() % 2 == 0,
		.run_count = 1 + roll() % 4,
	};
	for (i = 0; i < routine->run_count; i++) {
		struct routine_run *run = &routine->runs[i];
		uint32_t room;

		run->start = FLASH_BASE + roll() % (FLASH_SIZE / 8) * 4;
		room = FLASH_BASE + FLASH_SIZE - run->start;
		run->length = 4 + roll() % 256 * 4;
		run->count = 1 + roll() % (room / run->length < 12
					   ? room / run->length : 12);
	}
}

static void random_memories(void)
{
	struct routine_layout layout;
	struct routine routine;
	unsigned i;

	t_about("random memories");
	for (i = 0; i < 1000; i++) {
		if (t_left_out(17))
			continue;
		new_chip();
		draw(&routine);
		if (!EQUAL(start(&routine, &layout), THUMB_IDLE))
			continue;
		check_results(&routine, &layout);
		EQUAL(chip.fed, layout.pieces + 1);
		EQUAL(chip.wrong, 0);
		EQUAL(chip.store_count, 0);
	}
}

/* It writes only to the memory that it was given. */
static void keeps_to_its_ram(bool bitwise)
{
	static uint8_t before[RAM_SIZE];
	struct routine_layout layout;
	struct routine routine;
	size_t first, behind;

	t_about("the RAM around it");
	new_chip();
	draw(&routine);
	routine.bitwise = bitwise;
	memcpy(before, chip.ram, sizeof(before));
	EQUAL(start(&routine, &layout), THUMB_IDLE);
	first = routine.base - RAM_BASE;
	behind = layout.end - RAM_BASE;
	BYTES(chip.ram, before, first);
	BYTES(chip.ram + behind, before + behind, RAM_SIZE - behind);
}

static void way_back(void)
{
	struct routine_layout layout;
	struct routine routine;

	t_about("a jump to the ROM, after the stores");
	new_chip();
	draw(&routine);
	routine.stores[0] = (struct routine_store){ 0xe000e018, 0 };
	routine.stores[1] = (struct routine_store){ 0x4001380c, 7 };
	routine.store_count = 2;
	routine.jump = ROM;
	EQUAL(start(&routine, &layout), THUMB_HALTED);
	check_results(&routine, &layout);
	CHECK(chip.in_rom);
	EQUAL(chip.machine.cpu.r[13], 0x20002000);
	if (EQUAL(chip.store_count, 2)) {
		EQUAL(chip.stores[0].address, 0xe000e018);
		EQUAL(chip.stores[0].value, 0);
		EQUAL(chip.stores[1].address, 0x4001380c);
		EQUAL(chip.stores[1].value, 7);
	}
}

/* The watchdog of an application may be short: at most 4 KiB between reloads.
 * At 8 MHz that is about 5 ms, and 32 ms bit by bit. */
static void watchdog(bool bitwise)
{
	struct routine_layout layout;
	struct routine routine;

	t_about("the longest time without the watchdog");
	new_chip();
	draw(&routine);
	routine.bitwise = bitwise;
	routine.run_count = 1;
	routine.runs[0] = (struct routine_run){ FLASH_BASE, ROUTINE_MOST_PIECE,
						4 };
	EQUAL(start(&routine, &layout), THUMB_IDLE);
	check_results(&routine, &layout);
	CHECK(chip.longest < (bitwise ? 180000 : 30000));
}

/* The most runs and pieces possible. */
static void most(bool bitwise)
{
	struct routine_layout layout;
	struct routine routine;
	size_t i;

	t_about("as many as there may be");
	new_chip();
	draw(&routine);
	routine.bitwise = bitwise;
	routine.run_count = ROUTINE_RUNS;
	for (i = 0; i < ROUTINE_RUNS; i++)
		routine.runs[i] = (struct routine_run){
			FLASH_BASE + (uint32_t)i * 8, 8,
			ROUTINE_MOST_PIECES / ROUTINE_RUNS
		};
	for (i = 0; i < ROUTINE_STORES; i++)
		routine.stores[i] = (struct routine_store){ 0xe000e018, 0 };
	routine.store_count = ROUTINE_STORES;
	routine.jump = ROM;
	EQUAL(start(&routine, &layout), THUMB_HALTED);
	EQUAL(layout.pieces, ROUTINE_MOST_PIECES);
	CHECK(bitwise ? layout.len < ROUTINE_MAX : layout.len == ROUTINE_MAX);
	check_results(&routine, &layout);
}

int main(void)
{
	random_memories();
	keeps_to_its_ram(false);
	keeps_to_its_ram(true);
	way_back();
	watchdog(false);
	watchdog(true);
	most(false);
	most(true);
	return t_done();
}
