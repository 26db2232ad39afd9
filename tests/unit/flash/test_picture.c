/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handmade plans, and their maps. */
#include "flash/picture.h"

#include <stdlib.h>

#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define STEPS 6

static const struct page_run pages_1k[] = { { 64, 1024 }, { 0, 0 } };
static const struct page_run sectors[] = { { 4, 16384 }, { 1, 65536 },
					   { 7, 131072 }, { 0, 0 } };
static const struct page_run many[] = { { 3000, 128 }, { 0, 0 } };

#define ROW(bytes, layout) \
	.flash = { FLASH, FLASH + (bytes) }, .pages = (layout), \
	.granule = 4, .write_align = 4, .erased = 0xFF

static const struct dev small = { .id = 1, ROW(64 * 1024, pages_1k) };
static const struct dev f4 = { .id = 2, ROW(1024 * 1024, sectors) };
static const struct dev l1 = { .id = 3, ROW(3000 * 128, many) };

#define RANGE(what, from, to) \
	{ .kind = (what), .start = FLASH + (from), .end = FLASH + (to) }
#define ERASE(first, count) \
	{ .kind = STEP_ERASE_PAGES, .first_page = (first), \
	  .page_count = (count) }

static const struct {
	const char *name;
	const struct dev *dev;
	bool changed;
	unsigned columns;
	struct step steps[STEPS];
	size_t count;
	const char *lines, *legend;
} rows[] = {
	{ "nothing", &small, false, 80, { ERASE(0, 0) }, 0,
	  "0x08000000  .............................."
	  "..................................\n", ". stays (64)" },
	{ "all erased, two pages written", &small, false, 80,
	  { { .kind = STEP_ERASE_ALL }, RANGE(STEP_WRITE, 0, 256),
	    RANGE(STEP_WRITE, 0x400, 0x500) }, 3,
	  "0x08000000  wweeeeeeeeeeeeeeeeeeeeeeeeeeee"
	  "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\n",
	  "e erased (62), w written (2)" },
	{ "kept, and narrow", &small, false, 30,
	  { RANGE(STEP_KEEP, 0x0C80, 0x1000), ERASE(3, 2),
	    RANGE(STEP_WRITE, 0x0C00, 0x1100), RANGE(STEP_VERIFY, 0, 64) }, 4,
	  "0x08000000  ...kw...........\n0x08004000  ................\n"
	  "0x08008000  ................\n0x0800c000  ................\n",
	  ". stays (62), w written (1), k kept in part, rewritten (1)" },
	{ "what differs, the last page", &f4, true, 80,
	  { ERASE(11, 1), RANGE(STEP_WRITE, 0xE0000, 0xE0100) }, 2,
	  "0x08000000  ...........d\n",
	  ". stays (11), d differs, written (1)" },
	{ "a write over a border of pages", &l1, false, 0,
	  { RANGE(STEP_WRITE, 0xB80, 0xC80), ERASE(2999, 1) }, 2,
	  "0x08000000  .ww.............\n", NULL },
	{ "RAM is not on the map", &small, false, 20,
	  { { .kind = STEP_WRITE, .start = 0x20000000, .end = 0x20000100 } },
	  1, "0x08000000  ................\n", ". stays (64)" },
};

static void test_rows(void)
{
	char line[PICTURE_LINE], text[2048];
	struct step steps[STEPS];
	struct picture picture;
	struct part part;
	size_t i, k, n;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct plan plan = { .steps = steps, .count = rows[i].count };

		t_about(rows[i].name);
		memcpy(steps, rows[i].steps, sizeof(steps));
		part_init(&part, rows[i].dev, rows[i].dev->id);
		if (!CHECK(picture_make(&plan, &part, rows[i].changed,
					rows[i].columns, &picture)))
			continue;
		for (k = n = 0; picture_line(&picture, &part, (uint32_t)k,
					     line); k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "%s\n", line);
		CHECK(k <= PICTURE_MOST_LINES);
		/* Compare only the beginning of long maps. */
		text[strlen(rows[i].lines)] = '\0';
		TEXT(text, rows[i].lines);
		picture_legend(&picture, line);
		if (rows[i].legend != NULL)
			TEXT(line, rows[i].legend);
		free(picture.fates);
	}
}

/* At any width, each page is in exactly one character. */
static void test_widths(void)
{
	static const struct dev *const devs[] = { &small, &f4, &l1 };
	struct plan plan = { .count = 0 };
	struct picture picture;
	char line[PICTURE_LINE];
	struct part part;
	unsigned columns, i, k;

	for (i = 0; i < ARRAY_LEN(devs); i++) {
		part_init(&part, devs[i], devs[i]->id);
		for (columns = 0; columns < 400; columns++) {
			uint32_t marks = 0;

			if (!CHECK(picture_make(&plan, &part, false, columns,
						&picture)))
				return;
			for (k = 0; picture_line(&picture, &part, k, line); k++) {
				marks += (uint32_t)strlen(line) - 12;
				CHECK(strlen(line) <= columns || columns < 28);
			}
			CHECK(k <= PICTURE_MOST_LINES);
			EQUAL(marks, (picture.pages + picture.group - 1) /
				     picture.group);
			free(picture.fates);
		}
	}
}

/* A character with a page that differs and one that is the same shows
 * "differs". */
static void test_comparison(void)
{
	struct picture picture;
	char line[PICTURE_LINE];
	struct part part;

	t_about("a comparison");
	part_init(&part, &f4, f4.id);
	if (!CHECK(picture_begin(&part, PAGE_OUTSIDE, 80, &picture)))
		return;
	picture_raise(&picture, &part, FLASH + 0x3FFF, FLASH + 0x10001,
		      PAGE_SAME);
	picture_raise(&picture, &part, FLASH + 0x4000, FLASH + 0x4001,
		      PAGE_UNLIKE);
	picture_raise(&picture, &part, FLASH + 0x4001, FLASH + 0x4002,
		      PAGE_SAME);
	picture_raise(&picture, &part, FLASH - 8, FLASH - 4, PAGE_UNLIKE);
	picture_raise(&picture, &part, 0x20000000, 0x20000100, PAGE_UNLIKE);
	picture_finish(&picture);
	CHECK(picture_line(&picture, &part, 0, line));
	TEXT(line, "0x08000000  =d===.......");
	picture_legend(&picture, line);
	TEXT(line, ". not compared (7), = the same (4), d differs (1)");
	free(picture.fates);
}

static void test_no_pages(void)
{
	struct plan plan = { .count = 0 };
	struct picture picture;
	struct part part;

	part_init(&part, NULL, 0x999);
	CHECK(!picture_make(&plan, &part, false, 80, &picture));
	CHECK(picture.fates == NULL);
	CHECK(!picture_begin(&part, PAGE_OUTSIDE, 80, &picture));
	picture_finish(&picture);
}

int main(void)
{
	test_rows();
	test_widths();
	test_comparison();
	test_no_pages();
	return t_done();
}
