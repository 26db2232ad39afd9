/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs each stub on the interpreter, with registers that behave as in the
 * manuals, and checks every store outside RAM.
 */
#include "flash/stub.h"

#include "tests/unit/machine.h"
#include "tests/unit/t.h"
#include "utils.h"

#define BASE  0x20000200u
#define STACK 0x20001000u
#define FLASH 0x40022000u
#define ACR   (FLASH + 0x00)
#define KEYR  (FLASH + 0x04)
#define OPTKEYR (FLASH + 0x08)
#define SR    (FLASH + 0x10)	/* of the L4 */
#define CR    (FLASH + 0x10)	/* of the F0 */
#define AIRCR 0xe000ed0cu
#define RESET 0x05fa0004u
#define KEY1  0x45670123u
#define KEY2  0xcdef89abu
#define LOCK  (1u << 7)
#define OPTWRE (1u << 9)
#define LAUNCH (1u << 13)
#define PEMPTY (1u << 17)
#define EMPTY (1u << 16)

#define STORES 8

struct store { uint32_t address, value; };

struct chip {
	struct machine machine;
	uint8_t ram[STUB_MAX];
	uint32_t reg[8];	/* from FLASH on */
	uint32_t toggles;	/* bits of SR that toggle when 1 is written */
	uint32_t last_key;
	struct store stores[STORES];
	size_t count;
};

static bool chip_load(struct machine *machine, uint32_t address,
		      uint32_t *value)
{
	const struct chip *chip = (const struct chip *)machine;

	if (address - FLASH >= sizeof(chip->reg))
		return false;
	*value = chip->reg[(address - FLASH) / 4];
	return true;
}

/* RM0360: a key in the wrong order causes a bus error. */
static bool take_key(struct chip *chip, uint32_t key, uint32_t clear,
		     uint32_t set)
{
	uint32_t *cr = &chip->reg[(CR - FLASH) / 4];
	bool due = clear ? *cr & clear : !(*cr & (LOCK | set));
	bool second = chip->last_key == KEY1;

	chip->last_key = key;
	if (!due || key != (second ? KEY2 : KEY1))
		return false;
	if (second) {
		*cr = (*cr & ~clear) | set;
		chip->last_key = 0;
	}
	return true;
}

static bool chip_store(struct machine *machine, uint32_t address,
		       uint32_t value)
{
	struct chip *chip = (struct chip *)machine;
	uint32_t *reg = &chip->reg[(address - FLASH) / 4 % 8];

	if (chip->count == STORES)
		return false;
	chip->stores[chip->count++] = (struct store){ address, value };
	if (address == AIRCR)
		return true;
	if (address == KEYR)
		return take_key(chip, value, LOCK, 0);
	if (address == OPTKEYR)
		return take_key(chip, value, 0, OPTWRE);
	if (chip->toggles != 0)
		*reg ^= value & chip->toggles;
	else
		*reg = value;
	return address - FLASH < sizeof(chip->reg);
}

static const struct {
	const char *text;
	enum stub_kind kind;
	uint32_t reg;
	uint8_t bit;
	uint32_t before;	/* initial value of reg */
	uint32_t toggles;
	uint32_t after;
	struct store want[STORES];	/* ends with an address of 0 */
} cases[] = {
	{ "reset", STUB_RESET, 0, 0, 0, 0, 0, { { AIRCR, RESET } } },
	{ "launch, all locked", STUB_OPTION_LAUNCH, CR, 13, LOCK, 0,
	  LAUNCH | OPTWRE,
	  { { KEYR, KEY1 }, { KEYR, KEY2 }, { OPTKEYR, KEY1 },
	    { OPTKEYR, KEY2 }, { CR, LAUNCH | OPTWRE } } },
	{ "launch, the ROM left the flash unlocked", STUB_OPTION_LAUNCH, CR,
	  13, 0, 0, LAUNCH | OPTWRE,
	  { { OPTKEYR, KEY1 }, { OPTKEYR, KEY2 }, { CR, LAUNCH | OPTWRE } } },
	{ "launch, the ROM left all unlocked", STUB_OPTION_LAUNCH, CR, 13,
	  OPTWRE, 0, LAUNCH | OPTWRE, { { CR, LAUNCH | OPTWRE } } },
	/* The bits next to PEMPTY are errors, cleared by writing 1. */
	{ "L4, flag set", STUB_CLEAR_EMPTY, SR, 17, PEMPTY | 8, PEMPTY, 8,
	  { { SR, 8 }, { SR, PEMPTY }, { AIRCR, RESET } } },
	{ "L4, flag clear", STUB_CLEAR_EMPTY, SR, 17, 0, PEMPTY, 0,
	  { { SR, 0 }, { AIRCR, RESET } } },
	/* The bits next to EMPTY are wait states and caches. */
	{ "G0, flag set", STUB_CLEAR_EMPTY, ACR, 16, EMPTY | 0x602, 0, 0x602,
	  { { ACR, 0x602 }, { AIRCR, RESET } } },
	{ "G0, flag clear", STUB_CLEAR_EMPTY, ACR, 16, 0x602, 0, 0x602,
	  { { ACR, 0x602 }, { AIRCR, RESET } } },
};

static void check_stores(const struct chip *chip, const struct store *want)
{
	size_t i;

	for (i = 0; i < STORES && want[i].address != 0; i++) {
		if (!CHECK(i < chip->count))
			return;
		EQUAL(chip->stores[i].address, want[i].address);
		EQUAL(chip->stores[i].value, want[i].value);
	}
	EQUAL(chip->count, i);
}

static void test_runs(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		const struct stub_target target = {
			BASE, STACK, cases[i].reg, cases[i].bit
		};
		struct chip chip = { .toggles = cases[i].toggles };
		struct thumb *cpu = &chip.machine.cpu;
		uint32_t *reg = &chip.reg[(cases[i].reg - FLASH) / 4 % 8];
		size_t size;

		t_about(cases[i].text);
		*reg = cases[i].before;
		size = stub_build(cases[i].kind, &target, chip.ram);
		EQUAL(size % 8, 0);
		CHECK(size > 8 && size <= STUB_MAX);
		chip.machine.ram = (struct machine_memory){ BASE, size,
							    chip.ram };
		chip.machine.load = chip_load;
		chip.machine.store = chip_store;
		machine_wire(&chip.machine);
		CHECK(thumb_reset(cpu, BASE));
		EQUAL(cpu->r[13], STACK);
		EQUAL(cpu->r[15], BASE + 8);
		EQUAL(thumb_run(cpu, 100), THUMB_IDLE);
		check_stores(&chip, cases[i].want);
		EQUAL(*reg, cases[i].after);
	}
}

/* The bytes on the wire, as an oscilloscope would show them. */
static void test_bytes(void)
{
	static const uint8_t want[32] = {
		0x00, 0x50, 0x00, 0x20, 0x09, 0x02, 0x00, 0x20,
		0x02, 0x48, 0x03, 0x49, 0xbf, 0xf3, 0x4f, 0x8f,
		0x01, 0x60, 0xfe, 0xe7, 0x0c, 0xed, 0x00, 0xe0,
		0x04, 0x00, 0xfa, 0x05
	};
	const struct stub_target target = { .base = 0x20000200,
					    .stack = 0x20005000 };
	uint8_t out[STUB_MAX];

	t_about("the bytes of the reset stub");
	memset(out, 0xa5, sizeof(out));
	EQUAL(stub_build(STUB_RESET, &target, out), sizeof(want));
	BYTES(out, want, sizeof(want));
}

int main(void)
{
	test_runs();
	test_bytes();
	return t_done();
}
