/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --option-bytes and --set on every part with named option bytes. Calls the whole
 * program. Its output equals the contents of the device, and setting that output
 * changes nothing. Set fields then have their values, and nothing else has
 * changed, by the device's own code for fields and complements. Fields of one
 * register, or of one area, take one write.
 */
#include "tests/unit/t.h"

#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/status.h"
#include "dev_table.h"
#include "sim/options.h"
#include "sim/state.h"
#include "tests/unit/settable.h"
#include "tests/unit/sim_files.h"
#include "utils.h"

#define TEXT_MAX 8192
#define NAMES_MAX 64
#define PARTS 93
#define SET_AT_ALL 619	/* words: the others have locks only, are not shown, or
			 * may mean two addresses */

int run_program(int argc, char **argv);

static struct sim_files files;
static char out[TEXT_MAX];	/* what the last run printed */
static int screen;

/* --- runs ------------------------------------------------------------------- */

static void open_output(void)
{
	char path[128];
	int fd;

	sim_files_path(&files, "out", path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	(void)fflush(stdout);
	(void)dup2(fd, STDOUT_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	(void)close(fd);
}

static void close_output(void)
{
	size_t len;

	(void)fflush(stdout);
	(void)fflush(stderr);
	(void)dup2(screen, STDOUT_FILENO);
	(void)dup2(screen, STDERR_FILENO);
	len = sim_files_slurp(&files, "out", out, sizeof(out) - 1);
	out[len] = '\0';
}

/* The device of the part as the last run has left it. */
static int run(const struct dev *dev, const char *option)
{
	static char program[] = "stm32flash", quiet[] = "--quiet";
	static char yes[] = "--yes", word[TEXT_MAX];
	char *argv[] = { program, quiet, word, files.device, yes, NULL };
	int status;

	(void)snprintf(word, sizeof(word), "%s", option);
	(void)snprintf(files.device, sizeof(files.device), "sim:0x%03" PRIX32
		       ",nv=%s/nv,stats=%s/stats,log=%s/log", dev->id,
		       files.dir, files.dir, files.dir);
	open_output();
	status = run_program(strncmp(option, "--set", 5) == 0 ? 5 : 4, argv);
	close_output();
	sim_files_read(&files);
	return status;
}

static struct sim *device_now(const struct dev *dev)
{
	struct sim_config config;
	struct problem why = { "" };
	char spec[200];

	(void)snprintf(spec, sizeof(spec), "sim:0x%03" PRIX32 ",nv=%s/nv",
		       dev->id, files.dir);
	return sim_parse(spec, &config, &why) ? sim_new(&config, &why) : NULL;
}

static void forget(const char *name)
{
	char path[128];

	sim_files_path(&files, name, path);
	(void)remove(path);
}

/* --- what is printed -------------------------------------------------------- */

#define ADDRESS_LEN 10	/* as in 0x08000000 */

/* The value that the output has for a name, and whether it is an address. */
static bool find_line(const char *name, uint32_t *value, bool *is_address)
{
	size_t len = strlen(name);
	const char *line = out;

	while (line != NULL && *line != '\0') {
		if (strncmp(line, name, len) == 0 &&
		    strncmp(line + len, " = ", 3) == 0) {
			line += len + 3;
			*value = (uint32_t)strtoul(line, NULL, 0);
			*is_address = strcspn(line, "\n") == ADDRESS_LEN;
			return true;
		}
		line = strchr(line, '\n');
		line += line != NULL;
	}
	return false;
}

/* The field with the bits that the widest row of its name has. */
static struct option_field widest(const struct option_field *fields,
				  size_t count, const struct option_field *one)
{
	struct option_field field = *one;
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, one->name) == 0 &&
		    fields[i].width > field.width)
			field.width = fields[i].width;
	return field;
}

/* By this row the program may have printed it: the device has that raw. */
static bool shows(const struct sim *sim, const struct option_field *field,
		  uint32_t value, bool *by_address)
{
	uint32_t raw;

	*by_address = false;
	if (field->read_at == 0 ||
	    !options_get_field(&sim->memory, field, &raw))
		return false;
	*by_address = field->unit != 0 &&
		      value == field->base + field->unit * raw;
	return *by_address || value == raw;
}

/* How many rows of its name there are for it. Rows differ in the size or the
 * bank mode of the part. */
static size_t count_rows(const struct sim *sim,
			 const struct option_field *fields, size_t count,
			 const struct option_field *field, uint32_t value)
{
	struct option_field row;
	bool by_address;
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		row = widest(fields, count, &fields[i]);
		n += strcmp(row.name, field->name) == 0 &&
		     shows(sim, &row, value, &by_address);
	}
	return n;
}

static void check_shown(const struct dev *dev)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(dev->id, fields), i;
	struct sim *sim = device_now(dev);
	uint32_t value, unused;
	bool is_address = false;

	if (!CHECK(sim != NULL))
		return;
	for (i = 0; i < count; i++) {
		if (fields[i].read_at == 0 ||
		    !options_get_field(&sim->memory, &fields[i], &unused))
			continue;
		if (!CHECK(find_line(fields[i].name, &value, &is_address)) ||
		    !CHECK(count_rows(sim, fields, count, &fields[i],
				      value) > 0))
			printf("  %s\n", fields[i].name);
	}
	(void)sim_free(sim, &(struct problem){ "" });
}

/* --- what is set ------------------------------------------------------------ */

struct wanted {
	struct option_field fields[NAMES_MAX];
	uint32_t raw[NAMES_MAX];
	size_t count;
	char option[TEXT_MAX];
	size_t len;
};

static bool is_wanted(const struct wanted *w, const char *name, uint32_t at)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcmp(w->fields[i].name, name) == 0 ||
		    w->fields[i].write_at == at)
			return true;
	return false;
}

/* Where the row that says where to write is not the one that says where to
 * read. */
static bool is_written(const struct option_field *fields, size_t count,
		       const struct option_field *field, uint32_t *at)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, field->name) == 0 &&
		    fields[i].write_at != 0 && !fields[i].read_only) {
			*at = fields[i].write_at;
			return true;
		}
	return false;
}

/* Another value that every row of the name knows. */
static bool other_value(const struct option_field *fields, size_t count,
			const struct option_field *field, uint32_t raw,
			uint32_t *other)
{
	uint32_t n;
	size_t i;

	for (n = 1; n < 256; n++) {
		*other = raw ^ n;
		for (i = 0; i < count; i++)
			if (strcmp(fields[i].name, field->name) == 0 &&
			    !option_value_exists(&fields[i], *other))
				break;
		if (i == count)
			return true;
	}
	return false;
}

static void want(struct wanted *w, const struct option_field *field,
		 uint32_t at, uint32_t raw, bool is_address)
{
	uint32_t value = is_address ? field->base + field->unit * raw : raw;

	w->len += (size_t)snprintf(w->option + w->len,
				   sizeof(w->option) - w->len, "%s%s=0x%" PRIX32,
				   w->count == 0 ? "--set=" : ",", field->name,
				   value);
	w->fields[w->count] = *field;
	w->fields[w->count].write_at = at;
	w->raw[w->count++] = raw;
}

/* One field of each word that can be written, or with all every field. Left out
 * are addresses that more than one row may stand for. */
static void choose(struct wanted *w, const struct dev *dev,
		   const struct sim *sim, bool all)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(dev->id, fields), i;
	uint32_t printed, raw, other, at;
	bool is_address, by_address;

	w->count = w->len = 0;
	for (i = 0; i < count && w->count < NAMES_MAX; i++) {
		const struct option_field *f = &fields[i];

		if (f->read_at == 0 || is_for_good(f) ||
		    !is_written(fields, count, f, &at) ||
		    is_wanted(w, f->name, all ? 0 : at) ||
		    !find_line(f->name, &printed, &is_address) ||
		    !options_get_field(&sim->memory, f, &raw) ||
		    !shows(sim, f, printed, &by_address) ||
		    (by_address && count_rows(sim, fields, count, f,
					      printed) > 1) ||
		    !other_value(fields, count, f, raw, &other))
			continue;
		want(w, f, at, other, is_address && by_address);
	}
}

static void put(struct sim *sim, const struct wanted *w, const struct dev *dev)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(dev->id, fields), i, k;

	for (i = 0; i < w->count; i++)
		for (k = 0; k < count; k++)
			if (strcmp(fields[k].name, w->fields[i].name) == 0)
				options_put_field(&sim->memory, &fields[k],
						  w->raw[i]);
}

static void check_memory(const struct sim *now, const struct sim *expected)
{
	size_t i;

	for (i = 0; i < now->memory.count; i++) {
		const struct region *a = &now->memory.regions[i];
		const struct region *b = &expected->memory.regions[i];

		if (a->kind == MEMORY_OPTION ||
		    a->kind == MEMORY_OPTION_REGISTER)
			BYTES(a->bytes, b->bytes,
			      a->range.end - a->range.start);
	}
}

/* How many words are written; of bytes in memory, how many areas. */
static long writes_of(const struct wanted *w, const struct dev *dev)
{
	bool registers = option_form(dev->id) == OPTION_REGISTERS;
	uint32_t seen[NAMES_MAX], at;
	size_t count = 0, i, k;

	for (i = 0; i < w->count; i++) {
		at = w->fields[i].write_at;
		for (k = 0; !registers && k < ARRAY_LEN(dev->option_bytes); k++)
			if (in_range(dev->option_bytes[k], at))
				at = dev->option_bytes[k].start;
		for (k = 0; k < count && seen[k] != at; k++)
			;
		if (k == count)
			seen[count++] = at;
	}
	return (long)count;
}

static long set_words;

static void set_fields(const struct dev *dev, bool all)
{
	bool registers = option_form(dev->id) == OPTION_REGISTERS;
	struct sim *before = device_now(dev), *now;
	static struct wanted w;
	long writes, most;

	if (!CHECK(before != NULL))
		return;
	choose(&w, dev, before, all);
	put(before, &w, dev);
	if (!CHECK(w.count > 0) || !EQUAL(run(dev, w.option), STATUS_DONE))
		printf("  %s\n%s", w.option, out);
	now = device_now(dev);
	if (CHECK(now != NULL))
		check_memory(now, before);
	writes = sim_files_stat(&files, "command_31");
	most = writes_of(&w, dev);
	/* one that the part may lose, in front of each */
	if (dev->quirks & DEV_READ_AFTER_WRITE_LOSS)
		writes /= 2;
	/* registers that are neighbours go together */
	if (!CHECK(writes >= 1 && writes <= most) ||
	    !CHECK(registers || writes == most))
		printf("  %ld writes: %s\n", writes, w.option);
	set_words += all ? 0 : (long)w.count;
	(void)sim_free(now, &(struct problem){ "" });
	forget("nv");
	(void)sim_free(before, &(struct problem){ "" });
}

/* All that is printed, as --set takes it. */
static void make_option(char option[TEXT_MAX])
{
	size_t at = (size_t)snprintf(option, TEXT_MAX, "--set=");
	const char *from;

	for (from = out; *from != '\0'; from++)
		if (*from != ' ')
			option[at++] = *from == '\n' ? ',' : *from;
	option[at] = '\0';
}

static void test_part(const struct dev *dev)
{
	static char option[TEXT_MAX];

	t_about(dev->name);
	forget("nv");
	EQUAL(run(dev, "--option-bytes"), STATUS_DONE);
	check_shown(dev);
	make_option(option);
	if (!EQUAL(run(dev, option), STATUS_DONE) ||
	    !EQUAL(sim_files_stat(&files, "command_31"), -1))
		printf("%s", out);
	CHECK(!sim_files_logged(&files, "option"));
	EQUAL(run(dev, "--option-bytes"), STATUS_DONE);
	set_fields(dev, false);
	EQUAL(run(dev, "--option-bytes"), STATUS_DONE);
	set_fields(dev, true);
	EQUAL(run(dev, "--option-bytes"), STATUS_DONE);
	check_shown(dev);
}

int main(void)
{
	static bool done[0x1000];
	struct dev dev;
	int parts = 0, tested = 0;
	size_t i;

	if (!sim_files_begin(&files))
		return 1;
	screen = dup(STDOUT_FILENO);
	for (i = 0; dev_at(i, &dev); i++) {
		if (option_form(dev.id) == OPTION_NONE || dev.id >= 0x1000 ||
		    done[dev.id])
			continue;
		done[dev.id] = true;
		parts++;
		if (t_left_out(7))
			continue;
		test_part(&dev);
		tested++;
	}
	t_about("all parts");
	EQUAL(parts, PARTS);
	if (tested == parts)
		EQUAL(set_words, SET_AT_ALL);
	forget("nv");
	forget("out");
	sim_files_end(&files);
	return t_done();
}
