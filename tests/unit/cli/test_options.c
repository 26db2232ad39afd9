/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines: their meaning, as the fields that differ from the defaults,
 * and the messages for errors. */
#include "cli/options.h"

#include <stdlib.h>

#include "cli/options_table.h"
#include "tests/unit/t.h"
#include "utils.h"

#define TEXT_MAX 1000
#define MOST_ARGS 40

/* --- options as text --------------------------------------------------------------- */

struct writer {
	char text[TEXT_MAX];
	size_t at;
};

static void put(struct writer *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void put(struct writer *w, const char *fmt, ...)
{
	va_list args;
	int n;

	if (w->at != 0)
		w->text[w->at++] = ' ';
	va_start(args, fmt);
	n = vsnprintf(w->text + w->at, sizeof(w->text) - w->at, fmt, args);
	va_end(args);
	w->at += (size_t)n;
}

static void put_actions(struct writer *w, const struct options *o)
{
	static const char *const names[] = {
		"read", "write", "erase", "crc", "unprotect", "lock", "unlock",
		"compare", "blank"
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (o->actions & 1u << i)
			put(w, "%s", names[i]);
	if (o->file != NULL)
		put(w, "file=%s", o->file);
	for (i = 1; i < o->file_count; i++)
		put(w, "and=%s", o->files[i]);
}

static void put_target(struct writer *w, const struct target *t)
{
	if (t->has_address)
		put(w, "S=%08" PRIx32, t->address);
	if (t->has_len)
		put(w, "len=%" PRIu32, t->len);
	if (t->has_first_page)
		put(w, "s=%" PRIu32, t->first_page);
	if (t->has_page_count)
		put(w, "e=%" PRIu32, t->page_count);
}

static void put_port(struct writer *w, const struct port_settings *p)
{
	if (p->baud != 57600)
		put(w, "baud=%" PRIu32, p->baud);
	if (p->mode.data_bits != 8 || p->mode.parity != 'e' ||
	    p->mode.stop_bits != 1)
		put(w, "mode=%u%c%u", p->mode.data_bits, p->mode.parity,
		    p->mode.stop_bits);
	if (p->i2c_address != PORT_NO_ADDRESS)
		put(w, "addr=%02x", (unsigned)p->i2c_address);
	if (p->device != NULL)
		put(w, "on=%s", p->device);
}

static void put_flags(struct writer *w, const struct options *o)
{
	const struct {
		bool set;
		const char *name;
	} flags[] = {
		{ o->force_binary, "binary" }, { o->verify, "verify" },
		{ o->reset, "reset" }, { o->resume, "resume" },
		{ o->quiet, "quiet" }, { o->verbose, "verbose" },
		{ o->trace, "trace" }, { o->json, "json" },
		{ o->changed, "changed" }, { o->dry_run, "dry-run" },
		{ o->pipeline, "pipeline" }, { o->baud_auto, "auto" },
		{ o->sequence != NULL, "sequence" },
		{ o->sequence_auto, "seek" },
		{ o->lowered[0] != '\0', "lowered" },
		{ o->erase == ERASE_CHIP, "chip" },
		{ o->erase == ERASE_PAGES, "pages" },
		{ o->erase == ERASE_NONE, "none" },
		{ o->show_progress == SHOW_ALWAYS, "always" },
		{ o->show_progress == SHOW_NEVER, "never" },
		{ o->mode == OPTIONS_HELP, "help" }, { o->help_all, "all" },
		{ o->mode == OPTIONS_VERSION, "version" },
		{ o->mode == OPTIONS_LIST_DEVICES, "list" },
		{ o->mode == OPTIONS_LIST_PORTS, "ports" },
		{ o->mode == OPTIONS_LIST_WIRINGS, "wirings" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].set)
			put(w, "%s", flags[i].name);
}

static const char *options_text(const struct options *o)
{
	static struct writer w;

	memset(&w, 0, sizeof(w));
	put_actions(&w, o);
	put_target(&w, &o->target);
	if (o->unit_count != 0)
		put(&w, "units=%" PRIu32 ":%" PRIu32, o->first_unit,
		    o->unit_count);
	if (o->go)
		put(&w, "go=%08" PRIx32, o->go_address);
	if (o->retries != 10)
		put(&w, "retries=%u", o->retries);
	if (o->max_read != 256 || o->max_frame != 258)
		put(&w, "frame=%u:%u", o->max_read, o->max_frame);
	if (o->knock.wanted)
		put(&w, "knock=%.*s@%u,%u%c%u", (int)o->knock.len,
		    (const char *)o->knock.text, (unsigned)o->knock.baud,
		    o->knock.mode.data_bits, o->knock.mode.parity,
		    o->knock.mode.stop_bits);
	if (o->knock.wait_ms != 500)
		put(&w, "wait=%u", o->knock.wait_ms);
	if (o->port.connect_timeout_ms != 3000)
		put(&w, "timeout=%u", o->port.connect_timeout_ms);
	if (o->format != &parser_binary)
		put(&w, "format=%s", o->format->name);
	if (o->has_dev)
		put(&w, "dev=%03" PRIx32, o->dev.id);
	if (o->trace_file != NULL)
		put(&w, "trace=%s", o->trace_file);
	put_flags(&w, o);
	put_port(&w, &o->port);
	return w.text;
}

/* --- running them ---------------------------------------------------------------------- */

struct command {
	char text[TEXT_MAX];
	char *argv[MOST_ARGS];
	int argc;
};

/* Splits at blanks; '' is an empty argument. */
static void split(struct command *c, const char *line)
{
	char *word;

	snprintf(c->text, sizeof(c->text), "stm32flash %s", line);
	c->argc = 0;
	for (word = strtok(c->text, " "); word != NULL && c->argc < MOST_ARGS - 1;
	     word = strtok(NULL, " ")) {
		if (strcmp(word, "''") == 0)
			*word = '\0';
		c->argv[c->argc++] = word;
	}
	c->argv[c->argc] = NULL;
}

struct row {
	const char *line;
	const char *meaning;	/* or, after a '!', a part of the message */
};

static void check_row(const struct row *row)
{
	bool bad = row->meaning[0] == '!';
	struct problem why = { "" };
	struct options options;
	struct command command;

	t_about(row->line);
	split(&command, row->line);
	EQUAL(options_parse(command.argc, command.argv, &options, &why), !bad);
	EQUAL(why.text[0] != '\0', bad);
	if (!bad)
		TEXT(options_text(&options), row->meaning);
	else if (!CHECK(strstr(why.text, row->meaning + 1) != NULL))
		printf("  %s\n", why.text);
	options_free(&options);
}

static const struct row meanings[] = {
	{ "tty", "on=tty" },
	{ "-w a.hex tty", "write file=a.hex on=tty" },
	{ "tty -w a.hex", "write file=a.hex on=tty" },
	{ "-wa.hex tty", "write file=a.hex on=tty" },
	{ "-w - tty", "write file=- on=tty" },
	{ "-vw a -g0 tty", "write file=a go=00000000 verify on=tty" },
	{ "-r b.bin tty", "read file=b.bin on=tty" },
	{ "-r - tty", "read file=- on=tty" },
	{ "--read b --format hex tty", "read file=b format=Intel HEX on=tty" },
	{ "-o tty", "erase on=tty" },
	{ "-C tty", "crc on=tty" },
	{ "-u tty", "unprotect on=tty" },
	{ "-j tty", "lock on=tty" },
	{ "-k tty", "unlock on=tty" },
	{ "-k -w a tty", "write unlock file=a on=tty" },
	{ "-w a -u tty", "write unprotect file=a on=tty" },
	{ "-j -w a tty", "write lock file=a on=tty" },
	{ "-f -w a tty", "write file=a binary on=tty" },
	{ "-c -R tty", "reset resume on=tty" },
	{ "-n 0 -w a tty", "write file=a retries=0 on=tty" },
	{ "-g 0x20000000 tty", "go=20000000 on=tty" },
	{ "-i rts,-dtr:dtr tty", "sequence on=tty" },
	{ "-i rts -i dtr tty", "sequence on=tty" },
	{ "-i boot0-rts tty", "sequence on=tty" },
	{ "-i auto tty", "seek on=tty" },
	{ "-i auto -i rts tty", "sequence on=tty" },
	{ "-i rts -i auto tty", "seek on=tty" },
	{ "-i list", "wirings" },
	{ "--knock=boot tty", "knock=boot@0,8n1 on=tty" },
	{ "--knock=a@b@9600 tty", "knock=a@b@9600,8n1 on=tty" },
	{ "--knock=a\\x2fb\\\\@9600,7E2 tty", "knock=a/b\\@9600,7e2 on=tty" },
	{ "--knock=@1200 --knock-wait=2000 tty",
	  "knock=@1200,8n1 wait=2000 on=tty" },
	{ "--verbose --progress=never --connect-timeout=60 tty",
	  "timeout=60000 verbose never on=tty" },
	{ "--quiet --progress always tty", "quiet always on=tty" },
	{ "--trace tty", "trace on=tty" },
	{ "--trace=log tty", "trace=log trace on=tty" },
	{ "--device 0x410 tty", "dev=410 on=tty" },
	{ "--changed -w a tty", "write file=a changed on=tty" },
	{ "--changed --erase=pages -w a tty",
	  "write file=a changed pages on=tty" },
	{ "--dry-run -w a tty", "write file=a dry-run on=tty" },
	{ "--dry-run -o --device 0x410", "erase dev=410 dry-run" },
	{ "--pipeline -w a tty", "write file=a pipeline on=tty" },
	{ "--write-protect=3 tty", "units=3:1 on=tty" },
	{ "--write-protect=0:256 --dry-run tty", "units=0:256 dry-run on=tty" },
	{ "-w a --write-protect 255:1 tty",
	  "write file=a units=255:1 on=tty" },
	{ "-u -w a --write-protect=0x10:2 tty",
	  "write unprotect file=a units=16:2 on=tty" },
	{ "-- -w", "on=-w" },
	{ "-h", "help" },
	{ "-h -b abc", "help" },	/* -h ignores errors */
	{ "-hv", "help" },	/* v is no argument of h */
	{ "--help tty", "help" },
	{ "--help=all", "help all" },
	{ "--version", "version" },
	{ "--list-devices", "list" },
	{ "--list-devices --json", "json list" },
	{ "--list-ports", "ports" },
	/* ports */
	{ "-b 0 tty", "baud=0 on=tty" },
	{ "-b 115200 tty", "baud=115200 on=tty" },
	{ "-b 57601 tty", "baud=57601 on=tty" },	/* the port checks the
							 * rate */
	{ "-b auto -i rts tty", "auto sequence on=tty" },
	{ "-b auto -i rts -b 9600 tty", "sequence baud=9600 on=tty" },
	{ "-m 8n1 tty", "mode=8n1 on=tty" },
	{ "-m 7O2 tty", "mode=7o2 on=tty" },
	{ "-a 0x03 i2c", "addr=03 on=i2c" },
	{ "-a 0x77 i2c", "addr=77 on=i2c" },
	{ "-a 59 i2c", "addr=3b on=i2c" },
	/* ranges */
	{ "-S 0x08000000 -r a tty", "read file=a S=08000000 on=tty" },
	{ "-S 0x08000000:1024 -r a tty",
	  "read file=a S=08000000 len=1024 on=tty" },
	{ "-S 0x08000001:0x3 -r a tty",
	  "read file=a S=08000001 len=3 on=tty" },
	{ "-S 0xffffff00:0xff -r a tty",
	  "read file=a S=ffffff00 len=255 on=tty" },
	{ "-s 3 -e 2 -o tty", "erase s=3 e=2 on=tty" },
	{ "-e 2 -w a tty", "write file=a e=2 on=tty" },
	{ "-e 0 -w a tty", "write file=a e=0 on=tty" },
	{ "-S 0x20000000 -e 0 -w a tty",
	  "write file=a S=20000000 e=0 on=tty" },
	{ "-e 0 -S 0x20000000 -w a tty",
	  "write file=a S=20000000 e=0 on=tty" },
	{ "-e 65535 -w a tty", "write file=a e=65535 on=tty" },
	{ "--erase pages -w a tty", "write file=a pages on=tty" },
	{ "--erase=chip -w a tty", "write file=a chip on=tty" },
	{ "--erase=none -w a tty", "write file=a none on=tty" },
	{ "--erase=chip -o tty", "erase chip on=tty" },
	/* frames */
	{ "-F 256:258 -w a tty", "write file=a on=tty" },
	{ "-F 20:6 -w a tty", "write file=a frame=20:6 on=tty" },
	{ "-F 100 -w a tty", "write file=a frame=100:258 on=tty" },
	{ "-F 20:5 -r a tty", "read file=a frame=20:5 on=tty" },
	{ "-F 1000:1000 tty", "lowered on=tty" },
	{ "-F 256:259 tty", "lowered on=tty" },
};

static const struct row problems[] = {
	{ "", "!no device given" },
	{ "-w a", "!no device given" },
	{ "a b", "!more than one device given: a, b" },
	{ "-x tty", "!-x" },
	{ "--nonsense tty", "!--nonsense" },
	{ "tty -w", "!-w" },
	{ "tty --write", "!--write" },
	{ "--verify=yes tty", "!takes no argument" },
	/* two actions */
	{ "-r a -w b tty", "!exclude each other" },
	{ "-w a -o tty", "!more than one action" },
	{ "-r a -o tty", "!more than one action" },
	{ "-r a -C tty", "!more than one action" },
	{ "-u -k tty", "!more than one action" },
	{ "-j -k tty", "!more than one action" },
	{ "-k -w a -j tty", "!more than one action" },
	{ "-k -r a tty", "!more than one action" },
	{ "-u -o tty", "!more than one action" },
	{ "-j --write-protect=0 tty", "!more than one action" },
	{ "-k -w a --write-protect=0 tty", "!more than one action" },
	{ "--write-protect=256 tty", "!0 to 255" },
	{ "--write-protect=0:0 tty", "!0 to 255" },
	{ "--write-protect=0:257 tty", "!0 to 255" },
	{ "--write-protect=255:2 tty", "!0 to 255" },
	{ "--write-protect=1: tty", "!0 to 255" },
	{ "--write-protect=x tty", "!0 to 255" },
	{ "--write-protect=0:4 -F 256:5 tty", "!no room for 4 units" },
	{ "--write-protect=0 --dry-run --device=0x410", "!no device given" },
	{ "--knock=\\x&7 tty", "!--knock: after a backslash expected r, n, xHH "
			       "or a backslash: \"\\x&7\"" },
	{ "-w a -w b tty", "write file=a and=b on=tty" },
	{ "-w - -w -@0x1 tty", "!given only once" },
	{ "-w - -w -x tty", "write file=- and=-x on=tty" },
	{ "--compare=a --compare b tty", "compare file=a and=b on=tty" },
	{ "--compare=a -w b tty", "!exclude" },
	{ "-r a -w b tty", "!exclude" },
	{ "--blank-check tty", "blank on=tty" },
	{ "--blank-check --blank-check tty", "!twice" },
	{ "--blank-check -w a tty", "!more than one action" },
	{ "-w 1 -w 2 -w 3 -w 4 -w 5 -w 6 -w 7 -w 8 -w 9 -w 10 -w 11 -w 12 "
	  "-w 13 -w 14 -w 15 -w 16 -w 17 tty", "!more than 16 files" },
	{ "-o -o tty", "!twice" },
	{ "-j -g 0 tty", "!-g and -j" },
	/* numbers: complete and in range */
	{ "-b abc tty", "!-b abc" },
	{ "-b -1 tty", "!-b -1" },
	{ "-b 9600x tty", "!-b 9600x" },
	{ "-b '' tty", "!-b" },
	{ "-b 0x1ffffffff tty", "!-b" },
	{ "-e x tty", "!-e x" },
	{ "-e -1 tty", "!-e -1" },
	{ "-e 65536 tty", "!-e 65536" },
	{ "-s 1.5 tty", "!-s 1.5" },
	{ "-n ten tty", "!-n ten" },
	{ "-n 4294967296 tty", "!-n" },
	{ "-g 0x08000001 tty", "!multiple of 4" },
	{ "-g 0x1ffffffff tty", "!-g" },
	{ "-g main tty", "!-g main" },
	{ "-a 0x02 i2c", "!-a 0x02" },
	{ "-a 0x78 i2c", "!-a 0x78" },
	{ "--connect-timeout=0 tty", "!--connect-timeout" },
	{ "--connect-timeout=3s tty", "!--connect-timeout" },
	{ "-S zz tty", "!-S zz" },
	{ "-S 0x1ffffffff tty", "!-S" },
	{ "-S '' tty", "!-S" },
	{ "-S : tty", "!-S" },
	{ "-S 0x08000000: tty", "!length" },
	{ "-S 0x08000000:0 tty", "!length" },
	{ "-S 0x08000000:4:4 tty", "!length" },
	{ "-S 0x08000000:-4 tty", "!length" },
	{ "-S 0xffffff00:0x200 tty", "!last address" },
	{ "-S 0x08000002 -w a tty", "!multiple of 4" },
	{ "-S 0x08000002 -C tty", "!multiples of 4" },
	{ "-S 0x08000000:6 -C tty", "!multiples of 4" },
	/* words */
	{ "-m 8 tty", "!-m 8" },
	{ "-m 8x1 tty", "!-m 8x1" },
	{ "-m 9n1 tty", "!-m 9n1" },
	{ "-m 8n3 tty", "!-m 8n3" },
	{ "-m 8e11 tty", "!-m 8e11" },
	{ "--erase=all tty", "!--erase all" },
	{ "--progress=maybe tty", "!--progress maybe" },
	{ "--format=doc -r a tty", "!--format doc" },
	{ "--help=me", "!--help me: all" },
	{ "--device=0xABCD tty", "!--device 0xABCD" },
	{ "--device=STM32 tty", "!--device STM32" },
	{ "-i rtx tty", "!character 1" },
	{ "-i rts,,dtx tty", "!character 6" },
	/* conflicts */
	{ "-S 0x08000000 -e 1 -w a tty", "!-S excludes" },
	{ "-e 1 -S 0x08000000 -w a tty", "!-S excludes" },
	{ "-s 1 -S 0x08000000 -r a tty", "!-S excludes" },
	{ "-s 0 -e 0 -S 0x08000000 -w a tty", "!-S excludes" },
	{ "-o -e 0 tty", "!no pages to erase given" },
	{ "-o --erase=none tty", "!no pages to erase given" },
	{ "-o --erase=pages tty", "!-S" },
	{ "-o --erase=chip -S 0x08000000:1024 tty", "!-o" },
	{ "--erase=pages -e 3 -w a tty", "!exclude each other" },
	{ "--json -r - tty", "!standard output" },
	{ "--changed -r a tty", "!--changed" },
	{ "--changed --erase=chip -w a tty", "!--changed" },
	{ "--changed -e 3 -w a tty", "!--changed" },
	{ "--dry-run -r a tty", "!--dry-run" },
	{ "--dry-run -w a", "!no device given" },
	{ "-b auto tty", "!-b auto" },
	{ "-b auto -i :rts tty", "!-b auto" },
	/* frames */
	{ "-F 19 tty", "!-F 19" },
	{ "-F 256:4 tty", "!-F 256:4" },
	{ "-F x:100 tty", "!-F x:100" },
	{ "-F 100: tty", "!-F 100:" },
	{ "-F 256:5 -w a tty", "!no room" },
};

static void test_rows(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(meanings); i++)
		check_row(&meanings[i]);
	for (i = 0; i < ARRAY_LEN(problems); i++)
		check_row(&problems[i]);
}

/* A second parse is independent of the first. */
static void test_again(void)
{
	static const struct row rows[] = {
		{ "-w a -S 0x08000000 -F 300 tty",
		  "write file=a S=08000000 lowered on=tty" },
		{ "tty", "on=tty" },
	};

	check_row(&rows[0]);
	check_row(&rows[1]);
}

/* A message quotes the user's text; a long one is only cut. */
static void test_long(void)
{
	static char line[TEXT_MAX - 20];
	struct row row = { line, "!" };
	static const char *const options[] = { "-b ", "-S ", "-i ", "-F ",
					       "--device=", "-m " };
	size_t i;

	for (i = 0; i < ARRAY_LEN(options); i++) {
		memset(line, '9', sizeof(line) - 1);
		memcpy(line, options[i], strlen(options[i]));
		check_row(&row);
	}
}

static const char *usage_text(bool all)
{
	static char text[8000];
	FILE *file = tmpfile();
	size_t len;

	if (!CHECK(file != NULL))
		return "";
	options_usage(file, all);
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* --help=all lists every letter and every long name in the right form. */
static void test_usage(void)
{
	static const char letters[] = "abmrwfCujkoesSvngFciR";
	const char *text = usage_text(true);
	char wanted[16];
	size_t i;

	t_about("usage");
	for (i = 0; letters[i] != '\0'; i++) {
		snprintf(wanted, sizeof(wanted), "  -%c, --", letters[i]);
		CHECK(strstr(text, wanted) != NULL);
	}
	for (i = 0; i < option_count; i++)
		CHECK(strstr(text, option_rows[i].name) != NULL);
	CHECK(strstr(text, "  -S, --range=addr[:len] ") != NULL);
	CHECK(strstr(text, "usage: stm32flash [options] device") == text);
	CHECK(strstr(text, "--erase=") != NULL);
	CHECK(strstr(text, "--trace[=") != NULL);
	CHECK(strstr(text, "-h, --help[=") != NULL);
	CHECK(strstr(usage_text(false), "--help=all") != NULL);
}

/* --- the table ---------------------------------------------------------------------------- */

/* No two options have the same letter or name. */
static void test_unique(void)
{
	size_t i, k;

	for (i = 0; i < option_count; i++) {
		t_about(option_rows[i].name);
		for (k = 0; k < i; k++) {
			CHECK(option_rows[i].letter == 0 ||
			      option_rows[i].letter != option_rows[k].letter);
			CHECK(strcmp(option_rows[i].name,
				     option_rows[k].name) != 0);
		}
	}
}

static bool takes(const struct option_row *row, const char *arg)
{
	struct options options = { .port = { .baud = 0 } };
	struct problem why = { "" };
	bool taken = row->handle(&options, arg, &why);

	options_free(&options);
	return taken;
}

/* An option accepts the words of its row, and no others. */
static void test_words(void)
{
	size_t i, k;

	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];
		const struct option_word *words = row->argument.words;

		t_about(row->name);
		CHECK(row->argument.kind != ARGUMENT_WORDS || words != NULL);
		for (k = 0; words != NULL && words[k].name != NULL; k++)
			CHECK(takes(row, words[k].name));
		CHECK(words == NULL || !takes(row, "nonsense"));
	}
}

/* Every format that can be written has its word. */
static void test_formats(void)
{
	size_t i, k, found = 0, writers = 0;

	t_about("--format");
	for (i = 0; i < parser_count; i++)
		writers += parsers[i]->option != NULL;
	for (i = 0; i < option_count; i++) {
		const struct option_word *words = option_rows[i].argument.words;

		if (strcmp(option_rows[i].name, "format") != 0)
			continue;
		for (k = 0; words[k].name != NULL; k++)
			found += parser_by_option(words[k].name) != NULL;
	}
	EQUAL(found, writers);
}

/* A valid argument of the option. */
static const char *sample(const struct option_row *row)
{
	if (row->argument.words != NULL)
		return row->argument.words[1].name;
	switch (row->argument.kind) {
	case ARGUMENT_NONE: return "";
	case ARGUMENT_FILE: return "a";
	case ARGUMENT_PART: return "0x410";
	case ARGUMENT_NUMBER: return "21";
	case ARGUMENT_ADDRESS: return "0x20000000";
	case ARGUMENT_WORDS: return "";
	case ARGUMENT_TEXT: break;
	}
	return row->letter == 'm' ? "8n1" : "rts";
}

/* The long name of a letter is the same option. */
static void test_long_names(void)
{
	size_t i;

	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];
		struct problem why = { "" };
		struct options options;
		struct command command;
		char line[80], meaning[TEXT_MAX];

		if (row->letter == 0)
			continue;
		snprintf(line, sizeof(line), "-%c %s tty", row->letter,
			 sample(row));
		t_about(line);
		split(&command, line);
		CHECK(options_parse(command.argc, command.argv, &options,
				    &why));
		snprintf(meaning, sizeof(meaning), "%s",
			 options_text(&options));
		CHECK(strcmp(meaning, "on=tty") != 0);
		options_free(&options);
		snprintf(line, sizeof(line), "--%s %s tty", row->name,
			 sample(row));
		check_row(&(struct row){ line, meaning });
	}
}

static void test_words_text(void)
{
	static const struct option_word one[] = { { "a", "b" }, { NULL, NULL } };
	static const struct option_word three[] = {
		{ "x", NULL }, { "y", "why" }, { "z", NULL }, { NULL, NULL }
	};
	char text[20], small[6];

	t_about("words as text");
	option_words_text(one, false, text, sizeof(text));
	TEXT(text, "a");
	option_words_text(three, false, text, sizeof(text));
	TEXT(text, "x, y or z");
	option_words_text(three, true, text, sizeof(text));
	TEXT(text, "x, y (why) or z");
	option_words_text(three, true, small, sizeof(small));
	TEXT(small, "x, y ");
}

int main(void)
{
	test_rows();
	test_again();
	test_long();
	test_usage();
	test_unique();
	test_words();
	test_formats();
	test_words_text();
	test_long_names();
	return t_done();
}
