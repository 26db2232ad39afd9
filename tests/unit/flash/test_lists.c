/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Noise in a list of pages, or in a write on a page that is not erased, that
 * the checksum does not detect: no unnamed byte may be lost without an error.
 */
#include "tests/unit/t.h"

#include "flash/chip.h"
#include "flash/flash.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"

#define FLASH 0x08000000u
#define SIZE 16384
#define F103 "sim:0x410,size=16K"	/* pages of 1024, Erase */
#define F051 "sim:0x440,size=16K"	/* the same, Extended Erase */
#define PAGE 1024
#define ERASE_COMMAND 2	/* bytes: 43 BC */

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static const struct watcher watch = { .explain = ignore, .warn = ignore };

static uint8_t memory[SIZE];

/* Data everywhere except on these pages. */
static void fill_memory(uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < SIZE; i++)
		memory[i] = (uint8_t)(i * 7 + (i >> 8) + 1);
	memset(memory + first * PAGE, 0xFF, count * PAGE);
}

struct scene {
	struct sim_files *files;
	struct noisy_port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
};

static bool begin(struct scene *s, struct sim_files *files, const char *spec)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};
	struct port *below = sim_files_open(files, spec, memory, SIZE);

	memset(s, 0, sizeof(*s));
	s->files = files;
	if (!CHECK(below != NULL))
		return false;
	s->port = noisy_new(below);
	if (!CHECK(stm32_open(&s->port->base, &options, &s->stm, &s->why) ==
		   STM32_OK)) {
		port_close(&s->port->base);
		return false;
	}
	s->flash = (struct flash){ .stm = s->stm, .part = &s->part,
				   .watch = &watch, .retries = 10 };
	return CHECK(chip_identify(s->stm, NULL, true, &watch, &s->part) ==
		     STM32_OK);
}

static void end(struct scene *s)
{
	stm32_close(s->stm);
	port_close(&s->port->base);
	sim_files_read(s->files);
}

static enum flash_err carry_out(struct scene *s, struct image *image,
				struct plan_request request)
{
	enum flash_err err = FLASH_DEVICE;
	struct plan *plan;

	request.image = image;
	request.block = STM32_MAX_BLOCK;
	if (CHECK(plan_make(&request, &s->part, &plan, &s->why))) {
		err = flash_carry_out(&s->flash, plan, image, &s->why);
		plan_free(plan);
	}
	return err;
}

static enum flash_err erase(struct scene *s, uint32_t first, uint32_t count)
{
	return carry_out(s, NULL, (struct plan_request){
		.has_pages = true, .first_page = first, .page_count = count });
}

/* Damages the byte after the next `behind` bytes. */
static void damage_next(struct scene *s, enum damage damage, uint64_t behind)
{
	s->port->damage = damage;
	s->port->direction = PORT_TO_DEVICE;
	s->port->position = s->port->count[PORT_TO_DEVICE] + behind;
}

/* Returns the number of bytes before the first erase of a job. */
static uint64_t bytes_before(struct sim_files *files, const char *spec)
{
	uint64_t before = 0;
	struct scene s;

	if (!begin(&s, files, spec))
		return 0;
	before = s.port->count[PORT_TO_DEVICE];
	CHECK(flash_confirm_part(&s.flash, &s.why) == FLASH_OK);
	before = s.port->count[PORT_TO_DEVICE] - before;
	end(&s);
	return before;
}

/* True if all pages except these are unchanged. */
static bool others_stay(const struct scene *s, uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < SIZE; i++)
		if ((i < first * PAGE || i >= (first + count) * PAGE) &&
		    s->files->flash[i] != memory[i])
			return false;
	return true;
}

static bool is_blank(const struct scene *s, uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = first * PAGE; i < (first + count) * PAGE; i++)
		if (s->files->flash[i] != 0xFF)
			return false;
	return true;
}

/* FF before the count makes FF 00. */
static void test_mass_erase(struct sim_files *files)
{
	uint64_t before;
	struct scene s;

	t_about("FF before a list of one page");
	fill_memory(0, 0);
	before = bytes_before(files, F103) + ERASE_COMMAND;
	if (!begin(&s, files, F103))
		return;
	damage_next(&s, DAMAGE_ADDED, before);
	s.port->value = 0xFF;
	EQUAL(erase(&s, 5, 1), FLASH_DEVICE);
	CHECK(strstr(s.why.text, "the whole flash may have been erased by "
		     "mistake") != NULL);
	EQUAL(s.port->struck, 1);
	end(&s);
	CHECK(sim_files_logged(files, "erase mass"));
	CHECK(is_blank(&s, 0, SIZE / PAGE));

	t_about("another byte before it");
	if (!begin(&s, files, F103))
		return;
	damage_next(&s, DAMAGE_ADDED, before);
	s.port->value = 0x20;
	EQUAL(erase(&s, 5, 1), FLASH_OK);
	EQUAL(s.port->struck, 1);
	end(&s);
	CHECK(others_stay(&s, 5, 1));

	t_about("FF before a list of two pages");
	if (!begin(&s, files, F103))
		return;
	damage_next(&s, DAMAGE_ADDED, before);
	s.port->value = 0xFF;
	/* nothing was erased at first, so an error is reported */
	EQUAL(erase(&s, 5, 2), FLASH_DEVICE);
	EQUAL(s.port->struck, 1);
	end(&s);
	CHECK(!sim_files_logged(files, "erase mass"));
	CHECK(is_blank(&s, 5, 2));
	CHECK(others_stay(&s, 5, 2));
}

/* A line known to be bad: an earlier command was damaged. */
static bool begin_on_bad_line(struct scene *s, struct sim_files *files,
			      const char *spec)
{
	if (!begin(s, files, spec))
		return false;
	damage_next(s, DAMAGE_FLIPPED, 1);
	CHECK(stm32_check_step(s->stm) == STM32_OK);
	CHECK(stm32_had_changes(s->stm));
	s->port->struck = 0;
	return true;
}

/* Flips the same bit of two consecutive bytes: a page and its checksum. */
static void flip_pair(struct scene *s, uint64_t before, uint8_t bit)
{
	damage_next(s, DAMAGE_FLIPPED, before);
	s->port->second = s->port->position + 1;
	s->port->bit = bit;
}

/* Every two consecutive bytes of the job: one pair turns page 3 into page
 * 11. */
static void test_other_page(struct sim_files *files)
{
	unsigned lost = 0;
	struct scene s;
	uint64_t at;

	t_about("two changes of a list of one page");
	fill_memory(0, 0);
	for (at = 0; at < 200; at++) {
		enum flash_err err;

		if (!begin_on_bad_line(&s, files, F051))
			return;
		flip_pair(&s, at, 0x08);
		err = erase(&s, 3, 1);
		end(&s);
		if (others_stay(&s, 3, 1))
			continue;
		lost++;
		EQUAL(err, FLASH_DEVICE);
		CHECK(strstr(s.why.text, "another page may have been erased") != NULL);
		CHECK(is_blank(&s, 3, 1));
		CHECK(is_blank(&s, 11, 1));
	}
	EQUAL(lost, 1);

	t_about("a page that is blank is not erased on a bad line");
	fill_memory(3, 1);
	if (!begin_on_bad_line(&s, files, F051))
		return;
	EQUAL(erase(&s, 3, 1), FLASH_OK);
	end(&s);
	CHECK(!sim_files_logged(files, "erase page"));
	CHECK(others_stay(&s, 3, 1));

	t_about("on a good one it is");
	if (!begin(&s, files, F051))
		return;
	EQUAL(erase(&s, 3, 1), FLASH_OK);
	end(&s);
	CHECK(sim_files_logged(files, "erase page 3"));
}

/* Erases blank pages: nothing shows that another page was erased. True: one
 * was. */
static bool damage_one(struct sim_files *files, const char *spec,
		       uint32_t first, uint32_t count, enum damage damage,
		       uint64_t at, uint16_t value)
{
	enum flash_err err;
	struct scene s;

	if (!begin(&s, files, spec))
		return false;
	damage_next(&s, damage, at);
	s.port->value = value;
	err = erase(&s, first, count);
	end(&s);
	if (others_stay(&s, first, count))
		return false;
	if (!CHECK(err != FLASH_OK &&
		   strstr(s.why.text, "by mistake") != NULL))
		printf("  %02X at byte %u\n", value & 0xFF, (unsigned)at);
	return true;
}

/* An extra byte, or a lost one, at each position. Returns how often a page was
 * lost. */
static unsigned damage_all(struct sim_files *files, const char *spec,
			   uint32_t first, uint32_t count)
{
	uint64_t before = bytes_before(files, spec), at;
	unsigned value, lost = 0;

	fill_memory(first, count);
	for (at = before; at < before + 16; at++) {
		lost += damage_one(files, spec, first, count, DAMAGE_LOST, at,
				   0);
		/* all page numbers, FF, and a few others */
		for (value = 0; value <= 0xFF; value++)
			if (value <= SIZE / PAGE || value % 16 == 15)
				lost += damage_one(files, spec, first, count,
						   DAMAGE_ADDED, at,
						   (uint16_t)(0x100 + value));
	}
	return lost;
}

static void test_one_byte(struct sim_files *files)
{
	t_about("a byte more, or less, in an erase (43)");
	CHECK(damage_all(files, F103, 2, 1) > 0);
	CHECK(damage_all(files, F103, 2, 2) > 0);
	CHECK(damage_all(files, F103, 5, 3) > 0);
	t_about("a byte more, or less, in an erase (44)");
	(void)damage_all(files, F051, 2, 1);
	CHECK(damage_all(files, F051, 3, 3) > 0);
}

/* A write of 6 bytes without an erase: sends 8 bytes, of which the last two
 * are a gap. Damages every two consecutive bytes of the job. */
static void test_gap(struct sim_files *files)
{
	static const uint8_t bytes[6] = { 1, 2, 3, 4, 5, 6 };
	unsigned changed = 0;
	uint64_t at;
	struct scene s;

	t_about("a gap of a write that is not erased");
	fill_memory(3, 1);
	for (at = 0; at < 200; at++) {
		struct image *image = image_new();
		enum flash_err err;

		image_add(image, FLASH + 3 * PAGE, bytes, sizeof(bytes), 0);
		image_finish(image, NULL);
		if (!begin(&s, files, F051)) {
			image_free(image);
			return;
		}
		flip_pair(&s, at, 0x10);
		err = carry_out(&s, image, (struct plan_request){
				.erase = ERASE_NONE });
		image_free(image);
		end(&s);
		if (memcmp(files->flash + 3 * PAGE + 6, memory + 3 * PAGE + 6,
			   2) == 0)
			continue;
		changed++;
		EQUAL(err, FLASH_DEVICE);
		CHECK(strstr(s.why.text, "may have been overwritten by mistake") != NULL);
	}
	/* two in the gap, or one there and one in the data or the checksum */
	EQUAL(changed, 3);
}

int main(void)
{
	struct sim_files files;

	if (!sim_files_begin(&files))
		return 1;
	test_mass_erase(&files);
	test_other_page(&files);
	test_one_byte(&files);
	test_gap(&files);
	sim_files_end(&files);
	return t_done();
}
