/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of a Write Protect unit, and the option bytes for it. */
#include "flash/units.h"

#include "t.h"
#include "utils.h"

/* Makes a part with kib KiB of flash; 0: the largest. */
static void make_part(struct part *part, uint32_t id, uint32_t kib)
{
	struct dev dev;

	part_init(part, dev_find(id, &dev) ? &dev : NULL, id);
	if (kib != 0)
		CHECK(part_set_size(part, kib));
}

/* RM0008, RM0091, RM0316: four pages of 1 KiB, two of 2 KiB, the last bit
 * covers the rest. RM0090: a sector. RM0367, RM0038: 4 KiB. */
static const struct {
	uint32_t id, kib;
	uint32_t units, pages;
	uint32_t first, count;	/* units, and their range: */
	uint32_t start, end;
} known[] = {
	{ 0x410, 128, 32, 4, 0, 1, 0x08000000, 0x08001000 },
	{ 0x410, 128, 32, 4, 31, 1, 0x0801F000, 0x08020000 },
	{ 0x410, 64, 16, 4, 2, 3, 0x08002000, 0x08005000 },
	{ 0x412, 16, 4, 4, 3, 1, 0x08003000, 0x08004000 },
	{ 0x414, 512, 32, 2, 30, 1, 0x0801E000, 0x0801F000 },
	{ 0x414, 512, 32, 2, 31, 1, 0x0801F000, 0x08080000 },
	{ 0x414, 512, 32, 2, 0, 32, 0x08000000, 0x08080000 },
	{ 0x418, 256, 32, 2, 31, 1, 0x0801F000, 0x08040000 },
	{ 0x430, 1024, 32, 2, 31, 1, 0x0801F000, 0x08100000 },
	{ 0x422, 256, 32, 2, 31, 1, 0x0801F000, 0x08040000 },
	{ 0x438, 64, 16, 2, 15, 1, 0x0800F000, 0x08010000 },
	{ 0x440, 64, 16, 4, 15, 1, 0x0800F000, 0x08010000 },
	{ 0x442, 256, 32, 2, 31, 1, 0x0801F000, 0x08040000 },
	{ 0x444, 32, 8, 4, 7, 1, 0x08007000, 0x08008000 },
	{ 0x448, 128, 32, 2, 31, 1, 0x0801F000, 0x08020000 },
	{ 0x411, 1024, 12, 1, 4, 1, 0x08010000, 0x08020000 },
	{ 0x413, 1024, 12, 1, 11, 1, 0x080E0000, 0x08100000 },
	{ 0x413, 512, 8, 1, 3, 2, 0x0800C000, 0x08020000 },
	{ 0x419, 2048, 24, 1, 12, 1, 0x08100000, 0x08104000 },
	{ 0x423, 256, 6, 1, 5, 1, 0x08020000, 0x08040000 },
	{ 0x449, 1024, 8, 1, 7, 1, 0x080C0000, 0x08100000 },
	{ 0x452, 512, 8, 1, 0, 8, 0x08000000, 0x08080000 },
	{ 0x463, 1024, 12, 1, 11, 1, 0x080E0000, 0x08100000 },
	{ 0x416, 128, 32, 16, 31, 1, 0x0801F000, 0x08020000 },
	{ 0x437, 512, 128, 16, 127, 1, 0x0807F000, 0x08080000 },
	{ 0x417, 64, 16, 32, 15, 1, 0x0800F000, 0x08010000 },
	{ 0x447, 192, 48, 32, 16, 2, 0x08010000, 0x08012000 },
	{ 0x457, 16, 4, 32, 3, 1, 0x08003000, 0x08004000 },
};

static void test_known(void)
{
	struct problem why = { "" };
	struct units units;
	struct range range;
	struct part part;
	char about[40];
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++) {
		snprintf(about, sizeof(about), "0x%03X, %u KiB",
			 (unsigned)known[i].id, (unsigned)known[i].kib);
		t_about(about);
		make_part(&part, known[i].id, known[i].kib);
		if (!CHECK(units_of(&part, &units, &why)))
			continue;
		EQUAL(units.count, known[i].units);
		EQUAL(units.pages, known[i].pages);
		range = units_range(&part, &units, known[i].first,
				    known[i].count);
		EQUAL(range.start, known[i].start);
		EQUAL(range.end, known[i].end);
	}
}

static const struct {
	uint32_t id, kib;
	const char *says;
} unknown[] = {
	/* areas, by ST's Open Bootloader; no ROM was tested */
	{ 0x460, 0, "--set with WRP1A_STRT" },
	{ 0x415, 0, "--set with WRP1A_STRT" },
	{ 0x482, 0, "--set with WRP1A_PSTRT" },
	/* AN3155 does not cover registers */
	{ 0x450, 0, "--set with nWRP0" },
	{ 0x484, 0, "--set with WRPSGn1" },
	/* 16 sectors, 15 bits */
	{ 0x463, 1536, "--set with WRP0" },
	/* no option bytes in the table */
	{ 0x641, 0, "is not known" },
	{ 0x9A8, 0, "is not known" },
	{ 0x7FF, 0, "is not known" },
};

static void test_unknown(void)
{
	struct units units;
	struct part part;
	size_t i;

	for (i = 0; i < ARRAY_LEN(unknown); i++) {
		struct problem why = { "" };

		t_about(unknown[i].says);
		make_part(&part, unknown[i].id, unknown[i].kib);
		CHECK(!units_of(&part, &units, &why));
		CHECK(strstr(why.text, unknown[i].says) != NULL);
	}
	t_about("F76x, two banks: 24 sectors, 12 bits");
	make_part(&part, 0x451, 0);
	part_set_banks(&part, BANKS_DUAL);
	CHECK(!units_of(&part, &units, &(struct problem){ "" }));
	make_part(&part, 0x451, 0);
	part_set_banks(&part, BANKS_SINGLE);
	CHECK(units_of(&part, &units, &(struct problem){ "" }));
	t_about("F42x of 1 MiB with two banks: their numbers are not sure");
	make_part(&part, 0x419, 1024);
	part_set_banks(&part, BANKS_DUAL);
	CHECK(!units_of(&part, &units, &(struct problem){ "" }));
}

/* For every part of the table: the units cover the flash without gaps. */
static void test_all(void)
{
	struct units units;
	struct range all, one;
	struct part part;
	struct dev dev;
	uint32_t u, at;
	size_t i, parts = 0;

	for (i = 0; dev_at(i, &dev); i++) {
		part_init(&part, &dev, dev.id);
		if (dev.by_name_only ||
		    !units_of(&part, &units, &(struct problem){ "" }))
			continue;
		t_about(dev.name);
		parts++;
		CHECK(units.count <= UNITS_MOST);
		all = units_range(&part, &units, 0, units.count);
		EQUAL(all.start, dev.flash.start);
		EQUAL(all.end, dev.flash.end);
		for (u = 0, at = all.start; u < units.count; u++) {
			one = units_range(&part, &units, u, 1);
			EQUAL(one.start, at);
			at = one.end;
		}
		EQUAL(at, all.end);
	}
	EQUAL(parts, 39);
}

/* Adds a word of option bytes as the chip has it. */
static void show(struct option_bytes *ob, uint32_t address, uint32_t value)
{
	ob->words[ob->word_count++] = (struct option_word){
		.address = address, .shown = true, .value = value };
}

static void test_protected(void)
{
	bool now[UNITS_MOST];
	struct option_bytes ob;
	struct units units;
	struct problem why;
	struct part part;

	t_about("F1: clear is protected");
	make_part(&part, 0x410, 128);
	option_bytes_init(&ob, &part);
	CHECK(units_of(&part, &units, &why));
	show(&ob, 0x1FFFF808, 0x007F00FE);
	CHECK(!units_protected(&ob, &units, now));	/* 16 of 32 */
	show(&ob, 0x1FFFF80C, 0x00FF00FF);
	CHECK(units_protected(&ob, &units, now));
	CHECK(now[0] && !now[1] && !now[8] && now[15] && !now[16] && !now[31]);
	CHECK(units_are_pcrop(&ob) == NULL);

	t_about("L0: set is protected");
	make_part(&part, 0x447, 192);
	option_bytes_init(&ob, &part);
	CHECK(units_of(&part, &units, &why));
	show(&ob, 0x1FF80000, 0x00AA);
	show(&ob, 0x1FF80008, 0x0001);
	show(&ob, 0x1FF8000C, 0x8000);
	show(&ob, 0x1FF80010, 0x0002);
	CHECK(units_protected(&ob, &units, now));
	CHECK(now[0] && !now[1] && now[31] && !now[32] && now[33]);
	CHECK(units_are_pcrop(&ob) == NULL);
	ob.words[0].value |= 0x100;
	TEXT(units_are_pcrop(&ob), "WPRMOD");

	t_about("F42x: sectors 12 to 23 have the lower address");
	make_part(&part, 0x419, 2048);
	option_bytes_init(&ob, &part);
	CHECK(units_of(&part, &units, &why));
	show(&ob, 0x1FFFC008, 0x0FFE);
	show(&ob, 0x1FFEC008, 0x0FFD);
	CHECK(units_protected(&ob, &units, now));
	CHECK(now[0] && !now[1] && !now[12] && now[13]);
	ob.words[0].value |= 0x8000;
	TEXT(units_are_pcrop(&ob), "SPRMOD");
}

int main(void)
{
	test_known();
	test_unknown();
	test_all();
	test_protected();
	return t_done();
}
