/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stm32.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "crc.h"
#include "link.h"
#include "session.h"
#include "utils.h"

#define NACK_RETRIES 2	/* a NACK is an answer; but a garbled command gets
			 * one too */
#define OPTION_BYTES_MS 1000	/* erase and program option bytes */
#define CHECKSUM_US_PER_KIB 1000	/* a CRC unit fed by a ROM loop */
#define SECOND_ACK_MS 200

static const uint8_t opcodes[] = {
	[CMD_GET] = 0x00,
	[CMD_GET_VERSION] = 0x01,
	[CMD_GET_ID] = 0x02,
	[CMD_READ_MEMORY] = 0x11,
	[CMD_GO] = 0x21,
	[CMD_WRITE_MEMORY] = 0x31,
	[CMD_ERASE] = 0x43,
	[CMD_EXTENDED_ERASE] = 0x44,
	[CMD_WRITE_PROTECT] = 0x63,
	[CMD_WRITE_UNPROTECT] = 0x73,
	[CMD_READOUT_PROTECT] = 0x82,
	[CMD_READOUT_UNPROTECT] = 0x92,
	[CMD_GET_CHECKSUM] = 0xA1,
	[CMD_GET_PART_NUMBER] = 0x06,
	[CMD_ACCESS] = 0xFA,
};
_Static_assert(ARRAY_LEN(opcodes) == CMD_COUNT, "one opcode per command");

/* One exchange: a command with its phases, tried once. Sets stm->committed
 * when the frame went out that makes the device act. */
typedef enum stm32_err (*exchange_fn)(struct stm32 *stm, void *args);

static void explain_retry(struct stm32 *stm, const char *what,
			  enum stm32_err err)
{
	char text[120];

	stm->counts.retries++;
	if (stm->options.explain == NULL)
		return;
	snprintf(text, sizeof(text), "%s: %s; resynchronising", what,
		 stm32_strerror(err));
	stm->options.explain(stm->options.ctx, text);
}

static bool is_nack(enum stm32_err err)
{
	return err == STM32_REFUSED || err == STM32_BAD_ADDRESS ||
	       err == STM32_NACK;
}

static bool is_final(enum stm32_err err)
{
	return err == STM32_OK || err == STM32_PORT || err == STM32_STOPPED ||
	       err == STM32_UNSUPPORTED;
}

/*
 * Repeats an exchange until it succeeds, or it is not worth asking again, or
 * it is no longer known whether the device has acted (STM32_UNCERTAIN). In
 * every case but a dead port the device ends up waiting for a command.
 */
static enum stm32_err persist_for(struct stm32 *stm, const char *what,
				  exchange_fn exchange, void *args,
				  unsigned retries)
{
	unsigned tries, nacks = 0;
	enum stm32_err err, sync;

	for (tries = 0;; tries++) {
		if (session_stop_wanted(stm))
			return STM32_STOPPED;
		stm->committed = false;
		err = exchange(stm, args);
		if (is_final(err))
			return err;
		nacks += is_nack(err);
		explain_retry(stm, what, err);
		sync = link_resync(&stm->link);
		if (sync == STM32_PORT)
			return sync;
		if (stm->committed)
			return STM32_UNCERTAIN;
		if (tries >= retries || nacks > NACK_RETRIES ||
		    sync != STM32_OK)
			return err;
	}
}

static enum stm32_err persist(struct stm32 *stm, const char *what,
			      exchange_fn exchange, void *args)
{
	return persist_for(stm, what, exchange, args, stm->options.retries);
}

static enum stm32_err send_opcode(struct stm32 *stm, uint8_t opcode)
{
	const uint8_t frame[2] = { opcode, (uint8_t)~opcode };
	enum stm32_err err;
	enum port_err flushed;

	/* Nothing can be due: what is there is left over from noise, and would
	 * be taken for this command's ACK. */
	flushed = port_flush(stm->link.port);
	if (flushed != PORT_OK) {
		stm->link.port_err = flushed;
		return STM32_PORT;
	}
	err = link_send(&stm->link, frame, sizeof(frame));
	if (err != STM32_OK)
		return err;
	err = link_ack(&stm->link, 0);
	return err == STM32_NACK ? STM32_REFUSED : err;
}

static enum stm32_err send_command(struct stm32 *stm,
				   enum stm32_command command)
{
	if (!stm32_has(stm, command))
		return STM32_UNSUPPORTED;
	return send_opcode(stm, opcodes[command]);
}

/* Four bytes and their XOR: an address, a size, a polynomial. */
static enum stm32_err send_word(struct stm32 *stm, uint32_t word,
				unsigned work_ms)
{
	uint8_t frame[5];
	enum stm32_err err;

	put_be32(frame, word);
	frame[4] = xor_sum(frame, 4);
	err = link_send(&stm->link, frame, sizeof(frame));
	if (err != STM32_OK)
		return err;
	return link_ack(&stm->link, work_ms);
}

static enum stm32_err send_address(struct stm32 *stm, uint32_t address)
{
	enum stm32_err err = send_word(stm, address, 0);

	return err == STM32_NACK ? STM32_BAD_ADDRESS : err;
}

/* --- Get, Get Version, Get ID ------------------------------------------- */

/* AN3155, Get: the count of the bytes that follow less one, the version, the
 * opcodes, ACK. */
static enum stm32_err try_get(struct stm32 *stm, void *args)
{
	uint8_t count, list[256];
	enum stm32_err err;
	size_t i;

	(void)args;
	err = send_opcode(stm, opcodes[CMD_GET]);
	if (err == STM32_OK)
		err = link_receive(&stm->link, &count, 1, 0);
	if (err == STM32_OK)
		err = link_receive(&stm->link, list, (size_t)count + 1, 0);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	memset(stm->info.listed, 0, sizeof(stm->info.listed));
	stm->info.version = list[0];
	for (i = 1; i <= count; i++)
		stm->info.listed[list[i]] = true;
	return stm->info.listed[opcodes[CMD_GET]] ? STM32_OK : STM32_GARBLED;
}

/* AN3155, Get Version & Read Protection Status. */
static enum stm32_err try_get_version(struct stm32 *stm, void *args)
{
	uint8_t answer[3];
	enum stm32_err err;

	(void)args;
	err = send_command(stm, CMD_GET_VERSION);
	if (err == STM32_OK)
		err = link_receive(&stm->link, answer, sizeof(answer), 0);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	stm->info.version = answer[0];
	stm->info.option1 = answer[1];
	stm->info.option2 = answer[2];
	return STM32_OK;
}

/* The product ID in what Get ID returned: two bytes for an STM32; mask data
 * first and the ID third for the BlueNRG lineage; Artery sends bits 15-0,
 * then 31-16, then a project number. */
static uint32_t decode_id(const uint8_t *bytes, size_t len)
{
	if (len == 5)
		return (uint32_t)get_be16(bytes + 2) << 16 | get_be16(bytes);
	if (len == 3 || len == 4)
		return bytes[2];
	return len == 1 ? bytes[0] : get_be16(bytes);
}

/* AN3155, Get ID: the count of the bytes that follow less one, they, ACK.
 * args is the opcode: GigaDevice has the same under another one. */
static enum stm32_err try_get_id(struct stm32 *stm, void *args)
{
	const enum stm32_command *command = args;
	struct stm32_info *info = &stm->info;
	uint8_t count;
	enum stm32_err err;

	err = send_command(stm, *command);
	if (err == STM32_OK)
		err = link_receive(&stm->link, &count, 1, 0);
	if (err != STM32_OK)
		return err;
	if (count >= sizeof(info->id_bytes))
		return STM32_GARBLED;
	err = link_receive(&stm->link, info->id_bytes, (size_t)count + 1, 0);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err == STM32_OK)
		info->id_len = (size_t)count + 1;
	return err;
}

/* The GD32VW55x has a part number of four letters, and says under Get ID, if
 * it knows that at all, what other parts say too. */
static enum stm32_err get_part_number(struct stm32 *stm)
{
	enum stm32_command command = CMD_GET_PART_NUMBER;
	enum stm32_err err = persist(stm, "part number", try_get_id, &command);

	if (err == STM32_OK && stm->info.id_len == 4)
		stm->info.id = get_be32(stm->info.id_bytes);
	return err;
}

static enum stm32_err get_id(struct stm32 *stm)
{
	enum stm32_command command = CMD_GET_ID;
	enum stm32_err err = STM32_UNSUPPORTED;

	if (stm32_has(stm, CMD_GET_PART_NUMBER))
		err = get_part_number(stm);
	if (err == STM32_OK && stm->info.id_len == 4)
		return STM32_OK;
	if (err == STM32_PORT || err == STM32_STOPPED)
		return err;
	err = persist(stm, "Get ID", try_get_id, &command);
	if (err == STM32_OK)
		stm->info.id = decode_id(stm->info.id_bytes, stm->info.id_len);
	return err;
}

/* Some Artery parts refuse everything until they have had this. */
static enum stm32_err try_access(struct stm32 *stm, void *args)
{
	(void)args;
	return send_opcode(stm, opcodes[CMD_ACCESS]);
}

static enum stm32_err get(struct stm32 *stm)
{
	enum stm32_err err = persist(stm, "Get", try_get, NULL);

	if (err != STM32_REFUSED)
		return err;
	err = persist(stm, "access", try_access, NULL);
	return err == STM32_OK ? persist(stm, "Get", try_get, NULL) : err;
}

static enum stm32_err get_all(struct stm32 *stm)
{
	enum stm32_err err = get(stm);

	if (err == STM32_OK)
		err = persist(stm, "Get Version", try_get_version, NULL);
	return err == STM32_OK ? get_id(stm) : err;
}

/*
 * An ACK comes through whatever the parity, as its parity bit looks like a stop
 * bit; commands do not. If the other parity does better, the user can be told
 * which one it is.
 */
static bool answers_in(struct stm32 *stm, char parity)
{
	struct serial_mode found = stm->link.port->mode;
	struct serial_mode other = found;
	bool answered;

	other.parity = parity;
	if (port_set_mode(stm->link.port, &other) != PORT_OK)
		return false;
	answered = link_resync(&stm->link) == STM32_OK &&
		   try_get(stm, NULL) == STM32_OK;
	(void)port_set_mode(stm->link.port, &found);
	return answered;
}

static void explain_identify(struct stm32 *stm, enum stm32_err err,
			     struct problem *why)
{
	const struct port *port = stm->link.port;
	char other = port->mode.parity == 'n' ? 'e' : 'n';

	if (stm->seen.acks > 0 && port->mode.data_bits != 0 &&
	    err != STM32_STOPPED && err != STM32_PORT && answers_in(stm, other))
		problem_set(why, "%s: this bootloader speaks %u%c%u; use -m "
			    "%u%c%u", port->device, port->mode.data_bits,
			    other, port->mode.stop_bits, port->mode.data_bits,
			    other, port->mode.stop_bits);
	else
		connect_explain(stm, err, why);
}

static enum stm32_err establish(struct stm32 *stm, unsigned timeout_ms,
				bool resume, struct problem *why)
{
	enum stm32_err err = connect_sync(stm, timeout_ms, resume, why);

	if (err != STM32_OK)
		return err;
	err = get_all(stm);
	if (err != STM32_OK)
		explain_identify(stm, err, why);
	return err;
}

static unsigned write_block(unsigned max_frame)
{
	unsigned block = STM32_MAX_BLOCK;

	/* A power of two: aligned blocks never straddle a page or a granule. */
	while (block > 1 && block + 2 > max_frame)
		block /= 2;
	return block;
}

enum stm32_err stm32_open(struct port *port,
			  const struct stm32_options *options,
			  struct stm32 **out, struct problem *why)
{
	struct stm32 *stm = calloc(1, sizeof(*stm));
	enum stm32_err err;

	*out = NULL;
	if (stm == NULL) {
		problem_set(why, "out of memory");
		return STM32_PORT;
	}
	stm->options = *options;
	stm->link.port = port;
	stm->max_read = options->max_read;
	stm->max_write = write_block(options->max_frame);
	err = establish(stm, options->connect_timeout_ms, options->resume, why);
	if (err != STM32_OK) {
		free(stm);
		return err;
	}
	*out = stm;
	return STM32_OK;
}

void stm32_close(struct stm32 *stm)
{
	free(stm);
}

enum stm32_err stm32_reconnect(struct stm32 *stm, unsigned settle_ms,
			       bool *fresh, struct problem *why)
{
	enum stm32_err err;

	/* The reset takes a moment to begin; a 7F sent before it is lost. */
	port_sleep_ms(stm->link.port, RESET_MS);
	err = establish(stm, stm->options.connect_timeout_ms + settle_ms, false,
			why);
	if (fresh != NULL)
		*fresh = err == STM32_OK && stm->info.fresh;
	return err;
}

const struct stm32_info *stm32_info(const struct stm32 *stm)
{
	return &stm->info;
}

const struct stm32_counts *stm32_counts(const struct stm32 *stm)
{
	return &stm->counts;
}

struct port *stm32_port(const struct stm32 *stm)
{
	return stm->link.port;
}

enum port_err stm32_port_err(const struct stm32 *stm)
{
	return stm->link.port_err;
}

bool stm32_has(const struct stm32 *stm, enum stm32_command command)
{
	return stm->info.listed[opcodes[command]];
}

unsigned stm32_max_read(const struct stm32 *stm)
{
	return stm->max_read;
}

unsigned stm32_max_write(const struct stm32 *stm)
{
	return stm->max_write;
}

void stm32_limit_transfer(struct stm32 *stm, unsigned max_data)
{
	if (stm->max_read > max_data)
		stm->max_read = max_data;
	if (stm->max_write > max_data)
		stm->max_write = write_block(max_data + 2);
}

enum stm32_err stm32_resync(struct stm32 *stm)
{
	return link_resync(&stm->link);
}

/* --- memory -------------------------------------------------------------- */

struct transfer {
	uint32_t address;
	uint8_t *in;
	const uint8_t *out;
	size_t len;
	unsigned work_ms;
};

/* AN3155, Read Memory: address, then count - 1 and its complement. */
static enum stm32_err try_read(struct stm32 *stm, void *args)
{
	const struct transfer *t = args;
	uint8_t count[2];
	enum stm32_err err;

	err = send_command(stm, CMD_READ_MEMORY);
	if (err == STM32_OK)
		err = send_address(stm, t->address);
	if (err != STM32_OK)
		return err;
	count[0] = (uint8_t)(t->len - 1);
	count[1] = (uint8_t)~count[0];
	err = link_send(&stm->link, count, sizeof(count));
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	return link_receive(&stm->link, t->in, t->len, 0);
}

enum stm32_err stm32_read_memory(struct stm32 *stm, uint32_t address,
				 uint8_t *out, size_t len)
{
	struct transfer t = { .address = address, .in = out, .len = len };

	assert(len >= 1 && len <= stm->max_read);

	return persist(stm, "Read Memory", try_read, &t);
}

/* AN3155, Write Memory: address, then count - 1, the data and the XOR of
 * both. The ACK comes when the data are programmed. */
static enum stm32_err try_write(struct stm32 *stm, void *args)
{
	const struct transfer *t = args;
	uint8_t frame[STM32_MAX_FRAME];
	enum stm32_err err;

	err = send_command(stm, CMD_WRITE_MEMORY);
	if (err == STM32_OK)
		err = send_address(stm, t->address);
	if (err != STM32_OK)
		return err;
	frame[0] = (uint8_t)(t->len - 1);
	memcpy(frame + 1, t->out, t->len);
	frame[1 + t->len] = xor_sum(frame, 1 + t->len);
	/* Some ROMs NACK here for a programming error: even a NACK does not
	 * say that the memory is as it was. */
	stm->committed = true;
	err = link_send(&stm->link, frame, t->len + 2);
	if (err == STM32_OK)
		err = link_ack(&stm->link, t->work_ms);
	return err;
}

enum stm32_err stm32_write_memory(struct stm32 *stm, uint32_t address,
				  const uint8_t *data, size_t len,
				  unsigned program_ms)
{
	struct transfer t = { .address = address, .out = data, .len = len,
			      .work_ms = 2 * program_ms };

	assert(len >= 1 && len <= STM32_MAX_BLOCK);

	return persist_for(stm, "Write Memory", try_write, &t,
			   stm->options.write_retries);
}

/* --- erase ---------------------------------------------------------------- */

struct erase {
	const uint16_t *pages;	/* NULL: everything */
	size_t count;
	unsigned work_ms;
};

/* AN3155, Erase Memory: count - 1, page numbers of one byte, XOR; FF and its
 * complement for everything. Returns the length. */
static size_t short_erase_frame(const struct erase *e, uint8_t *frame)
{
	size_t i;

	if (e->pages == NULL) {
		frame[0] = 0xFF;
		frame[1] = 0x00;
		return 2;
	}
	frame[0] = (uint8_t)(e->count - 1);
	for (i = 0; i < e->count; i++)
		frame[1 + i] = (uint8_t)e->pages[i];
	frame[1 + i] = xor_sum(frame, 1 + i);
	return i + 2;
}

/* AN3155, Extended Erase Memory: the same with two bytes each; FFFF and its
 * XOR for everything. */
static size_t extended_erase_frame(const struct erase *e, uint8_t *frame)
{
	size_t i, len = 2;

	put_be16(frame, e->pages == NULL ? 0xFFFF : (uint16_t)(e->count - 1));
	for (i = 0; i < e->count; i++, len += 2)
		put_be16(frame + len, e->pages[i]);
	frame[len] = xor_sum(frame, len);
	return len + 1;
}

static enum stm32_err try_erase(struct stm32 *stm, void *args)
{
	const struct erase *e = args;
	uint8_t frame[STM32_MAX_FRAME];
	bool extended = stm32_has(stm, CMD_EXTENDED_ERASE);
	enum stm32_err err;
	size_t len;

	err = send_command(stm, extended ? CMD_EXTENDED_ERASE : CMD_ERASE);
	if (err != STM32_OK)
		return err;
	len = extended ? extended_erase_frame(e, frame)
		       : short_erase_frame(e, frame);
	err = link_send(&stm->link, frame, len);
	if (err == STM32_OK)
		err = link_ack(&stm->link, e->work_ms);
	/* A NACK means that nothing was erased; anything else but an ACK does
	 * not say. */
	stm->committed = err != STM32_OK && err != STM32_NACK;
	return err;
}

enum stm32_err stm32_erase_all(struct stm32 *stm, unsigned erase_ms)
{
	struct erase e = { .work_ms = 2 * erase_ms };

	return persist(stm, "Erase", try_erase, &e);
}

enum stm32_err stm32_erase_pages(struct stm32 *stm, const uint16_t *pages,
				 size_t count, unsigned erase_ms)
{
	struct erase e = { .pages = pages, .count = count,
			   .work_ms = 2 * erase_ms };

	assert(count >= 1 && count <= STM32_MAX_PAGES);

	return persist(stm, "Erase", try_erase, &e);
}

size_t stm32_max_pages(const struct stm32 *stm)
{
	size_t each = stm32_has(stm, CMD_EXTENDED_ERASE) ? 2 : 1;
	size_t fit = (stm->options.max_frame - each - 1) / each;

	return fit < STM32_MAX_PAGES ? fit : STM32_MAX_PAGES;
}

uint32_t stm32_last_page(const struct stm32 *stm)
{
	/* FF means everything to 43; FFF0 and above are codes to 44. */
	return stm32_has(stm, CMD_EXTENDED_ERASE) ? 0xFFEF : 0xFF;
}

/* --- Go and protection ---------------------------------------------------- */

/* AN3155, Go: one ACK after the address, none later. */
static enum stm32_err try_go(struct stm32 *stm, void *args)
{
	const uint32_t *address = args;
	enum stm32_err err;

	err = send_command(stm, CMD_GO);
	if (err != STM32_OK)
		return err;
	err = send_address(stm, *address);
	stm->committed = err != STM32_OK && err != STM32_BAD_ADDRESS;
	return err;
}

enum stm32_err stm32_go(struct stm32 *stm, uint32_t address)
{
	return persist(stm, "Go", try_go, &address);
}

struct protection {
	enum stm32_command command;
	unsigned work_ms;
};

/* AN3155, Write Unprotect, Readout Protect, Readout Unprotect: two ACKs, then
 * a reset. */
static enum stm32_err try_protection(struct stm32 *stm, void *args)
{
	const struct protection *p = args;
	enum stm32_err err;

	err = send_command(stm, p->command);
	if (err != STM32_OK)
		return err;
	stm->committed = true;
	return link_ack(&stm->link, p->work_ms);
}

static enum stm32_err change_protection(struct stm32 *stm, const char *what,
					enum stm32_command command,
					unsigned work_ms)
{
	struct protection p = { .command = command, .work_ms = work_ms };

	return persist(stm, what, try_protection, &p);
}

enum stm32_err stm32_write_unprotect(struct stm32 *stm)
{
	return change_protection(stm, "Write Unprotect", CMD_WRITE_UNPROTECT,
				 OPTION_BYTES_MS);
}

enum stm32_err stm32_readout_protect(struct stm32 *stm)
{
	return change_protection(stm, "Readout Protect", CMD_READOUT_PROTECT,
				 OPTION_BYTES_MS);
}

enum stm32_err stm32_readout_unprotect(struct stm32 *stm, unsigned erase_ms)
{
	return change_protection(stm, "Readout Unprotect",
				 CMD_READOUT_UNPROTECT,
				 OPTION_BYTES_MS + 2 * erase_ms);
}

/* --- Get Checksum ---------------------------------------------------------- */

struct checksum {
	uint32_t address, len;
	uint32_t crc;
};

/* The result: four bytes and their XOR, behind a further ACK on some ROMs,
 * which may look like the first of the four. */
static enum stm32_err receive_crc(struct stm32 *stm, bool ack_first,
				  unsigned work_ms, uint32_t *crc)
{
	uint8_t answer[5];
	enum stm32_err err = STM32_OK;

	if (ack_first)
		err = link_ack(&stm->link, work_ms);
	if (err == STM32_OK)
		err = link_receive(&stm->link, answer, sizeof(answer), work_ms);
	if (err != STM32_OK)
		return err;
	if (xor_sum(answer, sizeof(answer)) != 0)
		return STM32_GARBLED;
	*crc = get_be32(answer);
	return STM32_OK;
}

/* AN3155, Get Checksum: address, size, polynomial and initial value, each
 * acknowledged, then the result; or, as AN4221 has it for its version 1.2,
 * address and size only, then a further ACK when the result is ready. */
static enum stm32_err try_checksum(struct stm32 *stm, void *args)
{
	struct checksum *c = args;
	unsigned work_ms = c->len / 1024 * CHECKSUM_US_PER_KIB / 1000 + 1;
	bool four = stm->checksum != CHECKSUM_TWO_WORDS;
	enum stm32_err err;

	err = send_command(stm, CMD_GET_CHECKSUM);
	if (err == STM32_OK)
		err = send_address(stm, c->address);
	if (err == STM32_OK)
		err = send_word(stm, c->len, 0);
	if (err == STM32_OK && four)
		err = send_word(stm, CRC_POLYNOMIAL, 0);
	if (err == STM32_OK && four)
		err = send_word(stm, CRC_INIT, 0);
	if (err != STM32_OK)
		return err;
	return receive_crc(stm, stm->checksum != CHECKSUM_FOUR_WORDS, work_ms,
			   &c->crc);
}

/* After address and size only the short form says something unasked. */
static enum stm32_err try_checksum_form(struct stm32 *stm, void *args)
{
	struct checksum *c = args;
	enum stm32_err err;
	uint8_t byte;

	err = send_command(stm, CMD_GET_CHECKSUM);
	if (err == STM32_OK)
		err = send_address(stm, c->address);
	if (err == STM32_OK)
		err = send_word(stm, c->len, 0);
	if (err != STM32_OK)
		return err;
	if (port_read(stm->link.port, &byte, 1, SECOND_ACK_MS) == PORT_OK) {
		stm->checksum = CHECKSUM_TWO_WORDS;
		return byte == ACK ? receive_crc(stm, false, 0, &c->crc)
				   : STM32_GARBLED;
	}
	err = send_word(stm, CRC_POLYNOMIAL, 0);
	if (err == STM32_OK)
		err = send_word(stm, CRC_INIT, 0);
	if (err != STM32_OK)
		return err;
	stm->checksum = CHECKSUM_FOUR_WORDS;
	return receive_crc(stm, false, 0, &c->crc);
}

bool stm32_prove_checksum(struct stm32 *stm, uint32_t address,
			  const uint8_t *bytes, size_t len)
{
	static const enum checksum_form forms[] = {
		CHECKSUM_UNKNOWN,	/* find out */
		CHECKSUM_FOUR_WORDS_ACK
	};
	struct checksum c = { .address = address, .len = (uint32_t)len };
	uint32_t expected = crc_update(CRC_INIT, bytes, len);
	enum stm32_err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(forms); i++) {
		stm->checksum = forms[i];
		err = persist(stm, "Get Checksum",
			      i == 0 ? try_checksum_form : try_checksum, &c);
		if (err == STM32_OK && c.crc == expected)
			return true;
		if (is_final(err) && err != STM32_OK)
			break;
	}
	stm->checksum = CHECKSUM_UNKNOWN;
	return false;
}

enum stm32_err stm32_checksum(struct stm32 *stm, uint32_t address,
			      uint32_t len, uint32_t *crc)
{
	struct checksum c = { .address = address, .len = len };
	enum stm32_err err;

	assert(len > 0 && len % 4 == 0);

	if (stm->checksum == CHECKSUM_UNKNOWN)
		return STM32_UNSUPPORTED;
	err = persist(stm, "Get Checksum", try_checksum, &c);
	*crc = c.crc;
	return err;
}

const char *stm32_strerror(enum stm32_err err)
{
	switch (err) {
	case STM32_OK:		return "no error";
	case STM32_REFUSED:	return "the command was refused (NACK)";
	case STM32_BAD_ADDRESS:	return "the address was refused (NACK)";
	case STM32_NACK:	return "refused (NACK)";
	case STM32_TIMEOUT:	return "no answer";
	case STM32_GARBLED:	return "an answer that cannot be";
	case STM32_UNCERTAIN:	return "no answer whether it was done";
	case STM32_UNSUPPORTED:	return "this bootloader has no such command";
	case STM32_STOPPED:	return "stopped";
	case STM32_PORT:	return "the port failed";
	}
	return "unknown bootloader error";
}
