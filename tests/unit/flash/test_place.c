/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges and images on made-up parts. */
#include "flash/place.h"

#include <stdlib.h>

#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u

static const struct page_run pages_1k[] = { { 64, 1024 }, { 0, 0 } };

static const struct dev dev = {
	.id = 0x910, .name = "places",
	.ram = { 0x20000200, 0x20002000 },
	.ram_end = 0x20003000,
	.more_ram = { { 0x24000000, 0x24001000 } },
	.flash = { FLASH, FLASH + 64 * 1024 }, .pages = pages_1k,
	.option_bytes = { { 0x1FFFF800, 0x1FFFF810 } },
	.system_memory = { { 0x1FFFF000, 0x1FFFF800 } },
	.eeprom = { 0x08080000, 0x08080200 },
	.granule = 2, .write_align = 4, .erased = 0xFF,
};
/* The pages are unknown, as with a bank mode that cannot be read. */
static const struct dev no_pages = {
	.id = 0x911, .name = "no pages",
	.flash = { FLASH, FLASH + 64 * 1024 },
	.granule = 2, .write_align = 4, .erased = 0xFF,
};
/* A chip with 100 KiB of it ends in the middle of a page. */
static const struct page_run odd[] = { { 2, 64 * 1024 }, { 0, 0 } };
static const struct dev odd_dev = {
	.id = 0x912, .name = "page beyond the end",
	.flash = { FLASH, FLASH + 128 * 1024 }, .pages = odd,
	.granule = 2, .write_align = 4, .erased = 0xFF,
};

static const struct dev h7 = {
	.id = 0x913, .name = "AXI RAM",
	.ram = { 0x20004100, 0x20020000 }, .ram_end = 0x20020000,
	.axi_end = 0x24100000,
	.flash = { FLASH, FLASH + 64 * 1024 }, .pages = pages_1k,
	.granule = 2, .write_align = 4, .erased = 0xFF,
};
static const struct dev riscv = {
	.id = 0x914, .name = "RISC-V of STM32F1",
	.ram = { 0x20000000, 0x20002000 }, .ram_end = 0x20002000,
	.flash = { FLASH, FLASH + 64 * 1024 }, .pages = pages_1k,
	.granule = 2, .write_align = 4, .erased = 0xFF, .quirks = DEV_RISC_V,
};

#define S(at) { .has_address = true, .address = (at) }
#define S_LEN(at, n) \
	{ .has_address = true, .address = (at), .has_len = true, .len = (n) }
#define PAGE(s) { .has_first_page = true, .first_page = (s) }
#define PAGES(s, e) { .has_first_page = true, .first_page = (s), \
		      .has_page_count = true, .page_count = (e) }
#define COUNT(e) { .has_page_count = true, .page_count = (e) }
#define NONE { .has_address = false }

static void init_part(struct part *part, const struct dev *row, uint32_t kib)
{
	part_init(part, row, row != NULL ? row->id : 0x999);
	if (kib != 0)
		CHECK(part_set_size(part, kib));
}

static void test_ranges(void)
{
	static const struct {
		const char *name;
		const struct dev *row;
		uint32_t kib;
		struct target target;
		uint32_t start, end;	/* both 0: refused */
	} cases[] = {
		{ "all", &dev, 0, NONE, FLASH, FLASH + 0x10000 },
		{ "all of less", &dev, 16, NONE, FLASH, FLASH + 0x4000 },
		{ "all of nothing known", NULL, 0, NONE, 0, 0 },
		{ "-S flash", &dev, 0, S(FLASH + 0x100),
		  FLASH + 0x100, FLASH + 0x10000 },
		{ "-S flash, the last byte", &dev, 0, S(FLASH + 0xFFFF),
		  FLASH + 0xFFFF, FLASH + 0x10000 },
		{ "-S behind the flash", &dev, 0, S(FLASH + 0x10000), 0, 0 },
		{ "-S behind the real end", &dev, 16, S(FLASH + 0x4000), 0, 0 },
		{ "-S with length", &dev, 0, S_LEN(FLASH + 3, 5),
		  FLASH + 3, FLASH + 8 },
		{ "-S to the end", &dev, 0, S_LEN(FLASH + 0x100, 0xFF00),
		  FLASH + 0x100, FLASH + 0x10000 },
		{ "-S one beyond", &dev, 0, S_LEN(FLASH + 0x100, 0xFF01), 0, 0 },
		{ "-S one beyond the real end", &dev, 16,
		  S_LEN(FLASH, 0x4001), 0, 0 },
		{ "-S RAM", &dev, 0, S(0x20000200), 0x20000200, 0x20002000 },
		{ "-S RAM of the ROM", &dev, 0, S(0x20000000), 0, 0 },
		{ "-S more RAM", &dev, 0, S(0x24000800),
		  0x24000800, 0x24001000 },
		{ "-S option bytes", &dev, 0, S(0x1FFFF800),
		  0x1FFFF800, 0x1FFFF810 },
		{ "-S system memory into option bytes", &dev, 0,
		  S_LEN(0x1FFFF000, 0x810), 0, 0 },
		{ "-S EEPROM", &dev, 0, S(0x08080000),
		  0x08080000, 0x08080200 },
		{ "-S unknown", &dev, 0, S(0x40000000), 0, 0 },
		{ "-S unknown with length", &dev, 0, S_LEN(0x40000000, 64),
		  0x40000000, 0x40000040 },
		{ "-S from nowhere into the flash", &dev, 0,
		  S_LEN(FLASH - 16, 32), 0, 0 },
		{ "-S on no known part", NULL, 0, S_LEN(FLASH, 64),
		  FLASH, FLASH + 64 },
		{ "-S on no known part, no length", NULL, 0, S(FLASH), 0, 0 },
		{ "-s", &dev, 0, PAGE(63), FLASH + 63 * 1024, FLASH + 0x10000 },
		{ "-s behind", &dev, 0, PAGE(64), 0, 0 },
		{ "-s behind the real end", &dev, 16, PAGE(16), 0, 0 },
		{ "-s the highest", &dev, 0, PAGE(UINT32_MAX), 0, 0 },
		{ "-s -e", &dev, 0, PAGES(2, 3),
		  FLASH + 0x800, FLASH + 0x1400 },
		{ "-s -e to the end", &dev, 0, PAGES(60, 4),
		  FLASH + 60 * 1024, FLASH + 0x10000 },
		{ "-s -e one beyond", &dev, 0, PAGES(60, 5), 0, 0 },
		{ "-s -e that wraps", &dev, 0, PAGES(2, UINT32_MAX), 0, 0 },
		{ "-s -e 0", &dev, 0, PAGES(2, 0),
		  FLASH + 0x800, FLASH + 0x10000 },
		{ "-e", &dev, 0, COUNT(2), FLASH, FLASH + 0x800 },
		{ "-s without known pages", &no_pages, 0, PAGE(1), 0, 0 },
		{ "-s on no known part", NULL, 0, PAGE(1), 0, 0 },
		/* never past the real end */
		{ "-s of a page that is cut", &odd_dev, 100, PAGE(1),
		  FLASH + 0x10000, FLASH + 100 * 1024 },
	};
	struct range range;
	struct part part;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct problem why = { "" };
		bool wanted = cases[i].end != 0;

		t_about(cases[i].name);
		init_part(&part, cases[i].row, cases[i].kib);
		range = (struct range){ 0, 0 };
		EQUAL(place_range(&cases[i].target, &part, &range, &why),
		      wanted);
		EQUAL(why.text[0] == '\0', wanted);
		if (!wanted)
			continue;
		EQUAL(range.start, cases[i].start);
		EQUAL(range.end, cases[i].end);
	}
}

static void test_limited(void)
{
	const struct target none = NONE, s = S(0), page = PAGE(0),
			    count = COUNT(3);

	t_about("limited");
	CHECK(!target_is_limited(&none));
	CHECK(target_is_limited(&s));
	CHECK(target_is_limited(&page));
	CHECK(!target_is_limited(&count));	/* -e only erases */
}

/* --- images ----------------------------------------------------------------- */

/* A file: raw of len bytes, or with bytes at addresses. */
struct file {
	size_t raw;
	struct { uint32_t start; size_t len; } at[3];
};

static void add_bytes(struct image *image, uint32_t start, size_t len)
{
	static uint8_t bytes[128 * 1024];
	size_t i;

	if (!CHECK(len <= sizeof(bytes)))
		return;
	for (i = 0; i < len; i++)
		bytes[i] = (uint8_t)(start + i);
	EQUAL(image_add(image, start, bytes, len, 1), IMAGE_OK);
}

static struct image *load(const struct file *file)
{
	struct image *image = image_new();
	size_t i;

	if (!CHECK(image != NULL))
		exit(1);
	if (file->raw != 0) {
		add_bytes(image, 0, file->raw);
		image->has_addresses = false;
	}
	for (i = 0; i < ARRAY_LEN(file->at); i++)
		if (file->at[i].len != 0)
			add_bytes(image, file->at[i].start, file->at[i].len);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	return image;
}

/* "08000000+16 20000200+4" */
static const char *image_text(const struct image *image)
{
	static char text[200];
	size_t at = 0, i;

	text[0] = '\0';
	for (i = 0; i < image->count && at < sizeof(text); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "%s%08" PRIx32 "+%zu", i ? " " : "",
				       image->segments[i].start,
				       image->segments[i].len);
	return text;
}

struct placing {
	const char *name;
	const struct dev *row;
	struct target target;
	struct file file;
	const char *placed;	/* NULL: refused */
	bool asked;		/* the request is too large; false: the file is
				 * wrong */
	bool notice;
};

static void place(const struct placing *c)
{
	struct problem notice = { "" }, why = { "" };
	bool asked = false;
	struct image *image = load(&c->file);
	struct part part;

	t_about(c->name);
	init_part(&part, c->row, 0);
	EQUAL(place_image(&image, &c->target, &part, &notice, &asked, &why),
	      c->placed != NULL);
	if (c->placed != NULL) {
		TEXT(image_text(image), c->placed);
	} else {
		EQUAL(asked, c->asked);
	}
	EQUAL(why.text[0] == '\0', c->placed != NULL);
	EQUAL(notice.text[0] != '\0', c->notice);
	image_free(image);
}

#define RAW(n) { .raw = (n) }
#define AT(start, n) { .at = { { (start), (n) } } }
#define AT2(s1, n1, s2, n2) { .at = { { (s1), (n1) }, { (s2), (n2) } } }

static const struct placing binaries[] = {
	{ "raw", &dev, NONE, RAW(16), "08000000+16", 0, false },
	{ "raw, full", &dev, NONE, RAW(0x10000), "08000000+65536", 0, false },
	{ "raw, one too many", &dev, NONE, RAW(0x10001), NULL, false,
	  false },
	{ "raw, no known part", NULL, NONE, RAW(16), NULL, true,
	  false },
	{ "raw, -S", &dev, S(FLASH + 0x100), RAW(16), "08000100+16", 0, false },
	{ "raw, -S too near the end", &dev, S(FLASH + 0xFFF8), RAW(16), NULL,
	  false, false },
	{ "raw, -S of its length", &dev, S_LEN(FLASH + 0x100, 16), RAW(16),
	  "08000100+16", 0, false },
	{ "raw, -S shorter", &dev, S_LEN(FLASH + 0x100, 15), RAW(16), NULL,
	  false, false },
	{ "raw, -s", &dev, PAGE(3), RAW(16), "08000c00+16", 0, false },
	/* -e limits the erase, not the length of the file */
	{ "raw, -e", &dev, COUNT(1), RAW(2000), "08000000+2000", 0, false },
	{ "raw, -s -e", &dev, PAGES(1, 1), RAW(2000), "08000400+2000", 0,
	  false },
	{ "raw, -s behind", &dev, PAGE(64), RAW(16), NULL, true,
	  false },
	{ "raw, RAM", &dev, S(0x20000200), RAW(16), "20000200+16", 0, false },
	{ "raw, RAM of the ROM", &dev, S_LEN(0x20000100, 16), RAW(16),
	  "20000100+16", 0, false },
	{ "raw, option bytes", &dev, S(0x1FFFF800), RAW(16), "1ffff800+16", 0,
	  false },
	{ "raw, option bytes and more", &dev, S(0x1FFFF800), RAW(17), NULL,
	  false, false },
	{ "raw, no known memory", &dev, S(0x40000000), RAW(16),
	  "40000000+16", 0, false },
	{ "raw, no known part, -S", NULL, S(FLASH), RAW(16), "08000000+16", 0,
	  false },
	{ "raw, over the top", &dev, S(0xFFFFFFF0), RAW(17), NULL, false,
	  false },
	/* a range or a plan cannot hold an end of 2^32 */
	{ "raw, to the very top", &dev, S(0xFFFFFFF0), RAW(16), NULL,
	  false, false },
	/* nor one that is 2^32 when rounded up to whole words */
	{ "raw, nearly to the top", &dev, S(0xFFFFFFF0), RAW(15), NULL,
	  false, false },
	{ "raw, from nowhere into the flash", &dev, S(FLASH - 16), RAW(32),
	  NULL, true, false },
};

static const struct placing addressed[] = {
	{ "hex", &dev, NONE, AT(FLASH + 0x100, 16), "08000100+16", 0, false },
	{ "hex, two areas", &dev, NONE, AT2(FLASH, 16, 0x20000200, 4),
	  "08000000+16 20000200+4", 0, false },
	{ "hex, last byte", &dev, NONE, AT(FLASH + 0xFFFF, 1), "0800ffff+1", 0,
	  false },
	{ "hex, over the end", &dev, NONE, AT(FLASH + 0xFFFF, 2), NULL,
	  false, false },
	{ "hex, behind the end", &dev, NONE, AT(FLASH + 0x10000, 2), NULL,
	  false, false },
	{ "hex, one good, one not", &dev, NONE,
	  AT2(FLASH, 16, 0x40000000, 4), NULL, false, false },
	{ "hex, RAM of the ROM", &dev, NONE, AT(0x200001FF, 2), NULL,
	  false, false },
	{ "hex, EEPROM", &dev, NONE, AT(0x08080000, 4), "08080000+4", 0,
	  false },
	{ "hex, no known part", NULL, NONE, AT(FLASH, 4), NULL, false,
	  false },
	{ "hex, no known part, -S", NULL, S_LEN(FLASH, 8), AT(FLASH, 4),
	  "08000000+4", 0, false },
	{ "hex, option bytes unasked", &dev, NONE,
	  AT2(FLASH, 4, 0x1FFFF800, 16), NULL, false, false },
	{ "hex, option bytes unasked, -s", &dev, PAGE(0),
	  AT2(FLASH, 4, 0x1FFFF800, 16), "08000000+4", 0, true },
	{ "hex, option bytes", &dev, S(0x1FFFF800),
	  AT2(FLASH, 4, 0x1FFFF800, 16), "1ffff800+16", 0, true },
	{ "hex, -S cuts both ends", &dev, S_LEN(FLASH + 4, 8), AT(FLASH, 16),
	  "08000004+8", 0, true },
	{ "hex, -S leaves nothing", &dev, S_LEN(FLASH + 16, 8), AT(FLASH, 16),
	  NULL, false, false },
	{ "hex, -s", &dev, PAGE(1), AT(FLASH, 2048), "08000400+1024", 0,
	  true },
	/* -e limits the erase, not the write */
	{ "hex, -s -e", &dev, PAGES(1, 1), AT(FLASH, 4096),
	  "08000400+3072", 0, true },
	{ "hex, -S over the end", &dev, S_LEN(FLASH + 0xFFF0, 32),
	  AT(FLASH + 0xFFF0, 16), NULL, true, false },
	{ "hex, from nowhere into the flash", &dev, S_LEN(FLASH - 16, 64),
	  AT(FLASH - 4, 8), NULL, true, false },
	{ "hex, nearly to the top", &dev, S_LEN(0xFFFFFFE0, 31),
	  AT(0xFFFFFFE0, 31), NULL, false, false },
	{ "hex at 0", &dev, NONE, AT2(0, 16, 0x400, 4),
	  "08000000+16 08000400+4", 0, true },
	{ "hex at 0, full", &dev, NONE, AT(0, 0x10000), "08000000+65536", 0,
	  true },
	{ "hex at 0, too big", &dev, NONE, AT(0, 0x10001), NULL, false,
	  false },
	{ "hex at 0, no known part", NULL, NONE, AT(0, 4), NULL, false,
	  false },
	/* moved first, then limited */
	{ "hex at 0, -S", &dev, S_LEN(FLASH, 8), AT(0, 16), "08000000+8", 0,
	  true },
	{ "hex at 4", &dev, NONE, AT(4, 4), NULL, false, false },
};

static void test_images(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(binaries); i++)
		place(&binaries[i]);
	for (i = 0; i < ARRAY_LEN(addressed); i++)
		place(&addressed[i]);
}

/* --- vector tables ---------------------------------------------------------- */

static void test_vectors(void)
{
	static const struct {
		const char *name;
		const struct dev *row;
		uint32_t stack, reset;
		size_t len;
		bool fine;
	} cases[] = {
		{ "as it should be", &dev, 0x20002000, FLASH + 9, 64, true },
		{ "stack in the middle", &dev, 0x20000100, FLASH + 9, 64,
		  true },
		{ "stack at the top", &dev, 0x20003000, FLASH + 9, 64, true },
		{ "stack beyond the RAM", &dev, 0x20003004, FLASH + 9, 64,
		  false },
		{ "stack in AXI RAM of the ROM", &h7, 0x24000100, FLASH + 9,
		  64, true },
		{ "stack at the end of AXI RAM", &h7, 0x24100000, FLASH + 9,
		  64, true },
		{ "stack behind AXI RAM", &h7, 0x24100004, FLASH + 9, 64,
		  false },
		{ "stack in another domain", &h7, 0x30001000, FLASH + 9, 64,
		  true },
		{ "no other domains", &dev, 0x30001000, FLASH + 9, 64, false },
		{ "linked at the alias 0", &dev, 0x20002000, 9, 64, true },
		{ "at the alias 0, outside", &dev, 0x20002000, 65, 64, false },
		{ "no vector table: RISC-V", &riscv, 0, 0, 64, true },
		{ "stack at the bottom", &dev, 0x20000000, FLASH + 9, 64,
		  false },
		{ "stack in more RAM", &dev, 0x24001000, FLASH + 9, 64, true },
		{ "stack in CCM", &dev, 0x10010000, FLASH + 9, 64, true },
		{ "erased", &dev, 0xFFFFFFFF, 0xFFFFFFFF, 64, false },
		{ "even", &dev, 0x20002000, FLASH + 8, 64, false },
		{ "outside the image", &dev, 0x20002000, FLASH + 65, 64,
		  false },
		{ "the last instruction", &dev, 0x20002000, FLASH + 63, 64,
		  true },
		{ "too short to say", &dev, 0, 0, 7, true },
		{ "a part not known", NULL, 0, 0, 64, true },
		{ "RAM not known", &no_pages, 0, 0, 64, true },
	};
	uint8_t bytes[64] = { 0 };
	struct part part;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct problem odd_text = { "" };
		struct image *image = image_new();

		t_about(cases[i].name);
		init_part(&part, cases[i].row, 0);
		put_le32(bytes, cases[i].stack);
		put_le32(bytes + 4, cases[i].reset);
		EQUAL(image_add(image, FLASH, bytes, cases[i].len, 0),
		      IMAGE_OK);
		EQUAL(image_finish(image, NULL), IMAGE_OK);
		EQUAL(place_check_vectors(image, &part, &odd_text),
		      cases[i].fine);
		EQUAL(odd_text.text[0] == '\0', cases[i].fine);
		image_free(image);
	}
}

static struct image *pieces(const uint32_t *starts, size_t count)
{
	struct image *image = image_new();
	size_t i;

	for (i = 0; i < count; i++)
		EQUAL(image_add(image, starts[i], (const uint8_t *)"12345678",
				8, 0), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	return image;
}

/* The target part according to the file, compared with the part. */
static void test_made_for(void)
{
	static const struct {
		const char *name, *family;
		enum image_cpu cpu;
		const struct dev *row;
		bool fine;
	} cases[] = {
		{ "nothing said", NULL, CPU_ANY, &dev, true },
		{ "ARM", NULL, CPU_ARM, &dev, true },
		{ "RISC-V on ARM", NULL, CPU_RISCV, &dev, false },
		{ "RISC-V", NULL, CPU_RISCV, &riscv, true },
		{ "ARM on RISC-V", NULL, CPU_ARM, &riscv, false },
		{ "unknown", "STM32F4", CPU_RISCV, NULL, true },
		{ "the family", "STM32F1", CPU_ANY, &riscv, true },
		{ "another family", "STM32F4", CPU_ANY, &riscv, false },
	};
	const uint32_t start = FLASH;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct target all = S_LEN(FLASH, 64);
		struct problem notice = { "" }, why = { "" };
		bool asked = true;
		struct image *image = pieces(&start, 1);
		struct part part;

		t_about(cases[i].name);
		init_part(&part, cases[i].row, 0);
		image->cpu = cases[i].cpu;
		image->family = cases[i].family;
		EQUAL(place_image(&image, &all, &part, &notice, &asked, &why),
		      cases[i].fine);
		EQUAL(why.text[0] == '\0', cases[i].fine);
		EQUAL(asked, false);
		image_free(image);
	}
}

/* Names every range outside the part, up to four. */
static void test_nowhere(void)
{
	static const uint32_t starts[] = { FLASH, 0x20002FF0, 0x10001000,
					   0x90000000, 0x50000000, 0x50001000 };
	struct target none = NONE;
	struct problem notice = { "" }, why = { "" };
	bool asked = true;
	struct image *image = pieces(starts, ARRAY_LEN(starts));
	struct part part;

	t_about("");
	init_part(&part, &dev, 0);
	CHECK(!place_image(&image, &none, &part, &notice, &asked, &why));
	EQUAL(asked, false);
	TEXT(why.text, "the file has data outside the known memory of this "
	     "part: 0x10001000-0x10001008 (RAM of the bootloader), "
	     "0x20002ff0-0x20002ff8 (RAM of the bootloader), "
	     "0x50000000-0x50000008, 0x50001000-0x50001008 and 1 more; -S "
	     "0x08000000:65536 selects only the flash, 8 bytes");
	image_free(image);
	image = pieces(starts + 3, 1);
	CHECK(!place_image(&image, &none, &part, &notice, &asked, &why));
	TEXT(why.text, "the file has data outside the known memory of this "
	     "part: 0x90000000-0x90000008 (external memory); the file may be "
	     "for another part");
	image_free(image);
}

static void test_ram(void)
{
	static const uint32_t starts[] = { FLASH, 0x20000400 };
	struct problem odd_text = { "" };
	struct image *image = pieces(starts, 2);
	struct part part;

	init_part(&part, &dev, 0);
	CHECK(!place_check_ram(image, &part, &odd_text));
	TEXT(odd_text.text, "the 8 bytes at 0x20000400 go to RAM and are lost "
	     "at a reset; initial data belongs in the flash (AT> in a linker "
	     "script)");
	image_free(image);
	image = pieces(starts, 1);
	CHECK(place_check_ram(image, &part, NULL));
	image_free(image);
	image = pieces(starts + 1, 1);
	CHECK(place_check_ram(image, &part, NULL));
	image_free(image);
}

int main(void)
{
	test_made_for();
	test_nowhere();
	test_ram();
	test_ranges();
	test_limited();
	test_images();
	test_vectors();
	return t_done();
}
