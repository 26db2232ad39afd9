/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/soak/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/file.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "tests/soak/sets.h"
#include "utils.h"

#define NOISE_FREE 16	/* one run in so many */
#define FEW_RATES 4	/* of the noise, the lowest ones */

static const struct {
	const char *part;	/* as in sim:PART */
	uint32_t size;
	const char *keys;	/* more keys of sim: */
} parts[] = {
	/* pages of 1K, Erase, half-words */
	{ "0x410", 16384, "" },
	/* sectors of 16K, Extended Erase, words */
	{ "0x413", 32768, "" },
	/* pages of 128 bytes, erased value 00, no mass erase, an EEPROM */
	{ "0x425", 8192, "" },
	{ "0x447", 16384, "" },
	/* pages of 256 bytes, the same */
	{ "0x416", 16384, "" },
	/* pages of 2K, granules of 8 bytes */
	{ "0x466", 16384, "" },
	/* the same with Get Checksum */
	{ "0x435", 32768, ",checksum=4" },
	/* pages of 1K, Extended Erase */
	{ "0x444", 16384, "" },
};

/* --- pages -------------------------------------------------------------- */

/* Finds the page that contains offset; returns its number. */
static uint32_t page_of(const struct scene *s, uint32_t offset,
			uint32_t *start, uint32_t *end)
{
	const struct page_run *run = s->dev.pages;
	uint32_t at = 0, number = 0;

	while (offset >= at + run->count * run->size) {
		at += run->count * run->size;
		number += run->count;
		run++;
	}
	number += (offset - at) / run->size;
	*start = at + (offset - at) / run->size * run->size;
	*end = *start + run->size;
	return number;
}

void scene_page(const struct scene *scene, uint32_t offset, uint32_t *start,
		uint32_t *end)
{
	(void)page_of(scene, offset, start, end);
}

/* Draws pages, as start and end; also the first number and the count. */
static void draw_pages(struct scene *s, uint32_t *first, uint32_t *count)
{
	uint32_t from = dice_below(&s->dice, s->size), to, unused;

	to = from + dice_below(&s->dice, dice_one_in(&s->dice, 4) ? s->size
								  : 2048);
	if (to >= s->size)
		to = s->size - 1;
	*first = page_of(s, from, &s->start, &unused);
	*count = page_of(s, to, &unused, &s->end) - *first + 1;
}

/* --- the data ------------------------------------------------------------- */

/* Random bytes, with blank stretches and stretches of zeros. */
static void draw_bytes(struct scene *s, uint8_t *out, uint32_t len)
{
	uint32_t n, i;

	for (; len > 0; out += n, len -= n) {
		n = dice_between(&s->dice, 1, 600);
		if (n > len)
			n = len;
		if (dice_one_in(&s->dice, 6))
			memset(out, dice_one_in(&s->dice, 2) ? 0
			       : s->dev.erased, n);
		else
			for (i = 0; i < n; i++)
				out[i] = (uint8_t)dice_next(&s->dice);
	}
}

static uint32_t draw_len(struct scene *s, uint32_t most)
{
	uint32_t limit = most;

	if (s->on_chip)
		limit = most;
	else if (dice_one_in(&s->dice, 3))
		limit = 64;
	else if (!dice_one_in(&s->dice, 8))
		limit = 3000;
	return dice_between(&s->dice, 1, limit < most ? limit : most);
}

/* A range in [from, to); aligned half of the time. */
static void draw_place(struct scene *s, uint32_t from, uint32_t to,
		       uint32_t *start, uint32_t *end)
{
	uint32_t len = draw_len(s, to - from);

	*start = from + dice_below(&s->dice, to - from - len + 1);
	if (dice_one_in(&s->dice, 2))
		*start = from + (*start - from) / 256 * 256;
	*end = *start + len;
}

/* A raw binary must not look like hex or S-records. */
static void look_raw(struct scene *s, uint32_t at)
{
	if (s->image[at] == ':' || s->image[at] == 'S')
		s->image[at] = 0;
}

static void cover(struct scene *s, uint32_t start, uint32_t end)
{
	draw_bytes(s, s->image + start, end - start);
	memset(s->covered + start, true, end - start);
}

/* A raw binary begins at `from`; a hex file anywhere, with gaps. */
static void draw_image(struct scene *s, uint32_t from, uint32_t to)
{
	uint32_t start = from, end = from, gaps, first, behind;

	s->hex = dice_one_in(&s->dice, 2);
	if (s->hex)
		draw_place(s, from, to, &start, &end);
	else
		end += draw_len(s, to - from);
	cover(s, start, end);
	if (!s->hex) {
		look_raw(s, start);
		return;
	}
	for (gaps = dice_below(&s->dice, 5); gaps > 0; gaps--) {
		draw_place(s, start, end, &first, &behind);
		memset(s->covered + first, false, behind - first);
	}
	s->covered[start] = true;
}

static void draw_before(struct scene *s)
{
	uint32_t start, end;

	memset(s->before, s->dev.erased, s->size);
	switch (dice_below(&s->dice, 4)) {
	case 0:
		break;
	case 1:
		draw_place(s, 0, s->size, &start, &end);
		draw_bytes(s, s->before + start, end - start);
		break;
	default:
		draw_bytes(s, s->before, s->size);
		break;
	}
}

/* Most of the image is in the flash already. */
static void draw_changed(struct scene *s)
{
	uint32_t changes, i;

	if (dice_one_in(&s->dice, 4))
		return;
	for (i = 0; i < s->size; i++)
		if (s->covered[i])
			s->before[i] = s->image[i];
	for (changes = dice_below(&s->dice, 4); changes > 0; changes--)
		s->before[dice_below(&s->dice, s->size)] ^= 0x55;
}

/* --- the command line ----------------------------------------------------- */

static PRINTF_LIKE(2, 3) void word(struct scene *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(s->words[s->argc], sizeof(s->words[0]), fmt, args);
	va_end(args);
	s->argv[s->argc] = s->words[s->argc];
	s->argc++;
}

static void range_words(struct scene *s)
{
	word(s, "-S");
	word(s, "0x%08lX:%lu", (unsigned long)(s->dev.flash.start + s->start),
	     (unsigned long)(s->end - s->start));
}

static const char *image_name(const struct scene *s)
{
	return s->hex ? "image.hex" : "image.bin";
}

static void write_words(struct scene *s)
{
	word(s, "-w");
	word(s, "%s", image_name(s));
	if (s->verify)
		word(s, "-v");
}

/* --- the jobs ------------------------------------------------------------- */

/* Begins and ends at multiples. */
static void draw_range(struct scene *s, uint32_t first, uint32_t last)
{
	draw_place(s, 0, s->size, &s->start, &s->end);
	s->start = s->start / first * first;
	s->end = (s->end + last - 1) / last * last;
	range_words(s);
}

static void draw_write(struct scene *s)
{
	draw_image(s, 0, s->size);
}

/* The image of a hex file may exceed the range. */
static void draw_write_range(struct scene *s)
{
	uint32_t i;

	draw_range(s, 4, 1);
	draw_image(s, s->start, s->end);
	if (!s->hex)
		return;
	if (s->start >= 100)
		cover(s, s->start - 100, s->start - 50);
	if (s->size - s->end >= 100)
		cover(s, s->end + 1, s->end + 100);
	/* none of that is written */
	for (i = 0; i < s->size; i++)
		s->left_out[i] = (i < s->start || i >= s->end) && s->covered[i];
}

static void draw_write_pages(struct scene *s)
{
	word(s, "--erase=pages");
	if (dice_one_in(&s->dice, 2)) {
		draw_range(s, 4, 1);
		draw_image(s, s->start, s->end);
	} else {
		draw_image(s, 0, s->size);
	}
}

static void draw_write_changed(struct scene *s)
{
	word(s, "--changed");
	draw_image(s, 0, s->size);
	draw_changed(s);
}

static void draw_named(struct scene *s)
{
	uint32_t first, count;

	draw_pages(s, &first, &count);
	word(s, "-s");
	word(s, "%lu", (unsigned long)first);
	word(s, "-e");
	word(s, "%lu", (unsigned long)count);
}

static void draw_write_named(struct scene *s)
{
	draw_named(s);
	draw_image(s, s->start, s->end);
}

static void draw_write_unerased(struct scene *s)
{
	word(s, "-e");
	word(s, "0");
	memset(s->before, s->dev.erased, s->size);
	draw_image(s, 0, s->size);
}

static void draw_erase(struct scene *s)
{
	word(s, "-o");
}

static void draw_erase_range(struct scene *s)
{
	uint32_t first, count;

	draw_pages(s, &first, &count);
	word(s, "-o");
	range_words(s);
}

static void draw_erase_named(struct scene *s)
{
	word(s, "-o");
	draw_named(s);
}

static void draw_read(struct scene *s)
{
	word(s, "-r");
	word(s, SCENE_OUT_FILE);
	if (s->verify)
		word(s, "-v");
}

static void draw_read_range(struct scene *s)
{
	draw_read(s);
	draw_range(s, 1, 1);
}

static void draw_crc(struct scene *s)
{
	word(s, "-C");
	word(s, "--json");	/* reports retries */
}

static void draw_crc_range(struct scene *s)
{
	draw_crc(s);
	draw_range(s, 4, 4);
}

static void draw_set(struct scene *s)
{
	size_t i;

	sets_draw(s);
	for (i = 0; i < s->set_count; i++) {
		const struct option_field *field = &s->sets[i].field;
		uint32_t raw = s->sets[i].raw;

		word(s, "--set=%s=0x%lX", field->name,
		     (unsigned long)(field->unit != 0 ? field->base +
				     field->unit * raw : raw));
	}
	word(s, "--yes");
}

enum { READS = 1, SUMS = 2, WRITES = 4 };

static const struct {
	const char *name;
	void (*draw)(struct scene *s);
	unsigned does;
	/* The pages that the job names: all of the flash, those of the range,
	 * those of the image, or none; and the fates of the other bytes. */
	enum { ALL, RANGE, IMAGE, NONE } names;
	enum fate inside, outside;	/* of the range */
} jobs[] = {
	[JOB_WRITE] = { "-w", draw_write, WRITES, ALL,
		FATE_ERASED, FATE_ERASED },
	[JOB_WRITE_RANGE] = { "-w -S", draw_write_range, WRITES, RANGE,
		FATE_ERASED, FATE_KEPT },
	[JOB_WRITE_PAGES] = { "-w --erase=pages", draw_write_pages, WRITES, IMAGE,
		FATE_KEPT, FATE_KEPT },
	[JOB_WRITE_CHANGED] = { "-w --changed", draw_write_changed, WRITES, IMAGE,
		FATE_KEPT, FATE_KEPT },
	[JOB_WRITE_NAMED] = { "-w -s -e", draw_write_named, WRITES, RANGE,
		FATE_ERASED, FATE_OTHER },
	[JOB_WRITE_UNERASED] = { "-w -e 0", draw_write_unerased, WRITES, NONE,
		FATE_OTHER, FATE_OTHER },
	[JOB_ERASE] = { "-o", draw_erase, 0, ALL,
		FATE_ERASED, FATE_ERASED },
	[JOB_ERASE_RANGE] = { "-o -S", draw_erase_range, 0, RANGE,
		FATE_ERASED, FATE_OTHER },
	[JOB_ERASE_NAMED] = { "-o -s -e", draw_erase_named, 0, RANGE,
		FATE_ERASED, FATE_OTHER },
	[JOB_READ] = { "-r", draw_read, READS, NONE,
		FATE_OTHER, FATE_OTHER },
	[JOB_READ_RANGE] = { "-r -S", draw_read_range, READS, NONE,
		FATE_OTHER, FATE_OTHER },
	[JOB_CRC] = { "-C", draw_crc, SUMS, NONE,
		FATE_OTHER, FATE_OTHER },
	[JOB_CRC_RANGE] = { "-C -S", draw_crc_range, SUMS, NONE,
		FATE_OTHER, FATE_OTHER },
	[JOB_SET] = { "--set", draw_set, 0, NONE,
		FATE_OTHER, FATE_OTHER },
};
_Static_assert(ARRAY_LEN(jobs) == JOBS, "one row per job");

const char *scene_job_name(enum scene_job job)
{
	return jobs[job].name;
}

bool scene_writes(const struct scene *scene)
{
	return jobs[scene->job].does == WRITES;
}

bool scene_reads(const struct scene *scene)
{
	return jobs[scene->job].does == READS;
}

bool scene_sums(const struct scene *scene)
{
	return jobs[scene->job].does == SUMS;
}

bool scene_erases_lists(const struct scene *scene)
{
	return jobs[scene->job].names != ALL ||
	       (scene->dev.quirks & DEV_NO_MASS_ERASE) != 0;
}

static bool is_written(const struct scene *s, uint32_t i)
{
	return s->covered[i] && !s->left_out[i];
}

static bool is_named(const struct scene *s, uint32_t start, uint32_t end)
{
	uint32_t i;

	switch (jobs[s->job].names) {
	case ALL:
		return true;
	case RANGE:
		return start < s->end && end > s->start;
	case IMAGE:
		for (i = start; i < end; i++)
			if (is_written(s, i))
				return true;
		return false;
	case NONE:
		break;
	}
	return false;
}

static void decide_byte(struct scene *s, uint32_t i, bool named)
{
	bool inside = i >= s->start && i < s->end;

	s->fate[i] = !named ? FATE_OTHER : inside ? jobs[s->job].inside
						  : jobs[s->job].outside;
	if (is_written(s, i))
		s->fate[i] = FATE_IMAGE;
	s->want[i] = s->fate[i] == FATE_IMAGE ? s->image[i]
		   : s->fate[i] == FATE_ERASED ? s->dev.erased : s->before[i];
}

static void decide(struct scene *s)
{
	uint32_t start, end, i;

	for (start = 0; start < s->size; start = end) {
		bool named;

		page_of(s, start, &start, &end);
		named = is_named(s, start, end);
		for (i = start; i < end; i++)
			decide_byte(s, i, named);
	}
}

/* --- the whole scene ---------------------------------------------------- */

static void draw_noise(struct scene *s)
{
	static const char *const kinds[] = { "drop", "flip", "insert" };
	static const char *const ways[] = { "", "", ".in", ".out" };
	static const char *const rates[] = { "0.0001", "0.0002", "0.0005",
					     "0.001", "0.002", "0.003",
					     "0.004", "0.006" };
	/* with much more traffic, use a better line */
	size_t most = s->on_chip ? FEW_RATES : ARRAY_LEN(rates);
	uint32_t kind, mask = 1u << dice_below(&s->dice, 3);
	size_t len = 0;

	if (dice_one_in(&s->dice, 3))
		mask = dice_between(&s->dice, 1, 7);
	for (kind = 0; kind < ARRAY_LEN(kinds); kind++)
		if (mask & 1u << kind)
			len += (size_t)snprintf(
				s->noise + len, sizeof(s->noise) - len,
				",%s%s=%s", kinds[kind],
				ways[dice_below(&s->dice, ARRAY_LEN(ways))],
				rates[dice_below(&s->dice, (uint32_t)most)]);
	if (dice_one_in(&s->dice, 4))
		(void)snprintf(s->noise + len, sizeof(s->noise) - len,
			       ",seen=1");
}

/* A loose contact in one of the lines. */
static void draw_gaps(struct scene *s)
{
	static const char *const ways[] = { ".in", ".out" };
	static const char *const rates[] = { "0.0001", "0.0003", "0.001",
					     "0.003", "0.01" };

	(void)snprintf(s->noise, sizeof(s->noise), ",gap%s=%s",
		       ways[dice_below(&s->dice, ARRAY_LEN(ways))],
		       rates[dice_below(&s->dice, ARRAY_LEN(rates))]);
}

static void begin(struct scene *s, const char *part, uint32_t size, uint64_t n)
{
	char id[8];

	memset(s, 0, sizeof(*s));
	s->dice.state = n;
	s->part = part;
	s->size = size;
	(void)snprintf(id, sizeof(id), "%.5s", part);
	if (!dev_find_text(id, &s->dev))
		abort();
	s->end = size;
	word(s, "./stm32flash");
}

static void finish(struct scene *s, const char *keys)
{
	(void)snprintf(s->device, sizeof(s->device), "sim:%s,size=%lu%s%s"
		       ",file=" SCENE_FLASH_FILE ",nv=" SCENE_NV_FILE,
		       s->part, (unsigned long)s->size, keys, s->noise);
	s->argv[s->argc++] = s->device;
	s->argv[s->argc] = NULL;
	decide(s);
}

/* Each way back to the ROM, on parts of several families. */
static const struct {
	const char *part, *keys, *option;
	bool enters;
} on_chip[] = {
	{ "0x410", "", "--on-chip", false },
	{ "0x440", "", "--on-chip", false },
	{ "0x410", ",reset=dtr,boot0=rts", "--on-chip", true },
	{ "0x413", ",reset=dtr,boot0=rts", "--on-chip", true },
	{ "0x447", "", "--on-chip=boot0", false },
	{ "0x460", "", "--on-chip=boot0", false },
};

static void draw_on_chip(struct scene *scene, uint32_t n)
{
	static const enum scene_job some[] = {
		JOB_WRITE, JOB_WRITE_RANGE, JOB_WRITE_PAGES,
		JOB_WRITE_CHANGED, JOB_WRITE_CHANGED, JOB_CRC, JOB_CRC_RANGE
	};
	struct dice dice = { n };
	size_t way = dice_below(&dice, ARRAY_LEN(on_chip));
	char keys[60];

	begin(scene, on_chip[way].part, SCENE_FLASH, n + 1);
	scene->on_chip = true;
	scene->job = some[dice_below(&dice, ARRAY_LEN(some))];
	scene->verify = scene_writes(scene);
	scene->noisy = !dice_one_in(&dice, NOISE_FREE);
	if (scene->noisy)
		draw_noise(scene);
	draw_before(scene);
	word(scene, "%s", on_chip[way].option);
	if (on_chip[way].enters) {
		word(scene, "-i");
		word(scene, "rts,dtr,-dtr,");
	}
	jobs[scene->job].draw(scene);
	if (scene_writes(scene))
		write_words(scene);
	if (scene_writes(scene) && !scene->hex)
		word(scene, "-f");
	(void)snprintf(keys, sizeof(keys), "%s,seed=%lu", on_chip[way].keys,
		       (unsigned long)n);
	finish(scene, keys);
}

/* Each form of option bytes, and each of the ROMs that rewrite pairs. */
static const char *const set_parts[] = {
	"0x410", "0x410,rom=2.2", "0x410,rom=3.1", "0x422", "0x440",
	"0x442,rom=3.1", "0x416", "0x447", "0x413", "0x449", "0x415", "0x435",
	"0x460", "0x466", "0x495", "0x480", "0x482", "0x484", "0x455"
};
#define SET_FLASH 32768

/* Noise of 1e-3 of each kind, or of some. Or much more of it on the data of
 * writes: changes that their XOR does not show, and frames that are completed
 * by what was not meant. */
static void draw_set_noise(struct scene *s)
{
	static const char *const kinds[] = { "drop", "flip", "insert" };
	uint32_t kind, mask = dice_one_in(&s->dice, 2)
			      ? 7 : dice_between(&s->dice, 1, 6);
	size_t len = 0;

	s->aimed = dice_one_in(&s->dice, 4);
	for (kind = 0; kind < ARRAY_LEN(kinds); kind++)
		if (mask & 1u << kind)
			len += (size_t)snprintf(
				s->noise + len, sizeof(s->noise) - len,
				",%s%s=%s", kinds[kind], s->aimed ? ".in" : "",
				s->aimed ? "0.03" : "0.001");
	if (s->aimed)
		(void)snprintf(s->noise + len, sizeof(s->noise) - len,
			       ",aimed=1");
	else if (dice_one_in(&s->dice, 4))
		(void)snprintf(s->noise + len, sizeof(s->noise) - len,
			       ",seen=1");
}

static void draw_sets(struct scene *scene, uint32_t n)
{
	struct dice dice = { n };
	size_t part = dice_below(&dice, ARRAY_LEN(set_parts));
	char seed[60];

	begin(scene, set_parts[part], SET_FLASH, n + 1);
	scene->job = JOB_SET;
	scene->noisy = !dice_one_in(&dice, NOISE_FREE);
	if (scene->noisy)
		draw_set_noise(scene);
	draw_before(scene);
	draw_set(scene);
	(void)snprintf(seed, sizeof(seed), ",seed=%lu", (unsigned long)n);
	finish(scene, seed);
}

void scene_draw(struct scene *scene, uint32_t n)
{
	struct dice dice = { n };
	size_t part = dice_below(&dice, ARRAY_LEN(parts));
	char seed[60];

	if (n >= SCENE_SET) {
		draw_sets(scene, n);
		return;
	}
	if (n >= SCENE_ON_CHIP) {
		draw_on_chip(scene, n);
		return;
	}
	begin(scene, parts[part].part, parts[part].size, n + 1);
	scene->job = (enum scene_job)dice_below(&dice, JOB_SET);
	scene->verify = (scene_writes(scene) || scene_reads(scene)) &&
			!dice_one_in(&dice, 3);
	scene->noisy = !dice_one_in(&dice, NOISE_FREE);
	if (scene->noisy && n >= SCENE_GAPS)
		draw_gaps(scene);
	else if (scene->noisy)
		draw_noise(scene);
	draw_before(scene);
	jobs[scene->job].draw(scene);
	if (scene_writes(scene))
		write_words(scene);
	(void)snprintf(seed, sizeof(seed), "%s,seed=%lu", parts[part].keys,
		       (unsigned long)n);
	finish(scene, seed);
}

void scene_of_row(struct scene *scene, const struct scene_row *row)
{
	uint32_t i;

	begin(scene, "0x410", SCENE_FLASH, row->content);
	scene->job = row->job;
	scene->verify = true;
	scene->noisy = true;
	for (i = 0; i < scene->size; i++)
		scene->before[i] = (uint8_t)dice_next(&scene->dice);
	for (i = row->start; i < row->start + row->len; i++) {
		scene->image[i] = (uint8_t)dice_next(&scene->dice);
		scene->covered[i] = true;
	}
	write_words(scene);
	if (row->job != JOB_WRITE) {
		scene->start = row->start;
		scene->end = row->start + row->len;
		range_words(scene);
	}
	(void)snprintf(scene->noise, sizeof(scene->noise), ",%s", row->noise);
	finish(scene, "");
}

/* --- files ---------------------------------------------------------------- */

static void poke(struct sim *sim, const struct scene *s)
{
	uint32_t at;
	uint8_t byte;

	(void)sim_poke_memory(sim, s->dev.flash.start, s->before, s->size);
	for (at = s->dev.eeprom.start; at < s->dev.eeprom.end; at++) {
		byte = (uint8_t)(at * 7 + (at >> 8));
		(void)sim_poke_memory(sim, at, &byte, 1);
	}
}

/* The device writes its own files, in the state before the run. */
static bool write_device(const struct scene *s)
{
	struct sim_config config;
	struct problem why = { "" };
	struct sim *sim = NULL;

	(void)remove(SCENE_FLASH_FILE);
	(void)remove(SCENE_NV_FILE);
	if (sim_parse(s->device, &config, &why))
		sim = sim_new(&config, &why);
	if (sim != NULL)
		poke(sim, s);
	if (sim != NULL && sim_free(sim, &why))
		return true;
	fprintf(stderr, "%s\n", why.text);
	return false;
}

static void add_covered(struct image *image, const struct scene *s)
{
	uint32_t base = s->hex ? s->dev.flash.start : 0, from, to;
	struct image_clash clash;

	for (from = 0; from < s->size; from = to) {
		for (to = from; to < s->size &&
		     s->covered[to] == s->covered[from]; to++)
			;
		if (s->covered[from])
			(void)image_add(image, base + from, s->image + from,
					to - from, 0);
	}
	(void)image_finish(image, &clash);
}

static bool write_image(const struct scene *s)
{
	const struct parser *parser = s->hex ? &parser_hex : &parser_binary;
	struct image *image = image_new();
	struct problem why = { "" };
	struct file_out file;
	bool done = image != NULL && file_create(image_name(s), &file, &why);

	if (done) {
		add_covered(image, s);
		done = file_commit(&file, parser, image, &why);
	}
	if (!done)
		fprintf(stderr, "%s\n", why.text);
	image_free(image);
	return done;
}

bool scene_write_files(const struct scene *scene)
{
	(void)remove(SCENE_OUT_FILE);
	(void)remove(SCENE_KEPT_FILE);
	return write_device(scene) &&
	       (scene->job != JOB_SET || sets_write_files(scene)) &&
	       (!scene_writes(scene) || write_image(scene));
}
