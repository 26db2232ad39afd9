/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Noise adds a byte, at every position of the bytes received during a read:
 * the rest shifts by one, and there is no checksum. The bytes read or kept
 * must be right, or the job must fail.
 */
#include "tests/unit/t.h"

#include "flash/chip.h"
#include "protocol/crc.h"
#include "flash/flash.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"

#define FLASH 0x08000000u
#define SIZE 65536
#define LEN 1200	/* four blocks and part of one */

/* Blocks whose last byte looks like an ACK if it is left over: one alone, then
 * two in a row. */
static const uint32_t acks[] = { 0x1FF, 0x3FF, 0x4FF };

static uint8_t memory[SIZE];

static void fill_memory(void)
{
	uint32_t i, x;

	for (i = 0; i < SIZE; i++) {
		x = (i + 1) * 2654435761u;
		memory[i] = (uint8_t)(x >> 16 ^ x >> 24);
	}
	for (i = 0; i < sizeof(acks) / sizeof(acks[0]); i++)
		memory[acks[i]] = 0x79;
}

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static const struct watcher watch = { .explain = ignore, .warn = ignore };

struct scene {
	struct noisy_port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
};

static bool begin(struct scene *s, struct sim_files *files, unsigned max_read)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = max_read,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
	};
	struct port *below = sim_files_open(files, "sim:0x410,size=64K",
					    memory, SIZE);
	struct problem why = { "" };

	if (!CHECK(below != NULL))
		return false;
	s->port = noisy_new(below);
	if (CHECK(stm32_open(&s->port->base, &options, &s->stm, &why) ==
		  STM32_OK)) {
		s->flash = (struct flash){ .stm = s->stm, .part = &s->part,
					   .watch = &watch, .retries = 10 };
		if (CHECK(chip_identify(s->stm, NULL, true, &watch, &s->part) ==
			  STM32_OK))
			return true;
		stm32_close(s->stm);
	}
	port_close(&s->port->base);
	return false;
}

static void end(struct scene *s)
{
	stm32_close(s->stm);
	port_close(&s->port->base);
}

/* False: the data is wrong without an error. */
static bool read_is_honest(struct scene *s, uint32_t start)
{
	uint8_t got[LEN];
	struct problem why = { "" };

	return flash_read(&s->flash, start, got, LEN, &why) != FLASH_OK ||
	       memcmp(got, memory + (start - FLASH), LEN) == 0;
}

static bool crc_is_honest(struct scene *s, uint32_t start)
{
	struct problem why = { "" };
	uint32_t crc;

	return flash_crc(&s->flash, start, LEN, &crc, &why) != FLASH_OK ||
	       crc == crc_update(CRC_INIT, memory + (start - FLASH), LEN);
}

/* One session; adds one byte in each of the jobs. */
static void check(struct sim_files *files, unsigned max_read, uint32_t start,
		  uint8_t value, bool (*job)(struct scene *, uint32_t))
{
	struct scene s;
	uint64_t most = LEN + 3 * ((LEN + max_read - 1) / max_read + 2), at;

	if (!begin(&s, files, max_read))
		return;
	s.port->damage = DAMAGE_ADDED;
	s.port->direction = PORT_FROM_DEVICE;
	s.port->value = value;
	for (at = 0; at < most; at++) {
		unsigned struck = s.port->struck;

		if (t_left_out(7))
			continue;
		s.port->position = s.port->count[PORT_FROM_DEVICE] + at;
		if (!CHECK(job(&s, start)))
			printf("  a %02X behind %u bytes, blocks of %u\n", value,
			       (unsigned)at, max_read);
		if (at < LEN)
			CHECK(s.port->struck > struck);
	}
	end(&s);
}

/* Writes 8 bytes to a page and keeps the rest of it. */
static enum flash_err write_beside(struct scene *s)
{
	static const uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct image *image = image_new();
	struct plan_request request = { .image = image, .erase = ERASE_PAGES,
					.block = STM32_MAX_BLOCK };
	enum flash_err err = FLASH_NO_MEMORY;
	struct problem why = { "" };
	struct plan *plan;

	image_add(image, FLASH + 0x300, bytes, sizeof(bytes), 0);
	image_finish(image, NULL);
	if (CHECK(plan_make(&request, &s->part, &plan, &why))) {
		err = flash_carry_out(&s->flash, plan, image, &why);
		plan_free(plan);
	}
	image_free(image);
	image_free(s->flash.lost);
	return err;
}

static bool kept_is_honest(const struct sim_files *files)
{
	return memcmp(files->flash, memory, 0x300) == 0 &&
	       memcmp(files->flash + 0x308, memory + 0x308, SIZE - 0x308) == 0;
}

/* Adds a byte at each position of the bytes received during a job. */
static void check_kept(struct sim_files *files, uint8_t value)
{
	enum flash_err err = FLASH_OK;
	unsigned struck = 1;
	struct scene s;
	uint64_t at;

	for (at = 0; struck > 0; at++) {
		if (t_left_out(7))
			continue;
		if (!begin(&s, files, 256))
			return;
		s.port->damage = DAMAGE_ADDED;
		s.port->direction = PORT_FROM_DEVICE;
		s.port->value = value;
		s.port->position = s.port->count[PORT_FROM_DEVICE] + at;
		err = write_beside(&s);
		struck = s.port->struck;
		end(&s);
		sim_files_read(files);
		if (!CHECK(err != FLASH_OK || kept_is_honest(files)))
			printf("  a %02X behind %u bytes\n", value,
			       (unsigned)at);
	}
	EQUAL(err, FLASH_OK);
	CHECK(at > 3 * 0x400);
}

int main(void)
{
	static const uint8_t values[] = { 0 /* any */, 0x79 };
	struct sim_files files;
	size_t i;

	if (!sim_files_begin(&files))
		return 1;
	fill_memory();
	for (i = 0; i < sizeof(values); i++) {
		t_about("read");
		check(&files, 256, FLASH, values[i], read_is_honest);
		check(&files, 256, FLASH + 0x34, values[i], read_is_honest);
		t_about("read by smaller blocks");
		check(&files, 100, FLASH + 0x34, values[i], read_is_honest);
		t_about("checksum");
		check(&files, 256, FLASH, values[i], crc_is_honest);
		t_about("kept bytes");
		check_kept(&files, values[i]);
	}
	sim_files_end(&files);
	return t_done();
}
