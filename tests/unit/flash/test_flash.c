/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries out plans on the simulated device with all of its faults: afterwards
 * its memory must be right, and no granule programmed twice.
 */
#include "flash/flash.h"

#include <stdlib.h>

#include "flash/chip.h"
#include "protocol/crc.h"
#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define KIB(n) ((uint32_t)(n) * 1024)
#define MOST_FLASH KIB(128)

/* --- files ------------------------------------------------------------------------ */

/* The files in which the simulated device stores its flash and counters. */
static const char *file_name(const char *name)
{
	static char path[2][512];
	static unsigned turn;
	const char *build = getenv("BUILD");

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/test_flash.%s",
		 build != NULL ? build : ".", name);
	return path[turn];
}

static void save(const char *name, const uint8_t *bytes, size_t len)
{
	FILE *file = fopen(file_name(name), "wb");

	if (!CHECK(file != NULL))
		exit(t_done());
	EQUAL(fwrite(bytes, 1, len, file), len);
	EQUAL(fclose(file), 0);
}

static void load(const char *name, uint8_t *bytes, size_t len)
{
	FILE *file = fopen(file_name(name), "rb");

	if (!CHECK(file != NULL))
		exit(t_done());
	EQUAL(fread(bytes, 1, len, file), len);
	fclose(file);
}

static uint64_t stat_of(const char *key)
{
	FILE *file = fopen(file_name("stats"), "r");
	char line[100];
	uint64_t value = UINT64_MAX;
	size_t len = strlen(key);

	if (!CHECK(file != NULL))
		exit(t_done());
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			value = strtoull(line + len, NULL, 10);
	fclose(file);
	CHECK(value != UINT64_MAX);
	return value;
}

/* --- a port in between that damages data -------------------------------- */

/* Changes data frames without changing their checksum, and drops the ACK or
 * passes it on. */
struct evil {
	struct port base;
	struct port *inner;
	const unsigned *attacks;	/* numbers of the data frames, ending
					 * with 0 */
	unsigned frames;
	bool silent;		/* passes the ACK on */
	bool swallow;
};

static enum port_err evil_write(struct port *port, const uint8_t *buf,
				size_t len)
{
	struct evil *e = (struct evil *)port;
	uint8_t frame[STM32_MAX_FRAME];
	const unsigned *attack = e->attacks;

	e->swallow = false;
	if (len < 8 || xor_sum(buf, len) != 0 || buf[0] != len - 3)
		return port_write(e->inner, buf, len);
	e->frames++;
	while (*attack != 0 && *attack != e->frames)
		attack++;
	memcpy(frame, buf, len);
	if (*attack != 0) {
		frame[2] ^= 0x10;
		frame[5] ^= 0x10;
		e->swallow = !e->silent;
	}
	return port_write(e->inner, frame, len);
}

static enum port_err evil_read(struct port *port, uint8_t *buf, size_t len,
			       unsigned timeout_ms, size_t *got)
{
	struct evil *e = (struct evil *)port;
	enum port_err err = port_read(e->inner, buf, len, timeout_ms);

	*got = err == PORT_OK ? len : 0;
	if (!e->swallow)
		return err;
	e->swallow = false;
	*got = 0;
	return PORT_TIMEOUT;
}

static enum port_err evil_flush(struct port *port)
{
	return port_flush(((struct evil *)port)->inner);
}

static int64_t evil_now_us(struct port *port)
{
	return port_now_ms(((struct evil *)port)->inner) * 1000;
}

static void evil_sleep_ms(struct port *port, unsigned ms)
{
	port_sleep_ms(((struct evil *)port)->inner, ms);
}

static void evil_init(struct evil *e, struct port *inner,
		      const unsigned *attacks, bool silent)
{
	static const struct port_ops ops = {
		.name = "evil", .flush = evil_flush, .read = evil_read,
		.write = evil_write, .now_us = evil_now_us,
		.sleep_ms = evil_sleep_ms,
	};

	*e = (struct evil){ .base = *inner, .inner = inner,
			    .attacks = attacks, .silent = silent };
	e->base.ops = &ops;
}

/* --- one run ----------------------------------------------------------------------- */

enum { DATA = -1, ERASED = -2 };

#define PIECES 5

struct piece {
	uint32_t start;		/* offset in the flash */
	size_t len;
	int value;
};

struct job {
	const char *id;
	uint32_t size;
	enum erase_mode erase;
	struct piece pieces[PIECES];
	const char *faults;	/* for the specification, with a leading
				 * comma */
	const unsigned *attacks;	/* see evil; NULL: none */
	bool silent;
	bool quick;		/* no verify */
	unsigned retries;	/* 0: 10 */
	const volatile sig_atomic_t *stop;
	void (*misread)(struct part *);	/* simulates facts that were damaged on
					 * the way */
};

struct outcome {
	enum flash_err err;
	struct problem why;
	unsigned missing, lost;	/* wrong bytes: in the image, and outside it */
	uint64_t refused;
};

/* The contents before, after, and as expected. */
static uint8_t before[MOST_FLASH], after[MOST_FLASH];

static void fill_flash(uint32_t size, uint8_t erased)
{
	uint32_t seed = 1, i;

	for (i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		before[i] = (uint8_t)(seed >> 24);
		if (i % 2048 >= 1920)	/* and some unused memory */
			before[i] = erased;
	}
	save("bin", before, size);
}

static struct image *make_image(const struct job *job, uint8_t erased)
{
	static uint8_t bytes[MOST_FLASH];
	struct image *image = image_new();
	size_t i, n;

	if (image == NULL)
		exit(1);
	for (i = 0; i < PIECES; i++) {
		const struct piece *p = &job->pieces[i];

		for (n = 0; n < p->len; n++)
			bytes[n] = p->value == ERASED ? erased
				 : p->value == DATA ? (uint8_t)(n * 7 + 13)
						    : (uint8_t)p->value;
		EQUAL(image_add(image, FLASH + p->start, bytes, p->len, 0),
		      IMAGE_OK);
	}
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	return image;
}

/* Checks that progress only increases, up to its total. */
struct gauge {
	enum stage stage;
	uint64_t done;
	bool wrong;
	volatile sig_atomic_t *stop;	/* set when the first write is done */
};

static void see_progress(void *ctx, const struct progress *p)
{
	struct gauge *g = ctx;

	/* the final check starts again after each repair */
	if (p->stage == STAGE_CHECK && p->first)
		g->done = 0;
	if (p->done > p->total || (p->stage == g->stage && p->done < g->done) ||
	    p->last != (p->done == p->total))
		g->wrong = true;
	g->stage = p->stage;
	g->done = p->done;
	if (p->stage == STAGE_WRITE && g->stop != NULL)
		*g->stop = 1;
}

static struct port *open_port(const struct job *job)
{
	char device[1600];
	struct port_settings settings = {
		.device = device, .baud = 115200, .mode = { 8, 'e', 1 },
		.i2c_address = PORT_NO_ADDRESS,
	};
	struct problem why = { "" };
	struct port *port;

	snprintf(device, sizeof(device), "sim:%s,size=%" PRIu32
		 ",file=%s,stats=%s%s", job->id, job->size, file_name("bin"),
		 file_name("stats"), job->faults != NULL ? job->faults : "");
	if (!EQUAL(port_open(&settings, &port, &why), PORT_OK)) {
		printf("  %s\n", why.text);
		exit(t_done());
	}
	port->device = "sim";
	return port;
}

static enum flash_err carry_out(const struct job *job, struct stm32 *stm,
				const struct image *original,
				struct gauge *gauge, struct problem *why)
{
	struct watcher watch = { .progress = see_progress, .ctx = gauge };
	struct flash flash = { .stm = stm, .watch = &watch,
			       .retries = job->retries ? job->retries : 10 };
	struct plan_request request = {
		.erase = job->erase, .verify = !job->quick,
		.block = stm32_max_write(stm),
	};
	struct image *image = image_slice(original, 0, UINT32_MAX);
	struct plan *plan = NULL;
	struct part part;
	enum flash_err err = FLASH_DEVICE;

	request.image = image;
	flash.part = &part;
	if (chip_identify(stm, NULL, true, &watch, &part) != STM32_OK)
		return FLASH_DEVICE;
	CHECK(!part.size_known ||
	      part.flash.end - part.flash.start == job->size);
	if (job->misread != NULL)
		job->misread(&part);
	if (CHECK(plan_make(&request, &part, &plan, why)))
		err = flash_carry_out(&flash, plan, image, why);
	image_free(flash.lost);
	plan_free(plan);
	image_free(image);
	return err;
}

static void count_bytes(const struct job *job, const struct image *image,
			struct outcome *o)
{
	uint32_t i;
	uint8_t wanted;

	for (i = 0; i < job->size; i++) {
		if (image_copy(image, FLASH + i, &wanted, 1, 0) != 0)
			o->missing += after[i] != wanted;
		else if (job->erase == ERASE_PAGES)
			o->lost += after[i] != before[i];
	}
}

static void run(const struct job *job, struct outcome *o)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = 256, .max_frame = 258,
		.retries = 10, .write_retries = 10, .stop = job->stop,
	};
	struct gauge gauge = { .stop = (volatile sig_atomic_t *)
				       (uintptr_t)job->stop };
	struct image *image;
	struct dev dev;
	struct port *port;
	struct stm32 *stm;
	struct evil evil;

	*o = (struct outcome){ .err = FLASH_DEVICE };
	CHECK(dev_find_text(job->id, &dev));
	image = make_image(job, dev.erased);
	fill_flash(job->size, dev.erased);
	port = open_port(job);
	if (job->attacks != NULL)
		evil_init(&evil, port, job->attacks, job->silent);
	if (stm32_open(job->attacks != NULL ? &evil.base : port, &options, &stm,
		       &o->why) == STM32_OK) {
		o->err = carry_out(job, stm, image, &gauge, &o->why);
		stm32_close(stm);
	}
	port_close(port);
	CHECK(!gauge.wrong);
	load("bin", after, job->size);
	count_bytes(job, image, o);
	o->refused = stat_of("granules_refused");
	image_free(image);
}

/* --- jobs that must succeed --------------------------------------------- */

/* Two stretches with bytes to keep around them, and a blank one between. */
#define SOME { { 0, 0x2F0, DATA }, { 0x300, 0x100, ERASED }, \
	       { 0x500, 0xA5, DATA }, { 0xA00, 0x10, 0x00 }, \
	       { 0xB00, 0x10, 0xFF } }

static const struct job chips[] = {
	{ .id = "0x410", .size = KIB(16), .erase = ERASE_PAGES, .pieces = SOME },
	{ .id = "0x413", .size = KIB(64), .erase = ERASE_PAGES, .pieces = SOME },
	{ .id = "0x447", .size = KIB(16), .erase = ERASE_PAGES, .pieces = SOME },
	{ .id = "0x468", .size = KIB(32), .erase = ERASE_PAGES, .pieces = SOME },
	/* writes after a read lose bytes here: nothing to read before */
	{ .id = "0x483", .size = KIB(128), .erase = ERASE_AUTO,
	  .pieces = SOME },
};

#define SHOWN 8	/* failures of one kind */

/* True if it succeeded and left nothing wrong; prints the errors otherwise. */
static bool goes_well(const struct job *job)
{
	struct outcome o;
	bool well;

	run(job, &o);
	well = o.err == FLASH_OK && o.missing == 0 && o.lost == 0 &&
	       o.refused == 0;
	if (!well)
		printf("  %s%s: error %d (%s), %u bytes missing, %u beside, "
		       "%" PRIu64 " refused\n", job->id,
		       job->faults != NULL ? job->faults : "", (int)o.err,
		       o.why.text, o.missing, o.lost, o.refused);
	return well;
}

static void test_plain(void)
{
	static const enum erase_mode modes[] = { ERASE_AUTO, ERASE_CHIP,
						 ERASE_PAGES };
	size_t i, m;

	for (i = 0; i < ARRAY_LEN(chips); i++)
		for (m = 0; m < ARRAY_LEN(modes); m++) {
			struct job job = chips[i];

			t_about(job.id);
			job.erase = modes[m];
			CHECK(goes_well(&job));
		}
}

/* One fault of any kind at any place must be repaired. */
static void test_one_fault(void)
{
	static const char *const kinds[] = { "nack", "silent", "garble",
					     "lostack" };
	static const struct {
		const char *command;
		unsigned nth, phase;
	} places[] = {
		{ "get", 1, 0 }, { "version", 1, 0 }, { "id", 1, 0 },
		{ "read", 1, 0 }, { "read", 1, 1 }, { "read", 1, 2 },
		{ "read", 2, 0 }, { "read", 3, 1 }, { "read", 4, 2 },
		{ "read", 9, 2 }, { "erase", 1, 0 }, { "erase", 1, 1 },
		{ "write", 1, 0 }, { "write", 1, 1 }, { "write", 1, 2 },
		{ "write", 2, 2 }, { "write", 3, 1 }, { "write", 3, 2 },
		{ "write", 4, 2 }, { "write", 5, 0 }, { "write", 5, 2 },
		{ "write", 6, 2 }, { "write", 7, 1 }, { "write", 7, 2 },
	};
	size_t chip, kind, i;
	char faults[60];

	for (chip = 0; chip < ARRAY_LEN(chips); chip++) {
		struct job job = chips[chip];
		unsigned bad = 0;

		t_about(job.id);
		job.faults = faults;
		for (i = 0; i < ARRAY_LEN(places); i++)
			for (kind = 0; kind < ARRAY_LEN(kinds); kind++) {
				if (t_left_out(5))
					continue;
				snprintf(faults, sizeof(faults),
					 ",%s=%s:%u:%u", kinds[kind],
					 places[i].command, places[i].nth,
					 places[i].phase);
				/* for every other one without a verify: the
				 * protocol alone must cope */
				job.quick = (i + kind) % 2 != 0;
				bad += bad < SHOWN && !goes_well(&job);
			}
		EQUAL(bad, 0);
	}
}

static void test_several_faults(void)
{
	static const char *const faults[] = {
		",lostack=write:1:2,lostack=write:2:2,lostack=write:3:2",
		",silent=write:2:2,silent=write:3:2,silent=write:4:2",
		",nack=write:2:2,nack=write:3:2,nack=write:4:0",
		",garble=read:2:2,garble=read:3:2,lostack=write:3:2",
		",lostack=erase:1:1,lostack=erase:2:1",
		",lostack=write:3:2,silent=read:9:0,garble=read:10:1",
		",nack2=1,nack=write:3:2,nack=read:4:1",
		",ack2=1,zero=1",
		",rom=2.2", ",rom=3.1", ",rom=strict",
		",synced=1,lostack=write:2:2",
		",extra=50+51+F0",
		",checksum=4", ",checksum=2",
		",shortread=nack",
	};
	size_t chip, i;

	for (chip = 0; chip < ARRAY_LEN(chips); chip++) {
		struct job job = chips[chip];

		t_about(job.id);
		for (i = 0; i < ARRAY_LEN(faults); i++) {
			job.faults = faults[i];
			CHECK(goes_well(&job));
		}
	}
}

/*
 * Constant noise. A run may fail with an error; if it reports success, the
 * memory must be right. Most runs must succeed.
 */
static void test_noise(void)
{
	static const char *const noises[] = {
		"drop=1e-3", "flip=5e-4", "insert=5e-4", "drop.in=2e-3",
		"flip.out=1e-3", "drop=3e-4,flip=3e-4,insert=3e-4",
	};
	unsigned wrong, failed, runs;
	struct outcome o;
	size_t chip, i;
	unsigned seed;
	char faults[80];

	for (chip = 0; chip < ARRAY_LEN(chips); chip++) {
		struct job job = chips[chip];

		t_about(job.id);
		job.faults = faults;
		wrong = failed = runs = 0;
		for (i = 0; i < ARRAY_LEN(noises); i++)
			for (seed = 1; seed <= 8; seed++) {
				if (t_left_out(5))
					continue;
				snprintf(faults, sizeof(faults),
					 ",%s,seed=%u", noises[i], seed);
				run(&job, &o);
				runs++;
				failed += o.err != FLASH_OK;
				if (o.err == FLASH_OK ? o.missing + o.lost == 0
				    : o.why.text[0] != '\0')
					continue;
				wrong++;
				printf("  %s%s: error %d (%s), %u missing, %u "
				       "beside\n", job.id, faults, (int)o.err,
				       o.why.text, o.missing, o.lost);
			}
		EQUAL(wrong, 0);
		if (!CHECK(failed * 10 <= runs))
			printf("  %u of %u failed\n", failed, runs);
	}
}

/* --- damaged data ------------------------------------------------------- */

/* Damaged data with a right checksum, and a lost ACK: the page is erased and
 * written again, which may be damaged again. */
static void test_spoilt(void)
{
	static const struct {
		const char *name;
		unsigned attacks[5];
	} cases[] = {
		{ "the first", { 1 } },
		{ "the third", { 3 } },
		{ "the last", { 7 } },
		{ "and in the repair, its first", { 3, 4 } },
		{ "and in the repair, in the middle", { 4, 6 } },
		{ "and in the repair, its last", { 3, 6 } },
		{ "and again, and again", { 3, 5, 7, 9 } },
	};
	size_t chip, i;

	for (chip = 0; chip < ARRAY_LEN(chips); chip++)
		for (i = 0; i < ARRAY_LEN(cases); i++) {
			struct job job = chips[chip];

			t_about(cases[i].name);
			job.attacks = cases[i].attacks;
			CHECK(goes_well(&job));
		}
}

/* Only a verify detects it: by reading, or by the ROM's checksum of smaller
 * and smaller halves. */
static void test_found_by_verify(void)
{
	static const char *const ways[] = { "", ",checksum=4", ",checksum=2" };
	static const unsigned places[][4] = { { 1 }, { 13 }, { 24, 25 }, { 47 },
					      { 48 }, { 2, 30, 46 } };
	size_t way, i;

	for (way = 0; way < ARRAY_LEN(ways); way++)
		for (i = 0; i < ARRAY_LEN(places); i++) {
			struct job job = {
				.id = "0x410", .size = KIB(16),
				.pieces = { { 0, KIB(12), DATA } },
				.faults = ways[way], .attacks = places[i],
				.silent = true,
			};

			t_about(ways[way]);
			CHECK(goes_well(&job));
			EQUAL(stat_of("pages_erased") > 0, true);
		}
}

/* On parts where a write after a read loses its beginning, a write to lose
 * comes before the next write; it can be lost itself. */
static void test_write_to_lose(void)
{
	struct job job = chips[ARRAY_LEN(chips) - 1];
	unsigned phase;
	char faults[80];

	t_about("the write to lose is lost");
	job.faults = faults;
	for (phase = 0; phase <= 2; phase++) {
		snprintf(faults, sizeof(faults),
			 ",lostack=write:2:2,silent=write:3:%u", phase);
		job.quick = true;
		CHECK(goes_well(&job));
		job.quick = false;
		CHECK(goes_well(&job));
	}
}

/* --- jobs that must fail with an error ---------------------------------- */

static void test_refused(void)
{
	static const unsigned first[] = { 1, 0 };
	static const unsigned all[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
					0 };
	static const struct {
		const char *name;
		struct job job;
		enum flash_err err;
		const char *hint;
	} cases[] = {
		{ "readout protected",
		  { .id = "0x410", .size = KIB(16), .pieces = SOME,
		    .faults = ",rdp=1" },
		  FLASH_PROTECTED, "-k" },
		{ "write protected page",
		  { .id = "0x410", .size = KIB(16), .erase = ERASE_PAGES,
		    .pieces = SOME, .faults = ",wrp=0" },
		  FLASH_PROTECTED, "-u" },
		/* nothing is written there, but it is not erased */
		{ "write protected page, blank",
		  { .id = "0x410", .size = KIB(16), .erase = ERASE_PAGES,
		    .pieces = { { 0x1000, 0x400, ERASED }, { 0, 8, DATA } },
		    .faults = ",wrp=1" },
		  FLASH_PROTECTED, "-u" },
		/* the mass erase does nothing, although it gets an ACK */
		{ "all of it, another page protected",
		  { .id = "0x410", .size = KIB(16), .pieces = SOME,
		    .faults = ",wrp=3" },
		  FLASH_PROTECTED, "-u" },
		{ "not erased",
		  { .id = "0x468", .size = KIB(32), .erase = ERASE_NONE,
		    .pieces = SOME },
		  FLASH_DIFFERS, "0x08000" },
		{ "spoilt, and its page was not erased for this",
		  { .id = "0x410", .size = KIB(16), .erase = ERASE_NONE,
		    .pieces = { { 1920, 100, DATA } }, .attacks = first },
		  FLASH_DIFFERS, "was not erased in this run" },
		{ "spoilt whenever it is written",
		  { .id = "0x410", .size = KIB(16), .erase = ERASE_PAGES,
		    .pieces = SOME, .attacks = all, .retries = 2 },
		  FLASH_DIFFERS, "failed, also after 2 retries" },
		{ "and in silence",
		  { .id = "0x410", .size = KIB(16), .erase = ERASE_PAGES,
		    .pieces = { { 0, 256, DATA } }, .attacks = all,
		    .silent = true, .retries = 2 },
		  FLASH_DIFFERS, "verify failed at 0x08000101: expected 0x6F, read 0x7F" },
		{ "no retries, one lost ACK is settled by a look",
		  { .id = "0x468", .size = KIB(32), .pieces = SOME,
		    .faults = ",lostack=write:2:2", .retries = 1 },
		  FLASH_OK, "" },
	};
	struct outcome o;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		run(&cases[i].job, &o);
		EQUAL(o.err, cases[i].err);
		if (!CHECK(strstr(o.why.text, cases[i].hint) != NULL))
			printf("  %s\n", o.why.text);
		EQUAL(o.why.text[0] == '\0', o.err == FLASH_OK);
	}
}

static void misread_size(struct part *part)
{
	part->flash.end -= KIB(1);
}

static void misread_banks(struct part *part)
{
	static const struct page_run pages[] = { { 64, 2048 }, { 0, 0 } };

	part->pages = pages;
}

static void misread_end_of_sure(struct part *part)
{
	part->sure_end = part->flash.start + KIB(8);
}

static void misread_version(struct part *part)
{
	part->bootloader_id = 0x12;
}

/* Facts that determine the pages are read twice before an erase. */
static void test_misread(void)
{
	static const struct {
		const char *name;
		void (*misread)(struct part *);
		bool lists;	/* matters only for lists of pages */
	} cases[] = {
		{ "misread: size", misread_size, false },
		{ "misread: banks", misread_banks, false },
		{ "misread: sure end", misread_end_of_sure, false },
		{ "misread: version", misread_version, true },
	};
	struct job job = { .id = "0x410", .size = KIB(16),
			   .pieces = { { 0, 0x300, DATA } } };
	struct outcome o;
	size_t i;

	for (i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		t_about(cases[i / 2].name);
		job.misread = cases[i / 2].misread;
		job.erase = i % 2 == 0 ? ERASE_PAGES : ERASE_CHIP;
		run(&job, &o);
		if (cases[i / 2].lists && job.erase == ERASE_CHIP) {
			EQUAL(o.err, FLASH_OK);
			continue;
		}
		EQUAL(o.err, FLASH_DEVICE);
		CHECK(strstr(o.why.text, "nothing was erased") != NULL);
		EQUAL(stat_of("mass_erases"), 0);
		EQUAL(stat_of("pages_erased"), 0);
	}
}

/* A stopped run leaves a chip that does not start a partial image: its first
 * page is written last, and as a unit, because it has kept bytes. */
static void test_stopped(void)
{
	static volatile sig_atomic_t stop;
	struct job job = chips[0];
	struct outcome o;
	size_t i;

	t_about("stopped");
	stop = 0;
	job.stop = &stop;
	run(&job, &o);
	EQUAL(o.err, FLASH_STOPPED);
	CHECK(o.missing > 0);
	for (i = 0; i < 8; i++)
		EQUAL(after[i], before[i]);
}

/* --- erasing ------------------------------------------------------------ */

static void test_erase_counts(void)
{
	static const struct {
		const char *name;
		struct job job;
		uint64_t mass, pages;
	} cases[] = {
		{ "at once",
		  { .id = "0x410", .size = KIB(16), .pieces = SOME }, 1, 0 },
		{ "no mass erase here: 128 pages in two lists",
		  { .id = "0x447", .size = KIB(16), .pieces = SOME }, 0, 128 },
		{ "refused: page by page",
		  { .id = "0x410", .size = KIB(16), .pieces = SOME,
		    .faults = ",nack=erase:1:1,nack=erase:2:1,nack=erase:3:1" },
		  0, 16 },
		{ "refused once",
		  { .id = "0x413", .size = KIB(64), .pieces = SOME,
		    .faults = ",nack=erase:1:1" }, 1, 0 },
		{ "pages",
		  { .id = "0x413", .size = KIB(64), .pieces = SOME,
		    .erase = ERASE_PAGES }, 0, 1 },
		{ "short pages", { .id = "0x447", .size = KIB(16),
		  .pieces = { { 0x90, 0x100, DATA } }, .erase = ERASE_PAGES },
		  0, 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		CHECK(goes_well(&cases[i].job));
		EQUAL(stat_of("mass_erases"), cases[i].mass);
		EQUAL(stat_of("pages_erased"), cases[i].pages);
	}
}

/* --- reading and checksums --------------------------------------------------------------- */

static void check_reading(struct stm32 *stm)
{
	static const struct {
		uint32_t start, len;
	} ranges[] = {
		{ 0, 256 }, { 0, KIB(16) }, { 1, 1 }, { 0xFF, 2 },
		{ 0x101, 0x3FF }, { KIB(16) - 1, 1 }, { 4, 8 },
	};
	static uint8_t got[KIB(16)];
	struct problem why = { "" };
	struct flash flash = { .stm = stm, .retries = 10 };
	struct part part;
	struct dev dev;
	uint32_t crc;
	size_t i;

	flash.part = &part;
	CHECK(dev_find(0x410, &dev));
	part_init(&part, &dev, 0x410);
	for (i = 0; i < ARRAY_LEN(ranges); i++) {
		uint32_t start = ranges[i].start, len = ranges[i].len;

		EQUAL(flash_read(&flash, FLASH + start, got, len, &why),
		      FLASH_OK);
		BYTES(got, before + start, len);
		if (start % 4 != 0 || len % 4 != 0)
			continue;
		EQUAL(flash_crc(&flash, FLASH + start, len, &crc, &why),
		      FLASH_OK);
		EQUAL(crc, crc_update(CRC_INIT, before + start, len));
	}
	TEXT(why.text, "");
}

static void test_reading(void)
{
	static const char *const faults[] = {
		"", ",checksum=4", ",checksum=2",
		/* listed, but not what it seems: reads instead */
		",extra=A1",
		",checksum=4,garble=checksum:2:4",
		",checksum=2,lostack=checksum:1:1",
		",garble=read:3:1,silent=read:5:2,nack=read:7:0",
		",readend=any",
	};
	static const unsigned lengths[] = { 256, 100, 21, 20 };
	struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_frame = 258, .retries = 10,
		.write_retries = 10,
	};
	struct problem why = { "" };
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(faults); i++)
		for (n = 0; n < ARRAY_LEN(lengths); n++) {
			struct job job = { .id = "0x410", .size = KIB(16),
					   .faults = faults[i] };
			struct stm32 *stm;
			struct port *port;

			t_about(faults[i]);
			fill_flash(job.size, 0xFF);
			port = open_port(&job);
			options.max_read = lengths[n];
			if (EQUAL(stm32_open(port, &options, &stm, &why),
				  STM32_OK)) {
				check_reading(stm);
				stm32_close(stm);
			}
			port_close(port);
		}
}

int main(void)
{
	test_plain();
	test_one_fault();
	test_several_faults();
	test_noise();
	test_spoilt();
	test_found_by_verify();
	test_write_to_lose();
	test_refused();
	test_misread();
	test_stopped();
	test_erase_counts();
	test_reading();
	remove(file_name("bin"));
	remove(file_name("stats"));
	return t_done();
}
