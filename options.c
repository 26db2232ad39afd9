/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "stm32.h"
#include "utils.h"

#define DEFAULT_BAUD 57600
#define DEFAULT_RETRIES 10
#define MOST_RETRIES 1000
#define DEFAULT_CONNECT_S 3
#define MOST_CONNECT_S 3600
#define MOST_PAGES 0xFFFF
#define LEAST_READ 20	/* the longest reply of a fixed length fits */
#define LEAST_FRAME 5	/* an address and its checksum */

/* One handler per option: arg is its argument, NULL if it takes none. */
typedef bool (*handler)(struct options *options, const char *arg,
			struct problem *why);

struct option_row {
	int letter;		/* 0: long only */
	const char *name;
	const char *argument;	/* for -h; NULL: takes none */
	handler handle;
	const char *help;
};

static bool bad(struct problem *why, const char *option, const char *arg,
		const char *rule)
{
	problem_set(why, "-%s %s: %s", option, arg, rule);
	return false;
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
		problem_set(why, "-r and -w exclude each other");
		return false;
	}
	o->file = file;
	return true;
}

static bool set_read(struct options *o, const char *arg, struct problem *why)
{
	return action(o, ACTION_READ, arg, why);
}

static bool set_write(struct options *o, const char *arg, struct problem *why)
{
	return action(o, ACTION_WRITE, arg, why);
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
		return bad(why, "a", arg, "an I2C address is 0x03 to 0x77");
	o->port.i2c_address = (int)address;
	return true;
}

static bool set_baud(struct options *o, const char *arg, struct problem *why)
{
	o->baud_auto = strcmp(arg, "auto") == 0;
	if (!o->baud_auto && !parse_u32(arg, 100000000, &o->port.baud))
		return bad(why, "b", arg, "not a rate in bit/s");
	return true;
}

static bool set_mode(struct options *o, const char *arg, struct problem *why)
{
	struct serial_mode *mode = &o->port.mode;

	if (strlen(arg) != 3 || strchr("5678", arg[0]) == NULL ||
	    strchr("neoNEO", arg[1]) == NULL || strchr("12", arg[2]) == NULL)
		return bad(why, "m", arg, "a mode is three characters: 5 to 8 "
			   "data bits, n, e or o for parity, 1 or 2 stop "
			   "bits; like 8e1");
	mode->data_bits = (uint8_t)(arg[0] - '0');
	mode->parity = (char)(arg[1] | 0x20);
	mode->stop_bits = (uint8_t)(arg[2] - '0');
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
		return bad(why, "S", arg, "not an address; it looks like "
			   "0x08000000 or 0x08000000:1024");
	t->has_address = true;
	t->has_len = colon != NULL;
	t->len = 0;
	if (colon == NULL)
		return true;
	if (!parse_u32(colon + 1, UINT32_MAX, &t->len) || t->len == 0)
		return bad(why, "S", arg, "not a length after the colon");
	if (t->len > UINT32_MAX - t->address)
		return bad(why, "S", arg, "the range leaves the address space");
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
		return bad(why, "g", arg, "not a multiple of 4; it is the "
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
		return bad(why, "F", arg, "the longest frame to receive is 20 "
			   "to 256 bytes");
	if (colon != NULL &&
	    (!parse_u32(colon + 1, UINT32_MAX, &tx) || tx < LEAST_FRAME))
		return bad(why, "F", arg, "the longest frame to send is 5 to "
			   "258 bytes");
	if (rx > STM32_MAX_BLOCK || tx > STM32_MAX_FRAME)
		snprintf(o->lowered, sizeof(o->lowered), "-F %.20s: more than "
			 "the protocol has; lowered to %" PRIu32 ":%" PRIu32,
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
	struct problem reason = { "" };
	size_t at;

	sequence_free(o->sequence);
	if (sequence_parse(arg, &o->sequence, &reason, &at))
		return true;
	problem_set(why, "-i %s: %s, at character %zu: \"%s\"", arg,
		    reason.text, at + 1, arg + at);
	return false;
}

static bool set_reset(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->reset = true;
	return true;
}

static bool set_help(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->mode = OPTIONS_HELP;
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

static bool set_json(struct options *o, const char *arg, struct problem *why)
{
	(void)arg, (void)why;
	o->json = true;
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

/* The index of arg among the words, which end with NULL; -1: none. */
static int word(const char *arg, const char *const *words)
{
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(arg, words[i]) == 0)
			return i;
	return -1;
}

static bool set_progress(struct options *o, const char *arg,
			 struct problem *why)
{
	static const char *const words[] = { "auto", "always", "never", NULL };
	int which = word(arg, words);

	if (which < 0)
		return bad(why, "-progress", arg, "auto, always or never");
	o->show_progress = (enum show_when)which;
	return true;
}

static bool set_erase_mode(struct options *o, const char *arg,
			   struct problem *why)
{
	static const char *const words[] = { "chip", "pages", "none", NULL };
	static const enum erase_mode modes[] = { ERASE_CHIP, ERASE_PAGES,
						 ERASE_NONE };
	int which = word(arg, words);

	if (which < 0)
		return bad(why, "-erase", arg, "chip, pages or none");
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

static bool set_pipeline(struct options *o, const char *arg,
			 struct problem *why)
{
	(void)arg, (void)why;
	o->pipeline = true;
	return true;
}

static bool set_format(struct options *o, const char *arg, struct problem *why)
{
	o->format = parser_by_option(arg);
	if (o->format == NULL)
		return bad(why, "-format", arg, "bin, hex or srec");
	return true;
}

static bool set_device(struct options *o, const char *arg, struct problem *why)
{
	const struct dev *found[8];
	size_t count = dev_match_text(arg, found, ARRAY_LEN(found)), i;
	char list[200] = "";
	size_t at = 0;

	if (count == 1) {
		o->dev = found[0];
		return true;
	}
	if (count == 0)
		return bad(why, "-device", arg, "no such part in the table");
	for (i = 0; i < count && i < ARRAY_LEN(found) && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at,
				       "%s0x%03" PRIx32, i > 0 ? ", " : "",
				       found[i]->id);
	problem_set(why, "--device %s: that may be %s; give the ID", arg, list);
	return false;
}

static bool set_connect_timeout(struct options *o, const char *arg,
				struct problem *why)
{
	uint32_t seconds;

	if (!parse_u32(arg, MOST_CONNECT_S, &seconds) || seconds == 0)
		return bad(why, "-connect-timeout", arg, "1 to 3600 seconds");
	o->connect_timeout_ms = seconds * 1000;
	return true;
}

/* --- the table -------------------------------------------------------------- */

static const struct option_row rows[] = {
	{ 'a', "address", "addr", set_address,
	  "I2C address, 0x03 to 0x77" },
	{ 'b', "baud", "rate", set_baud,
	  "bit/s (57600); 0 as the port is; auto the fastest, with -i" },
	{ 'm', "mode", "mode", set_mode,
	  "data bits, parity, stop bits (8e1)" },
	{ 'r', "read", "file", set_read,
	  "read flash, or the -S range, to a file (- is stdout)" },
	{ 'w', "write", "file", set_write,
	  "write a file (- is stdin): Intel HEX, S-record, ELF, binary" },
	{ 'f', "force-binary", NULL, set_force_binary,
	  "the file is raw binary, whatever it looks like" },
	{ 'C', "crc", NULL, set_crc,
	  "CRC of the flash or the -S range" },
	{ 'u', "write-unprotect", NULL, set_write_unprotect,
	  "lift the write protection" },
	{ 'j', "readout-protect", NULL, set_readout_protect,
	  "protect against readout" },
	{ 'k', "readout-unprotect", NULL, set_readout_unprotect,
	  "lift the readout protection, which erases everything" },
	{ 'o', "erase-only", NULL, set_erase,
	  "erase the flash, the -S range or the -s and -e pages" },
	{ 'e', "erase-pages", "n", set_page_count,
	  "erase n pages before writing; 0 none" },
	{ 's', "start-page", "page", set_first_page,
	  "start at this page" },
	{ 'S', "range", "addr[:len]", set_range,
	  "range to read, write, erase or check" },
	{ 'v', "verify", NULL, set_verify,
	  "verify after writing" },
	{ 'n', "retries", "count", set_retries,
	  "retries of a failed write (10)" },
	{ 'g', "go", "addr", set_go,
	  "start execution there; 0 is the flash start" },
	{ 'F', "frame", "rx[:tx]", set_frame,
	  "longest frames to receive and send (256:258)" },
	{ 'c', "resume", NULL, set_resume,
	  "the bootloader is in a session: no 0x7F" },
	{ 'i', "sequence", "seq", set_sequence,
	  "[entry][:[exit]] signals: rts, dtr, brk, GPIO numbers" },
	{ 'R', "reset", NULL, set_reset,
	  "reset the device at exit" },
	{ 'h', "help", NULL, set_help,
	  "this text" },
	{ 0, "erase", "mode", set_erase_mode,
	  "chip, pages (keeps what lies beside the image) or none" },
	{ 0, "changed", NULL, set_changed,
	  "write only the pages that differ" },
	{ 0, "dry-run", NULL, set_dry_run,
	  "say what -w or -o would do; with --device no port is needed" },
	{ 0, "pipeline", NULL, set_pipeline,
	  "wait for fewer answers, if the chip can take it" },
	{ 0, "format", "fmt", set_format,
	  "of -r: bin, hex or srec" },
	{ 0, "device", "part", set_device,
	  "take the chip for this part: an ID or a name" },
	{ 0, "list-devices", NULL, set_list_devices,
	  "print the parts that are known" },
	{ 0, "json", NULL, set_json,
	  "the list as one JSON object a line" },
	{ 0, "connect-timeout", "s", set_connect_timeout,
	  "how long to wait for the bootloader (3)" },
	{ 0, "progress", "when", set_progress,
	  "auto, always or never" },
	{ 0, "quiet", NULL, set_quiet,
	  "only errors" },
	{ 0, "verbose", NULL, set_verbose,
	  "explain what is decided and retried" },
	{ 0, "trace", "[file]", set_trace,
	  "every byte both ways, to a file or stderr" },
	{ 0, "version", NULL, set_version,
	  "print the version" },
};

#define LONG_ONLY 256	/* getopt's value of row i without a letter: this + i */

static bool argument_is_optional(const struct option_row *row)
{
	return row->argument != NULL && row->argument[0] == '[';
}

/* What getopt wants: "-" hands over operands as they come, wherever they
 * stand and whatever the environment says; ":" leaves the messages to us. */
static void describe(char *letters, struct option *longs)
{
	size_t i;

	*letters++ = '-';
	*letters++ = ':';
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const struct option_row *row = &rows[i];

		longs[i].name = row->name;
		longs[i].val = row->letter != 0 ? row->letter
						: LONG_ONLY + (int)i;
		longs[i].flag = NULL;
		longs[i].has_arg = row->argument == NULL ? no_argument
				 : argument_is_optional(row) ? optional_argument
				 : required_argument;
		if (row->letter == 0)
			continue;
		*letters++ = (char)row->letter;
		if (row->argument != NULL)
			*letters++ = ':';
	}
	*letters = '\0';
	memset(&longs[i], 0, sizeof(longs[i]));
}

static const struct option_row *row_of(int value)
{
	size_t i;

	if (value >= LONG_ONLY)
		return &rows[value - LONG_ONLY];
	for (i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].letter == value)
			return &rows[i];
	return NULL;
}

static bool operand(struct options *o, const char *arg, struct problem *why)
{
	if (o->port.device != NULL) {
		problem_set(why, "one device, please: %s or %s?",
			    o->port.device, arg);
		return false;
	}
	o->port.device = arg;
	return true;
}

/* getopt found something that is not an option of ours. */
static bool complain(int value, char **argv, struct problem *why)
{
	if (value == ':')
		problem_set(why, "%s: its argument is missing",
			    argv[optind - 1]);
	else if (optopt != 0 && row_of(optopt) != NULL)
		problem_set(why, "%s: takes no argument", argv[optind - 1]);
	else if (optopt != 0)
		problem_set(why, "-%c: no such option", optopt);
	else
		problem_set(why, "%s: no such option", argv[optind - 1]);
	return false;
}

static bool read_arguments(int argc, char **argv, struct options *o,
			   struct problem *why)
{
	char letters[2 * ARRAY_LEN(rows) + 3];
	struct option longs[ARRAY_LEN(rows) + 1];
	const struct option_row *row;
	bool ok = true;
	int value;

	describe(letters, longs);
	opterr = 0;
	optind = 0;	/* begins anew, wherever a parse before ended */
	while (ok && (value = getopt_long(argc, argv, letters, longs, NULL)) !=
		     -1) {
		if (value == 1)
			ok = operand(o, optarg, why);
		else if (value == '?' || value == ':')
			ok = complain(value, argv, why);
		else if ((row = row_of(value)) != NULL)
			ok = row->handle(o, optarg, why);
		if (o->mode == OPTIONS_HELP || o->mode == OPTIONS_VERSION)
			return ok;
	}
	for (; ok && optind < argc; optind++)	/* behind "--" */
		ok = operand(o, argv[optind], why);
	return ok;
}

/* --- what does not go together ---------------------------------------------- */

/* More than one action only where the order is plain: unlock, write, lock. */
static bool check_actions(const struct options *o, struct problem *why)
{
	unsigned a = o->actions;

	if ((a & (a - 1)) == 0 ||
	    a == (ACTION_READOUT_UNPROTECT | ACTION_WRITE) ||
	    a == (ACTION_WRITE_UNPROTECT | ACTION_WRITE) ||
	    a == (ACTION_WRITE | ACTION_READOUT_PROTECT))
		return true;
	problem_set(why, "two actions exclude each other; only -k -w, -u -w "
		    "and -w -j go together");
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
		problem_set(why, "-C: address and length are multiples of 4");
		return false;
	}
	if ((o->actions & ACTION_WRITE) && t->has_address &&
	    t->address % 4 != 0) {
		problem_set(why, "-S 0x%08" PRIx32 ": not a multiple of 4; "
			    "memory is written by words", t->address);
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
		problem_set(why, "-o: nothing is left to erase");
		return false;
	}
	if (o->erase != ERASE_AUTO &&
	    !(o->actions & (ACTION_WRITE | ACTION_ERASE))) {
		problem_set(why, "--erase goes with -w; to erase only, -o");
		return false;
	}
	if (o->erase != ERASE_AUTO && t->has_page_count) {
		problem_set(why, "--erase and -e exclude each other");
		return false;
	}
	if ((o->actions & ACTION_ERASE) && o->erase == ERASE_CHIP &&
	    (target_is_limited(t) || t->has_page_count)) {
		problem_set(why, "-o: all of the chip, or only a range?");
		return false;
	}
	if ((o->actions & ACTION_ERASE) && o->erase == ERASE_PAGES) {
		problem_set(why, "-o: name the pages with -S, or -s and -e");
		return false;
	}
	return true;
}

static bool check_changed(const struct options *o, struct problem *why)
{
	if (o->changed && !(o->actions & ACTION_WRITE)) {
		problem_set(why, "--changed goes with -w");
		return false;
	}
	if (o->changed && (o->target.has_page_count ||
			   (o->erase != ERASE_AUTO &&
			    o->erase != ERASE_PAGES))) {
		problem_set(why, "--changed erases the pages that differ, and "
			    "no others");
		return false;
	}
	if (o->dry_run && (o->actions & (ACTION_WRITE | ACTION_ERASE)) !=
			  o->actions) {
		problem_set(why, "--dry-run goes with -w or -o alone");
		return false;
	}
	return true;
}

/* Each rate is measured once, after a reset. */
static bool check_baud(const struct options *o, struct problem *why)
{
	if (!o->baud_auto || (o->sequence != NULL &&
			      sequence_has_entry(o->sequence)))
		return true;
	problem_set(why, "-b auto: needs an entry sequence (-i) that resets "
		    "the chip for each try");
	return false;
}

static bool check_frame(const struct options *o, struct problem *why)
{
	/* count, one word, checksum */
	if (!(o->actions & ACTION_WRITE) || o->max_frame >= 1 + 4 + 1)
		return true;
	problem_set(why, "-F: a frame of %u bytes has no room for a write",
		    o->max_frame);
	return false;
}

static bool check_together(const struct options *o, struct problem *why)
{
	if (o->json) {
		problem_set(why, "--json goes with --list-devices");
		return false;
	}
	if (o->port.device == NULL && !(o->dry_run && o->dev != NULL)) {
		problem_set(why, "which device? give the serial port or I2C "
			    "bus");
		return false;
	}
	if (o->go && (o->actions & ACTION_READOUT_PROTECT)) {
		problem_set(why, "-g and -j exclude each other: a protected "
			    "chip refuses to start anything");
		return false;
	}
	return check_actions(o, why) && check_range(o, why) &&
	       check_erase(o, why) && check_changed(o, why) &&
	       check_baud(o, why) && check_frame(o, why);
}

bool options_parse(int argc, char **argv, struct options *o,
		   struct problem *why)
{
	*o = (struct options){
		.format = &parser_binary,
		.retries = DEFAULT_RETRIES,
		.port = { .baud = DEFAULT_BAUD,
			  .mode = { 8, 'e', 1 },
			  .i2c_address = PORT_NO_ADDRESS },
		.max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME,
		.connect_timeout_ms = DEFAULT_CONNECT_S * 1000,
	};
	return read_arguments(argc, argv, o, why) &&
	       (o->mode != OPTIONS_RUN || check_together(o, why));
}

void options_free(struct options *options)
{
	sequence_free(options->sequence);
	options->sequence = NULL;
}

/* --- the text of -h ---------------------------------------------------------- */

void options_hint(FILE *stream)
{
	fputs("usage: stm32flash [options] device; -h lists the options\n",
	      stream);
}

void options_usage(FILE *stream)
{
	size_t i;

	fputs("usage: stm32flash [options] device\n"
	      "device: a serial port, /dev/i2c-N, or sim:ID for a simulated "
	      "part\n\n", stream);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const struct option_row *row = &rows[i];
		char head[40];

		if (row->letter != 0)
			snprintf(head, sizeof(head), "-%c %s", row->letter,
				 row->argument != NULL ? row->argument : "");
		else
			snprintf(head, sizeof(head), "--%s%s%s", row->name,
				 row->argument == NULL ? "" :
				 argument_is_optional(row) ? "" : "=",
				 row->argument == NULL ? "" :
				 argument_is_optional(row) ? "[=file]"
							   : row->argument);
		fprintf(stream, "  %-22s %s\n", head, row->help);
	}
	fputs("\nexamples:\n"
	      "  stm32flash /dev/ttyUSB0                 what is there?\n"
	      "  stm32flash -w app.hex -v -g 0 /dev/ttyUSB0\n"
	      "  stm32flash -r backup.bin /dev/ttyUSB0\n", stream);
}
