/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device executes nothing that was not requested. Calls the whole program
 * with simulated devices of every ROM kind: they send ACKs for addresses that
 * they do not serve, or take the following bytes for commands. The device
 * counts the commands that it begins to execute, by opcode.
 */
#include "tests/unit/t.h"

#include <fcntl.h>

#include "cli/status.h"
#include "dev_table.h"
#include "tests/unit/sim_files.h"
#include "utils.h"

#define WORDS_MAX 16
#define TEXT_MAX 300
/* Tries one in so many of the pairs (opcode, place); with 1, all 93840 pass. A
 * prime that divides neither the opcodes nor the places. */
#define EACH_PAIR 53
/* The same for the reads on a bad line. */
#define EACH_READ 5

int run_program(int argc, char **argv);

enum commands {
	ASKS = 0,		/* Get, Get Version, Get ID, Read Memory */
	WRITES = 1 << 0,
	ERASES = 1 << 1,
	GOES = 1 << 2,
	UNPROTECTS_WRITE = 1 << 3,
	PROTECTS_READOUT = 1 << 4,
	UNPROTECTS_READOUT = 1 << 5,
	OTHERS = 1 << 6		/* never requested here */
};

static enum commands class_of(unsigned opcode)
{
	switch (opcode) {
	case 0x00: case 0x01: case 0x02: case 0x11:
		return ASKS;
	case 0x31:
		return WRITES;
	case 0x43: case 0x44:
		return ERASES;
	case 0x21:
		return GOES;
	case 0x73:
		return UNPROTECTS_WRITE;
	case 0x82:
		return PROTECTS_READOUT;
	case 0x92:
		return UNPROTECTS_READOUT;
	default:
		return OTHERS;
	}
}

static const char *const kinds[] = { "2.2", "3.1", "strict", "worst" };
static const char *const parts[] = { "0x410", "0x440" };
static const char *const noises[] = {
	"", ",drop=0.001,flip=0.001,insert=0.001"
};

static struct sim_files files;
static int silence, screen;

/* --- one run ----------------------------------------------------------------- */

static void path_of(const char *name, char path[TEXT_MAX])
{
	(void)snprintf(path, TEXT_MAX, "%s/%s", files.dir, name);
}

/* The words of the command line, separated by spaces; F is the image file. */
static int run_words(const char *device, const char *words)
{
	static char program[] = "stm32flash", quiet[] = "--quiet";
	char text[TEXT_MAX], image[TEXT_MAX], spec[sizeof(files.device)];
	char *argv[WORDS_MAX] = { program, quiet };
	int argc = 2, status;
	char *word;

	(void)snprintf(text, sizeof(text), "%s", words);
	(void)snprintf(spec, sizeof(spec), "%s", device);
	path_of("image.bin", image);
	for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "F") == 0 ? image : word;
	argv[argc++] = spec;
	fflush(stdout);
	dup2(silence, STDOUT_FILENO);
	dup2(silence, STDERR_FILENO);
	status = run_program(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(screen, STDOUT_FILENO);
	dup2(screen, STDERR_FILENO);
	return status;
}

/* Runs the program on a new device, and reads its files. */
static int run(const char *spec, const char *words)
{
	int status;

	sim_files_remove(&files);
	(void)snprintf(files.device, sizeof(files.device),
		       "sim:%s,stats=%s/stats,log=%s/log", spec, files.dir,
		       files.dir);
	status = run_words(files.device, words);
	sim_files_read(&files);
	return status;
}

static unsigned executed(void)
{
	unsigned classes = 0, opcode;
	char name[16];

	for (opcode = 0; opcode < 256; opcode++) {
		(void)snprintf(name, sizeof(name), "command_%02X", opcode);
		if (sim_files_stat(&files, name) > 0)
			classes |= class_of(opcode);
	}
	return classes;
}

/* Checks that only allowed commands were executed. */
static void check_safe(const char *spec, const char *words, unsigned allowed)
{
	/* with noise on the first byte an F103 may measure a wrong rate */
	if (CHECK(sim_files_stat(&files, "command_00") > 0 ||
		  (strstr(spec, "drop=") != NULL &&
		   sim_files_stat(&files, "bytes_in") > 0)) &&
	    CHECK((executed() & ~allowed) == 0))
		return;
	printf("  %s on %s:\n%s%s", words, spec, files.stats, files.log);
}

static void check_untouched(const char *spec, const char *words)
{
	if (CHECK(sim_files_stat(&files, "granules_programmed") <= 0 &&
		  sim_files_stat(&files, "pages_erased") <= 0 &&
		  sim_files_stat(&files, "mass_erases") <= 0 &&
		  !sim_files_logged(&files, "option 0x") &&
		  !sim_files_logged(&files, "rdp ") &&
		  !sim_files_logged(&files, "wrp")))
		return;
	printf("  %s on %s:\n%s%s", words, spec, files.stats, files.log);
}

/* --- every kind, part and noise ---------------------------------------------- */

struct setting {
	const char *part, *kind, *noise;
	unsigned seed;
	char spec[TEXT_MAX];
};

static void for_settings(void (*test)(struct setting *s))
{
	struct setting s = { .seed = 1 };
	size_t i, k, n;

	for (i = 0; i < ARRAY_LEN(parts); i++)
		for (k = 0; k < ARRAY_LEN(kinds); k++)
			for (n = 0; n < ARRAY_LEN(noises); n++) {
				s.part = parts[i];
				s.kind = kinds[k];
				s.noise = noises[n];
				test(&s);
			}
}

/* Uses another seed each time. */
static const char *spec_of(struct setting *s, const char *more)
{
	(void)snprintf(s->spec, sizeof(s->spec), "%s,rom=%s%s%s,seed=%u",
		       s->part, s->kind, s->noise, more, s->seed++);
	return s->spec;
}

/* --- refused addresses ------------------------------------------------------- */

static const uint32_t refused[] = {
	0x00000000, 0x07FFFF00, 0x20000000, 0x1FFFF900, 0x40010000,
	0xFFFFFE00, 0x08020000
};

static unsigned reads;

static void read_lengths(struct setting *s)
{
	char words[TEXT_MAX];
	size_t i;
	unsigned len;

	t_about("read at a refused address");
	for (i = 0; i < ARRAY_LEN(refused); i++)
		for (len = 1; len <= 256; len++) {
			unsigned odd = (len + (unsigned)i) % 4;
			unsigned to = odd == 0 ? 1 : 2, n;

			for (n = 0; n < to; n++) {
				if (t_left_out(31) ||
				    (s->noise[0] != '\0' &&
				     reads++ % EACH_READ != 0))
					continue;
				(void)snprintf(words, sizeof(words),
					       "-r - -S 0x%08lX:%u",
					       (unsigned long)(refused[i] +
							       odd * n), len);
				(void)run(spec_of(s, ""), words);
				check_safe(s->spec, words, ASKS);
				check_untouched(s->spec, words);
			}
		}
}

/* From AN3155 and AN4221; 06 is GigaDevice's, FA Artery's. */
static const uint8_t opcodes[] = {
	0x00, 0x01, 0x02, 0x06, 0x11, 0x21, 0x31, 0x32, 0x43, 0x44, 0x45, 0x50,
	0x51, 0x63, 0x64, 0x73, 0x74, 0x82, 0x83, 0x92, 0x93, 0xA1, 0xFA,
};

/* Makes one pair among zeros, or only pairs. */
static void make_image(uint8_t opcode, size_t place, size_t count)
{
	uint8_t bytes[260] = { 0 };
	char path[TEXT_MAX];
	FILE *file;

	for (; count > 0 && place + 1 < sizeof(bytes); count--, place += 2) {
		bytes[place] = opcode;
		bytes[place + 1] = (uint8_t)~opcode;
	}
	path_of("image.bin", path);
	file = fopen(path, "wb");
	if (!CHECK(file != NULL))
		return;
	CHECK(fwrite(bytes, 1, sizeof(bytes), file) == sizeof(bytes));
	CHECK(fclose(file) == 0);
}

static void write_there(struct setting *s, uint32_t address)
{
	char words[TEXT_MAX];

	(void)snprintf(words, sizeof(words), "-w F -S 0x%08lX",
		       (unsigned long)address);
	(void)run(spec_of(s, ""), words);
	check_safe(s->spec, words, WRITES);
	check_untouched(s->spec, words);
}

static unsigned pairs;

static void write_pairs(struct setting *s)
{
	static const uint32_t there[] = { 0x20000000, 0x20100000, 0x60000000 };
	size_t i, op, place;

	t_about("write at a refused address");
	for (op = 0; op < ARRAY_LEN(opcodes); op++)
		for (i = 0; i < ARRAY_LEN(there); i++)
			for (place = 0; place < 2; place++) {
				if (t_left_out(7))
					continue;
				make_image(opcodes[op], place, 130);
				write_there(s, there[i]);
			}
	/* each opcode alone, at each place of the first block */
	for (op = 0; op < ARRAY_LEN(opcodes); op++)
		for (place = 0; place < 255; place++) {
			if (pairs++ % EACH_PAIR != 0 || t_left_out(31))
				continue;
			make_image(opcodes[op], place, 1);
			write_there(s, there[place % ARRAY_LEN(there)]);
		}
}

static void other_actions(struct setting *s)
{
	static const struct { const char *words; unsigned allowed; } rows[] = {
		{ "-C -S 0x%08lX:68", ASKS },
		{ "-C -S 0x%08lX:100", ASKS },
		{ "-C -S 0x%08lX:116", ASKS },
		{ "-w F --changed -S 0x%08lX", WRITES },
		{ "-w F -v -S 0x%08lX", WRITES },
		{ "-g 0x%08lX", GOES },
		{ "-R", GOES | WRITES },
	};
	char words[TEXT_MAX];
	size_t i, row;

	t_about("an action at a refused address");
	for (row = 0; row < ARRAY_LEN(rows); row++)
		for (i = 0; i < ARRAY_LEN(refused); i++) {
			if (t_left_out(5))
				continue;
			make_image(0x82, i & 1, 130);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			(void)snprintf(words, sizeof(words), rows[row].words,
				       (unsigned long)refused[i]);
#pragma GCC diagnostic pop
			(void)run(spec_of(s, ""), words);
			check_safe(s->spec, words, rows[row].allowed);
		}
}

/* --- another row of the device table ----------------------------------------- */

/* With a wrong row, only the requested commands may be executed. */
static const struct { const char *words; unsigned allowed; } row_jobs[] = {
	{ "", ASKS },
	{ "-r -", ASKS },
	{ "-w F", WRITES | ERASES },
	{ "-o", ERASES },
	{ "-C", ASKS },
};

static void other_rows(struct setting *s)
{
	char words[TEXT_MAX];
	struct dev dev;
	size_t row, job;

	t_about("another row of the device table");
	make_image(0x82, 0, 130);
	for (row = 0; dev_at(row, &dev); row++)
		for (job = 0; job < ARRAY_LEN(row_jobs); job++) {
			if (t_left_out(31))
				continue;
			(void)snprintf(words, sizeof(words),
				       "--device 0x%03lX %s",
				       (unsigned long)dev.id,
				       row_jobs[job].words);
			(void)run(spec_of(s, ",size=16K"), words);
			check_safe(s->spec, words, row_jobs[job].allowed);
		}
}

/* --- readout protected ------------------------------------------------------- */

#define ENDS_US 200000

/*
 * Expects status 5, within this time including the connection. The worst kind,
 * which is no known ROM, loses step after a refusal: it only must be safe.
 */
static void protected_chips(struct setting *s)
{
	static const char *const jobs[] = {
		"-r -", "-w F", "-o", "-C", "-u", "-j", "-g 0x08000000", "-R",
		"-w F --changed", "-o -S 0x08000000:1024", "-w F -v",
		"-r - -S 0x20000000:131", "-w F -S 0x20000000",
	};
	bool slides = strcmp(s->kind, "worst") == 0;
	size_t i;

	if (s->noise[0] != '\0')
		return;
	t_about("readout protected");
	make_image(0x82, 0, 130);
	for (i = 0; i < ARRAY_LEN(jobs); i++) {
		int status = run(spec_of(s, ",rdp=1"), jobs[i]);
		long us = sim_files_stat(&files, "time_us");

		if (!slides && (!EQUAL(status, STATUS_PROTECTED) ||
				!CHECK(us > 0 && us <= ENDS_US)))
			printf("  %s on %s: %ld us\n", jobs[i], s->spec, us);
		check_safe(s->spec, jobs[i], ASKS);
		check_untouched(s->spec, jobs[i]);
	}
	if (slides)
		return;
	EQUAL(run(spec_of(s, ",rdp=1"), "-k"), STATUS_DONE);
	check_safe(s->spec, "-k", UNPROTECTS_READOUT);
	CHECK(sim_files_logged(&files, "rdp 0"));
}

int main(void)
{
	if (!sim_files_begin(&files))
		return 1;
	silence = open("/dev/null", O_WRONLY);
	screen = dup(STDOUT_FILENO);
	for_settings(read_lengths);
	for_settings(write_pairs);
	for_settings(other_actions);
	for_settings(other_rows);
	for_settings(protected_chips);
	{
		char path[TEXT_MAX];

		path_of("image.bin", path);
		remove(path);
	}
	sim_files_end(&files);
	return t_done();
}
