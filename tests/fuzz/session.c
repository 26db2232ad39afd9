/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever the device sends: nothing is erased or written without a request,
 * or before the part is known; what is reported as done was confirmed by the
 * device; every failure has one message and the right status. If the only
 * errors are lost answers, the memory is really right. And the device did only
 * what was requested.
 *
 * This file replaces report.c, file.c and the ports.
 */
#include "tests/fuzz/session.h"

#include <signal.h>

#include "protocol/crc.h"
#include "parsers/file.h"
#include "cli/report.h"
#include "tests/fuzz/asked.h"
#include "tests/fuzz/deeds.h"
#include "tests/fuzz/hostile_port.h"
#include "tests/fuzz/scene.h"
#include "tests/fuzz/seen.h"

#define SUM_MOST (1u << 18)	/* bytes; no sums are computed for more */

/* main.c and facts.c, under other names. */
int run_program(int argc, char **argv);
void facts_show_all(const struct job *job);

struct session {
	struct scene scene;
	struct hostile_port port;
	struct follow follow;
	struct seen seen;
	struct asked asked;
	struct job last;	/* the final state of the job */
	uint32_t last_id;
	unsigned ids_alike;	/* in a row */
	bool has_sum;
	uint32_t sum;		/* the last one received */
	uint64_t sent[256];	/* commands sent, by opcode */
	uint32_t act_start, act_end;	/* of the current write or erase */
	bool changed;		/* a frame that changes memory was sent */
	unsigned unanswered;	/* writes without an ACK */
	bool unlocked;		/* or one that changes protection */
	bool refused;		/* the device refused something */
	bool differed;		/* memory differed from what was expected */
	bool stopped;		/* by the user */
	unsigned errors;	/* error messages */
	enum exit_status failure;	/* the first one */
};

/* The replaced functions have no argument for it. */
static struct session *now;

/* --- messages ----------------------------------------------------------- */

static void check_words(const char *fmt, va_list args)
{
	char text[2048];
	size_t i;
	int n = vsnprintf(text, sizeof(text), fmt, args);

	MUST(n > 0 && (size_t)n < sizeof(text));
	for (i = 0; i < (size_t)n; i++)
		MUST((text[i] >= ' ' && text[i] < 0x7F) || text[i] == '\n');
}

#define CHECK_WORDS(fmt) \
	do { \
		va_list args; \
		va_start(args, fmt); \
		check_words(fmt, args); \
		va_end(args); \
	} while (0)

unsigned report_columns(void)
{
	return 80;
}

void report_setup(const struct report_settings *settings)
{
	(void)settings;
}

void report_failure(enum exit_status status, const char *fmt, ...)
{
	CHECK_WORDS(fmt);
	MUST(status != STATUS_DONE);
	now->failure = now->errors++ == 0 ? status : now->failure;
}

void report_hint(const char *fmt, ...)
{
	CHECK_WORDS(fmt);
}

void report_object(const struct json *json)
{
	MUST(!json->full && json->text[json->len] == '\0');
}

/* Every run calls this last, while the job still exists. */
void report_result_object(const struct json *json)
{
	report_object(json);
	if (now->asked.job != NULL)
		now->last = *now->asked.job;
}

void report_warning(const char *fmt, ...)
{
	CHECK_WORDS(fmt);
}

void report_fact(const char *fmt, ...)
{
	CHECK_WORDS(fmt);
}

void report_detail(const char *fmt, ...)
{
	CHECK_WORDS(fmt);
}

bool report_finish(void)
{
	return true;
}

void report_progress(const struct progress *progress, bool verified)
{
	(void)verified;
	MUST(progress->done <= progress->total);
	MUST(!progress->last || progress->done == progress->total);
}

bool report_trace_open(const char *file, struct port *port,
		       struct problem *why)
{
	(void)file, (void)port, (void)why;
	return true;
}

bool report_trace_close(void)
{
	return true;
}

/* --- short forms of the request ----------------------------------------- */

static const struct options *asked(void)
{
	return &now->asked.job->options;
}

static bool wants(enum action action)
{
	return asked_for(&now->asked, action);
}

static const struct part *part(void)
{
	return &now->asked.job->part;
}

/* --- the host's actions ------------------------------------------------- */

/* True for a wanted byte, or one that pads a block. */
static bool fits(uint32_t address, uint8_t byte, bool *image)
{
	struct seen_cell *cell = seen_at(&now->seen, address);
	uint32_t i = address % SEEN_CELL;
	uint8_t want;

	*image = asked_byte(&now->asked, address, &want);
	if (*image)
		return byte == want;
	return asked_pad(&now->asked, address) &&
	       (byte == part()->dev.erased ||
		((cell->flags[i] & SEEN_KEPT) && byte == cell->kept[i]) ||
		((cell->flags[i] & SEEN_TOLD) && byte == cell->told[i]));
}

static bool is_image(uint32_t address, const uint8_t *data, size_t len)
{
	bool any = false, image;
	size_t i;

	for (i = 0; i < len; i++) {
		if (!fits(address + (uint32_t)i, data[i], &image))
			return false;
		any |= image;
	}
	return any;
}

/* True for the complement of an option byte, as the hardware generates it. */
static bool completes(uint32_t address, const uint8_t *data, size_t i)
{
	uint32_t at = address + (uint32_t)i;

	return i > 0 && at % 2 == 1 && part_has_pairs(part()) &&
	       part_area(part(), at, NULL) == AREA_OPTION_BYTES &&
	       (data[i] ^ data[i - 1]) == 0xFF;
}

static void host_writes(void *ctx, uint32_t address, const uint8_t *data,
			size_t len)
{
	bool image;
	size_t i;

	(void)ctx;
	now->act_start = now->act_end = address;
	if (asked_ram(&now->asked, address, data, len) &&
	    !is_image(address, data, len))
		return;
	MUST(wants(ACTION_WRITE));
	MUST(address <= UINT32_MAX - len);
	now->changed = true;
	now->unanswered++;
	now->act_end = address + (uint32_t)len;
	for (i = 0; i < len; i++) {
		MUST(fits(address + (uint32_t)i, data[i], &image) ||
		     completes(address, data, i));
		seen_put(&now->seen, address + (uint32_t)i, data[i]);
	}
}

/* The ID has no checksum: one reply is not enough for an erase. */
static void check_erase(void)
{
	MUST(now->ids_alike >= 2 && now->last_id == part()->id);
	now->changed = true;
}

static void host_erases_all(void *ctx)
{
	(void)ctx;
	check_erase();
	MUST(asked_erase_all(&now->asked));
	now->act_start = part()->flash.start;
	now->act_end = part()->flash.end;
	seen_erase(&now->seen, now->act_start, now->act_end);
}

static void host_erases_page(void *ctx, uint16_t number)
{
	struct page page;

	(void)ctx;
	check_erase();
	MUST(part_page_at(part(), number, &page));
	MUST(asked_erase(&now->asked, &page));
	if (page.start != now->act_end)
		now->act_start = page.start;
	now->act_end = page.end;
	seen_erase(&now->seen, page.start, page.end);
}

static void host_goes(void *ctx, uint32_t address)
{
	(void)ctx, (void)address;
	MUST(asked()->go || asked()->reset);
}

/* No command that changes the device before the part is known, or without a
 * request. */
static void host_commands(void *ctx, uint8_t opcode)
{
	(void)ctx;
	now->sent[opcode]++;
	switch (opcode) {
	case 0x00: case 0x01: case 0x02: case 0x06: case 0x11: case 0xA1:
	case 0xFA: case 0xFF:
		return;
	default:
		break;
	}
	MUST(now->asked.job != NULL);
	MUST(!asked()->dry_run);
	now->act_start = now->act_end = 0;
	switch (opcode) {
	case 0x31: case 0x32:
		MUST(wants(ACTION_WRITE) || asked()->reset);
		return;
	case 0x43: case 0x44: case 0x45:
		MUST(wants(ACTION_WRITE) || wants(ACTION_ERASE));
		return;
	case 0x73: case 0x74:
		MUST(wants(ACTION_WRITE_UNPROTECT));
		break;
	case 0x82: case 0x83:
		MUST(wants(ACTION_READOUT_PROTECT));
		break;
	case 0x92: case 0x93:
		MUST(wants(ACTION_READOUT_UNPROTECT));
		break;
	default:
		MUST(opcode == 0x21);
		return;
	}
	now->unlocked = true;
}

static void host_is_refused(void *ctx, uint8_t opcode)
{
	(void)ctx, (void)opcode;
	now->refused = true;
}

static void host_has_done(void *ctx, uint8_t opcode)
{
	uint32_t at;

	(void)ctx;
	if (follow_is_erase(opcode))
		seen_erase_done(&now->seen, now->act_start, now->act_end);
	if (follow_is_write(opcode) && now->unanswered > 0)
		now->unanswered--;
	for (at = now->act_start; follow_is_write(opcode) && at < now->act_end;
	     at++)
		seen_put_done(&now->seen, at);
}

/* Finds the byte that must be at an address now, as far as the host knows;
 * false: any. */
static bool expected(uint32_t address, uint8_t *byte)
{
	struct seen_cell *cell = seen_at(&now->seen, address);
	uint32_t i = address % SEEN_CELL;

	if (cell->flags[i] & SEEN_PUT)
		*byte = cell->put[i];
	else if (now->asked.job != NULL && seen_is_erased(&now->seen, address))
		*byte = part()->dev.erased;
	else
		return now->asked.job != NULL &&
		       asked_byte(&now->asked, address, byte);
	return true;
}

/* The host knows this byte from the device. */
static void learn(uint32_t address, uint8_t byte)
{
	uint8_t want;

	seen_tell(&now->seen, address, byte);
	if (now->asked.job != NULL &&
	    asked_byte(&now->asked, address, &want) && want == byte)
		seen_at(&now->seen, address)->flags[address % SEEN_CELL] |=
			SEEN_RIGHT;
}

static void host_is_told(void *ctx, uint32_t address, const uint8_t *data,
			 size_t len)
{
	uint8_t byte;
	size_t i;

	(void)ctx;
	for (i = 0; i < len; i++) {
		uint32_t at = address + (uint32_t)i;

		now->differed |= expected(at, &byte) && byte != data[i];
		if (now->asked.job != NULL &&
		    asked_byte(&now->asked, at, &byte))
			now->differed |= byte != data[i];
		learn(at, data[i]);
	}
}

static void host_is_told_id(void *ctx, uint32_t id)
{
	(void)ctx;
	now->ids_alike = id == now->last_id ? now->ids_alike + 1 : 1;
	now->last_id = id;
}

/* A right sum is as good as reading everything. */
/* Bytes of a sum that the host neither wrote nor erased are those it has read. */
static bool in_sum(uint32_t address, uint8_t *byte)
{
	const struct seen_cell *cell = seen_at(&now->seen, address);
	uint32_t i = address % SEEN_CELL;

	if (expected(address, byte))
		return true;
	*byte = cell->told[i];
	return cell->flags[i] & SEEN_FRESH;
}

static void host_is_told_sum(void *ctx, uint32_t address, uint32_t len,
			     uint32_t crc)
{
	uint32_t sum = CRC_INIT, i;
	uint8_t byte, word[4];

	(void)ctx;
	now->has_sum = true;
	now->sum = crc;
	if (len > SUM_MOST || len % 4 != 0 || now->asked.job == NULL)
		return;
	for (i = 0; i < len; i++) {
		if (!in_sum(address + i, &byte))
			return;
		word[i % 4] = byte;
		if (i % 4 == 3)
			sum = crc_update(sum, word, sizeof(word));
	}
	for (i = 0; sum == crc && i < len; i++) {
		(void)in_sum(address + i, &byte);
		learn(address + i, byte);
	}
}

static const struct follow_events events = {
	.command = host_commands, .refused = host_is_refused,
	.write = host_writes, .erase_all = host_erases_all,
	.erase_page = host_erases_page, .go = host_goes,
	.done = host_has_done, .told = host_is_told,
	.told_id = host_is_told_id, .told_sum = host_is_told_sum,
};

void facts_show(const struct job *job)
{
	now->asked.job = job;
	MUST(now->ids_alike > 0 && now->last_id == part()->id);
	facts_show_all(job);
}

/* --- files ---------------------------------------------------------------- */

bool file_load(const char *name, bool force_binary, struct image **out,
	       const struct parser **parser, struct problem *why)
{
	(void)name, (void)force_binary, (void)why;
	*parser = &parser_binary;
	*out = image_slice(now->scene.image, 0, UINT64_C(1) << 32);
	MUST(*out != NULL);
	(*out)->has_addresses = now->scene.image->has_addresses;
	return true;
}

bool file_may_wait(const char *name)
{
	(void)name;
	return false;
}

bool file_same(const char *a, const char *b)
{
	(void)a, (void)b;
	return false;
}

bool file_exists(const char *name)
{
	(void)name;
	return true;
}

bool file_read(const char *name, uint8_t **bytes, size_t *len,
	       struct problem *why)
{
	(void)name, (void)bytes, (void)len, (void)why;
	return false;
}

bool file_create(const char *name, struct file_out *out, struct problem *why)
{
	(void)why;
	*out = (struct file_out){ .name = name };
	return true;
}

/* The file has exactly the bytes that the device sent. */
/* A chip of unknown size may have less flash than its family. */
static bool ends_early(const struct image *image, const struct range *range)
{
	uint32_t end = (uint32_t)image_end(image);
	struct page page;

	return !part()->size_known && end < range->end &&
	       part_page_of(part(), end, &page) && page.start == end;
}

bool file_commit(struct file_out *out, const struct parser *parser,
		 const struct image *image, struct problem *why)
{
	struct range range = asked_range(&now->asked, true);
	uint32_t at;
	uint8_t byte;

	(void)out, (void)parser, (void)why;
	MUST(image->count == 1 && image_start(image) == range.start);
	if (asked()->target.has_len || !asked()->target.has_page_count)
		MUST(image_end(image) == range.end || ends_early(image, &range));
	for (at = range.start; at < image_end(image); at++) {
		const struct seen_cell *cell = seen_at(&now->seen, at);

		MUST(image_copy(image, at, &byte, 1, 0) == 1);
		MUST((cell->flags[at % SEEN_CELL] & SEEN_TOLD) &&
		     cell->told[at % SEEN_CELL] == byte);
	}
	return true;
}

/* The file has the bytes to keep, as the device sent them. */
bool file_save_new(const char *stem, const struct parser *parser,
		   const struct image *image, char name[FILE_NEW_NAME],
		   struct problem *why)
{
	(void)stem, (void)parser, (void)why;
	MUST(image_bytes(image) > 0);
	name[0] = '\0';
	return true;
}

void file_abandon(struct file_out *out)
{
	(void)out;
}

/* The CRC shown was sent by the device, or computed from its data. */
void report_result(const char *fmt, ...)
{
	uint32_t start, end, crc, sum = CRC_INIT, i;
	uint8_t word[4];
	char text[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	MUST(sscanf(text, "CRC(0x%" SCNx32 "-0x%" SCNx32 ") = 0x%" SCNx32,
		    &start, &end, &crc) == 3);
	if (now->has_sum && now->sum == crc)
		return;
	for (; start < end; start += 4) {
		for (i = 0; i < 4; i++) {
			MUST(seen_flags(&now->seen, start + i) & SEEN_TOLD);
			word[i] = seen_at(&now->seen, start)
				  ->told[(start + i) % SEEN_CELL];
		}
		sum = crc_update(sum, word, sizeof(word));
	}
	MUST(sum == crc);
}

/* --- the device ----------------------------------------------------------- */

/* Only once: the second signal would end this program too. */
static void stop(void *ctx)
{
	void (*handler)(int);

	(void)ctx;
	if (now->stopped)
		return;
	handler = signal(SIGTERM, SIG_DFL);
	now->stopped = true;
	handler(SIGTERM);
	signal(SIGTERM, handler);
}

static enum port_err open_port(const struct port_settings *settings,
			       struct port **out, struct problem *why)
{
	(void)settings, (void)why;
	*out = &now->port.base;
	return PORT_OK;
}

const struct port_ops sim_port_ops = { .name = "sim", .open = open_port };

/* --- the end -------------------------------------------------------------- */

/* A byte reported as written was acknowledged or read; with -v it was read. */
static void check_done_byte(uint32_t address, uint8_t byte)
{
	const struct seen_cell *cell = seen_at(&now->seen, address);
	uint8_t flags = cell->flags[address % SEEN_CELL];
	bool read = ((flags & SEEN_FRESH) &&
		     cell->told[address % SEEN_CELL] == byte) ||
		    (flags & SEEN_RIGHT);	/* the vectors, read again */
	bool written = (flags & SEEN_DONE) &&
		       cell->put[address % SEEN_CELL] == byte;
	bool blank = range_has(&part()->flash, address) &&
		     byte == part()->dev.erased;

	if (read || (written && !asked()->verify))
		return;
	MUST(blank && !(flags & SEEN_PUT && !(flags & SEEN_DONE)));
	MUST(seen_is_erased(&now->seen, address) || !asked()->verify);
}

static void check_done_write(void)
{
	uint32_t move = asked_shift(&now->asked);
	size_t i, k;

	for (i = 0; i < now->scene.image->count; i++) {
		const struct segment *s = &now->scene.image->segments[i];

		for (k = 0; k < s->len; k++) {
			uint32_t at = s->start + (uint32_t)k + move;
			uint8_t byte;

			if (asked_byte(&now->asked, at, &byte))
				check_done_byte(at, byte);
		}
	}
}

/* After an error on the line, pages that read as blank are not erased again. */
static bool reads_blank(const struct page *page)
{
	uint32_t at;

	for (at = page->start; at < page->end; at++)
		if (!(seen_flags(&now->seen, at) & SEEN_FRESH) ||
		    seen_at(&now->seen, at)->told[at % SEEN_CELL] !=
		    part()->dev.erased)
			return false;
	return true;
}

static void check_done_erase(void)
{
	uint32_t pages = part_page_count(part()), i;
	struct page page;

	for (i = 0; i < pages; i++)
		if (part_page_at(part(), i, &page) &&
		    asked_erase(&now->asked, &page))
			MUST((seen_is_erased(&now->seen, page.start) &&
			      seen_is_erased(&now->seen, page.end - 1)) ||
			     reads_blank(&page));
}

static void check_status(int status)
{
	MUST((status == STATUS_DONE) == (now->errors == 0));
	MUST(status == STATUS_DONE || status == (int)now->failure);
	/* an exit sequence may have an error of its own */
	MUST(now->errors <= 1 + (now->scene.header[H_END] >> 3 & 1u));
	if (status == STATUS_PORT)
		MUST(now->port.failed);
	/* a chip being unlocked resets, or may have if the port then fails */
	if (status == STATUS_NO_ANSWER && now->asked.job != NULL)
		MUST(now->unlocked || wants(ACTION_WRITE_UNPROTECT) ||
		     wants(ACTION_READOUT_PROTECT) ||
		     wants(ACTION_READOUT_UNPROTECT));
	if (status == STATUS_PROTECTED)
		MUST(now->refused || now->differed);
	/* without retries, the result of a write may remain unknown; also on a
	 * page that was not erased, if an ACK may be for a damaged frame */
	if (status == STATUS_DIFFERS)
		MUST(now->differed ||
		     (now->unanswered > 0 &&
		      (asked()->retries == 0 ||
		       !asked_erase_at(&now->asked, now->act_start))));
	if (status == STATUS_USAGE || status == STATUS_FILE)
		MUST(!now->changed);
	if (status >= STATUS_SIGNAL)
		MUST(now->stopped && status == STATUS_SIGNAL + SIGTERM);
	/* except for runs that end before: facts, a plan */
	if (now->port.after > 0 && !(now->scene.header[H_END] & 5) &&
	    now->asked.job != NULL && asked()->actions != 0 &&
	    !asked()->dry_run)
		MUST(status != STATUS_DONE);
}

static void check_done(void)
{
	if (asked()->dry_run)
		MUST(!now->changed && !now->unlocked);
	else if (wants(ACTION_WRITE))
		check_done_write();
	else if (wants(ACTION_ERASE))
		check_done_erase();
}

/* --- if the only errors were lost answers ------------------------------- */

static bool is_protected(void)
{
	return (now->scene.header[H_PORT] & PORT_PROTECTED) != 0;
}

/* For a write on flash that was not erased, or that is protected and was
 * blank, only -v shows that it had no effect. */
static bool only_verify_tells(uint32_t address)
{
	return !asked()->verify &&
	       (is_protected() || !asked_erase_at(&now->asked, address));
}

static void check_memory_byte(uint32_t address, uint8_t before, bool done)
{
	uint8_t byte, want = 0;

	if (!sim_peek_memory(now->scene.sim, address, &byte, 1))
		return;
	if (asked_byte(&now->asked, address, &want)) {
		MUST(!done || byte == want || only_verify_tells(address));
	} else if (!asked_erase_at(&now->asked, address)) {
		MUST(byte == before);
	} else if (asked_keep(&now->asked) && done) {
		MUST(byte == before);
	}
}

static void check_memory(int status)
{
	uint32_t start = now->scene.dev.flash.start, i;
	bool done = status == STATUS_DONE && !asked()->dry_run;

	if (now->unlocked || now->scene.dev.flash.end - start < FILLED ||
	    now->asked.job->part.flash.start != start)
		return;
	if (asked()->erase != ERASE_NONE && !asked()->target.has_page_count &&
	    !is_protected())
		MUST(sim_stats(now->scene.sim)->granules_refused == 0);
	for (i = 0; i < FILLED; i++)
		check_memory_byte(start + i, now->scene.filled[i], done);
}

/* --- the device's actions ----------------------------------------------- */

static void check_deeds(void)
{
	deeds_check_commands(now->scene.sim, now->sent);
	deeds_check(now->scene.sim, &now->asked);
}

static bool begin(const uint8_t *bytes, size_t len, const char *rom)
{
	struct hostile_port *port = &now->port;

	if (len < HEADER || !scene_begin(&now->scene, bytes, rom))
		return false;
	now->scene.sim->journal.wanted = true;
	now->follow = (struct follow){ .events = &events,
				       .framed = now->scene.framed,
				       .opcode = FOLLOW_NOBODY };
	now->asked.image = now->scene.image;
	port->sim = now->scene.sim;
	port->address = now->scene.address;
	port->script = bytes + HEADER;
	port->len = len - HEADER;
	port->losses_only = now->scene.header[H_PORT] & PORT_LOSSES;
	port->follow = &now->follow;
	port->stop = stop;
	hostile_init(port, now->scene.framed);
	return true;
}

/* -1: invalid command line. */
static int run(void)
{
	void (*interrupt)(int) = signal(SIGINT, SIG_DFL);
	void (*terminate)(int) = signal(SIGTERM, SIG_DFL);
	struct options options;
	int status = -1;

	if (options_parse(now->scene.argc, now->scene.argv, &options, NULL)) {
		status = run_program(now->scene.argc, now->scene.argv);
		(*signal(SIGTERM, SIG_DFL))(0);	/* no handler is installed */
		if (now->asked.job != NULL)
			now->asked.job = &now->last;
	}
	options_free(&options);
	signal(SIGINT, interrupt);
	signal(SIGTERM, terminate);
	return status;
}

void session_try(const uint8_t *bytes, size_t len, const char *rom)
{
	static struct session session;
	int status = -1;

	memset(&session, 0, sizeof(session));
	now = &session;
	if (begin(bytes, len, rom))
		status = run();
	if (status != -1)
		check_status(status);
	if (status == STATUS_DONE)
		check_done();
	if (status != -1 && now->asked.job != NULL && now->port.losses_only)
		check_memory(status);
	if (status != -1)
		check_deeds();
	scene_end(&now->scene);
	seen_free(&now->seen);
}
