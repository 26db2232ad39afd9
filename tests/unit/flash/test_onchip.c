/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checksums on the chip, with disturbances: a killed host, a Go that is lost,
 * a reset in the middle, results of another run, a chip that does not come
 * back. The answer is right, or there is none.
 */
#include "tests/unit/t.h"

#include "flash/chip.h"
#include "flash/compare.h"
#include "flash/onchip.h"
#include "flash/routine.h"
#include "flash/sums.h"
#include "protocol/crc.h"

#define START 0x08000000u
#define LEN 16384u
#define BLOCK 256u
#define CUTS 75
#define GO 0x21
#define MOST_CHANGES 700	/* bytes received for one CRC */

/* What happens to a Go. */
enum fate { FATE_HEARD, FATE_SWALLOWED, FATE_RESET };

/* The simulated device, and the disturbances. */
struct between {
	struct port base;
	struct port *below;
	uint64_t passed, cut;	/* bytes; after `cut` nothing passes */
	uint64_t came, changed;	/* from the device; the byte with this number
				 * gets another bit */
	enum fate fate;
	unsigned due;		/* ACKs that the device did not send */
	bool address;		/* the next write is the address of a Go */
	unsigned gos, entries;
	bool enters;		/* the sequence really resets the chip */
};

static struct between wire;
static unsigned warnings;
static char warned[200];

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static void note_warning(void *ctx, const char *text)
{
	(void)ctx;
	warnings++;
	snprintf(warned, sizeof(warned), "%s", text);
}

static const struct watcher watch = { .explain = ignore,
				      .warn = note_warning };

static void pulse(struct between *b)
{
	port_set_line(b->below, PORT_LINE_RTS, true);
	port_set_line(b->below, PORT_LINE_DTR, true);
	port_set_line(b->below, PORT_LINE_DTR, false);
}

/* True: it does not reach the device. */
static bool take_go(struct between *b, const uint8_t *buf, size_t len)
{
	bool command = len == 2 && buf[0] == GO && buf[1] == 0xDE;
	bool address = b->address;

	b->address = command;
	b->gos += command;
	if (b->fate != FATE_SWALLOWED || !(command || address))
		return false;
	b->due++;
	return true;
}

static enum port_err between_write(struct port *port, const uint8_t *buf,
				   size_t len)
{
	struct between *b = (struct between *)port;
	size_t left = (size_t)(b->cut - b->passed), n = left < len ? left : len;
	bool address = b->address;

	if (n > 0 && !take_go(b, buf, n))
		b->below->ops->write(b->below, buf, n);
	if (address && b->fate == FATE_RESET) {
		b->due++;
		pulse(b);
	}
	b->passed += n;
	return n < len ? PORT_CLOSED : PORT_OK;
}

static enum port_err between_read(struct port *port, uint8_t *buf, size_t len,
				  unsigned timeout_ms, size_t *got)
{
	struct between *b = (struct between *)port;
	enum port_err err;

	*got = 0;
	if (b->passed >= b->cut)
		return PORT_CLOSED;
	if (b->due > 0 && len == 1) {
		b->due--;
		buf[0] = 0x79;
		*got = 1;
		return PORT_OK;
	}
	err = b->below->ops->read(b->below, buf, len, timeout_ms, got);
	if (b->changed >= b->came && b->changed < b->came + *got)
		buf[b->changed - b->came] ^= 0x10;
	b->came += *got;
	b->passed += *got;
	return b->passed >= b->cut ? PORT_CLOSED : err;
}

static enum port_err between_flush(struct port *port)
{
	return port_flush(((struct between *)port)->below);
}

static int64_t between_now_us(struct port *port)
{
	return port_now_us(((struct between *)port)->below);
}

static void between_sleep_ms(struct port *port, unsigned ms)
{
	port_sleep_ms(((struct between *)port)->below, ms);
}

static const struct port_ops between_ops = {
	.name = "between", .flush = between_flush, .read = between_read,
	.write = between_write, .now_us = between_now_us,
	.sleep_ms = between_sleep_ms,
};

static enum port_err enter(void *ctx, struct problem *why)
{
	struct between *b = ctx;

	(void)why;
	b->entries++;
	if (b->enters)
		pulse(b);
	return PORT_OK;
}

static bool open_chip_at(uint32_t baud, const char *device)
{
	const struct port_settings settings = {
		.device = device, .baud = baud, .mode = { 8, 'e', 1 },
		.i2c_address = PORT_NO_ADDRESS,
	};
	struct problem why = { "" };

	memset(&wire, 0, sizeof(wire));
	warnings = 0;
	warned[0] = '\0';
	if (!CHECK(port_open(&settings, &wire.below, &why) == PORT_OK))
		return false;
	wire.base = *wire.below;
	wire.base.ops = &between_ops;
	wire.cut = wire.changed = UINT64_MAX;
	return true;
}

static bool open_chip(const char *device)
{
	return open_chip_at(9600, device);
}

struct session {
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
};

static bool begin(struct session *s, bool sequence)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};

	memset(s, 0, sizeof(*s));
	if (!CHECK(stm32_open(&wire.base, &options, &s->stm, &s->why) ==
		   STM32_OK)) {
		printf("  %s\n", s->why.text);
		return false;
	}
	CHECK(chip_identify(s->stm, NULL, true, &watch, &s->part) == STM32_OK);
	s->flash = (struct flash){
		.stm = s->stm, .part = &s->part, .watch = &watch,
		.retries = 10,
		.onchip = { .wanted = true, .enter = sequence ? enter : NULL,
			    .ctx = &wire },
	};
	return true;
}

static void fill(uint8_t *out, unsigned which)
{
	uint32_t i;

	for (i = 0; i < LEN; i++)
		out[i] = (uint8_t)(i * 31 + (i >> 7) + 1);
	if (which == 1)
		out[9999] ^= 0x10;
}

static struct image *make_image(unsigned which)
{
	static uint8_t bytes[LEN];
	struct image *image = image_new();
	struct image_clash clash;

	fill(bytes, which);
	image_add(image, START, bytes, LEN, 0);
	image_finish(image, &clash);
	return image;
}

static void program(struct session *s)
{
	static uint8_t bytes[LEN];
	uint32_t at;

	fill(bytes, 0);
	for (at = 0; at < LEN; at += BLOCK)
		CHECK(stm32_write_memory(s->stm, START + at, bytes + at, BLOCK,
					 100) == STM32_OK);
}

static enum flash_err compare(struct session *s, unsigned which,
			      uint64_t *differ)
{
	struct image *image = make_image(which);
	struct comparison found = { .bytes_differ = 0 };
	enum flash_err err = compare_image(&s->flash, image, NULL, &found,
					   &s->why);

	*differ = found.bytes_differ;
	onchip_forget(&s->flash);
	image_free(image);
	return err;
}

/* Compares both images, and checks the answers. */
static void compare_both(struct session *s)
{
	uint64_t differ;

	CHECK(compare(s, 1, &differ) == FLASH_OK);
	EQUAL(differ, 1);
	CHECK(compare(s, 0, &differ) == FLASH_OK);
	EQUAL(differ, 0);
}

static const struct {
	const char *device;
	bool sequence;
	uint32_t ram;		/* free bytes; 0: as in the row */
} chips[] = {
	{ "sim:0x410,size=16K", false, 0 },
	{ "sim:0x440,size=16K", false, 0 },
	{ "sim:0x410,size=16K,reset=dtr", true, 0 },
	{ "sim:0x413,size=16K,reset=dtr", true, 0 },
	/* no room for the table */
	{ "sim:0x440,size=16K", false, 512 },
	{ "sim:0x413,size=16K,reset=dtr", true, 512 },
};

static void limit_ram(struct session *s, uint32_t len)
{
	struct range *ram = &s->part.dev.ram;

	if (len != 0)
		ram->end = ram->start + len;
}

/* Starts with one chip with the image in it. */
static bool set_up(struct session *s, size_t which)
{
	t_about(chips[which].device);
	if (!open_chip(chips[which].device))
		return false;
	wire.enters = true;
	if (!begin(s, chips[which].sequence))
		return false;
	limit_ram(s, chips[which].ram);
	program(s);
	return true;
}

static void tear_down(struct session *s)
{
	stm32_close(s->stm);
	port_close(wire.below);
}

static void undisturbed(size_t which)
{
	struct session s;

	if (!set_up(&s, which))
		return;
	compare_both(&s);
	EQUAL(wire.gos, 2);
	EQUAL(warnings, 0);
	tear_down(&s);
}

/* No room even for the results. */
static void too_little_ram(void)
{
	struct session s;

	if (!set_up(&s, 0))
		return;
	limit_ram(&s, 200);
	compare_both(&s);
	EQUAL(wire.gos, 0);
	EQUAL(warnings, 1);
	CHECK(strstr(warned, "not enough free RAM") != NULL);
	tear_down(&s);
}

/* The RAM has the results of an earlier run, and the flash has changed since;
 * or nothing was run at all. */
static void go_is_lost(size_t which, enum fate fate)
{
	const uint8_t zeros[4] = { 0 };
	struct session s;
	uint64_t differ;

	if (!set_up(&s, which))
		return;
	CHECK(compare(&s, 0, &differ) == FLASH_OK);
	EQUAL(wire.gos, 1);
	CHECK(stm32_write_memory(s.stm, START + 5000, zeros, sizeof(zeros),
				 100) == STM32_OK);
	wire.fate = fate;
	CHECK(compare(&s, 0, &differ) == FLASH_OK);
	EQUAL(differ, sizeof(zeros));
	CHECK(compare(&s, 1, &differ) == FLASH_OK);
	EQUAL(differ, sizeof(zeros) + 1);
	EQUAL(wire.gos, 2);	/* and no more after that */
	EQUAL(warnings, 1);
	CHECK(strstr(warned, "no valid checksums") != NULL);
	tear_down(&s);
}

/* The chip ignores the sequence; at most two are tried. */
static void no_return(size_t which)
{
	struct session s;
	uint64_t differ;

	if (!set_up(&s, which))
		return;
	wire.enters = false;
	CHECK(compare(&s, 0, &differ) == FLASH_GONE);
	CHECK(strstr(s.why.text, "did not return") != NULL);
	EQUAL(wire.gos, 1);
	EQUAL(wire.entries, 2);
	tear_down(&s);
}

/* The same for a chip without a sequence: the time of each attempt shows their
 * number. A chip that comes back at another rate than the host's does not
 * answer either. */
static void is_gone(const char *device, bool boot0_stays, int64_t attempt_ms)
{
	struct session s;
	uint64_t differ;
	int64_t began_ms;

	t_about(device);
	if (!open_chip(device))
		return;
	if (begin(&s, false)) {
		s.flash.onchip.boot0_stays = boot0_stays;
		program(&s);
		began_ms = port_now_ms(wire.below);
		CHECK(compare(&s, 0, &differ) == FLASH_GONE);
		CHECK(strstr(s.why.text, "did not return") != NULL);
		EQUAL(wire.gos, 1);
		began_ms = port_now_ms(wire.below) - began_ms;
		CHECK(began_ms > 2 * attempt_ms && began_ms < 3 * attempt_ms);
	}
	tear_down(&s);
}

/* Events on the chip in the meantime. Compares the first image twice, then the
 * other: err is the result of the first comparison, and the last one unless it
 * is FLASH_OK. */
static const struct {
	const char *device;
	bool sequence, boot0_stays;
	uint32_t ram;
	enum flash_err err;
	unsigned gos, warnings;
} odd[] = {
	/* a watchdog with the short time of an application is reloaded, by
	 * both variants */
	{ "sim:0x410,size=16K,iwdg=3", false, false, 0, FLASH_OK, 3, 0 },
	{ "sim:0x440,size=16K,iwdg=3", false, false, 0, FLASH_OK, 3, 0 },
	{ "sim:0x413,size=16K,iwdg=3,reset=dtr", true, false, 0,
	  FLASH_OK, 3, 0 },
	{ "sim:0x440,size=16K,iwdg=9", false, false, 512, FLASH_OK, 3, 0 },
	/* a shorter one resets the chip: into the ROM, or not */
	{ "sim:0x410,size=16K,iwdg=1", false, false, 0, FLASH_OK, 1, 1 },
	{ "sim:0x413,size=16K,iwdg=1,reset=dtr", true, false, 0,
	  FLASH_OK, 1, 1 },
	{ "sim:0x415,size=16K,iwdg=1", false, true, 0, FLASH_OK, 1, 1 },
	{ "sim:0x410,size=16K,iwdg=1,boot0=0", false, false, 0,
	  FLASH_GONE, 1, 0 },
	/* BOOT0 was released */
	{ "sim:0x415,size=16K,boot0=0", false, true, 0, FLASH_GONE, 1, 0 },
	{ "sim:0x413,size=16K,boot0=0,reset=dtr", true, false, 0,
	  FLASH_GONE, 1, 0 },
	/* a ROM that clears all of its RAM at its start */
	{ "sim:0x410,size=16K,rom=worst", false, false, 0, FLASH_OK, 3, 0 },
	{ "sim:0x460,size=16K,rom=worst,reset=dtr", true, false, 0,
	  FLASH_OK, 3, 0 },
	{ "sim:0x447,size=16K,rom=worst", false, true, 0, FLASH_OK, 3, 0 },
	/* a ROM that differs from the one seen */
	{ "sim:0x440,size=16K,rom=2.2", false, false, 0, FLASH_GONE, 1, 0 },
	/* a slow one */
	{ "sim:0x410,size=16K,startup=95", false, false, 0, FLASH_OK, 3, 0 },
	{ "sim:0x413,size=16K,startup=95,reset=dtr", true, false, 0,
	  FLASH_OK, 3, 0 },
};

static void test_odd(size_t which)
{
	struct session s;
	uint64_t differ;

	t_about(odd[which].device);
	if (!open_chip(odd[which].device))
		return;
	wire.enters = true;
	port_sleep_ms(wire.below, 1000);
	if (begin(&s, odd[which].sequence)) {
		s.flash.onchip.boot0_stays = odd[which].boot0_stays;
		limit_ram(&s, odd[which].ram);
		program(&s);
		EQUAL(compare(&s, 0, &differ), odd[which].err);
		if (odd[which].err == FLASH_OK) {
			EQUAL(differ, 0);
			compare_both(&s);
		}
		EQUAL(wire.gos, odd[which].gos);
		EQUAL(warnings, odd[which].warnings);
	}
	tear_down(&s);
}

/* The size register has more than the real size: the routine reads past the
 * flash, and the ROM takes the fault and resets the chip. */
static void reads_behind_the_flash(void)
{
	struct session s;
	uint32_t crc;
	bool done;

	t_about("behind the flash");
	if (!open_chip("sim:0x410,size=16K,sizereg=32"))
		return;
	if (begin(&s, false)) {
		program(&s);
		CHECK(onchip_crc(&s.flash, START, 2 * LEN, &crc, &done,
				 &s.why) == FLASH_OK);
		CHECK(!done);
		EQUAL(wire.gos, 1);
		EQUAL(warnings, 1);
		CHECK(strstr(warned, "no valid checksums") != NULL);
		compare_both(&s);
		EQUAL(wire.gos, 1);
	}
	tear_down(&s);
}

/*
 * The ROM begins to listen exactly during a 7F: it measures a wrong rate and
 * no longer answers. Returns whether that happened. A low rate makes long
 * frames.
 */
static bool listens_after(size_t which, unsigned startup_ms)
{
	char device[80];
	struct session s;
	uint64_t differ = 0;
	enum flash_err err = FLASH_GONE;

	snprintf(device, sizeof(device), "%s,startup=%u", chips[which].device,
		 startup_ms);
	t_about(device);
	if (!open_chip_at(2400, device))
		return false;
	wire.enters = true;
	port_sleep_ms(wire.below, 1000);
	if (begin(&s, chips[which].sequence)) {
		limit_ram(&s, chips[which].ram);
		program(&s);
		err = compare(&s, 1, &differ);
		CHECK(err == FLASH_GONE || (err == FLASH_OK && differ == 1));
		if (err == FLASH_OK) {
			err = compare(&s, 0, &differ);
			CHECK(err == FLASH_GONE || differ == 0);
		}
		EQUAL(warnings, 0);
	}
	tear_down(&s);
	return err == FLASH_GONE;
}

/* Times from before the first 7F until after it. The F103's ROM is lost, the
 * others measure again. */
static void early_knocks(size_t which)
{
	unsigned first = chips[which].sequence ? 95 : 145, ms, spoilt = 0;
	bool spoils = strstr(chips[which].device, "0x410") != NULL;

	for (ms = first; ms < first + 25; ms++)
		spoilt += listens_after(which, ms);
	t_about(chips[which].device);
	CHECK(spoils ? spoilt > 0 && spoilt < 10 : spoilt == 0);
}

/* The host of the earlier run was killed: RAM and chip are as it left them. */
static void killed(size_t which, uint64_t cut)
{
	struct session s;
	enum flash_err err;
	uint64_t differ;

	if (!set_up(&s, which))
		return;
	wire.cut = wire.passed + cut;
	err = compare(&s, 0, &differ);
	CHECK(err != FLASH_OK || differ == 0);
	stm32_close(s.stm);
	wire.cut = UINT64_MAX;
	wire.due = 0;
	wire.address = false;
	if (chips[which].sequence)
		pulse(&wire);
	else
		port_sleep_ms(wire.below, 2000);
	if (begin(&s, chips[which].sequence)) {
		limit_ram(&s, chips[which].ram);
		compare_both(&s);
	}
	tear_down(&s);
}

/* Changes one byte from the chip, at each position: the CRC is right, or there
 * is none and the line is known to be bad. */
static void one_change(size_t which)
{
	static uint8_t bytes[LEN];
	uint32_t crc = 0, right, bad = 0, at;
	struct session s;
	bool done = false;

	if (!set_up(&s, which))
		return;
	fill(bytes, 0);
	right = crc_update(CRC_INIT, bytes, LEN);
	for (at = 0; at < MOST_CHANGES; at += 7) {
		unsigned changes = stm32_counts(s.stm)->changes;

		s.flash.onchip.given_up = false;
		wire.changed = wire.came + at;
		CHECK(onchip_crc(&s.flash, START, LEN, &crc, &done, &s.why) ==
		      FLASH_OK);
		bad += stm32_counts(s.stm)->changes > changes;
		if (!CHECK(done ? crc == right :
			   stm32_counts(s.stm)->changes > changes))
			printf("  the byte behind %lu\n", (unsigned long)at);
	}
	CHECK(bad > 10);
	tear_down(&s);
}

int main(void)
{
	size_t i;
	uint64_t cut;

	too_little_ram();
	is_gone("sim:0x410,size=16K,boot0=0", true, 3000);
	is_gone("sim:0x440,size=16K,rom=2.2", false, 3000);
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		test_odd(i);
	reads_behind_the_flash();
	one_change(0);
	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		undisturbed(i);
		go_is_lost(i, FATE_SWALLOWED);
		if (chips[i].sequence) {
			go_is_lost(i, FATE_RESET);
			no_return(i);
		}
		if (chips[i].ram == 0)
			early_knocks(i);
		for (cut = 1; cut < 16 * CUTS; cut += 16)
			if (!t_left_out(17))
				killed(i, cut);
	}
	return t_done();
}
