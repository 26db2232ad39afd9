/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans over made-up layouts: some as text, step by step; then many generated
 * ones, carried out on a model of the flash that checks the rules for every
 * plan.
 */
#include "flash/plan.h"

#include <stdlib.h>

#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define KIB(n) ((uint32_t)(n) * 1024)
#define MOST_FLASH KIB(32)

static const struct page_run pages_1k[] = { { 8, 1024 }, { 0, 0 } };
static const struct page_run pages_128[] = { { 32, 128 }, { 0, 0 } };
static const struct page_run pages_64[] = { { 32, 64 }, { 0, 0 } };
static const struct page_run sectors[] = {
	{ 4, 1024 }, { 1, 4096 }, { 2, 8192 }, { 0, 0 }
};
static const struct page_run banks[] = {
	{ 2, 1024 }, { 1, 2048 }, { 2, 1024 }, { 1, 2048 }, { 0, 0 }
};

#define ROW(size, layout, bytes, align, value)				\
	.ram = { 0x20000200, 0x20001000 },				\
	.option_bytes = { { 0x1FFFF800, 0x1FFFF810 } },			\
	.eeprom = { 0x08080000, 0x08080100 },				\
	.flash = { FLASH, FLASH + KIB(size) }, .pages = (layout),	\
	.granule = (bytes), .write_align = (align), .erased = (value)

static const struct dev f1 = { .id = 0x910, ROW(8, pages_1k, 2, 4, 0xFF) };
static const struct dev f4 = { .id = 0x913, ROW(24, sectors, 4, 4, 0xFF) };
static const struct dev g4 = { .id = 0x968, ROW(8, banks, 8, 8, 0xFF) };
static const struct dev u5 = { .id = 0x981, ROW(8, pages_1k, 16, 16, 0xFF) };
static const struct dev h7 = { .id = 0x950, ROW(24, sectors, 32, 32, 0xFF) };
static const struct dev l0 = { .id = 0x947, ROW(4, pages_128, 4, 8, 0x00) };
static const struct dev tiny = { .id = 0x948, ROW(2, pages_64, 4, 8, 0x00) };
static const struct dev no_pages = { .id = 0x951, ROW(8, NULL, 8, 8, 0xFF) };

/* --- images ------------------------------------------------------------------ */

enum { DATA = -1, BLANK = -2 };	/* otherwise the value of every byte */

struct piece {
	uint32_t start;
	size_t len;
	int value;
};

static uint32_t full_address(uint32_t address)
{
	return address < MOST_FLASH ? FLASH + address : address;
}

static void add_piece(struct image *image, const struct piece *piece,
		      uint8_t erased)
{
	static uint8_t bytes[MOST_FLASH];
	size_t i;

	for (i = 0; i < piece->len; i++) {
		bytes[i] = piece->value == BLANK ? erased
						 : (uint8_t)piece->value;
		/* odd, and never an erased value */
		if (piece->value == DATA)
			bytes[i] = (uint8_t)((piece->start + i) % 120 * 2 + 1);
	}
	EQUAL(image_add(image, full_address(piece->start), bytes, piece->len,
			0), IMAGE_OK);
}

static struct image *make_image(const struct piece *pieces, size_t count,
				uint8_t erased)
{
	struct image *image = image_new();
	size_t i;

	if (image == NULL)
		exit(1);
	for (i = 0; i < count; i++)
		if (pieces[i].len != 0)
			add_piece(image, &pieces[i], erased);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	return image;
}

/* --- plans as text ------------------------------------------------------------ */

#define TEXT_MAX 4096

struct writer {
	char text[TEXT_MAX];
	size_t at;
};

static void put(struct writer *w, const char *text)
{
	size_t len = strlen(text);

	if (w->at + len < sizeof(w->text))
		memcpy(w->text + w->at, text, len + 1);
	w->at += len;
}

/* Flash as an offset, other areas by name and address. */
static void put_range(struct writer *w, const struct step *step)
{
	bool flash = step->start - FLASH < MOST_FLASH;
	bool named = !flash && step->kind != STEP_KEEP;
	uint32_t base = flash ? FLASH : 0;
	char text[80];

	snprintf(text, sizeof(text), " %s%s%" PRIx32 "-%" PRIx32 "%s",
		 named ? area_name(step->area) : "", named ? " " : "",
		 step->start - base, step->end - base,
		 step->may_be_blank ? "?" : "");
	put(w, text);
}

static void put_step(struct writer *w, const struct step *step)
{
	static const char *const names[] = {
		[STEP_KEEP] = "keep", [STEP_ERASE_ALL] = "erase all",
		[STEP_ERASE_PAGES] = "erase", [STEP_WRITE] = "write",
		[STEP_BLANK] = "blank", [STEP_VERIFY] = "verify",
		[STEP_SAME] = "same",
	};
	char pages[40];

	put(w, w->at != 0 ? "; " : "");
	put(w, names[step->kind]);
	if (step->kind == STEP_ERASE_PAGES) {
		snprintf(pages, sizeof(pages), " %" PRIu32 "+%" PRIu32,
			 step->first_page, step->page_count);
		put(w, pages);
	} else if (step->kind != STEP_ERASE_ALL) {
		put_range(w, step);
	}
}

static const char *plan_text(const struct plan *plan)
{
	static struct writer w;
	size_t i;

	w.text[0] = '\0';
	w.at = 0;
	/* a separate row tests the proofs of the erase */
	for (i = 0; i < plan->count; i++)
		if (plan->steps[i].kind != STEP_PROVE)
			put_step(&w, &plan->steps[i]);
	if (plan->image_beyond_erase)
		put(&w, " (beyond)");
	if (plan->erase_unknown)
		put(&w, " (not erased)");
	return w.text;
}

#define PIECES 4

struct row {
	const char *name;
	const struct dev *dev;
	unsigned kib;		/* the chip's size; 0: as in the row */
	struct piece pieces[PIECES];	/* none: only erase */
	struct plan_request request;
	const char *text;	/* NULL: impossible */
};

static void check_row(const struct row *row)
{
	struct plan_request request = row->request;
	struct problem why = { "" };
	struct image *image;
	struct plan *plan;
	struct part part;

	t_about(row->name);
	part_init(&part, row->dev, 0x999);
	if (row->kib != 0)
		CHECK(part_set_size(&part, row->kib));
	image = make_image(row->pieces, PIECES, part.dev.erased);
	if (image->count != 0)
		request.image = image;
	if (request.block == 0)
		request.block = 256;
	request.range.start = full_address(request.range.start);
	request.range.end = full_address(request.range.end);
	EQUAL(plan_make(&request, &part, &plan, &why), row->text != NULL);
	EQUAL(why.text[0] == '\0', row->text != NULL);
	EQUAL(plan != NULL, row->text != NULL);
	if (plan != NULL && row->text != NULL)
		TEXT(plan_text(plan), row->text);
	plan_free(plan);
	image_free(image);
}

#define RANGE(from, to) .has_range = true, .range = { (from), (to) }
#define S_E(s, e) .has_pages = true, .first_page = (s), .page_count = (e)

static const struct row whole[] = {
	{ "one byte", &f1, 0, { { 0, 1, DATA } }, { .block = 256 },
	  "erase all; write 0-4" },
	{ "padded at the end", &f1, 0, { { 0, 0x206, DATA } }, { .block = 256 },
	  "erase all; write 100-200; write 200-208; write 0-100" },
	{ "the first block comes last", &f1, 0, { { 0, 0x210, DATA } },
	  { .verify = true },
	  "erase all; write 100-200; write 200-210; verify 100-210; "
	  "write 0-100; verify 0-100" },
	{ "an image that starts later", &f1, 0, { { 0x404, 0x200, DATA } },
	  { .verify = true },
	  "erase all; write 500-600; write 600-604; verify 500-604; "
	  "write 404-500; verify 404-500" },
	{ "vectors behind a boot block", &f1, 0,
	  { { 0, 8, DATA }, { 0x400, 0x104, DATA } }, { .verify = true },
	  "erase all; write 400-500; write 500-504; verify 400-504; "
	  "write 0-8; verify 0-8" },
	{ "a gap in a block is filled", &f1, 0,
	  { { 0, 4, DATA }, { 0x21, 2, DATA } }, { .block = 256 },
	  "erase all; write 0-24" },
	{ "a gap of a block is not", &f1, 0,
	  { { 0xFC, 4, DATA }, { 0x200, 4, DATA } }, { .block = 256 },
	  "erase all; write 200-204; write fc-100" },
	{ "blank blocks are left out", &f1, 0,
	  { { 0, 0x100, DATA }, { 0x100, 0x100, BLANK }, { 0x200, 4, DATA } },
	  { .verify = true },
	  "erase all; write 200-204; verify 200-204; write 0-100; "
	  "verify 0-100" },
	{ "a blank image", &f1, 0, { { 0, 0x400, BLANK } }, { .verify = true },
	  "erase all" },
	{ "blank is 00 here, and FF is data", &l0, 0,
	  { { 0, 0x100, 0x00 }, { 0x100, 0x100, 0xFF } }, { .block = 256 },
	  "erase all; write 100-200" },
	{ "8 bytes", &g4, 0, { { 4, 4, DATA }, { 0x10, 1, DATA } },
	  { .block = 256 }, "erase all; write 0-18" },
	{ "16 bytes", &u5, 0, { { 0x14, 1, DATA } }, { .block = 256 },
	  "erase all; write 10-20" },
	{ "32 bytes", &h7, 0, { { 0x24, 0x20, DATA } }, { .block = 256 },
	  "erase all; write 20-60" },
	{ "across two granules at the end of a block", &h7, 0,
	  { { 0xFE, 4, DATA } }, { .block = 256 },
	  "erase all; write 100-120; write e0-100" },
	{ "shorter blocks", &h7, 0, { { 0x10, 0x60, DATA } }, { .block = 64 },
	  "erase all; write 40-80; write 0-40" },
	{ "the last byte", &f1, 0, { { 0x1FFF, 1, DATA } }, { .verify = true },
	  "erase all; write 1ffc-2000; verify 1ffc-2000" },
	{ "the last byte of a smaller chip", &f1, 2, { { 0x7FF, 1, DATA } },
	  { .verify = true }, "erase all; write 7fc-800; verify 7fc-800" },
	{ "chip, though there is a range", &f1, 0, { { 0x400, 4, DATA } },
	  { .erase = ERASE_CHIP, RANGE(0x400, 0x404) },
	  "erase all; write 400-404" },
	{ "pages not known: all", &no_pages, 0, { { 0, 4, DATA } },
	  { .block = 256 }, "erase all; write 0-8" },
};

static const struct row by_page[] = {
	{ "what lies beside is kept", &f1, 0, { { 0x10, 0x10, DATA } },
	  { .erase = ERASE_PAGES, .verify = true },
	  "keep 0-10; keep 20-400; erase 0+1; write 100-200?; "
	  "write 200-300?; write 300-400?; verify 100-400; write 0-100?; "
	  "verify 0-100" },
	{ "a whole page", &f1, 0, { { 0x400, 0x400, DATA } },
	  { .erase = ERASE_PAGES },
	  "erase 1+1; write 500-600; write 600-700; write 700-800; "
	  "write 400-500" },
	{ "two apart", &f1, 0,
	  { { 0x400, 0x400, BLANK }, { 0xC00, 0x400, BLANK } },
	  { .erase = ERASE_PAGES }, "erase 1+1; erase 3+1" },
	{ "every page is the whole flash", &f1, 2, { { 0, 0x800, BLANK } },
	  { .erase = ERASE_PAGES }, "erase 0+2" },
	{ "kept in the gap", &f1, 0,
	  { { 0, 0x3F0, BLANK }, { 0x3F8, 0x8, BLANK } },
	  { .erase = ERASE_PAGES }, "keep 3f0-3f8; erase 0+1; write 300-400?; "
	  "verify 300-400" },
	{ "inside a range too", &f1, 0, { { 0, 0x3F0, BLANK } },
	  { .erase = ERASE_PAGES, RANGE(0, 0x800) },
	  "keep 3f0-400; erase 0+1; write 300-400?; "
	  "verify 300-400" },
	{ "a range of whole pages", &f1, 0, { { 0x400, 4, DATA } },
	  { RANGE(0x400, 0xC00) }, "erase 1+2; write 400-404" },
	{ "a range with ragged ends", &f1, 0, { { 0x4F0, 8, DATA } },
	  { RANGE(0x4F0, 0x7F8), .verify = true },
	  "keep 400-4f0; keep 7f8-800; erase 1+1; write 7f8-800?; "
	  "verify 7f8-800; write 400-4f8?; verify 400-4f8" },
	{ "a range from a large sector to the next", &f4, 0,
	  { { 0x1F00, 0x200, DATA } }, { RANGE(0x1F00, 0x3FFF) },
	  "keep 1000-1f00; keep 3fff-4000; erase 5+1; write 2000-2100; "
	  "write 3ffc-4000?; verify 3ffc-4000; "
	  "erase 4+1; write 1000-1100?; write 1100-1200?; write 1200-1300?; write 1300-1400?; "
	  "write 1400-1500?; write 1500-1600?; write 1600-1700?; "
	  "write 1700-1800?; write 1800-1900?; write 1900-1a00?; "
	  "write 1a00-1b00?; write 1b00-1c00?; write 1c00-1d00?; "
	  "write 1d00-1e00?; write 1e00-1f00?; verify 1000-1f00; "
	  "write 1f00-2000" },
	{ "second bank", &g4, 0, { { 0x1000, 0x400, BLANK } },
	  { .erase = ERASE_PAGES }, "erase 3+1" },
	{ "over the middle of two banks", &g4, 0, { { 0x800, 0xC00, BLANK } },
	  { .erase = ERASE_PAGES }, "erase 2+2" },
	/* never past the end of a smaller chip */
	{ "the chip ends in a sector", &f4, 6, { { 0x1000, 0x7F0, BLANK } },
	  { .erase = ERASE_PAGES },
	  "keep 17f0-1800; erase 4+1; write 1700-1800?; "
	  "verify 1700-1800" },
	{ "pages not known", &no_pages, 0, { { 0, 4, DATA } },
	  { .erase = ERASE_PAGES }, NULL },
	{ "a range, pages not known", &no_pages, 0, { { 0, 4, DATA } },
	  { RANGE(0, 0x400) }, NULL },
};

/* Pages shorter than a block: kept bytes belong to a page, not to its block. */
static const struct row short_pages[] = {
	{ "the first of two", &l0, 0, { { 0x10, 0x10, DATA } },
	  { .erase = ERASE_PAGES },
	  "keep 0-10; keep 20-80; erase 0+1; write 0-80?; verify 0-80" },
	{ "the second of two", &l0, 0, { { 0x90, 0x10, DATA } },
	  { .erase = ERASE_PAGES, .verify = true },
	  "keep 80-90; keep a0-100; erase 1+1; write 80-100?; "
	  "verify 80-100" },
	{ "both", &l0, 0, { { 0x70, 0x20, DATA } }, { .erase = ERASE_PAGES },
	  "keep 0-70; keep 90-100; erase 0+2; write 0-100?; "
	  "verify 0-100" },
	{ "last of a block to first of the next", &l0, 0,
	  { { 0xF0, 0x20, DATA } }, { .erase = ERASE_PAGES },
	  "keep 80-f0; keep 110-180; erase 2+1; write 100-180?; "
	  "verify 100-180; erase 1+1; write 80-100?; verify 80-100" },
	{ "a range on the second", &l0, 0, { { 0x88, 8, DATA } },
	  { RANGE(0x88, 0x90) },
	  "keep 80-88; keep 90-100; erase 1+1; write 80-100?; "
	  "verify 80-100" },
};

static const struct row named_pages[] = {
	{ "-e", &f1, 0, { { 0, 0x100, DATA } }, { S_E(0, 3) },
	  "erase 0+3; write 0-100" },
	{ "-e too few", &f1, 0, { { 0, 0x408, DATA } }, { S_E(0, 1) },
	  "erase 0+1; write 100-200; write 200-300; write 300-400; "
	  "write 400-408; write 0-100 (beyond)" },
	{ "-s -e", &f4, 0, { { 0x1000, 4, DATA } },
	  { S_E(4, 2), RANGE(0x1000, 0x6000) }, "erase 4+2; write 1000-1004" },
	{ "-e that is all", &f1, 0, { { 0, 4, DATA } }, { S_E(0, 8) },
	  "erase all; write 0-4" },
	{ "-e beyond", &f1, 0, { { 0, 4, DATA } }, { S_E(0, 9) }, NULL },
	{ "-s -e beyond", &f1, 0, { { 0, 4, DATA } }, { S_E(7, 2) }, NULL },
	{ "-s behind", &f1, 0, { { 0, 4, DATA } }, { S_E(8, 1) }, NULL },
	{ "-s -e that wraps", &f1, 0, { { 0, 4, DATA } },
	  { S_E(2, UINT32_MAX) }, NULL },
	{ "-e beyond a smaller chip", &f1, 2, { { 0, 4, DATA } },
	  { S_E(0, 3) }, NULL },
	{ "-e, pages not known", &no_pages, 0, { { 0, 4, DATA } },
	  { S_E(0, 1) }, NULL },
	{ "-e 0", &f1, 0, { { 0, 4, DATA } },
	  { .erase = ERASE_NONE, S_E(0, 0) }, "write 0-4" },
	{ "-e 0, pages not known", &no_pages, 0, { { 0, 4, DATA } },
	  { .erase = ERASE_NONE, S_E(0, 0) }, "write 0-8; same 4-8" },
};

/* Nothing is erased: only granules in the image are changed. */
static const struct row unerased[] = {
	{ "granules", &f1, 0, { { 2, 1, DATA }, { 0x21, 2, DATA } },
	  { .erase = ERASE_NONE, .verify = true },
	  "write 0-4; write 20-24; verify 0-4; verify 20-24; same 0-2; "
	  "same 3-4; same 20-21; same 23-24" },
	{ "granules that touch are one write", &g4, 0,
	  { { 7, 1, DATA }, { 0xF, 1, DATA } }, { .erase = ERASE_NONE },
	  "write 0-10; same 0-7; same 8-f" },
	{ "up to the end of a block", &f1, 0, { { 0xFE, 4, DATA } },
	  { .erase = ERASE_NONE },
	  "write 100-104; write fc-100; same 102-104; same fc-fe" },
	{ "blank counts, but is not written", &f1, 0,
	  { { 0, 8, DATA }, { 0x100, 0x100, BLANK } },
	  { .erase = ERASE_NONE, .verify = true },
	  "blank 100-200; verify 100-200; write 0-8; verify 0-8" },
	{ "32 bytes", &h7, 0, { { 0x1F, 2, DATA } }, { .erase = ERASE_NONE },
	  "write 0-40; same 0-1f; same 21-40" },
};

static const struct row other_memory[] = {
	{ "RAM", &f1, 0, { { 0x20000200, 0x104, DATA } }, { .verify = true },
	  "write RAM 20000200-20000300; write RAM 20000300-20000304; "
	  "verify RAM 20000200-20000304" },
	{ "RAM is not preceded by an erase", &f1, 0,
	  { { 0x20000200, 4, DATA } }, { S_E(0, 3) },
	  "write RAM 20000200-20000204" },
	{ "RAM and flash", &f1, 0,
	  { { 0, 4, DATA }, { 0x20000200, 4, DATA } }, { .verify = true },
	  "erase all; write RAM 20000200-20000204; "
	  "verify RAM 20000200-20000204; write 0-4; verify 0-4" },
	{ "option bytes last: they reset", &f1, 0,
	  { { 0, 4, DATA }, { 0x1FFFF800, 16, DATA } }, { .verify = true },
	  "erase all; write 0-4; write option bytes 1ffff800-1ffff810; "
	  "verify 0-4; verify option bytes 1ffff800-1ffff810" },
	{ "blocks end on a boundary", &f1, 0, { { 0x200002FC, 8, DATA } },
	  { .block = 256 },
	  "write RAM 200002fc-20000300; write RAM 20000300-20000304" },
	/* words are written whole: the rest of a word must not change */
	{ "EEPROM, part of a word", &l0, 0, { { 0x08080005, 1, DATA } },
	  { .block = 256 },
	  "keep 8080004-8080005; keep 8080006-8080008; "
	  "write data EEPROM 8080004-8080008" },
	/* each write of option bytes erases all of them first */
	{ "option bytes are written as a whole", &f1, 0,
	  { { 0x1FFFF800, 4, DATA }, { 0x1FFFF808, 4, DATA } },
	  { .block = 256 },
	  "keep 1ffff804-1ffff808; keep 1ffff80c-1ffff810; "
	  "write option bytes 1ffff800-1ffff810" },
};

/* The flash is unknown too: any address may be flash. */
static const struct row unknown_parts[] = {
	{ "unknown pages", NULL, 0, { { 0, 8, DATA } },
	  { RANGE(0, 0x100) }, "write 0-20 (not erased)" },
	{ "chip erase works there too", NULL, 0, { { 0, 8, DATA } },
	  { .erase = ERASE_CHIP, RANGE(0, 0x100) },
	  "erase all; write 0-20" },
	{ "as asked", NULL, 0, { { 0, 8, DATA } },
	  { .erase = ERASE_NONE, RANGE(0, 0x100) }, "write 0-20" },
	{ "erase only", NULL, 0, { { 0, 0, 0 } }, { .erase = ERASE_CHIP },
	  "erase all" },
	/* an explicit request is not silently dropped */
	{ "pages cannot be counted", NULL, 0, { { 0, 8, DATA } },
	  { S_E(0, 1), RANGE(0, 0x100) }, NULL },
	{ "pages cannot be found", NULL, 0, { { 0, 8, DATA } },
	  { .erase = ERASE_PAGES, RANGE(0, 0x100) }, NULL },
};

static const struct row erase_only[] = {
	{ "all", &f1, 0, { { 0, 0, 0 } }, { .block = 256 }, "erase all" },
	{ "a range", &f1, 0, { { 0, 0, 0 } }, { RANGE(0x400, 0xC00) },
	  "erase 1+2" },
	{ "a range that is all", &f1, 0, { { 0, 0, 0 } }, { RANGE(0, 0x2000) },
	  "erase 0+8" },
	{ "-s -e", &f4, 0, { { 0, 0, 0 } }, { S_E(3, 2) }, "erase 3+2" },
	{ "-s", &f4, 0, { { 0, 0, 0 } }, { RANGE(0x2000, 0x6000) },
	  "erase 5+2" },
	{ "-s -e beyond", &f4, 0, { { 0, 0, 0 } }, { S_E(3, 5) }, NULL },
};

#define CHECK_ROWS(rows)						\
	do {								\
		size_t n_;						\
		for (n_ = 0; n_ < ARRAY_LEN(rows); n_++)		\
			check_row(&(rows)[n_]);				\
	} while (0)

static void test_rows(void)
{
	CHECK_ROWS(whole);
	CHECK_ROWS(by_page);
	CHECK_ROWS(short_pages);
	CHECK_ROWS(named_pages);
	CHECK_ROWS(unerased);
	CHECK_ROWS(other_memory);
	CHECK_ROWS(unknown_parts);
	CHECK_ROWS(erase_only);
	plan_free(NULL);
}

/* --- rules for every plan ----------------------------------------------- */

struct world {
	uint32_t seed;
	struct part part;
	struct image *image;
	struct plan_request request;
	struct plan *plan;
	uint8_t before[MOST_FLASH], memory[MOST_FLASH];
	uint8_t writes[MOST_FLASH];	/* how often each byte was written */
	bool keeps[MOST_FLASH], verified[MOST_FLASH];
	bool moot[MOST_FLASH];	/* in a blank block that counts */
	uint32_t last_write;	/* start of the last write to the flash */
	bool any_write;
	unsigned wrong;
};

static uint32_t next(struct world *w, uint32_t below)
{
	w->seed = w->seed * 1664525 + 1013904223;
	return (w->seed >> 8) % below;
}

static bool in_image(const struct world *w, uint32_t at)
{
	return image_covers(w->image, FLASH + at, 1) != 0;
}

static uint8_t image_byte(const struct world *w, uint32_t at)
{
	uint8_t byte = 0;

	image_copy(w->image, FLASH + at, &byte, 1, 0);
	return byte;
}

static uint32_t flash_len(const struct world *w)
{
	return w->part.flash.end - FLASH;
}

static bool on_erased_page(const struct world *w, uint32_t at)
{
	return plan_erases(w->plan, &w->part, FLASH + at);
}

/* One or several stretches, some of them blank. */
static void generate_image(struct world *w)
{
	uint32_t len = flash_len(w), n = 1 + next(w, PIECES);
	struct piece pieces[PIECES] = { { 0, 0, 0 } };
	uint32_t at = next(w, 2) ? 0 : next(w, len), i;

	for (i = 0; i < n && at < len; i++) {
		uint32_t most = len - at < 1500 ? len - at : 1500;

		pieces[i].start = at;
		pieces[i].len = 1 + next(w, next(w, 2) ? most
						: most < 20 ? most : 20);
		pieces[i].value = next(w, 4) == 0 ? BLANK : DATA;
		at += (uint32_t)pieces[i].len + (next(w, 3) ? next(w, 400) : 0);
	}
	w->image = make_image(pieces, PIECES, w->part.dev.erased);
}

static void generate_request(struct world *w)
{
	static const enum erase_mode modes[] = {
		ERASE_AUTO, ERASE_AUTO, ERASE_CHIP, ERASE_PAGES, ERASE_PAGES,
		ERASE_NONE
	};
	uint32_t first = image_start(w->image);
	uint32_t last = (uint32_t)image_end(w->image);
	uint32_t pages = part_page_count(&w->part);

	w->request = (struct plan_request){
		.image = w->image, .verify = next(w, 4) != 0,
		.erase = modes[next(w, ARRAY_LEN(modes))],
		.block = 256u >> next(w, 4),
	};
	if (w->request.block < w->part.dev.write_align)
		w->request.block = w->part.dev.write_align;
	if (next(w, 2)) {
		w->request.has_range = true;
		w->request.range.start = first - next(w, first - FLASH + 1);
		w->request.range.end = last +
				       next(w, w->part.flash.end - last + 1);
	} else if (w->request.erase == ERASE_AUTO && next(w, 2)) {
		w->request.has_pages = true;
		w->request.first_page = next(w, pages);
		w->request.page_count =
			1 + next(w, pages - w->request.first_page);
	}
}

/* Pages to erase have any contents; the rest must be erased, or a write
 * without an erase could never succeed. */
static void fill_memory(struct world *w)
{
	uint32_t i;

	for (i = 0; i < flash_len(w); i++)
		w->before[i] = on_erased_page(w, i) && next(w, 4) != 0
			     ? (uint8_t)(next(w, 120) * 2) : w->part.dev.erased;
	memcpy(w->memory, w->before, sizeof(w->memory));
}

static void model_erase(struct world *w, const struct step *step)
{
	struct page page;
	uint32_t i;

	if (step->kind == STEP_ERASE_ALL) {
		memset(w->memory, w->part.dev.erased, sizeof(w->memory));
		return;
	}
	for (i = 0; i < step->page_count; i++) {
		if (!part_page_at(&w->part, step->first_page + i, &page)) {
			w->wrong++;
			return;
		}
		memset(w->memory + (page.start - FLASH), w->part.dev.erased,
		       page.end - page.start);
	}
}

/* As flash.c builds it: the image, kept bytes, the erased value in gaps. */
static uint8_t byte_to_write(const struct world *w, uint32_t at)
{
	if (in_image(w, at))
		return image_byte(w, at);
	return w->keeps[at] ? w->before[at] : w->part.dev.erased;
}

static void model_write(struct world *w, const struct step *step)
{
	uint32_t from = step->start - FLASH, to = step->end - FLASH, i;
	uint32_t block = w->request.block, align = w->part.dev.write_align;
	bool blank = true;

	if (to > flash_len(w) || from >= to || from % align != 0 ||
	    to % align != 0 || from / block != (to - 1) / block) {
		w->wrong++;
		return;
	}
	for (i = from; i < to; i++)
		blank = blank && byte_to_write(w, i) == w->part.dev.erased;
	for (i = from; i < to; i++) {
		w->writes[i]++;
		if (step->may_be_blank && blank)
			continue;
		/* a granule accepts data only if it is erased */
		if (w->memory[i] != w->part.dev.erased)
			w->wrong++;
		w->memory[i] = byte_to_write(w, i);
	}
	w->any_write = true;
	w->last_write = from;
}

static void model_step(struct world *w, const struct step *step)
{
	uint32_t from = step->start - FLASH, to = step->end - FLASH, i;

	if (step->kind == STEP_ERASE_ALL || step->kind == STEP_ERASE_PAGES) {
		model_erase(w, step);
		return;
	}
	if (to > flash_len(w) || from >= to) {
		w->wrong++;
		return;
	}
	if (step->kind == STEP_WRITE)
		model_write(w, step);
	for (i = from; i < to; i++) {
		if (step->kind == STEP_PROVE) {
			w->wrong += w->memory[i] != w->part.dev.erased;
		} else if (step->kind == STEP_KEEP) {
			/* read before it is erased */
			w->wrong += w->memory[i] != w->before[i];
			w->keeps[i] = true;
		} else if (step->kind == STEP_VERIFY) {
			w->verified[i] = true;
		} else if (step->kind == STEP_BLANK) {
			w->moot[i] = true;
		}
	}
}

/* True if there is no reason to keep this byte of an erased page. */
static bool may_go(const struct world *w, uint32_t at)
{
	const struct plan_request *r = &w->request;

	if (r->has_pages || r->erase == ERASE_CHIP ||
	    (r->erase == ERASE_AUTO && !r->has_range))
		return true;
	return r->erase == ERASE_AUTO && FLASH + at >= r->range.start &&
	       FLASH + at < r->range.end;
}

static void check_outcome(struct world *w)
{
	unsigned lost = 0, missing = 0, twice = 0, unverified = 0, uncounted = 0;
	uint32_t i;

	for (i = 0; i < flash_len(w); i++) {
		if (in_image(w, i)) {
			missing += w->memory[i] != image_byte(w, i);
			/* exactly one write, or blank in some way */
			uncounted += w->writes[i] == 0 && !w->moot[i] &&
				     !on_erased_page(w, i);
		} else if (!on_erased_page(w, i) || !may_go(w, i)) {
			lost += w->memory[i] != w->before[i];
		}
		twice += w->writes[i] > 1;
		unverified += w->request.verify && !w->verified[i] &&
			      (w->writes[i] != 0 || w->moot[i]);
	}
	EQUAL(lost, 0);		/* bytes beside the image */
	EQUAL(missing, 0);	/* bytes of the image */
	EQUAL(twice, 0);
	EQUAL(unverified, 0);
	EQUAL(uncounted, 0);
	EQUAL(w->wrong, 0);
}

/* The vector table is written after everything else. */
static void check_order(const struct world *w)
{
	uint32_t block = w->request.block;
	uint32_t first = round_down(image_start(w->image) - FLASH, block);
	uint32_t last = round_down(w->last_write, block), i;

	if (!w->any_write)
		return;
	for (i = first; i < first + block && i < flash_len(w); i++)
		if (w->writes[i] != 0) {
			CHECK(last == first || last == 0);
			return;
		}
}

/* The progress totals match the steps. */
static void check_sums(const struct world *w)
{
	size_t written = 0, verified = 0, i;

	for (i = 0; i < w->plan->count; i++) {
		const struct step *step = &w->plan->steps[i];

		if (step->kind == STEP_WRITE)
			written += step->end - step->start;
		if (step->kind == STEP_VERIFY)
			verified += step->end - step->start;
	}
	EQUAL(w->plan->write_bytes, written);
	EQUAL(w->plan->verify_bytes, verified);
}

static bool run_world(struct world *w)
{
	struct problem why = { "" };
	int failed = t_failed;
	size_t i;

	if (!CHECK(plan_make(&w->request, &w->part, &w->plan, &why))) {
		printf("  %s\n", why.text);
		return false;
	}
	fill_memory(w);
	for (i = 0; i < w->plan->count; i++)
		model_step(w, &w->plan->steps[i]);
	check_outcome(w);
	check_order(w);
	check_sums(w);
	if (t_failed != failed)
		printf("  %s\n", plan_text(w->plan));
	plan_free(w->plan);
	return t_failed == failed;
}

#define WORLDS 1000
#define SHOWN 5	/* failures of a kind to print */

struct chip {
	const struct dev *dev;
	unsigned kib;	/* 0: as in the row */
};

static void test_worlds(const struct chip *chips, size_t count)
{
	static struct world w;
	unsigned bad = 0;
	uint32_t seed;
	char about[80];

	for (seed = 0; seed < WORLDS && bad < SHOWN; seed++) {
		const struct chip *chip = &chips[seed % count];

		if (t_left_out(7))
			continue;
		snprintf(about, sizeof(about), "world %" PRIu32 ", dev 0x%"
			 PRIx32 ", %u KiB", seed, chip->dev->id, chip->kib);
		t_about(about);
		memset(&w, 0, sizeof(w));
		w.seed = seed * 2654435761u;
		part_init(&w.part, chip->dev, chip->dev->id);
		if (chip->kib != 0)
			CHECK(part_set_size(&w.part, chip->kib));
		generate_image(&w);
		generate_request(&w);
		bad += !run_world(&w);
		image_free(w.image);
	}
	t_about("");
	EQUAL(bad, 0);
}

/* Some bytes of each write protection unit are read after the erase. */
static void test_proof(void)
{
	static const struct page_run pages[] = { { 8, 1024 }, { 0, 0 } };
	static const struct dev proven = {
		.id = 1, .name = "proven", .flash = { FLASH, FLASH + 8192 },
		.pages = pages, .wrp_pages = 4, .granule = 2,
		.write_align = 4, .erased = 0xFF,
	};
	struct plan_request request = { .has_pages = true, .first_page = 1,
					.page_count = 5 };
	struct problem why = { "" };
	struct plan *plan;
	struct part part;

	t_about("proof of an erase");
	part_init(&part, &proven, 1);
	if (!CHECK(plan_make(&request, &part, &plan, &why)))
		return;
	if (EQUAL(plan->count, 3)) {
		EQUAL(plan->steps[0].kind, STEP_ERASE_PAGES);
		EQUAL(plan->steps[1].kind, STEP_PROVE);
		EQUAL(plan->steps[1].start, FLASH + 1024);
		EQUAL(plan->steps[2].kind, STEP_PROVE);
		EQUAL(plan->steps[2].start, FLASH + 4096);
	}
	plan_free(plan);

	t_about("proof of an erase in a bank mode that is not known");
	request = (struct plan_request){ .erase = ERASE_CHIP };
	part.pages = NULL;
	if (!CHECK(plan_make(&request, &part, &plan, &why)))
		return;
	if (EQUAL(plan->count, 3)) {
		EQUAL(plan->steps[0].kind, STEP_ERASE_ALL);
		EQUAL(plan->steps[1].kind, STEP_PROVE);
		EQUAL(plan->steps[1].start, FLASH);
		EQUAL(plan->steps[2].kind, STEP_PROVE);
		EQUAL(plan->steps[2].start, FLASH + 4096);
	}
	plan_free(plan);
}

int main(void)
{
	test_proof();
	static const struct chip plain[] = {
		{ &f1, 0 }, { &f1, 3 }, { &f4, 0 }, { &g4, 0 }, { &u5, 0 },
		{ &h7, 0 },
	};
	/* shorter than a block; or the chip ends in one */
	static const struct chip short_page[] = {
		{ &l0, 0 }, { &l0, 1 }, { &tiny, 0 }
	};
	static const struct chip cut_page[] = { { &f4, 6 }, { &h7, 6 } };

	test_rows();
	test_worlds(plain, ARRAY_LEN(plain));
	test_worlds(short_page, ARRAY_LEN(short_page));
	test_worlds(cut_page, ARRAY_LEN(cut_page));
	return t_done();
}
