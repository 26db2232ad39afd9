/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every row of the device table, on the simulated device, at the size of the
 * largest part and at a small one: connect, find the size, mass erase, write
 * an odd length, verify, write elsewhere with a page erase that keeps its
 * neighbours, read the whole flash and compare it, reset.
 */
#include "tests/unit/t.h"

#include <stdlib.h>

#include "flash/chip.h"
#include "flash/flash.h"
#include "flash/leave.h"
#include "port.h"
#include "utils.h"

#define ODD_LEN 1001
#define STATS "test_rows.stats"

static unsigned warnings;

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static void count_warning(void *ctx, const char *text)
{
	(void)ctx, (void)text;
	warnings++;
}

static const struct watcher watch = { .explain = ignore,
				      .warn = count_warning };

struct bench {
	const struct dev *dev;
	struct port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	uint8_t *picture;	/* the expected contents of the flash */
	struct problem why;
};

/* A quarter of the flash, if it ends with a page; H7: at least one sector. */
static uint32_t small_kib(const struct dev *dev)
{
	uint32_t full = (dev->flash.end - dev->flash.start) / 1024;
	uint32_t kib = full / 4;
	struct part part;
	struct page page;

	if (dev->quirks & DEV_SIZE_IS_CODE)
		return dev->size_codes[1];
	part_init(&part, dev, dev->id);
	while (kib < full && (kib < 8 ||
	       !part_page_of(&part, dev->flash.start + kib * 1024 - 1, &page) ||
	       page.end != dev->flash.start + kib * 1024))
		kib *= 2;
	return kib < full ? kib : full;
}

static bool open_bench(struct bench *b, const char *dir, uint32_t kib)
{
	char device[200];
	const struct port_settings settings = {
		.device = device, .baud = 115200,
		.mode = { 8, b->dev->quirks & DEV_NO_PARITY ? 'n' : 'e', 1 },
	};
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .write_retries = 3,
	};

	snprintf(device, sizeof(device), "sim:0x%03" PRIX32 ",size=%" PRIu32
		 "K,stats=%s/" STATS, b->dev->id, kib, dir);
	if (!CHECK(port_open(&settings, &b->port, &b->why) == PORT_OK))
		return false;
	if (!CHECK(stm32_open(b->port, &options, &b->stm, &b->why) ==
		   STM32_OK))
		return false;
	EQUAL(chip_identify(b->stm, b->dev->by_name_only ? b->dev : NULL, true,
			    &watch, &b->part), STM32_OK);
	b->flash = (struct flash){ .stm = b->stm, .part = &b->part,
				   .watch = &watch, .retries = 3 };
	return true;
}

static void close_bench(struct bench *b)
{
	stm32_close(b->stm);
	port_close(b->port);
}

static struct image *odd_image(uint32_t address, unsigned seed)
{
	struct image *image = image_new();
	uint8_t bytes[ODD_LEN];
	struct image_clash clash;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1103515245u + 12345u;
		bytes[i] = (uint8_t)(seed >> 16);
	}
	image_add(image, address, bytes, sizeof(bytes), 0);
	image_finish(image, &clash);
	return image;
}

/* Writes an image to the device and to the picture. */
static void write_image(struct bench *b, uint32_t address,
			enum erase_mode erase)
{
	struct image *image = odd_image(address, b->dev->id + address);
	const struct plan_request request = {
		.image = image, .erase = erase, .verify = true,
		.block = stm32_max_write(b->stm),
	};
	uint32_t len = b->part.flash.end - b->part.flash.start;
	struct plan *plan;

	if (erase == ERASE_CHIP)
		memset(b->picture, b->dev->erased, len);
	image_copy(image, address, b->picture + (address -
		   b->part.flash.start), ODD_LEN, 0);
	if (CHECK(plan_make(&request, &b->part, &plan, &b->why))) {
		if (!EQUAL(flash_carry_out(&b->flash, plan, image, &b->why),
			   FLASH_OK))
			printf("  %s\n", b->why.text);
		plan_free(plan);
	}
	image_free(image);
}

static void compare_whole(struct bench *b)
{
	uint32_t len = b->part.flash.end - b->part.flash.start;
	uint8_t *found = malloc(len);

	if (EQUAL(flash_read(&b->flash, b->part.flash.start, found, len,
			     &b->why), FLASH_OK))
		BYTES(found, b->picture, len);
	free(found);
}

static void reset(struct bench *b)
{
	enum stm32_err err = leave_by_reset(b->stm, &b->part, &watch);
	bool has_ram = b->dev->ram.start < b->dev->ram.end &&
		       !(b->dev->quirks & DEV_NO_RAM);

	EQUAL(err, has_ram ? STM32_OK : STM32_UNSUPPORTED);
}

/* Returns a counter of the device closed last. */
static long stat(const char *dir, const char *key)
{
	char path[200], name[64];
	long value = -1, n;
	FILE *file;

	snprintf(path, sizeof(path), "%s/" STATS, dir);
	file = fopen(path, "r");
	while (file != NULL && fscanf(file, "%63s %ld", name, &n) == 2)
		if (strcmp(name, key) == 0)
			value = n;
	if (file != NULL)
		fclose(file);
	remove(path);
	return value;
}

static void try_size(const struct dev *dev, const char *dir, uint32_t kib)
{
	struct bench b = { .dev = dev };
	uint32_t len, last;
	char name[80];

	snprintf(name, sizeof(name), "0x%03" PRIX32 " of %" PRIu32 " KiB",
		 dev->id, kib);
	t_about(name);
	if (!open_bench(&b, dir, kib)) {
		printf("  %s\n", b.why.text);
		return;
	}
	TEXT(b.part.dev.name, dev->name);
	/* If the ROM does not allow reading the size, a smaller part looks
	 * like the largest: then use only its beginning. */
	if (!b.part.size_known) {
		b.part.flash.end = b.part.flash.start + kib * 1024;
		b.part.dev.flash.end = b.part.flash.end;
		b.part.sure_end = b.part.flash.end;
	}
	len = b.part.flash.end - b.part.flash.start;
	if (!(dev->quirks & DEV_H7_BANKS))
		EQUAL(len, kib * 1024);
	b.picture = malloc(len);
	write_image(&b, b.part.flash.start, ERASE_CHIP);
	last = (b.part.sure_end < b.part.flash.end ? b.part.sure_end :
		b.part.flash.end) - 1024 - 3;
	if (b.part.pages != NULL)
		write_image(&b, last & ~3u, ERASE_PAGES);
	compare_whole(&b);
	reset(&b);
	free(b.picture);
	close_bench(&b);
	EQUAL(stat(dir, "granules_refused"), 0);
}

int main(void)
{
	char dir[] = "/tmp/stm32flash-rows-XXXXXX";
	struct dev dev;
	size_t i;

	if (mkdtemp(dir) == NULL) {
		perror(dir);
		return 1;
	}
	for (i = 0; dev_at(i, &dev); i++) {
		if (dev.flash.end == 0 || dev.quirks & DEV_OTHER_PROTOCOL)
			continue;
		if (!t_left_out(11))
			try_size(&dev, dir,
				 (dev.flash.end - dev.flash.start) / 1024);
		if (!t_left_out(11))
			try_size(&dev, dir, small_kib(&dev));
	}
	remove(dir);
	return t_done();
}
