/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/protect.h"
#include "utils.h"

#define BYTES_PER_LINE 32
/* "bytes 0x12345678" and " XX" for each */
#define LINE_LEN (16 + BYTES_PER_LINE * 3 + 256 * 3 + 8)

/* True with *file NULL: it does not exist, or none is configured. */
static bool open_existing(const struct sim *sim, enum sim_file which,
			  FILE **file, struct problem *why)
{
	const char *path = sim->config.files[which];

	*file = NULL;
	if (path[0] == '\0')
		return true;
	*file = fopen(path, "rb");
	if (*file != NULL || errno == ENOENT)
		return true;
	problem_set(why, "sim: %s: %s", path, strerror(errno));
	return false;
}

static bool load_flash(struct sim *sim, struct problem *why)
{
	uint8_t *bytes = sim->memory.flash->bytes;
	size_t size = memory_flash_size(&sim->memory);
	FILE *file;
	bool exact;

	if (!open_existing(sim, SIM_FILE_FLASH, &file, why))
		return false;
	if (file == NULL)
		return true;
	exact = fread(bytes, 1, size, file) == size && fgetc(file) == EOF &&
		!ferror(file);
	(void)fclose(file);
	if (!exact)
		problem_set(why, "sim: %s: must hold the %lu bytes of the "
			    "flash, see size=",
			    sim->config.files[SIM_FILE_FLASH],
			    (unsigned long)size);
	return exact;
}

/* Takes one word from the line; NULL at its end. */
static const char *next_word(const char **line, size_t *len)
{
	const char *word;

	*line += strspn(*line, " \r\n");
	*len = strcspn(*line, " \r\n");
	word = *line;
	*line += *len;
	return *len != 0 ? word : NULL;
}

/* Takes one byte from the line; leaves anything else. */
static bool next_byte(const char **line, uint8_t *byte)
{
	const char *rest = *line, *word;
	size_t len;
	int high, low;

	word = next_word(&rest, &len);
	if (word == NULL || len != 2)
		return false;
	high = hex_digit((unsigned char)word[0]);
	low = hex_digit((unsigned char)word[1]);
	if (high < 0 || low < 0)
		return false;
	*byte = (uint8_t)(high << 4 | low);
	*line = rest;
	return true;
}

static bool at_end(const char *line)
{
	return line[strspn(line, " \r\n")] == '\0';
}

static bool load_rdp(struct sim *sim, const char *line)
{
	uint32_t level;
	size_t len;
	const char *word = next_word(&line, &len);

	if (word == NULL || !parse_u32_len(word, len, 2, &level))
		return false;
	protect_set_readout(sim, (uint8_t)level);
	return at_end(line);
}

static bool load_wrp(struct sim *sim, const char *line)
{
	uint8_t bits[SIM_WRP_BYTES] = { 0 }, unit;

	while (next_byte(&line, &unit))
		protect_mark(bits, unit);
	(void)protect_set_units(sim, bits);
	return at_end(line);
}

static bool load_bytes(struct sim *sim, const char *line)
{
	uint32_t address;
	size_t len;
	const char *word = next_word(&line, &len);
	uint8_t byte;

	if (word == NULL || !parse_u32_len(word, len, UINT32_MAX, &address))
		return false;
	while (next_byte(&line, &byte))
		if (!memory_poke(&sim->memory, address++, &byte, 1))
			return false;
	return at_end(line);
}

static bool load_line(struct sim *sim, const char *line)
{
	static const struct {
		const char *name;
		bool (*load)(struct sim *sim, const char *line);
	} kinds[] = {
		{ "rdp", load_rdp }, { "wrp", load_wrp },
		{ "bytes", load_bytes },
	};
	size_t len, i;
	const char *word = next_word(&line, &len);

	if (word == NULL || word[0] == '#')
		return true;
	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (strlen(kinds[i].name) == len &&
		    memcmp(kinds[i].name, word, len) == 0)
			return kinds[i].load(sim, line);
	return false;
}

static bool load_nv(struct sim *sim, struct problem *why)
{
	char line[LINE_LEN];
	unsigned number = 0;
	bool good = true;
	FILE *file;

	if (!open_existing(sim, SIM_FILE_NV, &file, why))
		return false;
	if (file == NULL)
		return true;
	while (good && fgets(line, sizeof(line), file) != NULL) {
		number++;
		good = load_line(sim, line);
	}
	if (!good)
		problem_set(why, "sim: %s:%u: not a line of this file",
			    sim->config.files[SIM_FILE_NV], number);
	(void)fclose(file);
	return good;
}

bool store_load(struct sim *sim, struct problem *why)
{
	return load_flash(sim, why) && load_nv(sim, why);
}

static void write_flash(const struct sim *sim, FILE *file)
{
	(void)fwrite(sim->memory.flash->bytes, 1,
		     memory_flash_size(&sim->memory), file);
}

static void write_region(const struct region *region, FILE *file)
{
	size_t size = region->range.end - region->range.start, i;

	for (i = 0; i < size; i++) {
		if (i % BYTES_PER_LINE == 0)
			(void)fprintf(file, "%sbytes 0x%08lX", i ? "\n" : "",
				      (unsigned long)(region->range.start + i));
		(void)fprintf(file, " %02X", region->bytes[i]);
	}
	(void)fputc('\n', file);
}

static void write_nv(const struct sim *sim, FILE *file)
{
	unsigned unit;
	size_t i;

	(void)fputs("# simulated device: option bytes, EEPROM, protection\n",
		    file);
	(void)fprintf(file, "rdp %u\nwrp", sim->protection.rdp);
	/* units that fit a byte; the option bytes have the others too */
	for (unit = 0; unit <= UINT8_MAX; unit++)
		if (protect_unit(&sim->protection, unit))
			(void)fprintf(file, " %02X", unit);
	(void)fputc('\n', file);
	/* last, as they count if they contain the protection */
	for (i = 0; i < sim->memory.count; i++) {
		const struct region *region = &sim->memory.regions[i];

		if (region->kind == MEMORY_OPTION ||
		    region->kind == MEMORY_OPTION_REGISTER ||
		    region->kind == MEMORY_EEPROM)
			write_region(region, file);
	}
}

static void write_log(const struct sim *sim, FILE *file)
{
	if (sim->journal.len != 0)
		(void)fwrite(sim->journal.text, 1, sim->journal.len, file);
	if (sim->journal.incomplete)
		(void)fputs("lines are missing: out of memory\n", file);
}

static void write_stats(const struct sim *sim, FILE *file)
{
	const struct sim_stats *stats = &sim->stats;
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "bytes_in", stats->bytes_in },
		{ "bytes_out", stats->bytes_out },
		{ "turnarounds", stats->turnarounds },
		{ "program_us", stats->program_us },
		{ "erase_us", stats->erase_us },
		{ "work_us", stats->work_us },
		{ "time_us", (uint64_t)sim->now_us },
		{ "transactions", stats->transactions },
		{ "busy_polls", stats->busy_polls },
		{ "pages_erased", stats->pages_erased },
		{ "mass_erases", stats->mass_erases },
		{ "granules_programmed", stats->granules_programmed },
		{ "granules_refused", stats->granules_refused },
		{ "resets", stats->resets },
		{ "reset_stores", stats->reset_stores },
		{ "faults", stats->faults },
		{ "overruns", stats->overruns },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		(void)fprintf(file, "%s %" PRIu64 "\n", rows[i].name,
			      rows[i].value);
	for (i = 0; i < ARRAY_LEN(stats->commands); i++)
		if (stats->commands[i] != 0)
			(void)fprintf(file, "command_%02zX %" PRIu64 "\n", i,
				      stats->commands[i]);
}

static bool save(const struct sim *sim, enum sim_file which,
		 void (*write)(const struct sim *sim, FILE *file),
		 struct problem *why)
{
	const char *path = sim->config.files[which];
	bool good = false;
	FILE *file;

	if (path[0] == '\0')
		return true;
	file = fopen(path, "wb");
	if (file != NULL) {
		write(sim, file);
		good = !ferror(file);
		good = fclose(file) == 0 && good;
	}
	if (!good)
		problem_default(why, "sim: %s: cannot write: %s", path,
				strerror(errno));
	return good;
}

bool store_save(const struct sim *sim, struct problem *why)
{
	bool good;

	if (why != NULL)
		why->text[0] = '\0';
	good = save(sim, SIM_FILE_FLASH, write_flash, why);
	good = save(sim, SIM_FILE_NV, write_nv, why) && good;
	good = save(sim, SIM_FILE_LOG, write_log, why) && good;
	return save(sim, SIM_FILE_STATS, write_stats, why) && good;
}
