/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A killed run: at two hundred points of a write, no more bytes pass and the
 * host is gone. The chip must never have a vector table over an incomplete
 * image; the next run connects without a reset and completes the write.
 */
#include "tests/unit/t.h"

#include "flash/chip.h"
#include "flash/flash.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"

#define LEN 3000
#define CUTS 200
#define CUTS_OF_KIND 25	/* for each kind of ROM */

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static const struct watcher watch = { .explain = ignore, .warn = ignore };

/* A port that fails after a number of bytes, in both directions. */
struct cut_port {
	struct port base;
	struct port *below;
	uint64_t passed, cut;
};

static bool is_dead(struct cut_port *p)
{
	return p->passed >= p->cut;
}

static enum port_err cut_write(struct port *port, const uint8_t *buf,
			       size_t len)
{
	struct cut_port *p = (struct cut_port *)port;
	size_t n = p->cut - p->passed < len ? (size_t)(p->cut - p->passed)
					    : len;

	if (n > 0)
		p->below->ops->write(p->below, buf, n);
	p->passed += n;
	return n < len ? PORT_CLOSED : PORT_OK;
}

static enum port_err cut_read(struct port *port, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got)
{
	struct cut_port *p = (struct cut_port *)port;
	enum port_err err;

	*got = 0;
	if (is_dead(p))
		return PORT_CLOSED;
	err = p->below->ops->read(p->below, buf, len, timeout_ms, got);
	p->passed += *got;
	return is_dead(p) ? PORT_CLOSED : err;
}

static enum port_err cut_flush(struct port *port)
{
	return port_flush(((struct cut_port *)port)->below);
}

static int64_t cut_now_us(struct port *port)
{
	struct port *below = ((struct cut_port *)port)->below;

	return below->ops->now_us(below);
}

static void cut_sleep_ms(struct port *port, unsigned ms)
{
	port_sleep_ms(((struct cut_port *)port)->below, ms);
}

static const struct port_ops cut_ops = {
	.name = "cut", .flush = cut_flush, .read = cut_read,
	.write = cut_write, .now_us = cut_now_us, .sleep_ms = cut_sleep_ms,
};

static uint8_t wanted(uint32_t i)
{
	return (uint8_t)(i * 31 + (i >> 7) + 1);
}

static struct image *make_image(void)
{
	struct image *image = image_new();
	uint8_t bytes[LEN];
	struct image_clash clash;
	uint32_t i;

	for (i = 0; i < LEN; i++)
		bytes[i] = wanted(i);
	image_add(image, 0x08000000, bytes, LEN, 0);
	image_finish(image, &clash);
	return image;
}

struct session {
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
};

static bool begin_in(struct session *s, struct port *port, unsigned timeout_ms)
{
	const struct stm32_options options = {
		.connect_timeout_ms = timeout_ms, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};

	memset(s, 0, sizeof(*s));
	if (stm32_open(port, &options, &s->stm, &s->why) != STM32_OK)
		return false;
	s->flash = (struct flash){ .stm = s->stm, .part = &s->part,
				   .watch = &watch, .retries = 10 };
	return chip_identify(s->stm, NULL, true, &watch, &s->part) == STM32_OK;
}

static bool begin(struct session *s, struct port *port)
{
	return begin_in(s, port, 3000);
}

static bool write_image(struct session *s, enum erase_mode erase)
{
	struct image *image = make_image();
	const struct plan_request request = {
		.image = image, .erase = erase, .verify = true,
		.block = stm32_max_write(s->stm),
	};
	enum flash_err err = FLASH_NO_MEMORY;
	struct plan *plan;

	if (plan_make(&request, &s->part, &plan, &s->why)) {
		err = flash_carry_out(&s->flash, plan, image, &s->why);
		image_free(s->flash.lost);
		s->flash.lost = NULL;
		plan_free(plan);
	}
	image_free(image);
	return err == FLASH_OK;
}

static bool first_run(struct port *below, uint64_t cut, enum erase_mode erase,
		      uint64_t *passed)
{
	struct cut_port p = { .base = *below, .below = below, .cut = cut };
	struct session s;
	bool done;

	p.base.ops = &cut_ops;
	done = begin(&s, &p.base) && write_image(&s, erase);
	stm32_close(s.stm);
	*passed = p.passed;
	return done;
}

/* It is unknown whether a ROM that refuses everything recovers. */
static bool may_be_lost(const char *spec)
{
	return strstr(spec, "rom=worst") != NULL;
}

static unsigned runs, lost;

/* Checks that the first words are only present with the complete image. */
static void check_flash(struct session *s)
{
	uint8_t found[LEN];
	uint32_t same = 0;

	EQUAL(flash_read(&s->flash, 0x08000000, found, LEN, &s->why),
	      FLASH_OK);
	while (same < LEN && found[same] == wanted(same))
		same++;
	CHECK(same < 8 || same == LEN);
}

static void try_cut(const char *spec, struct sim_files *files, uint64_t cut,
		    enum erase_mode erase)
{
	struct port *port = sim_files_open(files, spec, NULL, 0);
	struct session s;
	uint64_t passed;
	char name[80];

	snprintf(name, sizeof(name), "%s cut after %u bytes", spec,
		 (unsigned)cut);
	t_about(name);
	if (!CHECK(port != NULL))
		return;
	CHECK(!first_run(port, cut, erase, &passed));
	/* an incomplete list of pages may need completing */
	runs++;
	if (begin_in(&s, port, 60000)) {
		check_flash(&s);
		if (CHECK(write_image(&s, erase) || may_be_lost(spec)))
			check_flash(&s);
	} else if (!CHECK(may_be_lost(spec))) {
		printf("  %s\n", s.why.text);
	} else {
		lost++;
	}
	stm32_close(s.stm);
	port_close(port);
	sim_files_read(files);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
}

static void try_part(const char *spec, struct sim_files *files,
		     enum erase_mode erase, int cuts)
{
	struct port *port = sim_files_open(files, spec, NULL, 0);
	uint64_t total = 0, state = 20101;
	int i;

	if (!CHECK(port != NULL))
		return;
	t_about(spec);
	CHECK(first_run(port, UINT64_MAX, erase, &total));
	port_close(port);
	for (i = 0; i < cuts; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		if (!t_left_out(11))
			try_cut(spec, files, (state >> 33) % total, erase);
	}
	printf("%s: %u cuts, %u not found again\n", spec, runs, lost);
	runs = lost = 0;
}

/*
 * Killed in an Extended Erase, between the command and its pages: the device
 * waits for up to 130 KB. Only a timeout of a minute completes that; nothing
 * may be erased by it.
 */
static void try_half_erase(const char *name, struct sim_files *files,
			   const uint8_t *count, size_t count_len,
			   unsigned timeout_ms, bool found)
{
	struct port *port = sim_files_open(files, "sim:0x413", NULL, 0);
	int64_t began_ms;
	struct session s;
	uint8_t ack;

	t_about(name);
	if (!CHECK(port != NULL))
		return;
	port_write(port, (const uint8_t *)"\x7F", 1);
	EQUAL(port_read(port, &ack, 1, 100), PORT_OK);
	port_write(port, (const uint8_t *)"\x44\xBB", 2);
	EQUAL(port_read(port, &ack, 1, 100), PORT_OK);
	port_write(port, count, count_len);
	began_ms = port_now_ms(port);
	EQUAL(begin_in(&s, port, timeout_ms), found);
	CHECK(port_now_ms(port) - began_ms < timeout_ms + 2000);
	stm32_close(s.stm);
	port_close(port);
	sim_files_read(files);
	EQUAL(sim_files_stat(files, "pages_erased"), 0);
	EQUAL(sim_files_stat(files, "mass_erases"), 0);
}

static void test_half_erases(struct sim_files *files)
{
	static const uint8_t longest[] = { 0xFF, 0xEF };

	try_half_erase("no count, 60 s", files, longest, 0, 60000, true);
	try_half_erase("no count, 3 s", files, longest, 0, 3000, false);
	try_half_erase("no count, 20 s", files, longest, 0, 20000, false);
	try_half_erase("half a count", files, longest, 1, 60000, true);
	try_half_erase("the longest", files, longest, 2, 60000, true);
}

int main(void)
{
	static const char *const kinds[] = { "2.2", "3.1", "strict", "worst" };
	struct sim_files files;
	char spec[40];
	size_t i;

	if (!sim_files_begin(&files))
		return 1;
	try_part("sim:0x410", &files, ERASE_CHIP, CUTS);
	try_part("sim:0x410", &files, ERASE_PAGES, CUTS);
	try_part("sim:0x413", &files, ERASE_CHIP, CUTS);
	try_part("sim:0x447", &files, ERASE_PAGES, CUTS);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(spec, sizeof(spec), "sim:0x410,rom=%s", kinds[i]);
		try_part(spec, &files, ERASE_PAGES, CUTS_OF_KIND);
		snprintf(spec, sizeof(spec), "sim:0x440,rom=%s", kinds[i]);
		try_part(spec, &files, ERASE_CHIP, CUTS_OF_KIND);
	}
	test_half_erases(&files);
	sim_files_end(&files);
	return t_done();
}
