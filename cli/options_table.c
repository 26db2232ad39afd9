/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/options_struct.h"
#include "cli/report.h"
#include "cli/wirings.h"
#include "stm32.h"
#include "utils.h"

#define MOST_RETRIES 1000
#define MOST_CONNECT_S 3600
#define MOST_KNOCK_WAIT_MS 60000
#define MOST_PAGES 0xFFFF
#define UNITS 256u
#define LEAST_READ 20	/* the longest reply of a fixed length fits */
#define LEAST_FRAME 5	/* an address and its checksum */

static bool bad(struct problem *why, const char *option, const char *arg,
		const char *rule)
{
	problem_set(why, "-%s %s: %s", option, arg, rule);
	return false;
}

/* --- words that options accept ------------------------------------------ */

/* "auto" first; then some common rates, for the completion. */
static const struct option_word baud_words[] = {
	{ "auto", "the fastest without retries" },
	{ "9600", NULL },
	{ "57600", NULL },
	{ "115200", NULL },
	{ "230400", NULL },
	{ "460800", NULL },
	{ "921600", NULL },
	{ NULL, NULL }
};

/* Words that are no sequences: the names are those of wirings.c. */
static const struct option_word sequence_words[] = {
	{ "auto", "finds it" },
	{ "list", "prints common wirings" },
	{ "boot0-rts", NULL },
	{ "boot0-rts-inverted", NULL },
	{ "boot0-dtr", NULL },
	{ "boot0-dtr-inverted", NULL },
	{ "boot0-rts-nrst-inverted", NULL },
	{ "boot0-rts-both-inverted", NULL },
	{ "boot0-dtr-nrst-inverted", NULL },
	{ "boot0-dtr-both-inverted", NULL },
	{ "boot0-rts-capacitor", NULL },
	{ "boot0-dtr-capacitor", NULL },
	{ "nrst-dtr", NULL },
	{ "nrst-dtr-inverted", NULL },
	{ "nrst-rts", NULL },
	{ "nrst-rts-inverted", NULL },
	{ "two-transistors", NULL },
	{ "two-transistors-swapped", NULL },
	{ "break", NULL },
	{ NULL, NULL }
};

static const struct option_word erase_words[] = {
	{ "chip", NULL },
	{ "pages", "those of the file" },
	{ "none", NULL },
	{ NULL, NULL }
};

/* Each is the option of a parser that can write. */
static const struct option_word format_words[] = {
	{ "bin", NULL },
	{ "hex", NULL },
	{ "srec", NULL },
	{ NULL, NULL }
};

static const struct option_word help_words[] = {
	{ "all", NULL },
	{ NULL, NULL }
};

static const struct option_word on_chip_words[] = {
	{ "boot0", "BOOT0 stays high" },
	{ NULL, NULL }
};

/* In the order of enum show_when. */
static const struct option_word progress_words[] = {
	{ "auto", NULL },
	{ "always", NULL },
	{ "never", NULL },
	{ NULL, NULL }
};

void option_words_text(const struct option_word *words, bool explained,
		       char *out, size_t size)
{
	size_t at = 0, i;

	out[0] = '\0';
	for (i = 0; words[i].name != NULL && at < size; i++) {
		bool remark = explained && words[i].help != NULL;

		at += (size_t)snprintf(out + at, size - at, "%s%s%s%s%s",
				       i == 0 ? "" :
				       words[i + 1].name != NULL ? ", " : " or ",
				       words[i].name, remark ? " (" : "",
				       remark ? words[i].help : "",
				       remark ? ")" : "");
	}
}

void option_actions_text(unsigned actions, const char *last,
			 char out[OPTION_ACTIONS])
{
	static const struct { unsigned action; char name[16]; } names[] = {
		{ ACTION_CRC, "-C" }, { ACTION_ERASE, "-o" },
		{ ACTION_READ, "-r" }, { ACTION_WRITE, "-w" },
		{ ACTION_COMPARE, "--compare" },
		{ ACTION_BLANK_CHECK, "--blank-check" },
		{ ACTION_SET, "--set" },
		{ ACTION_WRITE_PROTECT, "--write-protect" },
	};
	size_t at = 0, i;

	out[0] = '\0';
	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (!(actions & names[i].action))
			continue;
		actions &= ~names[i].action;
		at += (size_t)snprintf(out + at, OPTION_ACTIONS - at, "%s%s",
				       at == 0 ? "" : actions != 0 ? ", "
				       : last, names[i].name);
	}
}

/* Returns the index of arg in words, or -1. */
static int find_word(const char *arg, const struct option_word *words)
{
	int i;

	for (i = 0; words[i].name != NULL; i++)
		if (strcmp(arg, words[i].name) == 0)
			return i;
	return -1;
}

/* The same for an option that accepts only words; if none matches, *why lists
 * them. */
static int need_word(const char *option, const char *arg,
		     const struct option_word *words, struct problem *why)
{
	int which = find_word(arg, words);
	char list[100];

	if (which < 0) {
		option_words_text(words, false, list, sizeof(list));
		bad(why, option, arg, list);
	}
	return which;
}

/* --- one function per option --------------------------------------------- */

static bool action(struct options *o, enum action what, const char *file,
		   struct problem *why)
{
	if (o->actions & (unsigned)what) {
		problem_set(why, "the same action is given twice");
		return false;
	}
	o->actions |= (unsigned)what;
	if (file == NULL)
		return true;
	if (o->file != NULL) {
		problem_set(why, "-r, -w and --compare exclude each other");
		return false;
	}
	o->file = file;
	return true;
}

/* -w and --compare may be repeated, each time with another file. */
static bool add_file(struct options *o, enum action what, const char *file,
		     struct problem *why)
{
	bool again = o->actions & (unsigned)what;

	if (o->file_count == OPTIONS_MOST_FILES) {
		problem_set(why, "more than %d files", OPTIONS_MOST_FILES);
		return false;
	}
	if (!again && !action(o, what, file, why))
		return false;
	o->files[o->file_count++] = file;
	return true;
}

static bool set_read(struct options *o, const char *arg, struct problem *why)
{
	return action(o, ACTION_READ, arg, why);
}

static bool set_write(struct options *o, const char *arg, struct problem *why)
{
	return add_file(o, ACTION_WRITE, arg, why);
}

static bool set_compare(struct options *o, const char *arg,
			struct problem *why)
{
	return add_file(o, ACTION_COMPARE, arg, why);
}

static bool set_blank_check(struct options *o, const char *arg,
			    struct problem *why)
{
	return action(o, ACTION_BLANK_CHECK, arg, why);
}

static bool set_option_bytes(struct options *o, const char *arg,
			     struct problem *why)
{
	return action(o, ACTION_OPTION_BYTES, arg, why);
}

/* --set may be repeated. The meaning of the names depends on the part. */
static bool set_set(struct options *o, const char *arg, struct problem *why)
{
	if (o->set_count == OPTIONS_MOST_FILES)
		return bad(why, "-set", arg, "given too often; separate names "
			   "by commas");
	if (strchr(arg, '=') == NULL)
		return bad(why, "-set", arg, "expected NAME=VALUE");
	o->actions |= (unsigned)ACTION_SET;
	o->sets[o->set_count++] = arg;
	return true;
}

static bool set_erase(struct options *o, const char *arg, struct problem *why)
{
	return action(o, ACTION_ERASE, arg, why);
}

static bool set_crc(struct options *o, const char *arg, struct problem *why)
{
	return action(o, ACTION_CRC, arg, why);
}

static bool set_write_unprotect(struct options *o, const char *arg,
				struct problem *why)
{
	return action(o, ACTION_WRITE_UNPROTECT, arg, why);
}

/* Parses unit numbers, which have one byte. Their meaning depends on the
 * part. */
static bool set_write_protect(struct options *o, const char *arg,
			      struct problem *why)
{
	const char *colon = strchr(arg, ':');
	size_t len = colon != NULL ? (size_t)(colon - arg) : strlen(arg);

	o->unit_count = 1;
	if (!parse_u32_len(arg, len, UNITS - 1, &o->first_unit) ||
	    (colon != NULL && !parse_u32(colon + 1, UNITS, &o->unit_count)) ||
	    o->unit_count == 0 || o->unit_count > UNITS - o->first_unit)
		return bad(why, "-write-protect", arg, "not FIRST or "
			   "FIRST:COUNT, with units 0 to 255");
	return action(o, ACTION_WRITE_PROTECT, NULL, why);
}

static bool set_readout_protect(struct options *o, const char *arg,
				struct problem *why)
{
	return action(o, ACTION_READOUT_PROTECT, arg, why);
}

static bool set_readout_unprotect(struct options *o, const char *arg,
				  struct problem *why)
{
	return action(o, ACTION_READOUT_UNPROTECT, arg, why);
}

static bool set_address(struct options *o, const char *arg, struct problem *why)
{
	uint32_t address;

	if (!parse_u32(arg, 0x77, &address) || address < 0x03)
		return bad(why, "a", arg, "not an I2C address, 0x03 to 0x77");
	o->port.i2c_address = (int)address;
	return true;
}

static bool set_baud(struct options *o, const char *arg, struct problem *why)
{
	o->baud_auto = find_word(arg, baud_words) == 0;
	if (!o->baud_auto && !parse_u32(arg, 100000000, &o->port.baud))
		return bad(why, "b", arg, "not a rate in bit/s");
	return true;
}

static bool set_mode(struct options *o, const char *arg, struct problem *why)
{
	if (!port_mode_parse(arg, &o->port.mode))
		return bad(why, "m", arg, "not a mode, as in 8e1: data bits (5 "
			   "to 8), parity (n, e or o), stop bits (1 or 2)");
	return true;
}

static bool set_force_binary(struct options *o, const char *arg,
			     struct problem *why)
{
	(void)arg, (void)why;
	o->force_binary = true;
	return true;
}

static bool set_page_count(struct options *o, const char *arg,
			   struct problem *why)
{
	if (!parse_u32(arg, MOST_PAGES, &o->target.page_count))
		return bad(why, "e", arg, "not a number of pages");
	o->target.has_page_count = true;
	return true;
}

static bool set_first_page(struct options *o, const char *arg,
			   struct problem *why)
{
	if (!parse_u32(arg, MOST_PAGES, &o->target.first_page))
		return bad(why, "s", arg, "not a page number");
	o->target.has_first_page = true;
	return true;
}

static bool set_range(struct options *o, const char *arg, struct problem *why)
{
	struct target *t = &o->target;
	const char *colon = strchr(arg, ':');
	size_t len = colon != NULL ? (size_t)(colon - arg) : strlen(arg);

	if (!parse_u32_len(arg, len, UINT32_MAX, &t->address))
		return bad(why, "S", arg, "not an address, as in 0x08000000 or "
			   "0x08000000:1024");
	t->has_address = true;
	t->has_len = colon != NULL;
	t->len = 0;
	if (colon == NULL)
		return true;
	if (!parse_u32(colon + 1, UINT32_MAX, &t->len) || t->len == 0)
		return bad(why, "S", arg, "not a length after the colon");
	if (t->len > UINT32_MAX - t->address)
		return bad(why, "S", arg, "the range ends after the last "
			   "address, 0xffffffff");
	return true;
}

static bool set_verify(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->verify = true;
	return true;
}

static bool set_retries(struct options *o, const char *arg, struct problem *why)
{
	uint32_t retries;

	if (!parse_u32(arg, MOST_RETRIES, &retries))
		return bad(why, "n", arg, "not a number of retries");
	o->retries = retries;
	return true;
}

static bool set_go(struct options *o, const char *arg, struct problem *why)
{
	if (!parse_u32(arg, UINT32_MAX, &o->go_address))
		return bad(why, "g", arg, "not an address");
	if (o->go_address % 4 != 0)
		return bad(why, "g", arg, "not a multiple of 4; expected the "
			   "address of a vector table");
	o->go = true;
	return true;
}

static bool set_frame(struct options *o, const char *arg, struct problem *why)
{
	const char *colon = strchr(arg, ':');
	size_t len = colon != NULL ? (size_t)(colon - arg) : strlen(arg);
	uint32_t rx = 0, tx = STM32_MAX_FRAME;

	if (!parse_u32_len(arg, len, UINT32_MAX, &rx) || rx < LEAST_READ)
		return bad(why, "F", arg, "the longest read must be 20 to 256 "
			   "bytes");
	if (colon != NULL &&
	    (!parse_u32(colon + 1, UINT32_MAX, &tx) || tx < LEAST_FRAME))
		return bad(why, "F", arg, "the longest sent frame must be 5 to "
			   "258 bytes");
	if (rx > STM32_MAX_BLOCK || tx > STM32_MAX_FRAME)
		snprintf(o->lowered, sizeof(o->lowered), "-F %.20s: more than "
			 "the protocol allows; lowered to %" PRIu32 ":%" PRIu32,
			 arg, rx < STM32_MAX_BLOCK ? rx : STM32_MAX_BLOCK,
			 tx < STM32_MAX_FRAME ? tx : STM32_MAX_FRAME);
	o->max_read = rx < STM32_MAX_BLOCK ? rx : STM32_MAX_BLOCK;
	o->max_frame = tx < STM32_MAX_FRAME ? tx : STM32_MAX_FRAME;
	return true;
}

static bool set_resume(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->resume = true;
	return true;
}

static bool set_sequence(struct options *o, const char *arg,
			 struct problem *why)
{
	const struct wiring *wiring = wiring_find(arg);
	struct problem reason = { "" };
	size_t at;

	if (strcmp(arg, "list") == 0) {
		o->mode = OPTIONS_LIST_WIRINGS;
		return true;
	}
	if (wiring != NULL)
		arg = wiring->sequence;
	sequence_free(o->sequence);
	o->sequence = NULL;
	o->sequence_auto = strcmp(arg, "auto") == 0;
	if (o->sequence_auto)
		return true;
	if (sequence_parse(arg, &o->sequence, &reason, &at))
		return true;
	problem_set(why, "-i %s: %s, at character %zu: \"%s\"", arg,
		    reason.text, at + 1, arg + at);
	return false;
}

static bool set_knock(struct options *o, const char *arg, struct problem *why)
{
	return knock_parse(arg, &o->knock, why);
}

static bool set_knock_wait(struct options *o, const char *arg,
			   struct problem *why)
{
	uint32_t ms;

	if (!parse_u32(arg, MOST_KNOCK_WAIT_MS, &ms))
		return bad(why, "-knock-wait", arg, "not a time, 0 to 60000 ms");
	o->knock.wait_ms = ms;
	return true;
}

static bool set_reset(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->reset = true;
	return true;
}

static bool set_help(struct options *o, const char *arg, struct problem *why)
{
	if (arg != NULL && need_word("-help", arg, help_words, why) < 0)
		return false;
	o->mode = OPTIONS_HELP;
	o->help_all = arg != NULL;
	return true;
}

static bool set_version(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->mode = OPTIONS_VERSION;
	return true;
}

static bool set_list_devices(struct options *o, const char *arg,
			     struct problem *why)
{
	(void)arg, (void)why;
	o->mode = OPTIONS_LIST_DEVICES;
	return true;
}

static bool set_list_ports(struct options *o, const char *arg,
			   struct problem *why)
{
	(void)arg, (void)why;
	o->mode = OPTIONS_LIST_PORTS;
	return true;
}

static bool set_json(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->json = true;
	return true;
}

/* Other programs parse lines with the label: no line breaks or other
 * controls. */
static bool set_label(struct options *o, const char *arg, struct problem *why)
{
	size_t i;

	for (i = 0; arg[i] != '\0'; i++)
		if ((unsigned char)arg[i] < ' ' || arg[i] == 0x7F)
			return bad(why, "-label", "...", "a label cannot "
				   "contain control characters");
	if (i == 0 || i > LABEL_MOST)
		return bad(why, "-label", arg, "a label must have 1 to 64 "
			   "bytes");
	o->label = arg;
	return true;
}

static bool set_quiet(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->quiet = true;
	return true;
}

static bool set_verbose(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->verbose = true;
	return true;
}

static bool set_trace(struct options *o, const char *arg, struct problem *why)
{
	(void)why;
	o->trace = true;
	o->trace_file = arg;
	return true;
}

static bool set_progress(struct options *o, const char *arg,
			 struct problem *why)
{
	int which = need_word("-progress", arg, progress_words, why);

	if (which < 0)
		return false;
	o->show_progress = (enum show_when)which;
	return true;
}

static bool set_erase_mode(struct options *o, const char *arg,
			   struct problem *why)
{
	static const enum erase_mode modes[] = { ERASE_CHIP, ERASE_PAGES,
						 ERASE_NONE };
	int which = need_word("-erase", arg, erase_words, why);

	if (which < 0)
		return false;
	o->erase = modes[which];
	return true;
}

static bool set_changed(struct options *o, const char *arg,
			struct problem *why)
{
	(void)arg, (void)why;
	o->changed = true;
	return true;
}

static bool set_dry_run(struct options *o, const char *arg,
			struct problem *why)
{
	(void)arg, (void)why;
	o->dry_run = true;
	return true;
}

static bool set_yes(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->yes = true;
	return true;
}

static bool set_on_chip(struct options *o, const char *arg,
			struct problem *why)
{
	if (arg != NULL && need_word("-on-chip", arg, on_chip_words, why) < 0)
		return false;
	o->on_chip = true;
	o->boot0_stays = arg != NULL;
	return true;
}

static bool set_pipeline(struct options *o, const char *arg,
			 struct problem *why)
{
	(void)arg, (void)why;
	o->pipeline = true;
	return true;
}

static bool set_format(struct options *o, const char *arg, struct problem *why)
{
	if (need_word("-format", arg, format_words, why) < 0)
		return false;
	o->format = parser_by_option(arg);
	return o->format != NULL;
}

static bool set_device(struct options *o, const char *arg, struct problem *why)
{
	struct dev found[8];
	size_t count = dev_match_text(arg, found, ARRAY_LEN(found)), i;
	char list[200] = "";
	size_t at = 0;

	if (count == 1) {
		o->has_dev = true;
		o->dev = found[0];
		return true;
	}
	if (count == 0)
		return bad(why, "-device", arg, "no such part; --list-devices "
			   "lists the known parts");
	for (i = 0; i < count && i < ARRAY_LEN(found) && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at,
				       "%s0x%03" PRIx32, i > 0 ? ", " : "",
				       found[i].id);
	problem_set(why, "--device %s: more than one part, give one of these "
		    "IDs: %s", arg, list);
	return false;
}

static bool set_connect_timeout(struct options *o, const char *arg,
				struct problem *why)
{
	uint32_t seconds;

	if (!parse_u32(arg, MOST_CONNECT_S, &seconds) || seconds == 0)
		return bad(why, "-connect-timeout", arg, "not a time, 1 to "
			   "3600 s");
	o->port.connect_timeout_ms = seconds * 1000;
	return true;
}

/* --- the table -------------------------------------------------------------- */

/* The arguments: their names in -h, and their kinds. */
#define TAKES_NOTHING { "", ARGUMENT_NONE, NULL }
#define TAKES_TEXT(name) { name, ARGUMENT_TEXT, NULL }
#define TAKES_TEXT_OR(name, words) { name, ARGUMENT_TEXT, words }
#define TAKES_FILE(name) { name, ARGUMENT_FILE, NULL }
#define TAKES_PART(name) { name, ARGUMENT_PART, NULL }
#define TAKES_NUMBER(name) { name, ARGUMENT_NUMBER, NULL }
#define TAKES_NUMBER_OR(name, words) { name, ARGUMENT_NUMBER, words }
#define TAKES_ADDRESS(name) { name, ARGUMENT_ADDRESS, NULL }
#define TAKES_WORDS(name, words) { name, ARGUMENT_WORDS, words }

/* The actions with which an option has an effect. */
#define ALL 0u
#define R (unsigned)ACTION_READ
#define W (unsigned)ACTION_WRITE
#define O (unsigned)ACTION_ERASE
#define C (unsigned)ACTION_CRC
#define D (unsigned)ACTION_COMPARE
#define B (unsigned)ACTION_BLANK_CHECK
#define S (unsigned)ACTION_SET
#define P (unsigned)ACTION_WRITE_PROTECT

const struct option_row option_rows[] = {
	{ 'a', "address", TAKES_NUMBER("addr"), set_address, ALL,
	  "I2C address, 0x03 to 0x77", GROUP_PORT },
	{ 'b', "baud", TAKES_NUMBER_OR("rate", baud_words), set_baud, ALL,
	  "bit/s (57600); 0 keeps the port's rate; auto needs -i", GROUP_PORT },
	{ 'm', "mode", TAKES_TEXT("mode"), set_mode, ALL,
	  "data bits, parity and stop bits (8e1)", GROUP_PORT },
	{ 'r', "read", TAKES_FILE("file"), set_read, ALL,
	  "read flash, or the -S range, to a file (- is stdout)", GROUP_DO },
	{ 'w', "write", TAKES_FILE("file"), set_write, ALL,
	  "write a file (- is stdin), repeatable; BIN@0xADDR", GROUP_DO },
	{ 'f', "force-binary", TAKES_NOTHING, set_force_binary, W | D,
	  "treat the file as raw binary", GROUP_HOW },
	{ 'C', "crc", TAKES_NOTHING, set_crc, ALL,
	  "print the CRC of the flash or the -S range", GROUP_DO },
	{ 'u', "write-unprotect", TAKES_NOTHING, set_write_unprotect, ALL,
	  "lift the write protection", GROUP_DO },
	{ 'j', "readout-protect", TAKES_NOTHING, set_readout_protect, ALL,
	  "set the readout protection", GROUP_DO },
	{ 'k', "readout-unprotect", TAKES_NOTHING, set_readout_unprotect, ALL,
	  "lift the readout protection; erases everything", GROUP_DO },
	{ 'o', "erase-only", TAKES_NOTHING, set_erase, ALL,
	  "erase the flash, the -S range or the -s and -e pages", GROUP_DO },
	{ 'e', "erase-pages", TAKES_NUMBER("n"), set_page_count, R | W | O | C | D | B,
	  "number of pages, from -s on; 0 erases none", GROUP_WHERE },
	{ 's', "start-page", TAKES_NUMBER("page"), set_first_page, R | W | O | C | D | B,
	  "first page; the first of the flash is 0", GROUP_WHERE },
	{ 'S', "range", TAKES_ADDRESS("addr[:len]"), set_range, R | W | O | C | D | B,
	  "range to read, write, erase or check", GROUP_WHERE },
	{ 'v', "verify", TAKES_NOTHING, set_verify, R | W,
	  "verify after -w; with -r, read twice", GROUP_HOW },
	{ 'n', "retries", TAKES_NUMBER("count"), set_retries, W,
	  "retries of a failed write (10)", GROUP_HOW },
	{ 'g', "go", TAKES_ADDRESS("addr"), set_go, ALL,
	  "start the program at addr; 0 is the flash start", GROUP_DO },
	{ 'F', "frame", TAKES_NUMBER("rx[:tx]"), set_frame, ALL,
	  "longest frames of the adapter, in bytes (256:258)", GROUP_PORT },
	{ 'c', "resume", TAKES_NOTHING, set_resume, ALL,
	  "resume a session that an earlier run left open", GROUP_PORT },
	{ 'i', "sequence", TAKES_TEXT_OR("seq", sequence_words), set_sequence,
	  ALL, "[entry][:[exit]]: rts, dtr, brk, GPIO; a name; auto",
	  GROUP_PORT },
	{ 'R', "reset", TAKES_NOTHING, set_reset, ALL,
	  "reset the chip at the end of the run", GROUP_DO },
	{ 'h', "help", TAKES_WORDS("[what]", help_words), set_help, ALL,
	  "show the most used options, or ", GROUP_DO },
	{ 0, "erase", TAKES_WORDS("mode", erase_words), set_erase_mode, W | O,
	  "erase ", GROUP_HOW },
	{ 0, "changed", TAKES_NOTHING, set_changed, W,
	  "write only the pages that differ", GROUP_HOW },
	{ 0, "compare", TAKES_FILE("file"), set_compare, ALL,
	  "list the ranges where memory and file differ", GROUP_DO },
	{ 0, "blank-check", TAKES_NOTHING, set_blank_check, ALL,
	  "check that the flash or the -S range is erased", GROUP_DO },
	{ 0, "option-bytes", TAKES_NOTHING, set_option_bytes, ALL,
	  "print the option bytes by name", GROUP_DO },
	{ 0, "set", TAKES_TEXT("name=value"), set_set, ALL,
	  "change option bytes by name, separated by commas", GROUP_DO },
	{ 0, "write-protect", TAKES_NUMBER("first[:count]"), set_write_protect,
	  ALL, "write-protect these units, unprotect the others", GROUP_DO },
	{ 0, "dry-run", TAKES_NOTHING, set_dry_run, W | O | S | P,
	  "show what would be done, and change nothing", GROUP_HOW },
	{ 0, "yes", TAKES_NOTHING, set_yes, W | S,
	  "allow option bytes that block access or hide code", GROUP_HOW },
	{ 0, "on-chip", TAKES_WORDS("[how]", on_chip_words), set_on_chip,
	  W | C | D | B,
	  "verify by code on the chip: ", GROUP_HOW },
	{ 0, "pipeline", TAKES_NOTHING, set_pipeline, ALL,
	  "send address and count without waiting for ACKs", GROUP_PORT },
	{ 0, "format", TAKES_WORDS("fmt", format_words), set_format, R,
	  "format for -r: ", GROUP_HOW },
	{ 0, "device", TAKES_PART("part"), set_device, ALL,
	  "treat the chip as this part: ID or name", GROUP_HOW },
	{ 0, "list-devices", TAKES_NOTHING, set_list_devices, ALL,
	  "list the known parts", GROUP_DO },
	{ 0, "list-ports", TAKES_NOTHING, set_list_ports, ALL,
	  "list the serial ports and I2C buses", GROUP_DO },
	{ 0, "json", TAKES_NOTHING, set_json, ALL,
	  "print JSON objects, one per line, instead of text", GROUP_OUTPUT },
	{ 0, "label", TAKES_TEXT("text"), set_label, ALL,
	  "start every line of output with this text", GROUP_OUTPUT },
	{ 0, "knock", TAKES_TEXT("text[@rate]"), set_knock, ALL,
	  "send a text that starts the bootloader", GROUP_PORT },
	{ 0, "knock-wait", TAKES_NUMBER("ms"), set_knock_wait, ALL,
	  "milliseconds to wait after --knock (500)", GROUP_PORT },
	{ 0, "connect-timeout", TAKES_NUMBER("s"), set_connect_timeout, ALL,
	  "seconds to wait for the bootloader (3)", GROUP_PORT },
	{ 0, "progress", TAKES_WORDS("when", progress_words), set_progress, ALL,
	  "draw progress: ", GROUP_OUTPUT },
	{ 0, "quiet", TAKES_NOTHING, set_quiet, ALL,
	  "print only errors and requested results", GROUP_OUTPUT },
	{ 0, "verbose", TAKES_NOTHING, set_verbose, ALL,
	  "print decisions and retries too", GROUP_OUTPUT },
	{ 0, "trace", TAKES_FILE("[file]"), set_trace, ALL,
	  "record every byte, to a file or stderr", GROUP_OUTPUT },
	{ 0, "version", TAKES_NOTHING, set_version, ALL,
	  "print the version", GROUP_DO },
};

const size_t option_count = ARRAY_LEN(option_rows);

_Static_assert(ARRAY_LEN(option_rows) <= OPTIONS_MOST, "getopt has room");
