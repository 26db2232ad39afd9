/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost of a plan, step by step: bytes each way and waits by AN3155, and
 * flash time; then a step as text. Other tests, which carry out plans, compare
 * the sums with the real traffic.
 */
#include "flash/plan.h"

#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define KIB(n) ((uint32_t)(n) * 1024)
#define STEPS 4

static const struct page_run pages[] = { { 300, 1024 }, { 0, 0 } };
static const struct page_run sectors[] = { { 4, 1024 }, { 1, 4096 }, { 0, 0 } };
static const struct flash_timing timing = {
	.program_us = 100, .page_erase_ms = 20, .erase_ms_per_kib = 1,
	.mass_erase_ms = 50, .mass_ms_per_kib = 2,
};

#define ROW(size, layout, command, bytes)				\
	.flash = { FLASH, FLASH + KIB(size) }, .pages = (layout),	\
	.erase_command = (command), .granule = (bytes),			\
	.write_align = (bytes), .erased = 0xFF, .timing = &timing

static const struct dev one_byte = { .id = 1, ROW(300, pages, 0x43, 4) };
static const struct dev two_bytes = { .id = 2, ROW(300, pages, 0x44, 8) };
static const struct dev unequal = { .id = 3, ROW(8, sectors, 0x44, 8) };
static const struct dev no_mass = { .id = 4, ROW(300, pages, 0x44, 4),
				    .quirks = DEV_NO_MASS_ERASE };
static const struct dev one_a_list = { .id = 5, ROW(300, pages, 0x44, 8),
				       .erase_one_page = { { 0xB3 }, false } };

#define KEEP(from, to) { .kind = STEP_KEEP, .start = (from), .end = (to) }
#define WRITE(from, to) { .kind = STEP_WRITE, .start = (from), .end = (to) }
#define VERIFY(from, to) { .kind = STEP_VERIFY, .start = (from), .end = (to) }
#define BLANK(from, to) { .kind = STEP_BLANK, .start = (from), .end = (to) }
#define ERASE(first, count) \
	{ .kind = STEP_ERASE_PAGES, .first_page = (first), \
	  .page_count = (count) }
#define ERASE_EVERYTHING { .kind = STEP_ERASE_ALL }

static const struct {
	const char *name;
	const struct dev *dev;
	struct step steps[STEPS];
	size_t count;
	unsigned block;
	struct plan_cost cost;	/* to the device, from it, waits, flash in ms;
				 * writes, bytes written, kept, verified; the
				 * last one is not compared */
} rows[] = {
	{ "nothing", &two_bytes, { { .kind = STEP_BLANK } }, 0, 256,
	  { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "a block written", &two_bytes, { WRITE(0, 256) }, 1, 256,
	  { 2 + 5 + 258, 3, 3, 4, 1, 256, 0, 0, 0 } },
	{ "8 bytes written", &two_bytes, { WRITE(8, 16) }, 1, 256,
	  { 2 + 5 + 10, 3, 3, 1, 1, 8, 0, 0, 0 } },
	{ "granules of 4 take twice the time", &one_byte, { WRITE(0, 256) }, 1,
	  256, { 2 + 5 + 258, 3, 3, 7, 1, 256, 0, 0, 0 } },
	{ "left alone", &two_bytes, { BLANK(0, 256) }, 1, 256,
	  { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "a block verified", &two_bytes, { VERIFY(0, 256) }, 1, 256,
	  { 9, 3 + 256, 3, 0, 0, 0, 0, 256, 0 } },
	{ "reads end on boundaries", &two_bytes, { VERIFY(0xFC, 0x204) }, 1,
	  256, { 3 * 9, 3 * 3 + 0x108, 9, 0, 0, 0, 0, 0x108, 0 } },
	{ "reads of 100: 100, 100 and 56", &two_bytes, { VERIFY(0, 512) }, 1,
	  100, { 6 * 9, 6 * 3 + 512, 18, 0, 0, 0, 0, 512, 0 } },
	{ "kept is read twice", &two_bytes, { KEEP(0x10, 0x110) }, 1, 256,
	  { 4 * 9, 4 * 3 + 512, 12, 0, 0, 0, 256, 0, 0 } },
	{ "three pages, of two bytes", &two_bytes, { ERASE(1, 3) }, 1, 256,
	  { 2 * (2 + 2 + 1) + 6, 4, 4, 63, 0, 0, 0, 0, 0 } },
	{ "three pages, of one byte", &one_byte, { ERASE(1, 3) }, 1, 256,
	  { 2 + 1 + 3 + 1, 2, 2, 63, 0, 0, 0, 0, 0 } },
	{ "of one byte no list has one page: 2, 2, then 7, 2", &one_byte,
	  { ERASE(0, 4), ERASE(8, 9) }, 2, 256,
	  { 4 * (2 + 1 + 1) + 13, 8, 8, 13 * 21, 0, 0, 0, 0, 0 } },
	{ "lists grow: 1, 2, 4, 8, 16, 32, 37", &two_bytes, { ERASE(0, 100) }, 1,
	  256, { 7 * 5 + 200, 14, 14, 2100, 0, 0, 0, 0, 0 } },
	{ "and one page more", &two_bytes, { ERASE(0, 101) }, 1, 256,
	  { 7 * 5 + 202, 14, 14, 2121, 0, 0, 0, 0, 0 } },
	{ "one a list", &one_a_list, { ERASE(0, 3) }, 1, 256,
	  { 3 * (2 + 2 + 2 + 1), 6, 6, 63, 0, 0, 0, 0, 0 } },
	{ "long and short sectors", &unequal, { ERASE(3, 2) }, 1, 256,
	  { 2 * (2 + 2 + 1) + 4, 4, 4, 21 + 24, 0, 0, 0, 0, 0 } },
	{ "everything, FFFF and its XOR", &two_bytes, { ERASE_EVERYTHING }, 1,
	  256, { 2 + 3, 2, 2, 50 + 600, 0, 0, 0, 0, 0 } },
	{ "everything, FF 00", &one_byte, { ERASE_EVERYTHING }, 1, 256,
	  { 2 + 2, 2, 2, 50 + 600, 0, 0, 0, 0, 0 } },
	{ "everything, page by page", &no_mass, { ERASE_EVERYTHING }, 1, 256,
	  { 9 * 5 + 600, 18, 18, 300 * 21, 0, 0, 0, 0, 0 } },
	{ "all together", &two_bytes,
	  { KEEP(0, 16), ERASE(0, 1), WRITE(0, 256), VERIFY(0, 256) }, 4, 256,
	  { 18 + 7 + 265 + 9, 6 + 32 + 2 + 3 + 259, 6 + 2 + 3 + 3, 21 + 4, 1,
	    256, 16, 256, 0 } },
};

static void test_cost(void)
{
	struct plan_cost cost;
	struct part part;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct step steps[STEPS];
		const struct plan plan = { .steps = steps,
					   .count = rows[i].count };
		const struct plan_cost *want = &rows[i].cost;

		t_about(rows[i].name);
		memcpy(steps, rows[i].steps, sizeof(steps));
		part_init(&part, rows[i].dev, rows[i].dev->id);
		part.bootloader_id = 0xB3;
		plan_cost(&plan, &part, rows[i].block, &cost);
		EQUAL(cost.to_device, want->to_device);
		EQUAL(cost.from_device, want->from_device);
		EQUAL(cost.waits, want->waits);
		EQUAL(cost.flash_ms, want->flash_ms);
		EQUAL(cost.writes, want->writes);
		EQUAL(cost.bytes_written, want->bytes_written);
		EQUAL(cost.bytes_kept, want->bytes_kept);
		EQUAL(cost.bytes_verified, want->bytes_verified);
	}
}

/* A ROM without the defect takes two pages in the second list. */
static void test_other_rom(void)
{
	struct step step = ERASE(0, 3);
	const struct plan plan = { .steps = &step, .count = 1 };
	struct plan_cost cost;
	struct part part;

	t_about("another version of the ROM");
	part_init(&part, &one_a_list, one_a_list.id);
	part.bootloader_id = 0xB2;
	plan_cost(&plan, &part, 256, &cost);
	EQUAL(cost.waits, 4);
}

static void test_words(void)
{
	static const struct {
		struct step step;
		const char *text;
	} words[] = {
		{ KEEP(FLASH, FLASH + 0x104), "keep 0x08000000-0x08000104" },
		{ ERASE_EVERYTHING, "erase everything" },
		{ ERASE(0, 1), "erase 1 page from page 0 on" },
		{ ERASE(7, 12), "erase 12 pages from page 7 on" },
		{ ERASE(UINT32_MAX, UINT32_MAX),
		  "erase 4294967295 pages from page 4294967295 on" },
		{ WRITE(0x20000200, 0x20000300),
		  "write 0x20000200-0x20000300" },
		{ BLANK(FLASH, FLASH + 8), "leave erased "
		  "0x08000000-0x08000008" },
		{ VERIFY(0xFFFFFF00, 0xFFFFFFFF),
		  "verify 0xffffff00-0xffffffff" },
	};
	char text[PLAN_STEP_TEXT];
	size_t i;

	t_about("in words");
	for (i = 0; i < ARRAY_LEN(words); i++) {
		plan_describe(&words[i].step, text);
		TEXT(text, words[i].text);
	}
}

static size_t proofs(const struct part *part, const struct image *image,
		     uint32_t named_pages)
{
	const struct plan_request request = {
		.image = image, .block = 256, .erase = ERASE_AUTO,
		.has_pages = named_pages != 0, .page_count = named_pages,
	};
	struct problem why = { "" };
	struct plan *plan;
	size_t count = 0, i;

	if (!CHECK(plan_make(&request, part, &plan, &why)))
		return 0;
	for (i = 0; i < plan->count; i++)
		count += plan->steps[i].kind == STEP_PROVE;
	plan_free(plan);
	return count;
}

/* 300 pages are proven one by one if only an erase is requested; a write of
 * 4 KiB does not need that. */
static void test_proofs(void)
{
	static const uint8_t bytes[4096];
	struct image *image = image_new();
	struct part part;

	t_about("proofs of an erase");
	part_init(&part, &two_bytes, two_bytes.id);
	CHECK(image_add(image, FLASH + 1000, bytes, sizeof(bytes), 0) ==
	      IMAGE_OK);
	CHECK(image_finish(image, NULL) == IMAGE_OK);
	EQUAL(proofs(&part, NULL, 0), 300);
	EQUAL(proofs(&part, image, 0), 5);
	EQUAL(proofs(&part, image, 20), 20);	/* as the user requested */
	image_free(image);
}

int main(void)
{
	test_cost();
	test_proofs();
	test_other_rom();
	test_words();
	return t_done();
}
