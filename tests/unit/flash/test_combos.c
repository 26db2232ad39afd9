/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes with every combination of erase mode, --changed, verify, a range, the
 * file format and the ROM's checksum, on parts with five kinds of flash: the
 * memory is right, no granule is programmed twice, and the plan's cost on the
 * line was right.
 */
#include "tests/unit/t.h"

#include <stdlib.h>

#include "flash/changed.h"
#include "flash/chip.h"
#include "flash/flash.h"
#include "parsers/parser.h"
#include "flash/place.h"
#include "tests/unit/sim_files.h"
#include "utils.h"

#define FLASH 0x08000000u
#define KIB(n) ((uint32_t)(n) * 1024)
#define MOST_FLASH KIB(256)
#define IMAGE_LEN 5001
#define RANGE_START 0x1A04	/* in the middle of a page */
#define RANGE_LEN 6000
#define AHEAD 64		/* bytes before the range, in files with
				 * addresses */
#define FILE_MOST 32768

static const struct kind {
	const char *spec;
	uint32_t kib;
	uint8_t erased;
	/* a write to RAM before each write that follows a read */
	bool writes_ram;
} kinds[] = {
	{ "sim:0x410,size=64K", 64, 0xFF, false },
	{ "sim:0x413,size=256K", 256, 0xFF, false },
	{ "sim:0x447,size=64K", 64, 0x00, false },
	{ "sim:0x460,size=64K", 64, 0xFF, false },
	{ "sim:0x483,size=256K", 256, 0xFF, true },
};

struct combo {
	const struct kind *kind;
	const char *sums;	/* checksum=... of the ROM */
	enum erase_mode erase;
	bool changed, verify, limited;
	const struct parser *format;
};

/* Counters of the device. */
struct wire {
	long in, out, waits;
};

struct session {
	struct port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
};

static uint8_t before[MOST_FLASH], expected[MOST_FLASH], after[MOST_FLASH];

/* --- contents of the file and of the flash ------------------------------ */

/* Returns a byte of the file, by its offset in the flash; some are blank. */
static uint8_t wanted(const struct kind *kind, uint32_t at)
{
	if (at % 2048 >= 900 && at % 2048 < 1700)
		return kind->erased;
	return (uint8_t)((at * 29 + (at >> 8) * 3) % 255 / 2 * 2 + 1);
}

/* With --changed, part of the file is in the flash already. */
static void fill_before(const struct combo *c)
{
	uint32_t i;

	for (i = 0; i < KIB(c->kind->kib); i++) {
		before[i] = (uint8_t)(i * 13 + 5) & 0xFE;
		if (c->changed && i % 8192 < 4096)
			before[i] = wanted(c->kind, i);
		if (c->erase == ERASE_NONE)
			before[i] = c->kind->erased;
	}
}

/* Returns the part of the flash that the file covers, as offsets. */
static void file_bounds(const struct combo *c, uint32_t *start, uint32_t *end)
{
	*start = c->limited ? RANGE_START : 0;
	if (c->limited && c->format != &parser_binary)
		*start -= AHEAD;
	*end = *start + IMAGE_LEN;
}

/* True for a byte that is erased and not written back. */
static bool goes(const struct combo *c, uint32_t at)
{
	if (c->erase == ERASE_CHIP)
		return true;
	if (c->erase != ERASE_AUTO || c->changed)
		return false;
	return !c->limited ||
	       (at >= RANGE_START && at < RANGE_START + RANGE_LEN);
}

static void fill_expected(const struct combo *c)
{
	uint32_t start, end, i;

	file_bounds(c, &start, &end);
	if (c->limited && start < RANGE_START)
		start = RANGE_START;
	for (i = 0; i < KIB(c->kind->kib); i++) {
		expected[i] = goes(c, i) ? c->kind->erased : before[i];
		if (i >= start && i < end)
			expected[i] = wanted(c->kind, i);
	}
}

/* --- files ---------------------------------------------------------------------- */

struct text {
	uint8_t bytes[FILE_MOST];
	size_t len;
};

static bool put(void *ctx, const void *bytes, size_t len)
{
	struct text *text = ctx;

	if (len > sizeof(text->bytes) - text->len)
		return false;
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	return true;
}

/* 32 bits, little-endian, an executable for ARM with one segment. */
static void encode_elf(const struct image *image, struct text *text)
{
	const struct segment *s = &image->segments[0];
	const uint32_t rest[] = {
		2 | 40 << 16, 1, s->start | 1, 52, 0, 0x05000000,
		52 | 32 << 16, 1, 0,
		/* program header */
		1, 84, s->start, s->start, (uint32_t)s->len, (uint32_t)s->len,
		5, 4
	};
	uint8_t word[4];
	size_t i;

	put(text, "\177ELF\1\1\1\0\0\0\0\0\0\0\0", 16);
	for (i = 0; i < ARRAY_LEN(rest); i++) {
		put_le32(word, rest[i]);
		put(text, word, sizeof(word));
	}
	put(text, s->data, s->len);
}

static struct image *image_of(const struct combo *c, uint32_t start,
			      uint32_t end)
{
	struct image *image = image_new();
	uint8_t bytes[IMAGE_LEN];
	uint32_t i;

	for (i = start; i < end; i++)
		bytes[i - start] = wanted(c->kind, i);
	CHECK(image_add(image, FLASH + start, bytes, end - start, 0) ==
	      IMAGE_OK);
	CHECK(image_finish(image, NULL) == IMAGE_OK);
	return image;
}

/* Writes the file in its format and reads it again. */
static struct image *read_file(const struct combo *c)
{
	static struct text text;
	struct parser_sink sink = { .put = put, .ctx = &text };
	struct problem why = { "" };
	struct image *image, *back;
	uint32_t start, end;

	file_bounds(c, &start, &end);
	image = image_of(c, start, end);
	text.len = 0;
	if (c->format == &parser_elf)
		encode_elf(image, &text);
	else
		CHECK(c->format->encode(image, &sink));
	image_free(image);
	CHECK(parser_choose(NULL, text.bytes, text.len) == c->format);
	if (!CHECK(c->format->decode(text.bytes, text.len, &back, &why) ==
		   PARSER_OK))
		printf("  %s\n", why.text);
	return back;
}

/* --- a run of the program ----------------------------------------------- */

static bool open_session(struct session *s, struct sim_files *files,
			 const struct combo *c, size_t len)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .write_retries = 3,
	};
	char spec[120];

	memset(s, 0, sizeof(*s));
	snprintf(spec, sizeof(spec), "%s,checksum=%s", c->kind->spec, c->sums);
	s->port = sim_files_open(files, spec, before, len);
	if (!CHECK(s->port != NULL) ||
	    !CHECK(stm32_open(s->port, &options, &s->stm, &s->why) == STM32_OK))
		return false;
	CHECK(chip_identify(s->stm, NULL, true, NULL, &s->part) == STM32_OK);
	s->flash = (struct flash){ .stm = s->stm, .part = &s->part,
				   .retries = 3 };
	return true;
}

static void close_session(struct session *s, struct sim_files *files,
			  struct wire *wire)
{
	stm32_close(s->stm);
	port_close(s->port);
	sim_files_read(files);
	wire->in = sim_files_stat(files, "bytes_in");
	wire->out = sim_files_stat(files, "bytes_out");
	wire->waits = sim_files_stat(files, "turnarounds");
}

/* Measures a session that does nothing. */
static void connect_only(struct sim_files *files, const struct combo *c,
			 struct wire *wire)
{
	struct session s;

	if (open_session(&s, files, c, 0))
		close_session(&s, files, wire);
}

static struct target target_of(const struct combo *c)
{
	return (struct target){
		.has_address = c->limited, .has_len = c->limited,
		.address = FLASH + RANGE_START, .len = RANGE_LEN,
	};
}

/* Places the file and fills in the request. */
static bool prepare(struct session *s, const struct combo *c,
		    struct image **image, struct plan_request *request)
{
	struct target target = target_of(c);
	struct problem notice = { "" };
	struct changed found;
	bool asked;

	if (!CHECK(place_image(image, &target, &s->part, &notice, &asked,
			       &s->why)))
		return false;
	*request = (struct plan_request){
		.erase = c->changed ? ERASE_PAGES : c->erase,
		.verify = c->verify, .has_range = c->limited,
		.block = stm32_max_write(s->stm),
	};
	if (c->limited)
		CHECK(place_range(&target, &s->part, &request->range,
				  &s->why));
	if (c->changed)
		EQUAL(changed_only(&s->flash, image, &found, &s->why),
		      FLASH_OK);
	request->image = *image;
	return true;
}

static bool do_write(struct session *s, const struct combo *c,
		     struct plan_cost *cost, bool *erases)
{
	struct image *image = read_file(c);
	struct plan_request request;
	enum flash_err err = FLASH_DEVICE;
	struct plan *plan;

	if (image == NULL || !prepare(s, c, &image, &request)) {
		image_free(image);
		return false;
	}
	*erases = false;
	if (CHECK(plan_make(&request, &s->part, &plan, &s->why))) {
		plan_cost(plan, &s->part, stm32_max_read(s->stm), cost);
		*erases = plan->erases;
		err = flash_carry_out(&s->flash, plan, image, &s->why);
		image_free(s->flash.lost);
		s->flash.lost = NULL;
		plan_free(plan);
	}
	image_free(image);
	return EQUAL(err, FLASH_OK);
}

/* The actual value may exceed the planned one by at most `more`. */
static void check_close(long got, uint64_t said, long more, const char *what)
{
	if (!t_check(got >= (long)said && got <= (long)said + more, what,
		     __FILE__, __LINE__))
		printf("  %ld on the wire, the plan said %ld\n", got,
		       (long)said);
}

static void check_cost(const struct combo *c, const struct wire *idle,
		       const struct wire *wire, const struct plan_cost *cost,
		       bool erases)
{
	/* the ID is read again, before an erase until two agree, and then up
	 * to three registers are read again */
	long more = erases ? 4 : 1, registers = erases ? 3 : 0;
	long ram = c->kind->writes_ram ? 2 : 0;

	check_close(wire->in - idle->in, cost->to_device,
		    2 * more + registers * 9 + ram * 41, "bytes to the device");
	check_close(wire->out - idle->out, cost->from_device,
		    3 * more + 2 + registers * (3 + 4) + ram * 3,
		    "bytes from it");
	check_close(wire->waits - idle->waits, cost->waits,
		    more + (registers + ram) * 3, "waits");
}

static void name_combo(const struct combo *c)
{
	static const char *const modes[] = { "auto", "chip", "pages", "none" };
	static char name[160];

	snprintf(name, sizeof(name), "%s,checksum=%s --erase=%s%s%s%s %s",
		 c->kind->spec, c->sums, modes[c->erase],
		 c->changed ? " --changed" : "", c->verify ? " -v" : "",
		 c->limited ? " -S" : "", c->format->name);
	t_about(name);
}

static void run_combo(struct sim_files *files, const struct combo *c,
		      const struct wire *idle)
{
	uint32_t len = KIB(c->kind->kib);
	struct plan_cost cost;
	struct session s;
	struct wire wire;
	bool done, erases = false;

	name_combo(c);
	fill_before(c);
	fill_expected(c);
	if (!open_session(&s, files, c, len))
		return;
	done = do_write(&s, c, &cost, &erases);
	if (!done)
		printf("  %s\n", s.why.text);
	close_session(&s, files, &wire);
	EQUAL(sim_files_slurp(files, "flash", after, sizeof(after)), len);
	BYTES(after, expected, len);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
	if (done && !c->changed && strcmp(c->sums, "none") == 0)
		check_cost(c, idle, &wire, &cost, erases);
}

/* --- all combinations --------------------------------------------------- */

static void run_formats(struct sim_files *files, struct combo *c,
			const struct wire *idle)
{
	static const struct parser *const formats[] = {
		&parser_binary, &parser_hex, &parser_srec, &parser_elf
	};
	unsigned bits;
	size_t i;

	for (bits = 0; bits < 4; bits++) {
		c->verify = bits & 1;
		c->limited = bits & 2;
		for (i = 0; i < ARRAY_LEN(formats); i++) {
			c->format = formats[i];
			if (!t_left_out(7))
				run_combo(files, c, idle);
		}
	}
}

/* --changed only erases pages: it goes with auto and pages. */
static void run_modes(struct sim_files *files, struct combo *c,
		      const struct wire *idle)
{
	static const struct {
		enum erase_mode erase;
		bool changed;
	} modes[] = {
		{ ERASE_AUTO, false }, { ERASE_CHIP, false },
		{ ERASE_PAGES, false }, { ERASE_NONE, false },
		{ ERASE_AUTO, true }, { ERASE_PAGES, true },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(modes); i++) {
		c->erase = modes[i].erase;
		c->changed = modes[i].changed;
		run_formats(files, c, idle);
	}
}

int main(void)
{
	static const char *const sums[] = { "none", "4", "2" };
	struct sim_files files;
	struct combo c = { .kind = NULL };
	struct wire idle = { 0, 0, 0 };
	size_t i, k;

	if (!sim_files_begin(&files))
		return 1;
	for (k = 0; k < ARRAY_LEN(kinds); k++) {
		for (i = 0; i < ARRAY_LEN(sums); i++) {
			c.kind = &kinds[k];
			c.sums = sums[i];
			connect_only(&files, &c, &idle);
			run_modes(&files, &c, &idle);
		}
	}
	sim_files_end(&files);
	return t_done();
}
