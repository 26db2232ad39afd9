/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every part of the device table that offers checksums on the chip gives the
 * same results with and without them: whole flashes of every size, one
 * different byte, two swapped pages, blank ones, and the result of a write.
 */
#include "tests/unit/t.h"

#include <unistd.h>

#include "flash/changed.h"
#include "flash/chip.h"
#include "flash/compare.h"
#include "flash/flash.h"
#include "protocol/crc.h"

#define MOST 0x200000u	/* bytes of flash */
#define LEAST 0x4000u
#define SMALL 0x10000u	/* up to this size everything is also read */
#define NONE UINT32_MAX

static char path[] = "/tmp/stm32flash-test-XXXXXX";
static uint8_t there[MOST], wanted[MOST];
static uint32_t dice = 1;

static uint32_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice;
}

struct chip {
	const struct dev *dev;
	uint32_t size;
	bool framed;
	struct port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
	unsigned warnings;
	char warned[200];
};

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static void note_warning(void *ctx, const char *text)
{
	struct chip *c = ctx;

	c->warnings++;
	snprintf(c->warned, sizeof(c->warned), "%s", text);
}

static enum port_err enter(void *ctx, struct problem *why)
{
	struct chip *c = ctx;

	(void)why;
	port_set_line(c->port, PORT_LINE_DTR, true);
	port_set_line(c->port, PORT_LINE_DTR, false);
	return PORT_OK;
}

/* Sets the chip's contents, NULL: blank. */
static bool save(const struct chip *c, const uint8_t *bytes)
{
	FILE *file = bytes != NULL ? fopen(path, "wb") : NULL;
	bool good;

	remove(path);
	if (bytes == NULL)
		return true;
	file = fopen(path, "wb");
	good = file != NULL && fwrite(bytes, 1, c->size, file) == c->size;
	return file != NULL && fclose(file) == 0 && good;
}

static void close_chip(struct chip *c)
{
	stm32_close(c->stm);
	port_close(c->port);
}

static bool connect(struct chip *c, const struct watcher *watch)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .write_retries = 3,
	};
	struct serial_mode mode = { 8, 'e', 1 };

	if (c->dev->quirks & DEV_NO_PARITY)
		mode.parity = 'n';
	if ((!c->framed && port_set_mode(c->port, &mode) != PORT_OK) ||
	    stm32_open(c->port, &options, &c->stm, &c->why) != STM32_OK)
		return false;
	c->flash = (struct flash){
		.stm = c->stm, .part = &c->part, .watch = watch, .retries = 3,
		.onchip = { .wanted = true, .boot0_stays = c->framed,
			    .enter = c->framed ? NULL : enter, .ctx = c },
	};
	return chip_identify(c->stm, NULL, true, watch, &c->part) == STM32_OK;
}

/* False: there is no such chip, or it does not use this protocol. */
static bool open_chip(struct chip *c, struct watcher *watch)
{
	char device[120];
	const struct port_settings settings = {
		.device = device, .baud = 115200, .mode = { 8, 'e', 1 },
		.i2c_address = c->framed ? c->dev->i2c_address[0]
					 : PORT_NO_ADDRESS,
	};

	*watch = (struct watcher){ .explain = ignore, .warn = note_warning,
				   .ctx = c };
	c->stm = NULL;
	c->warnings = 0;
	snprintf(device, sizeof(device), "sim:%s0x%" PRIx32 ",size=%" PRIu32
		 ",file=%s%s", c->framed ? "i2c:" : "", c->dev->id, c->size,
		 path, c->framed ? ",checksum=none" : ",reset=dtr");
	if (port_open(&settings, &c->port, &c->why) != PORT_OK)
		return false;
	if (connect(c, watch))
		return true;
	close_chip(c);
	return false;
}

static struct image *image_of(const struct chip *c, const uint8_t *bytes)
{
	struct image *image = image_new();

	CHECK(image_add(image, c->dev->flash.start, bytes, c->size, 0) ==
	      IMAGE_OK);
	CHECK(image_finish(image, NULL) == IMAGE_OK);
	return image;
}

/* Some smaller L4+ parts do not report their page size. */
static bool knows_pages(const struct chip *c)
{
	struct page page;

	return part_page_of(&c->part, c->dev->flash.start, &page);
}

/* Returns the range of a page in the arrays, or some block. */
static struct range page_at(const struct chip *c, uint32_t offset)
{
	uint32_t start = c->dev->flash.start;
	struct page page = { .start = 0, .end = 0 };

	if (!knows_pages(c))
		return (struct range){ offset / 4096 * 4096,
				       offset / 4096 * 4096 + 4096 };
	CHECK(part_page_of(&c->part, start + offset, &page));
	return (struct range){ page.start - start, page.end - start };
}

/* --- results ------------------------------------------------------------ */

/* Checks that it ran on the chip if that was wanted, without messages. */
static void check_way(const struct chip *c, unsigned runs_before)
{
	EQUAL(c->flash.onchip.runs - runs_before, c->flash.onchip.wanted);
	if (!EQUAL(c->warnings, 0))
		printf("  %s\n", c->warned);
}

static uint64_t count_other(const struct chip *c, uint32_t *first,
			    uint32_t *last)
{
	uint64_t count = 0;
	uint32_t i;

	for (i = 0; i < c->size; i++) {
		if (there[i] == wanted[i])
			continue;
		*first = count++ == 0 ? i : *first;
		*last = i;
	}
	return count;
}

/* The chip has there[]; compares with wanted[]. */
static void check_compare(struct chip *c)
{
	struct image *image = image_of(c, wanted);
	struct comparison found;
	uint32_t first = 0, last = 0, base = c->dev->flash.start;
	uint64_t other = count_other(c, &first, &last);
	unsigned runs = c->flash.onchip.runs;

	if (EQUAL(compare_image(&c->flash, image, NULL, &found, &c->why),
		  FLASH_OK)) {
		EQUAL(found.bytes, c->size);
		EQUAL(found.bytes_differ, other);
		if (other == 0)
			EQUAL(found.count, 0);
		else if (CHECK(found.count > 0))
			EQUAL(found.ranges[0].start, base + first);
		if (other != 0 && found.count <= COMPARE_MOST)
			EQUAL(found.ranges[found.count - 1].end,
			      base + last + 1);
	}
	check_way(c, runs);
	image_free(image);
}

/* --changed: exactly the pages with a different byte; everything if the pages
 * are unknown. */
static void check_changed(struct chip *c)
{
	struct image *image = image_of(c, wanted);
	struct changed found;
	uint32_t at, other = 0;
	size_t bytes = 0;
	struct range page;
	unsigned runs = c->flash.onchip.runs;

	for (at = 0; at < c->size; at = page.end) {
		page = page_at(c, at);
		if (!CHECK(page.end > at))
			break;
		if (memcmp(there + at, wanted + at, page.end - at) == 0)
			continue;
		other++;
		bytes += page.end - at;
	}
	if (EQUAL(changed_only(&c->flash, &image, &found, &c->why), FLASH_OK)) {
		EQUAL(found.pages - found.pages_same,
		      knows_pages(c) ? other : 0);
		EQUAL(image_bytes(image), knows_pages(c) ? bytes : c->size);
	}
	check_way(c, runs);
	image_free(image);
}

static void check_crc(struct chip *c)
{
	unsigned runs = c->flash.onchip.runs;
	uint32_t crc = 0;

	EQUAL(flash_crc(&c->flash, c->dev->flash.start, c->size, &crc, &c->why),
	      FLASH_OK);
	EQUAL(crc, crc_update(CRC_INIT, there, c->size));
	check_way(c, runs);
}

/* odd: the only byte that is not erased; NONE: all are erased. */
static void check_blank(struct chip *c, uint32_t odd)
{
	const struct range all = { c->dev->flash.start,
				   c->dev->flash.start + c->size };
	unsigned runs = c->flash.onchip.runs;
	bool blank = odd != NONE;
	uint32_t first = 0;
	uint8_t value = 0;

	EQUAL(compare_blank(&c->flash, &all, &blank, &first, &value, &c->why),
	      FLASH_OK);
	EQUAL(blank, odd == NONE);
	if (odd != NONE) {
		EQUAL(first, all.start + odd);
		EQUAL(value, there[odd]);
	}
	check_way(c, runs);
}

/* -w -v: of a whole image, or without an erase, which must fail. */
static void check_write(struct chip *c, enum erase_mode erase,
			enum flash_err err)
{
	struct image *image = image_of(c, wanted);
	const struct plan_request request = {
		.image = image, .erase = erase, .verify = true,
		.block = stm32_max_write(c->stm),
	};
	unsigned runs = c->flash.onchip.runs;
	struct plan *plan = NULL;

	if (CHECK(plan_make(&request, &c->part, &plan, &c->why))) {
		EQUAL(flash_carry_out(&c->flash, plan, image, &c->why), err);
		image_free(c->flash.lost);
		c->flash.lost = NULL;
	}
	check_way(c, runs);
	plan_free(plan);
	image_free(image);
}

/* --- one chip ------------------------------------------------------------------ */

/* Sets a bit to its erased value, which only an erase can do. */
static void erase_bit(const struct chip *c)
{
	uint32_t at;
	uint8_t bits;

	memcpy(wanted, there, c->size);
	do {
		at = roll() % c->size;
		bits = wanted[at] ^ c->dev->erased;
	} while (bits == 0);
	wanted[at] ^= bits & (uint8_t)-bits;
}

static void swap_pages(const struct chip *c)
{
	struct range a = page_at(c, roll() % c->size);
	struct range b = page_at(c, roll() % c->size);
	uint32_t len = a.end - a.start;

	memcpy(wanted, there, c->size);
	if (b.end - b.start < len)
		len = b.end - b.start;
	memcpy(wanted + a.start, there + b.start, len);
	memcpy(wanted + b.start, there + a.start, len);
}

static void change_byte(const struct chip *c, uint32_t offset)
{
	memcpy(wanted, there, c->size);
	wanted[offset] ^= (uint8_t)(1 << roll() % 8);
}

/* Parts of medium size take too long. */
static bool is_between(const struct chip *c)
{
	return c->size > SMALL &&
	       c->size < c->dev->flash.end - c->dev->flash.start;
}

static void check_content(struct chip *c)
{
	change_byte(c, roll() % c->size);
	check_compare(c);
	if (is_between(c))
		return;
	memcpy(wanted, there, c->size);
	check_compare(c);
	check_crc(c);
	if (c->size > SMALL)
		return;
	change_byte(c, roll() % c->size);
	check_changed(c);
	change_byte(c, 0);
	check_compare(c);
	change_byte(c, c->size - 1);
	check_compare(c);
	swap_pages(c);
	check_compare(c);
	check_changed(c);
}

/* Runs the check with these contents, or blank; then the same by reading. */
static void on_chip(struct chip *c, const uint8_t *content, bool by_reading,
		    void (*check)(struct chip *c))
{
	struct watcher watch;

	if (!CHECK(save(c, content)) || !CHECK(open_chip(c, &watch)))
		return;
	check(c);
	c->flash.onchip.wanted = false;
	if (by_reading)
		check(c);
	close_chip(c);
}

static void check_all_blank(struct chip *c)
{
	check_blank(c, NONE);
}

static uint32_t odd_byte;

static void check_nearly_blank(struct chip *c)
{
	check_blank(c, odd_byte);
}

static void check_write_well(struct chip *c)
{
	check_write(c, ERASE_AUTO, FLASH_OK);
}

static void check_write_over(struct chip *c)
{
	check_write(c, ERASE_NONE, FLASH_DIFFERS);
}

static void fill(const struct chip *c)
{
	uint32_t i;

	for (i = 0; i < c->size; i++)
		there[i] = (uint8_t)(roll() >> 9);
}

/* Checks the written flash in the file of the chip. */
static void check_written(const struct chip *c)
{
	static uint8_t after[SMALL];
	FILE *file = fopen(path, "rb");

	if (!CHECK(file != NULL))
		return;
	CHECK(fread(after, 1, c->size, file) == c->size);
	fclose(file);
	BYTES(after, wanted, c->size);
}

static void check_writes(struct chip *c)
{
	bool reading;

	for (reading = false; ; reading = true) {
		fill(c);
		memcpy(wanted, there, c->size);
		on_chip(c, there, reading, check_write_well);
		check_written(c);
		if (reading)
			break;
	}
	erase_bit(c);
	on_chip(c, there, true, check_write_over);
}

static void test_size(struct chip *c)
{
	bool small = c->size <= SMALL;

	fill(c);
	on_chip(c, there, small, check_content);
	if (is_between(c))
		return;
	on_chip(c, NULL, small, check_all_blank);
	memset(there, c->dev->erased, c->size);
	odd_byte = roll() % c->size;
	there[odd_byte] ^= 0x10;
	on_chip(c, there, false, check_nearly_blank);
	if (small && c->size >= SMALL / 2)
		check_writes(c);
}

/* --- the table ------------------------------------------------------------------ */

/* True if this part offers it; if not, checks that the reason is a valid
 * one. */
static bool is_offered(struct chip *c)
{
	static const char *const reasons[] = {
		"it is not certain which part this is",
		"this part leaves no RAM for code",
		"this part cannot start code from its bootloader",
		"this part has TrustZone or a secure ROM",
		"the free RAM of this part may not be able to run code",
	};
	struct range range = { c->dev->flash.start, 0 };
	struct watcher watch;
	uint32_t first;
	uint8_t value;
	bool blank, offered;
	size_t i;

	range.end = range.start + (c->size < SMALL ? c->size : SMALL);
	if (!CHECK(save(c, NULL)) || !open_chip(c, &watch))
		return false;
	(void)compare_blank(&c->flash, &range, &blank, &first, &value, &c->why);
	offered = c->flash.onchip.runs != 0;
	for (i = 0; !offered && i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strstr(c->warned, reasons[i]) != NULL)
			break;
	CHECK(offered ? c->warnings == 0
		      : i < sizeof(reasons) / sizeof(reasons[0]));
	close_chip(c);
	return offered;
}

/* True if the size is possible, and the chip can report it. */
static bool is_size(struct chip *c)
{
	struct watcher watch;
	bool good;

	if (!CHECK(save(c, NULL)) || !open_chip(c, &watch))
		return false;
	good = c->part.size_known &&
	       c->part.flash.end - c->part.flash.start == c->size;
	close_chip(c);
	return good;
}

/* The largest size, all halves of it, and one page less. */
static unsigned test_sizes(struct chip *c)
{
	const struct page_run *run;
	uint32_t full = c->size, page = 0;
	unsigned count = 0;

	for (run = c->dev->pages; run->count != 0; run++)
		page = run->size;

	for (; c->size >= LEAST; c->size /= 2)
		if (is_size(c)) {
			count++;
			if (!t_left_out(7))
				test_size(c);
		}
	c->size = full - page;
	if (c->size >= LEAST && is_size(c) && !t_left_out(7))
		test_size(c);
	c->size = full;
	return count;
}

static bool test_row(const struct dev *dev, bool framed)
{
	struct chip chip = { .dev = dev, .framed = framed,
			     .size = dev->flash.end - dev->flash.start };
	static char about[DEV_NAME + 10];

	snprintf(about, sizeof(about), "%s%s", dev->name,
		 framed ? " on I2C" : "");
	t_about(about);
	if (dev->by_name_only || chip.size == 0 || !is_offered(&chip))
		return false;
	if (!framed)
		CHECK(test_sizes(&chip) > 0);
	chip.size = SMALL;
	if (framed && is_size(&chip) && !t_left_out(7))
		test_size(&chip);
	return true;
}

int main(void)
{
	struct dev dev;
	size_t i;
	unsigned offered = 0, on_bus = 0;
	int fd = mkstemp(path);

	if (!CHECK(fd >= 0))
		return t_done();
	close(fd);
	for (i = 0; dev_at(i, &dev); i++) {
		offered += test_row(&dev, false);
		if (dev.i2c_address[0] != 0)
			on_bus += test_row(&dev, true);
	}
	remove(path);
	t_about("rows");
	CHECK(offered >= 55);
	CHECK(on_bus >= 40);
	return t_done();
}
