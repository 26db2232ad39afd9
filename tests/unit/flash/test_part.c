/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages, areas and bounds of made-up parts. */
#include "flash/part.h"

#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u

static const struct page_run sectors[] = {
	{ 4, 16 * 1024 }, { 1, 64 * 1024 }, { 3, 128 * 1024 }, { 0, 0 }
};
static const struct page_run two_banks[] = {
	{ 2, 16 * 1024 }, { 1, 32 * 1024 }, { 2, 16 * 1024 },
	{ 1, 32 * 1024 }, { 0, 0 }
};
static const struct page_run small[] = { { 16, 128 }, { 0, 0 } };

static const struct flash_timing timing = {
	.program_us = 100, .page_erase_ms = 20, .erase_ms_per_kib = 3,
	.mass_erase_ms = 50, .mass_ms_per_kib = 2,
};

static const struct dev sector_dev = {
	.id = 0x913, .name = "sectors",
	.ram = { 0x20000400, 0x20002000 }, .ram_safe = 0x20001000,
	.more_ram = { { 0x10000000, 0x10001000 }, { 0x24000000, 0x24000100 } },
	.flash = { FLASH, FLASH + 512 * 1024 }, .pages = sectors,
	.option_bytes = { { 0x1FFFC000, 0x1FFFC010 },
			  { 0x1FFEC000, 0x1FFEC010 } },
	.system_memory = { { 0x1FFF0000, 0x1FFF7800 }, { 0x0BF90000,
			     0x0BF98000 } },
	.eeprom = { 0x08080000, 0x08080200 },
	.granule = 4, .write_align = 4, .erased = 0xFF,
	.erase_one_page = { .ids = { 0x31, 0x42 } },
	.quirks = DEV_DUAL_BANK, .timing = &timing,
};
static const struct dev bank_dev = {
	.id = 0x919, .name = "banks",
	.flash = { FLASH, FLASH + 128 * 1024 }, .pages = two_banks,
	.granule = 8, .write_align = 8, .erased = 0xFF,
};
static const struct dev small_dev = {
	.id = 0x947, .name = "small pages", .ram = { 0x20000800, 0x20000800 },
	.flash = { FLASH, FLASH + 2048 }, .pages = small,
	.granule = 4, .write_align = 8, .erased = 0x00, .quirks = DEV_NO_RAM,
};

/* "4: 08010000-08020000", or "none" */
static const char *page_text(bool found, const struct page *page)
{
	static char text[40];

	if (!found)
		return "none";
	snprintf(text, sizeof(text), "%" PRIu32 ": %08" PRIx32 "-%08" PRIx32,
		 page->number, page->start, page->end);
	return text;
}

static void test_pages(void)
{
	static const struct {
		const char *name;
		const struct dev *dev;
		uint32_t kib;		/* 0: all */
		uint32_t position, address;
		const char *at, *of;
	} cases[] = {
		{ "first", &sector_dev, 0, 0, FLASH,
		  "0: 08000000-08004000", "0: 08000000-08004000" },
		{ "last of a run", &sector_dev, 0, 3, FLASH + 0xFFFF,
		  "3: 0800c000-08010000", "3: 0800c000-08010000" },
		{ "one of its size", &sector_dev, 0, 4, FLASH + 0x10000,
		  "4: 08010000-08020000", "4: 08010000-08020000" },
		{ "last", &sector_dev, 0, 7, FLASH + 0x7FFFF,
		  "7: 08060000-08080000", "7: 08060000-08080000" },
		{ "behind the last", &sector_dev, 0, 8, FLASH + 0x80000,
		  "none", "none" },
		{ "before the first", &sector_dev, 0, UINT32_MAX, FLASH - 1,
		  "none", "none" },
		{ "address 0 and far away", &sector_dev, 0, 1000000, 0,
		  "none", "none" },
		{ "the highest address", &sector_dev, 0, 0x08000000, UINT32_MAX,
		  "none", "none" },
		{ "narrowed, last", &sector_dev, 128, 4, FLASH + 0x1FFFF,
		  "4: 08010000-08020000", "4: 08010000-08020000" },
		{ "narrowed, behind", &sector_dev, 128, 5, FLASH + 0x20000,
		  "none", "none" },
		{ "second bank", &bank_dev, 0, 3, FLASH + 0x10000,
		  "3: 08010000-08014000", "3: 08010000-08014000" },
		{ "second bank, last", &bank_dev, 0, 5, FLASH + 0x1FFFF,
		  "5: 08018000-08020000", "5: 08018000-08020000" },
		{ "128 bytes", &small_dev, 0, 15, FLASH + 0x780,
		  "15: 08000780-08000800", "15: 08000780-08000800" },
		/* never past the real end: a page that crosses it ends there */
		{ "cut in a sector", &sector_dev, 100, 4, FLASH + 0x18FFF,
		  "4: 08010000-08019000", "4: 08010000-08019000" },
	};
	struct part part;
	struct page page;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		part_init(&part, cases[i].dev, cases[i].dev->id);
		if (cases[i].kib != 0)
			CHECK(part_set_size(&part, cases[i].kib));
		TEXT(page_text(part_page_at(&part, cases[i].position, &page),
			       &page), cases[i].at);
		TEXT(page_text(part_page_of(&part, cases[i].address, &page),
			       &page), cases[i].of);
	}
}

/* Every address of a part is in the page that has its number. */
static void test_pages_agree(void)
{
	static const struct dev *const devs[] = { &sector_dev, &bank_dev,
						  &small_dev };
	struct page at, of;
	struct part part;
	uint32_t address, number;
	size_t i;

	for (i = 0; i < ARRAY_LEN(devs); i++) {
		t_about(devs[i]->name);
		part_init(&part, devs[i], 0);
		number = 0;
		for (address = part.flash.start; address < part.flash.end;
		     address += 128) {
			if (!CHECK(part_page_of(&part, address, &of)) ||
			    !CHECK(part_page_at(&part, of.number, &at)) ||
			    !CHECK(of.start <= address && address < of.end))
				return;
			CHECK(at.start == of.start && at.end == of.end);
			CHECK(of.number == number || of.number == number + 1);
			number = of.number;
		}
		EQUAL(part_page_count(&part), number + 1);
	}
}

static void test_size(void)
{
	struct part part;

	t_about("size");
	part_init(&part, &sector_dev, 0x913);
	CHECK(part.known && !part.size_known);
	EQUAL(part.flash.end, FLASH + 512 * 1024);
	EQUAL(part_page_count(&part), 8);
	CHECK(!part_set_size(&part, 0));
	CHECK(!part_set_size(&part, 513));
	CHECK(!part_set_size(&part, 0xFFFF));	/* an erased register */
	CHECK(!part_set_size(&part, 0x400000 + 64));	/* KiB to bytes wraps */
	EQUAL(part.flash.end, FLASH + 512 * 1024);
	CHECK(!part.size_known);
	CHECK(part_set_size(&part, 64));
	CHECK(part.size_known);
	EQUAL(part.flash.end, FLASH + 64 * 1024);
	EQUAL(part_page_count(&part), 4);
	CHECK(part_set_size(&part, 512));
	EQUAL(part_page_count(&part), 8);
}

static void test_areas(void)
{
	static const struct {
		uint32_t address;
		const char *name;
		uint32_t start, end;
	} cases[] = {
		{ 0, "unknown area", 0, 0 },
		{ 0x07FFFFFF, "unknown area", 0, 0 },
		{ FLASH, "flash", FLASH, FLASH + 0x20000 },
		{ FLASH + 0x1FFFF, "flash", FLASH, FLASH + 0x20000 },
		{ FLASH + 0x20000, "unknown area", 0, 0 },
		{ 0x08080000, "data EEPROM", 0x08080000, 0x08080200 },
		{ 0x08080200, "unknown area", 0, 0 },
		{ 0x200003FF, "unknown area", 0, 0 },	/* used by the ROM */
		{ 0x20000400, "RAM", 0x20000400, 0x20002000 },
		{ 0x20001FFF, "RAM", 0x20000400, 0x20002000 },
		{ 0x20002000, "unknown area", 0, 0 },
		{ 0x10000FFF, "RAM", 0x10000000, 0x10001000 },
		{ 0x240000FF, "RAM", 0x24000000, 0x24000100 },
		{ 0x1FFFC00F, "option bytes", 0x1FFFC000, 0x1FFFC010 },
		{ 0x1FFEC000, "option bytes", 0x1FFEC000, 0x1FFEC010 },
		{ 0x1FFF0000, "system memory", 0x1FFF0000, 0x1FFF7800 },
		{ 0x0BF97FFF, "system memory", 0x0BF90000, 0x0BF98000 },
		{ 0xFFFFFFFF, "unknown area", 0, 0 },
	};
	struct range range;
	struct part part;
	size_t i;

	part_init(&part, &sector_dev, 0x913);
	CHECK(part_set_size(&part, 128));
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		char about[32];

		snprintf(about, sizeof(about), "area of 0x%08" PRIx32,
			 cases[i].address);
		t_about(about);
		range = (struct range){ 1, 2 };
		TEXT(area_name(part_area(&part, cases[i].address, &range)),
		     cases[i].name);
		EQUAL(range.start, cases[i].start);
		EQUAL(range.end, cases[i].end);
		TEXT(area_name(part_area(&part, cases[i].address, NULL)),
		     cases[i].name);
		t_about("");
	}
}

static void test_ram(void)
{
	struct range ram;
	struct part part;

	t_about("free RAM");
	part_init(&part, &sector_dev, 0);
	CHECK(part_free_ram(&part, &ram));
	EQUAL(ram.start, 0x20001000);
	EQUAL(ram.end, 0x20002000);
	part_init(&part, &small_dev, 0);
	CHECK(!part_free_ram(&part, &ram));
	part_init(&part, &bank_dev, 0);
	CHECK(!part_free_ram(&part, &ram));
	part_init(&part, NULL, 0);
	CHECK(!part_free_ram(&part, &ram));
}

static void test_defects(void)
{
	struct part part;

	t_about("defects");
	part_init(&part, &sector_dev, 0);
	EQUAL(part.bootloader_id, -1);
	CHECK(!part_has_defect(&part, &sector_dev.erase_one_page));
	part.bootloader_id = 0x42;
	CHECK(part_has_defect(&part, &sector_dev.erase_one_page));
	CHECK(!part_has_defect(&part, &sector_dev.erase_busy));
	part.bootloader_id = 0x32;
	CHECK(!part_has_defect(&part, &sector_dev.erase_one_page));
	part.bootloader_id = 0;	/* ends a list, is never in one */
	CHECK(!part_has_defect(&part, &sector_dev.erase_one_page));
	CHECK(part_has(&part, DEV_DUAL_BANK));
	CHECK(!part_has(&part, DEV_NO_RAM));
}

static void test_times(void)
{
	struct part part;

	t_about("times");
	part_init(&part, &sector_dev, 0);
	/* never shorter than the real time */
	CHECK(part_program_ms(&part, 256) * 1000 >= 64 * 100);
	CHECK(part_program_ms(&part, 1) * 1000 >= 100);
	EQUAL(part_page_erase_ms(&part, 16 * 1024), 20 + 16 * 3);
	EQUAL(part_mass_erase_ms(&part), 50 + 512 * 2);
	CHECK(part_set_size(&part, 64));
	EQUAL(part_mass_erase_ms(&part), 50 + 64 * 2);
	/* a row without times, and no row: long enough for any flash */
	part_init(&part, &bank_dev, 0);
	CHECK(part_page_erase_ms(&part, 16 * 1024) >= 4000);
	part_init(&part, NULL, 0);
	CHECK(part_mass_erase_ms(&part) >= 32000);
	CHECK(part_program_ms(&part, 256) >= 64);
}

static void test_unknown(void)
{
	struct range range;
	struct page page;
	struct part part;

	t_about("unknown part");
	part_init(&part, NULL, 0xABC);
	CHECK(!part.known);
	EQUAL(part.id, 0xABC);
	TEXT(part.dev.name, "unknown");
	EQUAL(part_page_count(&part), 0);
	CHECK(!part_page_at(&part, 0, &page));
	CHECK(!part_page_of(&part, FLASH, &page));
	CHECK(!part_page_of(&part, 0, &page));
	CHECK(!part_set_size(&part, 1));
	EQUAL(part_area(&part, 0, &range), AREA_UNKNOWN);
	EQUAL(part_area(&part, FLASH, &range), AREA_UNKNOWN);
	EQUAL(range.start, range.end);
}

int main(void)
{
	test_pages();
	test_pages_agree();
	test_size();
	test_areas();
	test_ram();
	test_defects();
	test_times();
	test_unknown();
	return t_done();
}
