/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "cli/options_table.h"
#include "stm32.h"
#include "utils.h"

#define IDLE_OTHERWISE 5
#define DEFAULT_BAUD 57600
#define DEFAULT_RETRIES 10
#define DEFAULT_CONNECT_S 3
#define DEFAULT_KNOCK_WAIT_MS 500

/* --- getopt ------------------------------------------------------------------ */

#define LONG_ONLY 256	/* getopt's value for row i without a letter: this +
			 * i */

static bool is_optional(const struct option_row *row)
{
	return row->argument.kind != ARGUMENT_NONE &&
	       row->argument.name[0] == '[';
}

/* Builds the tables for getopt. "-" returns operands in order, whatever the
 * environment says; ":" suppresses getopt's own messages. */
static void describe(char *letters, struct option *longs)
{
	size_t i;

	*letters++ = '-';
	*letters++ = ':';
	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		longs[i].name = row->name;
		longs[i].val = row->letter != 0 ? row->letter
						: LONG_ONLY + (int)i;
		longs[i].flag = NULL;
		longs[i].has_arg = row->argument.kind == ARGUMENT_NONE
				 ? no_argument
				 : is_optional(row) ? optional_argument
				 : required_argument;
		if (row->letter == 0)
			continue;
		*letters++ = (char)row->letter;
		if (row->argument.kind != ARGUMENT_NONE && !is_optional(row))
			*letters++ = ':';
	}
	*letters = '\0';
	memset(&longs[i], 0, sizeof(longs[i]));
}

static const struct option_row *row_of(int value)
{
	size_t i;

	if (value >= LONG_ONLY)
		return &option_rows[value - LONG_ONLY];
	for (i = 0; i < option_count; i++)
		if (option_rows[i].letter == value)
			return &option_rows[i];
	return NULL;
}

static bool operand(struct options *o, const char *arg, struct problem *why)
{
	if (o->port.device != NULL) {
		problem_set(why, "more than one device given: %s, %s (a file "
			    "follows -w, -r or --trace=)", o->port.device,
			    arg);
		return false;
	}
	o->port.device = arg;
	return true;
}

/* Checks that a short form such as "--er" matches only one long name; on false
 * *why lists the matches. */
static bool is_plain(const char *arg, struct problem *why)
{
	size_t len = strcspn(arg, "="), found = 0, at = 0, i;
	char names[200] = "";

	if (strncmp(arg, "--", 2) != 0 || len == 2)
		return true;
	for (i = 0; i < option_count && at < sizeof(names); i++) {
		if (strncmp(option_rows[i].name, arg + 2, len - 2) != 0)
			continue;
		found++;
		at += (size_t)snprintf(names + at, sizeof(names) - at, " --%s",
				       option_rows[i].name);
	}
	problem_set(why, "%s: ambiguous; one of%s", arg, names);
	return found < 2;
}

/* Explains an unknown option, or an argument that is missing or superfluous.
 * For a superfluous argument getopt returns '?' in glibc and ':' in the BSDs
 * and mingw. */
static bool complain(int value, int argc, char **argv, struct problem *why)
{
	const struct option_row *row = optopt != 0 ? row_of(optopt) : NULL;

	/* The option without its argument is the last word; musl has already
	 * moved optind past the end. */
	if (row != NULL && row->argument.kind == ARGUMENT_NONE)
		problem_set(why, "%s: takes no argument", argv[optind - 1]);
	else if (value == ':')
		problem_set(why, "%s: no argument given", argv[argc - 1]);
	else if (optopt != 0)
		problem_set(why, "-%c: no such option", optopt);
	else if (is_plain(argv[optind - 1], why))
		problem_set(why, "%s: no such option", argv[optind - 1]);
	return false;
}

static bool take(struct options *o, const struct option_row *row,
		 const char *arg, struct problem *why)
{
	o->given |= UINT64_C(1) << (row - option_rows);
	return row->handle(o, arg, why);
}

static bool read_arguments(int argc, char **argv, struct options *o,
			   struct problem *why)
{
	char letters[2 * OPTIONS_MOST + 3];
	struct option longs[OPTIONS_MOST + 1];
	const struct option_row *row;
	bool ok = true;
	int value;

	describe(letters, longs);
	opterr = 0;
	optind = 0;	/* restarts getopt after an earlier parse */
	while (ok && (value = getopt_long(argc, argv, letters, longs, NULL)) !=
		     -1) {
		if (value == 1)
			ok = operand(o, optarg, why);
		else if (value == '?' || value == ':')
			ok = complain(value, argc, argv, why);
		else if ((row = row_of(value)) != NULL)
			ok = take(o, row, optarg, why);
		if (o->mode == OPTIONS_HELP || o->mode == OPTIONS_VERSION)
			return ok;
	}
	for (; ok && optind < argc; optind++)	/* operands after "--" */
		ok = operand(o, argv[optind], why);
	return ok;
}

/* --- conflicting options ------------------------------------------------ */

static bool given(const struct options *o, int letter)
{
	return o->given >> (row_of(letter) - option_rows) & 1;
}

static bool is_idle(const struct options *o, size_t i)
{
	return (o->given >> i & 1) && option_rows[i].goes_with != 0 &&
	       !(option_rows[i].goes_with & o->actions);
}

/* Refuses long-only options without effect. The letters are in many scripts
 * for 0.7, so they only cause a warning. */
static bool check_effect(const struct options *o, struct problem *why)
{
	char actions[OPTION_ACTIONS];
	size_t i;

	for (i = 0; i < option_count; i++) {
		if (!is_idle(o, i) || option_rows[i].letter != 0)
			continue;
		option_actions_text(option_rows[i].goes_with, " or ", actions);
		problem_set(why, "--%s: needs the action %s",
			    option_rows[i].name, actions);
		return false;
	}
	return true;
}

/* No reset after -g, nor when the device resets itself at the end: after a
 * change of protection that is the last action. */
bool options_reset(const struct options *o)
{
	unsigned a = o->actions;

	if (!o->reset || o->go || (a & ACTION_READOUT_PROTECT))
		return false;
	return (a & ACTION_WRITE) || !(a & (ACTION_READOUT_UNPROTECT |
					    ACTION_WRITE_UNPROTECT));
}

/* Cases that depend on more than the actions, so the table cannot express
 * them. */
static const char *idle_otherwise(const struct options *o, size_t which)
{
	bool exits = o->sequence != NULL && sequence_has_exit(o->sequence);
	const struct target *t = &o->target;

	switch (which) {
	case 0:
		return o->reset && !options_reset(o)
		       ? "-R: no effect with -g or -j, nor with -k or -u unless "
			 "-w follows; no exit sequence runs" : NULL;
	case 1:
		return exits && !o->reset ? "-i: the exit sequence runs only "
					    "with -R" : NULL;
	case 2:
		return t->has_page_count && t->page_count == 0 &&
		       (o->actions & (ACTION_READ | ACTION_CRC))
		       ? "-e 0: no effect without -w" : NULL;
	case 3:
		return o->port.baud == 0 && given(o, 'm')
		       ? "-m: no effect with -b 0, which keeps the port's "
			 "mode" : NULL;
	case 4:
		return o->on_chip && (o->actions & ACTION_WRITE) &&
		       !o->verify && !o->changed
		       ? "--on-chip: no effect; with -w it needs -v or "
			 "--changed" : NULL;
	}
	return NULL;
}

bool options_idle(const struct options *o, size_t *at, struct problem *text)
{
	char actions[OPTION_ACTIONS];
	const char *other;

	for (; *at < option_count; ++*at) {
		if (!is_idle(o, *at))
			continue;
		option_actions_text(option_rows[*at].goes_with, " or ",
				    actions);
		problem_set(text, "-%c: no effect without %s",
			    option_rows[(*at)++].letter, actions);
		return true;
	}
	for (; *at < option_count + IDLE_OTHERWISE; ++*at) {
		other = idle_otherwise(o, *at - option_count);
		if (other == NULL)
			continue;
		problem_set(text, "%s", other);
		++*at;
		return true;
	}
	return false;
}

/* Allows several actions only if their order is clear: unlock, write, lock. */
static bool check_actions(const struct options *o, struct problem *why)
{
	static const unsigned together[] = {
		ACTION_READOUT_UNPROTECT | ACTION_WRITE,
		ACTION_WRITE_UNPROTECT | ACTION_WRITE,
		ACTION_WRITE | ACTION_READOUT_PROTECT,
		ACTION_WRITE | ACTION_WRITE_PROTECT,
		ACTION_WRITE_UNPROTECT | ACTION_WRITE | ACTION_WRITE_PROTECT,
	};
	unsigned a = o->actions;
	size_t i;

	if ((a & (a - 1)) == 0)
		return true;
	for (i = 0; i < ARRAY_LEN(together); i++)
		if (a == together[i])
			return true;
	problem_set(why, "more than one action given; only -k -w, -u -w, -w -j "
		    "and [-u] -w --write-protect go together");
	return false;
}

static bool check_range(const struct options *o, struct problem *why)
{
	const struct target *t = &o->target;
	bool pages = t->has_first_page ||
		     (t->has_page_count && t->page_count != 0);

	if (t->has_address && pages) {
		problem_set(why, "-S excludes -s and -e");
		return false;
	}
	if ((o->actions & ACTION_CRC) && t->has_address &&
	    (t->address % 4 != 0 || t->len % 4 != 0)) {
		problem_set(why, "-C: address and length must be multiples of "
			    "4");
		return false;
	}
	if ((o->actions & ACTION_WRITE) && t->has_address &&
	    t->address % 4 != 0) {
		problem_set(why, "-S 0x%08" PRIx32 ": not a multiple of 4; "
			    "memory is written in words", t->address);
		return false;
	}
	return true;
}

static bool check_erase(const struct options *o, struct problem *why)
{
	const struct target *t = &o->target;

	if ((o->actions & ACTION_ERASE) &&
	    (o->erase == ERASE_NONE ||
	     (t->has_page_count && t->page_count == 0))) {
		problem_set(why, "-o: no pages to erase given");
		return false;
	}
	if (o->erase != ERASE_AUTO && t->has_page_count) {
		problem_set(why, "--erase and -e exclude each other");
		return false;
	}
	if ((o->actions & ACTION_ERASE) && o->erase == ERASE_CHIP &&
	    (target_is_limited(t) || t->has_page_count)) {
		problem_set(why, "-o: --erase=chip and a range exclude "
			    "each other");
		return false;
	}
	if ((o->actions & ACTION_ERASE) && o->erase == ERASE_PAGES) {
		problem_set(why, "-o: no pages given; use -S, or -s and -e");
		return false;
	}
	return true;
}

static bool check_changed(const struct options *o, struct problem *why)
{
	if (o->changed && (o->target.has_page_count ||
			   (o->erase != ERASE_AUTO &&
			    o->erase != ERASE_PAGES))) {
		problem_set(why, "--changed: cannot be combined with -e, "
			    "--erase=chip or --erase=none");
		return false;
	}
	if (o->dry_run && (o->actions & (ACTION_WRITE | ACTION_ERASE |
					 ACTION_SET | ACTION_WRITE_PROTECT)) !=
			  o->actions) {
		problem_set(why, "--dry-run: works only with -w, -o, --set or "
			    "--write-protect");
		return false;
	}
	return true;
}

/* The device measures its rate only once after a reset. */
static bool check_baud(const struct options *o, struct problem *why)
{
	if (!o->baud_auto || (o->sequence != NULL &&
			      sequence_has_entry(o->sequence)))
		return true;
	problem_set(why, "-b auto: needs an entry sequence (-i) that resets "
		    "the chip for each try");
	return false;
}

/* An open session needs no way in, and only one way can be used. */
static bool check_way_in(const struct options *o, struct problem *why)
{
	const char *other = o->resume ? "-c" : o->sequence_auto ? "-i auto"
			  : o->baud_auto ? "-b auto" : NULL;

	if (o->sequence_auto && o->resume) {
		problem_set(why, "-i auto and -c exclude each other");
		return false;
	}
	if (!o->knock.wanted && o->knock.wait_ms != DEFAULT_KNOCK_WAIT_MS) {
		problem_set(why, "--knock-wait: needs --knock");
		return false;
	}
	if (!o->knock.wanted || other == NULL)
		return true;
	problem_set(why, "--knock and %s exclude each other", other);
	return false;
}

static bool check_frame(const struct options *o, struct problem *why)
{
	/* count, units, checksum */
	if ((o->actions & ACTION_WRITE_PROTECT) &&
	    o->max_frame < 1 + o->unit_count + 1) {
		problem_set(why, "-F: a frame of %u bytes has no room for %"
			    PRIu32 " units", o->max_frame, o->unit_count);
		return false;
	}
	/* count, one word, checksum */
	if (!(o->actions & ACTION_WRITE) || o->max_frame >= 1 + 4 + 1)
		return true;
	problem_set(why, "-F: a frame of %u bytes has no room for a write",
		    o->max_frame);
	return false;
}

/* The file to read into must not be an input, and standard input can be used
 * once. */
static bool check_files(const struct options *o, struct problem *why)
{
	size_t i, standard = 0;
	for (i = 0; i < o->file_count; i++)
		standard += o->files[i][0] == '-' &&
			    (o->files[i][1] == '\0' || o->files[i][1] == '@');
	if (standard > 1)
		problem_set(why, "standard input (-) can be given only once");
	return standard <= 1;
}

static bool check_together(struct options *o, struct problem *why)
{
	if (o->json && o->file != NULL && (o->actions & ACTION_READ) &&
	    strcmp(o->file, "-") == 0) {
		problem_set(why, "--json and -r - exclude each other: both use "
			    "standard output");
		return false;
	}
	if (!check_files(o, why))
		return false;
	if (o->port.device == NULL &&
	    !(o->dry_run && o->has_dev &&
	      !(o->actions & (ACTION_SET | ACTION_WRITE_PROTECT)))) {
		o->no_device = true;
		problem_set(why, "no device given; name a serial port or I2C "
			    "bus");
		return false;
	}
	if (o->go && (o->actions & ACTION_READOUT_PROTECT)) {
		problem_set(why, "-g and -j exclude each other: a protected "
			    "chip refuses to start a program");
		return false;
	}
	return check_actions(o, why) && check_effect(o, why) &&
	       check_range(o, why) &&
	       check_erase(o, why) && check_changed(o, why) &&
	       check_baud(o, why) && check_way_in(o, why) &&
	       check_frame(o, why);
}

/* With --json a usage error must be an object too, wherever the option is. */
static void find_json(int argc, char **argv, struct options *o)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0)
			o->json = true;
}

bool options_parse(int argc, char **argv, struct options *o,
		   struct problem *why)
{
	*o = (struct options){
		.format = &parser_binary,
		.retries = DEFAULT_RETRIES,
		.knock = { .wait_ms = DEFAULT_KNOCK_WAIT_MS },
		.port = { .baud = DEFAULT_BAUD,
			  .mode = { 8, 'e', 1 },
			  .i2c_address = PORT_NO_ADDRESS,
			  .connect_timeout_ms = DEFAULT_CONNECT_S * 1000 },
		.max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME,
	};
	if (read_arguments(argc, argv, o, why) &&
	    (o->mode != OPTIONS_RUN || check_together(o, why)))
		return true;
	find_json(argc, argv, o);
	return false;
}

void options_free(struct options *options)
{
	sequence_free(options->sequence);
	options->sequence = NULL;
}

/* --- the text of -h ---------------------------------------------------------- */

/* The options that -h explains. */
static const char most_used[] = "wrvgSoikRb";

static const char *const group_titles[] = {
	"what to do", "where", "how", "port", "output"
};

_Static_assert(ARRAY_LEN(group_titles) == GROUP_COUNT, "a title per group");

/* "-r file"; both: "-r, --read=file", "--erase=mode", "--trace[=file]" */
static void usage_head(const struct option_row *row, bool both, char *out,
		       size_t size)
{
	const char *argument = row->argument.kind != ARGUMENT_NONE
			     ? row->argument.name : "";
	char letter[] = { '-', (char)row->letter, ',', ' ', '\0' };

	if (!both)
		snprintf(out, size, "-%c %s", row->letter, argument);
	else
		snprintf(out, size, "%s--%s%s%s",
			 row->letter != 0 ? letter : "", row->name,
			 argument[0] == '\0' ? "" :
			 is_optional(row) ? "[=" : "=",
			 argument + is_optional(row));
}

static void usage_row(FILE *stream, const struct option_row *row, bool both)
{
	char head[60], words[100] = "";

	usage_head(row, both, head, sizeof(head));
	if (row->argument.kind == ARGUMENT_WORDS)
		option_words_text(row->argument.words, true, words,
				  sizeof(words));
	fprintf(stream, "  %-*s %s%s\n", both ? 24 : 18, head,
		row->help, words);
}

static void usage_most_used(FILE *stream)
{
	const struct option_row *row;
	const char *letter;

	fputs("\nmost used options:\n", stream);
	for (letter = most_used; *letter != '\0'; letter++) {
		row = row_of(*letter);
		if (row != NULL)
			usage_row(stream, row, false);
	}
	fputs("\nexamples:\n"
	      "  stm32flash /dev/ttyUSB0                 identify the chip\n"
	      "  stm32flash -w app.hex -v -g 0 /dev/ttyUSB0\n"
	      "  stm32flash -r backup.bin /dev/ttyUSB0\n"
	      "\n--help=all lists all options.\n", stream);
}

static void usage_group(FILE *stream, size_t group)
{
	size_t i;

	fprintf(stream, "\n%s:\n", group_titles[group]);
	for (i = 0; i < option_count; i++)
		if (option_rows[i].group == group)
			usage_row(stream, &option_rows[i], true);
}

void options_usage(FILE *stream, bool all)
{
	size_t group;

	fputs("usage: stm32flash [options] device\n"
	      "device: a serial port, /dev/i2c-N, tcp://HOST:PORT, "
	      "rfc2217://HOST:PORT,\n        sim:ID for a simulated part, or "
	      "replay:FILE to replay a --trace file\n", stream);
	if (!all)
		usage_most_used(stream);
	for (group = 0; all && group < GROUP_COUNT; group++)
		usage_group(stream, group);
}
