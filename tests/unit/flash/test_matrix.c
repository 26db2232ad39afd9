/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One damaged byte: every job, with every byte in either direction lost,
 * flipped, added or turned into a NACK. The job succeeds with the right
 * memory, or it reports an error; it never succeeds with wrong memory, and
 * never programs a granule twice. Runs on the part's own ROM, and a sample on
 * every kind of ROM.
 */
#include "tests/unit/t.h"

#include "flash/chip.h"
#include "flash/flash.h"
#include "flash/leave.h"
#include "tests/unit/flash/noisy_port.h"
#include "tests/unit/sim_files.h"

#define FLASH 16384	/* where the page next to the image matters */
#define PAGE 1024
#define LEN 300		/* two blocks, the last one short */
#define EACH 53		/* tries one in so many cells on every kind of ROM */

static void ignore(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static const struct watcher watch = { .explain = ignore, .warn = ignore };

struct session {
	struct noisy_port *port;
	struct stm32 *stm;
	struct part part;
	struct flash flash;
	struct problem why;
};

/* The result of a run: the job succeeded, and the memory is right. */
struct outcome {
	bool done;
	bool right;
};

struct job {
	const char *name;
	const char *spec;
	bool (*run)(struct session *s);
	/* True if the device is in the state that the job promises. */
	bool (*right)(const struct sim_files *files);
	bool used;		/* the flash was written before */
};

/* A kind of ROM, by the specification, and the results of its cells. */
struct kind {
	const char *rom;
	unsigned each;		/* tries one cell in so many */
	bool unknown;		/* no known ROM: may fail at any time */
	unsigned cells, well, said;
};

static struct kind kinds[] = {
	{ .rom = "", .each = 1 },
	{ .rom = ",rom=2.2", .each = EACH },
	{ .rom = ",rom=3.1", .each = EACH },
	{ .rom = ",rom=strict", .each = EACH },
	{ .rom = ",rom=worst", .each = EACH, .unknown = true },
};

/* --- the jobs ---------------------------------------------------------------- */

static uint8_t wanted(uint32_t i)
{
	return (uint8_t)(i * 29 + (i >> 8) * 3 + 17);
}

static uint8_t found(uint32_t i)
{
	return (uint8_t)(i * 13 + 5);
}

static bool write_with(struct session *s, enum erase_mode erase)
{
	struct image *image = image_new();
	struct plan_request request = { .image = image, .erase = erase,
					.verify = true };
	uint8_t bytes[LEN];
	struct image_clash clash;
	struct plan *plan;
	enum flash_err err = FLASH_NO_MEMORY;
	uint32_t i;

	for (i = 0; i < LEN; i++)
		bytes[i] = wanted(i);
	image_add(image, s->part.flash.start, bytes, LEN, 0);
	image_finish(image, &clash);
	request.block = stm32_max_write(s->stm);
	if (plan_make(&request, &s->part, &plan, &s->why)) {
		err = flash_carry_out(&s->flash, plan, image, &s->why);
		image_free(s->flash.lost);
		s->flash.lost = NULL;
		plan_free(plan);
	}
	image_free(image);
	return err == FLASH_OK;
}

static bool write_chip(struct session *s)
{
	return write_with(s, ERASE_CHIP);
}

static bool write_pages(struct session *s)
{
	return write_with(s, ERASE_PAGES);
}

static bool wrote(const struct sim_files *files)
{
	uint32_t i;

	for (i = 0; i < LEN; i++)
		if (files->flash_len < LEN || files->flash[i] != wanted(i))
			return false;
	return true;
}

/* Checks the image, and that the bytes after it on its page were kept. */
static bool wrote_and_kept(const struct sim_files *files)
{
	uint32_t i;

	for (i = LEN; i < PAGE; i++)
		if (files->flash[i] != found(i))
			return false;
	return wrote(files);
}

static bool info(struct session *s)
{
	(void)s;
	return true;
}

static bool anything(const struct sim_files *files)
{
	(void)files;
	return true;
}

static bool go(struct session *s)
{
	return leave_go(s->stm, 0x20001000, &watch) == STM32_OK;
}

static bool prepare_and_go(struct session *s)
{
	/* SP, entry, and a branch to itself */
	static const uint8_t code[12] = { 0x00, 0x20, 0x00, 0x20,
					  0x09, 0x10, 0x00, 0x20,
					  0xFE, 0xE7, 0xFE, 0xE7 };
	unsigned i;

	for (i = 0; i < 3; i++)
		if (stm32_write_memory(s->stm, 0x20001000, code, sizeof(code),
				       0) == STM32_OK)
			return go(s);
	return false;
}

static bool went(const struct sim_files *files)
{
	return sim_files_logged(files, "go 0x20001000");
}

static bool reset(struct session *s)
{
	return leave_by_reset(s->stm, &s->part, &watch) == STM32_OK;
}

static bool was_reset(const struct sim_files *files)
{
	return sim_files_stat(files, "reset_stores") >= 1;
}

/* As the program does it: after an uncertain result, a reset is the proof. */
static bool protection(struct session *s, enum stm32_err err)
{
	bool fresh = false;

	if (err != STM32_OK && err != STM32_UNCERTAIN)
		return false;
	return stm32_reconnect(s->stm, 1000, &fresh, &s->why) == STM32_OK &&
	       fresh;
}

static bool unprotect_write(struct session *s)
{
	return protection(s, stm32_write_unprotect(s->stm));
}

static bool protect_readout(struct session *s)
{
	return protection(s, stm32_readout_protect(s->stm));
}

static bool unprotect_readout(struct session *s)
{
	return protection(s, stm32_readout_unprotect(s->stm, 100));
}

static bool is_unprotected(const struct sim_files *files)
{
	return sim_files_logged(files, "wrp none");
}

static bool is_locked(const struct sim_files *files)
{
	return sim_files_logged(files, "rdp 1");
}

static bool is_open(const struct sim_files *files)
{
	return sim_files_logged(files, "rdp 0");
}

static bool checksum(struct session *s)
{
	uint32_t crc = 0;

	/* 1 KiB of FF */
	return flash_crc(&s->flash, s->part.flash.start, 1024, &crc,
			 &s->why) == FLASH_OK && crc == 0xD000A3E2;
}

static const struct job jobs[] = {
	{ "info", "sim:0x410", info, anything, false },
	{ "write, 43, mass erase", "sim:0x410", write_chip, wrote, false },
	{ "write, 43, pages", "sim:0x410,size=16K", write_pages,
	  wrote_and_kept, true },
	{ "write, 44, mass erase", "sim:0x440", write_chip, wrote, false },
	{ "write, 44, pages", "sim:0x440,size=16K", write_pages, wrote_and_kept, true },
	{ "write, L0", "sim:0x447,size=64K", write_pages, wrote, false },
	{ "go", "sim:0x410", prepare_and_go, went, false },
	{ "reset", "sim:0x410", reset, was_reset, false },
	{ "write unprotect", "sim:0x410,wrp=0+1", unprotect_write,
	  is_unprotected, false },
	{ "readout protect", "sim:0x410", protect_readout, is_locked, false },
	{ "readout unprotect", "sim:0x410,rdp=1", unprotect_readout, is_open, false },
	{ "checksum, four words", "sim:0x468,checksum=4", checksum, anything, false },
	{ "checksum, two words", "sim:0x468,checksum=2", checksum, anything, false },
};

/* --- one run ------------------------------------------------------------------ */

static bool connect(struct session *s)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 10,
		.write_retries = 10,
	};

	if (stm32_open(&s->port->base, &options, &s->stm, &s->why) != STM32_OK)
		return false;
	s->flash = (struct flash){ .stm = s->stm, .part = &s->part,
				   .watch = &watch, .retries = 10 };
	return chip_identify(s->stm, NULL, true, &watch, &s->part) == STM32_OK;
}

static struct outcome run_job(const struct job *job, const char *rom,
			      struct sim_files *files,
			      const struct noisy_port *noise,
			      uint64_t count[2])
{
	struct session s = { .port = NULL };
	struct outcome outcome = { false, false };
	uint8_t before[FLASH];
	struct port *below;
	char spec[80];
	uint32_t i;

	for (i = 0; i < FLASH; i++)
		before[i] = found(i);
	snprintf(spec, sizeof(spec), "%s%s", job->spec, rom);
	below = sim_files_open(files, spec, before, job->used ? FLASH : 0);
	if (below == NULL)
		return outcome;
	s.port = noisy_new(below);
	s.port->damage = noise->damage;
	s.port->direction = noise->direction;
	s.port->position = noise->position;
	outcome.done = connect(&s) && job->run(&s);
	if (count != NULL)
		memcpy(count, s.port->count, sizeof(s.port->count));
	stm32_close(s.stm);
	port_close(&s.port->base);
	sim_files_read(files);
	outcome.right = job->right(files);
	return outcome;
}

static void try_cell(const struct job *job, struct kind *kind,
		     struct sim_files *files, const struct noisy_port *noise)
{
	static const char *const damages[] = { "", "lost", "flipped", "added",
					       "NACK instead" };
	struct outcome outcome = run_job(job, kind->rom, files, noise, NULL);
	char name[120];

	snprintf(name, sizeof(name), "%s%s, byte %u %s the device, %s",
		 job->name, kind->rom, (unsigned)noise->position,
		 noise->direction == PORT_TO_DEVICE ? "to" : "from",
		 damages[noise->damage]);
	t_about(name);
	kind->cells++;
	kind->well += outcome.done && outcome.right;
	kind->said += !outcome.done;
	CHECK(!outcome.done || outcome.right);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
}

static bool is_sampled(const struct kind *kind)
{
	static unsigned asked;

	return asked++ % kind->each == 0 && !t_left_out(31);
}

static void try_job(const struct job *job, struct kind *kind,
		    struct sim_files *files)
{
	struct noisy_port noise = { .damage = DAMAGE_NONE };
	struct outcome outcome;
	uint64_t count[2];
	int direction, damage;

	outcome = run_job(job, kind->rom, files, &noise, count);
	t_about(job->name);
	CHECK(outcome.done ? outcome.right : kind->unknown);
	for (direction = 0; direction < 2; direction++) {
		for (damage = DAMAGE_LOST; damage < DAMAGE_KINDS; damage++) {
			noise.direction = (enum port_what)direction;
			noise.damage = (enum damage)damage;
			for (noise.position = 0;
			     noise.position < count[direction];
			     noise.position++)
				if (is_sampled(kind))
					try_cell(job, kind, files, &noise);
		}
	}
}

int main(void)
{
	struct sim_files files;
	size_t i, k;

	if (!sim_files_begin(&files))
		return 1;
	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct kind *kind = &kinds[k];

		for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
			try_job(&jobs[i], kind, &files);
		printf("%s: %u cells, %u ended well, %u in a failure that was "
		       "said\n", kind->rom[0] != '\0' ? kind->rom + 1
						      : "the ROM of the part",
		       kind->cells, kind->well, kind->said);
	}
	sim_files_end(&files);
	return t_done();
}
