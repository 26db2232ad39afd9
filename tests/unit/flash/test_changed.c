/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding differences, by reading and by both forms of the ROM's checksum:
 * finds nothing if nothing differs, and one byte wherever it is.
 */
#include "tests/unit/t.h"

#include "flash/changed.h"
#include "flash/chip.h"
#include "tests/unit/sim_files.h"

#define FLASH 0x08000000u
#define RAM 0x20001000u
#define FITTED 16384
/* Two stretches; neither begins or ends at a word or page boundary. */
#define FIRST 0x3FEu
#define FIRST_LEN 1301u
#define SECOND 0xB03u
#define SECOND_LEN 6u
#define BYTES_IN_FLASH (FIRST_LEN + SECOND_LEN)

struct bench {
	struct port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	bool by_checksum;
	struct problem why;
};

static uint8_t there(uint32_t at)
{
	return (uint8_t)(at * 31 + (at >> 8) * 5 + 1);
}

static bool open_bench(struct bench *b, struct sim_files *files,
		       const char *spec)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .write_retries = 3,
	};
	uint8_t flash[FITTED];
	uint32_t i;

	memset(b, 0, sizeof(*b));
	for (i = 0; i < FITTED; i++)
		flash[i] = there(i);
	b->port = sim_files_open(files, spec, flash, FITTED);
	if (!CHECK(b->port != NULL) ||
	    !CHECK(stm32_open(b->port, &options, &b->stm, &b->why) == STM32_OK))
		return false;
	CHECK(chip_identify(b->stm, NULL, true, NULL, &b->part) == STM32_OK);
	b->flash = (struct flash){ .stm = b->stm, .part = &b->part };
	return true;
}

/* Makes the file, with the byte at this offset changed; NONE: none. */
#define NONE UINT32_MAX
static struct image *file(uint32_t odd)
{
	struct image *image = image_new();
	uint8_t bytes[FIRST_LEN];
	uint32_t i;

	for (i = 0; i < FIRST_LEN; i++)
		bytes[i] = there(FIRST + i) ^ (FIRST + i == odd);
	CHECK(image_add(image, FLASH + FIRST, bytes, FIRST_LEN, 0) ==
	      IMAGE_OK);
	for (i = 0; i < SECOND_LEN; i++)
		bytes[i] = there(SECOND + i) ^ (SECOND + i == odd);
	CHECK(image_add(image, FLASH + SECOND, bytes, SECOND_LEN, 0) ==
	      IMAGE_OK);
	return image;
}

static bool look(struct bench *b, struct image **image, struct changed *found)
{
	if (!CHECK(image_finish(*image, NULL) == IMAGE_OK) ||
	    !EQUAL(changed_only(&b->flash, image, found, &b->why), FLASH_OK)) {
		printf("  %s\n", b->why.text);
		return false;
	}
	EQUAL(found->by_checksum, b->by_checksum);
	return true;
}

static void test_same(struct bench *b)
{
	struct image *image = file(NONE);
	struct changed found;

	if (look(b, &image, &found)) {
		EQUAL(image_bytes(image), 0);
		EQUAL(found.pages, found.pages_same);
		EQUAL(found.bytes_same, BYTES_IN_FLASH);
	}
	image_free(image);
}

/* The bytes to write are all bytes of the file on that page. */
static void test_byte(struct bench *b, uint32_t odd)
{
	struct image *image = file(odd);
	struct changed found;
	struct page page;
	size_t on_page;

	CHECK(part_page_of(&b->part, FLASH + odd, &page));
	CHECK(image_finish(image, NULL) == IMAGE_OK);
	on_page = image_covers(image, page.start, page.end - page.start);
	if (look(b, &image, &found)) {
		EQUAL(found.pages - found.pages_same, 1);
		EQUAL(found.bytes_same, BYTES_IN_FLASH - on_page);
		EQUAL(image_bytes(image), on_page);
		EQUAL(image_covers(image, page.start, page.end - page.start),
		      on_page);
	}
	image_free(image);
}

/* Bytes outside the flash are always written. */
static void test_ram(struct bench *b)
{
	static const uint8_t bytes[4] = { 1, 2, 3, 4 };
	struct image *image = file(NONE);
	struct changed found;

	CHECK(image_add(image, RAM, bytes, sizeof(bytes), 0) == IMAGE_OK);
	if (look(b, &image, &found)) {
		EQUAL(image_bytes(image), sizeof(bytes));
		EQUAL(image_covers(image, RAM, sizeof(bytes)), sizeof(bytes));
	}
	image_free(image);
}

static void test_device(struct sim_files *files, const char *part,
			const char *form)
{
	static const char *const writing[] = {
		"command_31", "command_43", "command_44"
	};
	static char name[80];
	struct bench b;
	uint32_t i;

	snprintf(name, sizeof(name), "sim:%s,size=16K,checksum=%s", part, form);
	t_about(name);
	if (!open_bench(&b, files, name))
		return;
	b.by_checksum = strcmp(form, "none") != 0;
	test_same(&b);
	for (i = 0; i < FIRST_LEN; i++)
		if (!t_left_out(11))
			test_byte(&b, FIRST + i);
	for (i = 0; i < SECOND_LEN; i++)
		if (!t_left_out(11))
			test_byte(&b, SECOND + i);
	test_ram(&b);
	stm32_close(b.stm);
	port_close(b.port);
	sim_files_read(files);
	for (i = 0; i < 3; i++)
		EQUAL(sim_files_stat(files, writing[i]), -1);
	EQUAL(sim_files_stat(files, "granules_programmed"), 0);
	EQUAL(sim_files_stat(files, "pages_erased"), 0);
	EQUAL(sim_files_stat(files, "mass_erases"), 0);
}

int main(void)
{
	/* pages of 1 KiB, sectors of 16, pages of half a block, of 2 KiB */
	static const char *const parts[] = {
		"0x410", "0x413", "0x447", "0x460"
	};
	static const char *const forms[] = { "none", "4", "2" };
	struct sim_files files;
	size_t i, k;

	if (!sim_files_begin(&files))
		return 1;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
			test_device(&files, parts[i], forms[k]);
	sim_files_end(&files);
	return t_done();
}
