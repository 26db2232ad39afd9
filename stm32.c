/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stm32.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/checksum.h"
#include "protocol/connect.h"
#include "protocol/count.h"
#include "protocol/identify.h"
#include "protocol/session.h"
#include "utils.h"

#define STRAY_MS 20	/* an FTDI adapter may hold a byte back for 16 */
#define OPTION_BYTES_MS 1000	/* erase and program option bytes; twice that if
				 * fillers follow: one that arrives after the
				 * reset would spoil the rate of the ROM */
#define SLOWEST_ERASE_MS 30000	/* for some pages, or all of a small flash */
#define GO_REFUSAL_MS 20	/* for a NACK after the ACK of an address */
#define WORD 4
#define LEAST_READ ((size_t)32)	/* bytes of a read that is not split further */
#define FEW 7	/* bytes: the longest read done as whole words */

unsigned stm32_block_of(unsigned max_frame)
{
	unsigned block = STM32_MAX_BLOCK;

	/* A power of two: aligned blocks never cross a page or a granule. */
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
	stm->link.ctx = options->ctx;
	stm->link.stop = options->stop;
	stm->max_read = options->max_read;
	stm->max_write = stm32_block_of(options->max_frame);
	stm->was_reset = options->was_reset;
	err = identify_device(stm, options->connect_timeout_ms,
			      options->resume, why);
	if (err != STM32_OK) {
		if (options->heard != NULL)
			connect_heard(stm, options->heard);
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
	bool has_reset = stm->has_reset;
	uint32_t id = stm->info.id;
	enum stm32_err err;

	/* The reset takes time to begin, and the ROM to listen: a 7F sent
	 * before is lost or measured wrongly. */
	stm->was_reset = true;
	err = identify_device(stm, stm->options.connect_timeout_ms + settle_ms,
			      false, why);
	/* it is the same chip, so another ID is misread */
	if (err == STM32_OK && stm->info.id != id)
		err = identify_again(stm);
	if (fresh != NULL)
		*fresh = err == STM32_OK && (stm->info.fresh || has_reset);
	return err;
}

enum stm32_err stm32_confirm_id(struct stm32 *stm)
{
	return identify_again(stm);
}

enum stm32_err stm32_check_step(struct stm32 *stm)
{
	return identify_step(stm);
}

void stm32_note_damage(struct stm32 *stm, const char *what)
{
	session_explain_retry(stm, what, STM32_GARBLED);
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
	return session_has(stm, command);
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
		stm->max_write = stm32_block_of(max_data + 2);
}

enum stm32_err stm32_resync(struct stm32 *stm)
{
	enum stm32_err err;

	if (session_stop_wanted(stm))
		return STM32_STOPPED;
	stm->link.acked = false;
	err = link_resync(&stm->link);
	return err == STM32_OK && stm->link.acked ? STM32_ASTRAY : err;
}

const struct stm32_rests *stm32_rests(const struct stm32 *stm)
{
	return &stm->rests;
}

bool stm32_had_changes(const struct stm32 *stm)
{
	return stm->counts.changes > 0;
}

void stm32_hold(struct stm32 *stm, bool held)
{
	stm->held = held;
	stm->link.stop = held ? NULL : stm->options.stop;
}

bool stm32_stop_wanted(const struct stm32 *stm)
{
	return stm->options.stop != NULL && *stm->options.stop != 0;
}

bool stm32_had_trouble(const struct stm32 *stm)
{
	return session_had_trouble(stm);
}

/* --- checksum ------------------------------------------------------------- */

bool stm32_prove_checksum(struct stm32 *stm, uint32_t address,
			  const uint8_t *bytes, size_t len)
{
	return checksum_prove(stm, address, bytes, len);
}

enum stm32_err stm32_checksum(struct stm32 *stm, uint32_t address,
			      uint32_t len, uint32_t *crc)
{
	return checksum_take(stm, address, len, crc);
}

/* --- memory -------------------------------------------------------------- */

struct transfer {
	uint32_t address;
	uint8_t *in;
	const uint8_t *out;
	size_t len;
	unsigned work_ms;
	bool resets;		/* the device resets itself after the write */
};

/* AN3155, Read Memory: address, then count - 1 and its complement. */
static enum stm32_err try_read(struct stm32 *stm, void *args)
{
	const struct transfer *t = args;
	const uint8_t count[2] = { (uint8_t)(t->len - 1),
				   (uint8_t)~(t->len - 1) };
	/* For other counts the pair (XOR, count) could be a command. */
	bool whole = t->len == STM32_MAX_BLOCK, ahead;
	enum stm32_err err;

	err = session_command_at(stm, CMD_READ_MEMORY, t->address, count,
				 whole ? sizeof(count) : 0, &ahead);
	if (err == STM32_OK && !(ahead && whole))
		err = link_send(&stm->link, count, sizeof(count));
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	/* Count and complement are right, so the NACK is for the address: see
	 * count.h. */
	if (err == STM32_NACK)
		err = STM32_BAD_ADDRESS;
	if (err == STM32_OK) {
		err = link_receive(&stm->link, t->in, t->len, 0);
		stm->broke_off = err == STM32_TIMEOUT;
		stm->read_last = true;
	}
	if (err != STM32_OK && err != STM32_REFUSED &&
	    err != STM32_BAD_ADDRESS && !stm->broke_off)
		session_stop_pipeline(stm);
	return err;
}

/* Runs one command. If all retries fail, the line may be too bad for so many
 * bytes. */
static enum stm32_err read_once(struct stm32 *stm, uint32_t address,
				uint8_t *out, size_t len)
{
	struct transfer t = { .address = address, .in = out, .len = len };
	enum stm32_err err = session_persist(stm, "Read Memory", try_read, &t);
	size_t half = len / 2;

	if ((err != STM32_TIMEOUT && err != STM32_GARBLED) ||
	    len < 2 * LEAST_READ || !stm->in_step)
		return err;
	err = stm32_read_memory(stm, address, out, half);
	return err == STM32_OK ? stm32_read_memory(stm, address +
						   (uint32_t)half, out + half,
						   len - half)
			       : err;
}

/* Reads the aligned words around a few bytes: at most 3 more on either side. */
static enum stm32_err read_around(struct stm32 *stm, uint32_t address,
				  uint8_t *out, size_t len)
{
	uint8_t words[FEW + 2 * (WORD - 1)];
	uint32_t start = round_down(address, WORD);
	size_t skip = address - start;
	enum stm32_err err = read_once(stm, start, words,
				       round_up((uint32_t)(skip + len), WORD));

	if (err == STM32_OK)
		memcpy(out, words + skip, len);
	return err;
}

enum stm32_err stm32_read_memory(struct stm32 *stm, uint32_t address,
				 uint8_t *out, size_t len)
{
	size_t first = len < WORD ? 0 : count_first(stm->info.listed, len);
	enum stm32_err err;

	assert(len >= 1 && len <= stm->max_read);

	if (first == 0)
		return len <= FEW ? read_around(stm, address, out, len)
				  : STM32_UNSUPPORTED;
	err = read_once(stm, address, out, first);
	if (err == STM32_OK && first < len)
		err = read_once(stm, address + (uint32_t)first, out + first,
				len - first);
	return err;
}

enum stm32_err stm32_await_stray(struct stm32 *stm)
{
	return session_drop_strays(stm, STRAY_MS +
				   stm->link.port->round_trip_ms +
				   port_wire_ms(stm->link.port, 1));
}

/* On a bad line a read may be followed by an extra byte. If that byte is taken
 * for the ACK of a write or an erase, the real ACK is taken for the one of the
 * next frame. */
static enum stm32_err await_rest(struct stm32 *stm)
{
	bool may_follow = stm->read_last && session_had_trouble(stm);

	stm->read_last = false;
	return may_follow ? stm32_await_stray(stm) : STM32_OK;
}

bool stm32_try_pipeline(struct stm32 *stm, uint32_t address)
{
	uint8_t plain[STM32_MAX_BLOCK], ahead[STM32_MAX_BLOCK] = { 0 };
	struct transfer t = { .address = address, .in = ahead,
			      .len = sizeof(ahead) };

	if (session_is_framed(stm) || address % STM32_MAX_BLOCK != 0 ||
	    stm->max_read < STM32_MAX_BLOCK ||
	    stm32_read_memory(stm, address, plain, sizeof(plain)) != STM32_OK)
		return false;
	stm->pipeline = true;
	if (try_read(stm, &t) == STM32_OK &&
	    memcmp(plain, ahead, sizeof(plain)) == 0)
		return true;
	session_stop_pipeline(stm);
	(void)link_resync(&stm->link);
	return false;
}

bool stm32_pipelines(const struct stm32 *stm)
{
	return stm->pipeline;
}

/* AN3155, Write Memory: address, then count - 1, the data and the XOR of both.
 * The ACK comes when the data is programmed. */
static enum stm32_err try_write(struct stm32 *stm, void *args)
{
	const struct transfer *t = args;
	uint8_t frame[STM32_MAX_FRAME];
	enum stm32_err err = await_rest(stm);
	bool ahead;

	if (err == STM32_OK)
		err = session_command_at(stm, CMD_WRITE_MEMORY, t->address,
					 NULL, 0, &ahead);
	if (err != STM32_OK)
		return err;
	frame[0] = (uint8_t)(t->len - 1);
	memcpy(frame + 1, t->out, t->len);
	frame[1 + t->len] = xor_sum(frame, 1 + t->len);
	/* Some ROMs send this NACK for a programming error: even after a NACK
	 * the memory may have changed. */
	stm->committed = true;
	stm->resets = t->resets;
	err = link_send_data(&stm->link, frame, t->len + 2);
	if (err == STM32_OK)
		err = link_ack(&stm->link, t->work_ms);
	return err;
}

static enum stm32_err do_write(struct stm32 *stm, struct transfer *t)
{
	assert(t->len >= 1 && t->len <= STM32_MAX_BLOCK);

	return session_persist_for(stm, "Write Memory", try_write, t,
				   stm->options.write_retries);
}

enum stm32_err stm32_write_memory(struct stm32 *stm, uint32_t address,
				  const uint8_t *data, size_t len,
				  unsigned program_ms)
{
	struct transfer t = { .address = address, .out = data, .len = len,
			      .work_ms = 2 * program_ms };

	return do_write(stm, &t);
}

enum stm32_err stm32_write_options(struct stm32 *stm, uint32_t address,
				   const uint8_t *data, size_t len,
				   unsigned program_ms)
{
	struct transfer t = { .address = address, .out = data, .len = len,
			      .work_ms = 2 * (program_ms + OPTION_BYTES_MS),
			      .resets = true };

	return do_write(stm, &t);
}

/* --- erase ---------------------------------------------------------------- */

struct erase {
	const uint16_t *pages;	/* NULL: mass erase */
	size_t count;
	unsigned work_ms;
};

/* AN3155, Erase Memory: count - 1, one-byte page numbers, XOR; for a mass
 * erase FF and its complement. Returns the length in bytes. */
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

/* AN3155, Extended Erase Memory: the same with two bytes each; for a mass
 * erase FFFF and its XOR. */
static size_t extended_erase_frame(const struct erase *e, uint8_t *frame)
{
	size_t i, len = 2;

	if (e->pages == NULL) {
		put_be16(frame, 0xFFFF);
		frame[2] = xor_sum(frame, 2);
		return 3;
	}
	put_be16(frame, (uint16_t)(e->count - 1));
	for (i = 0; i < e->count; i++, len += 2)
		put_be16(frame + len, e->pages[i]);
	frame[len] = xor_sum(frame, len);
	return len + 1;
}

/* AN4221: the count of a list has its own checksum and ACK, and the list
 * starts a new frame. The mass erase code is sent as on the UART. */
static enum stm32_err send_erase_framed(struct stm32 *stm,
					const struct erase *e)
{
	uint8_t frame[STM32_MAX_FRAME];
	size_t len = extended_erase_frame(e, frame);
	uint8_t count[3] = { frame[0], frame[1], frame[0] ^ frame[1] };
	enum stm32_err err;

	if (e->pages == NULL)
		return link_send(&stm->link, frame, len);
	err = link_send(&stm->link, count, sizeof(count));
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err;
	frame[len - 1] = xor_sum(frame + 2, len - 3);
	return link_send(&stm->link, frame + 2, len - 2);
}

/* Remembers what a later remainder may belong to; sum: the XOR of the list. */
static void note_list(struct stm32 *stm, const struct erase *e, bool extended,
		      uint8_t sum)
{
	stm->behind_list = e->pages != NULL && !session_is_framed(stm);
	stm->list = (struct stm32_rests){ 0 };
	if (!stm->behind_list)
		return;
	stm->list.pages[sum] = true;
	if (!extended)
		stm->list.pages[e->count - 1] = true;
	stm->list.all = !extended && e->count == 1;
}

/*
 * On a line that was good until now, waits in silence for the ACK of a flash
 * that is slower than its datasheet. Bytes sent meanwhile would complete a
 * frame that lost bytes, and then an ACK would not tell which erase it is for.
 */
static enum stm32_err try_erase(struct stm32 *stm, void *args)
{
	const struct erase *e = args;
	uint8_t frame[STM32_MAX_FRAME];
	bool extended = stm32_has(stm, CMD_EXTENDED_ERASE);
	enum stm32_err err = await_rest(stm);
	size_t len;

	/* A lost byte turns FF FF 00 into a list of 65281 pages. */
	stm->link.swallows = extended ? LINK_LONGEST_LIST : STM32_MAX_FRAME;
	if (err == STM32_OK)
		err = session_command(stm, extended ? CMD_EXTENDED_ERASE
						    : CMD_ERASE);
	if (err != STM32_OK)
		return err;
	len = extended ? extended_erase_frame(e, frame)
		       : short_erase_frame(e, frame);
	err = session_is_framed(stm) ? send_erase_framed(stm, e)
				     : link_send_data(&stm->link, frame, len);
	if (err == STM32_OK)
		err = link_ack(&stm->link, e->work_ms);
	if (err == STM32_TIMEOUT && e->work_ms < SLOWEST_ERASE_MS &&
	    !session_had_trouble(stm) && !session_is_framed(stm))
		err = link_ack(&stm->link, SLOWEST_ERASE_MS - e->work_ms);
	/* A NACK means that nothing was erased; anything else but an ACK
	 * leaves it open. */
	stm->committed = err != STM32_OK && err != STM32_NACK;
	note_list(stm, e, extended, frame[len - 1]);
	return err;
}

static enum stm32_err do_erase(struct stm32 *stm, struct erase *e)
{
	enum stm32_err err;

	stm->link.wait = stm->options.wait;
	err = session_persist(stm, "Erase", try_erase, e);
	stm->link.wait = NULL;
	stm->link.swallows = STM32_MAX_FRAME;
	return err;
}

enum stm32_err stm32_erase_all(struct stm32 *stm, unsigned erase_ms)
{
	struct erase e = { .work_ms = 2 * erase_ms };

	return do_erase(stm, &e);
}

enum stm32_err stm32_erase_pages(struct stm32 *stm, const uint16_t *pages,
				 size_t count, unsigned erase_ms)
{
	struct erase e = { .pages = pages, .count = count,
			   .work_ms = 2 * erase_ms };

	assert(count >= 1 && count <= STM32_MAX_PAGES);

	return do_erase(stm, &e);
}

size_t stm32_max_pages(const struct stm32 *stm)
{
	size_t each = stm32_has(stm, CMD_EXTENDED_ERASE) ? 2 : 1;
	size_t fit = (stm->options.max_frame - each - 1) / each;

	return fit < STM32_MAX_PAGES ? fit : STM32_MAX_PAGES;
}

uint32_t stm32_last_page(const struct stm32 *stm)
{
	/* For 43, FF is the mass erase; for 44, FFF0 and above are codes. */
	return stm32_has(stm, CMD_EXTENDED_ERASE) ? 0xFFEF : 0xFF;
}

/* --- Go and protection ---------------------------------------------------- */

/*
 * AN3155, Go: one ACK after the address, none later. But the ROM may still
 * refuse an address after its ACK. If the NACK comes from an application that
 * was started, Get Version gets no answer.
 */
static enum stm32_err try_go(struct stm32 *stm, void *args)
{
	const uint32_t *address = args;
	enum stm32_err err;
	uint8_t byte;

	err = session_command(stm, CMD_GO);
	if (err != STM32_OK)
		return err;
	err = session_address(stm, *address);
	stm->committed = err != STM32_BAD_ADDRESS;
	stm->broke_off = err != STM32_OK;
	if (err == STM32_OK && !session_is_framed(stm) &&
	    link_listen(&stm->link, &byte, GO_REFUSAL_MS +
			stm->link.port->round_trip_ms +
			port_wire_ms(stm->link.port, 2)) == PORT_OK &&
	    byte == NACK)
		err = STM32_BAD_ADDRESS;
	return err;
}

enum stm32_err stm32_go(struct stm32 *stm, uint32_t address)
{
	return session_persist(stm, "Go", try_go, &address);
}

static enum stm32_err try_go_and_return(struct stm32 *stm, void *args)
{
	stm->resets = true;
	return try_go(stm, args);
}

enum stm32_err stm32_go_and_return(struct stm32 *stm, uint32_t address)
{
	return session_persist(stm, "Go", try_go_and_return, &address);
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

	stm->resets = true;
	err = session_command(stm, p->command);
	/* Without the first ACK it is unknown whether the ROM received the
	 * command. */
	stm->committed = err != STM32_REFUSED && err != STM32_UNSUPPORTED;
	if (err != STM32_OK)
		return err;
	return link_ack(&stm->link, p->work_ms);
}

static enum stm32_err change_protection(struct stm32 *stm, const char *what,
					enum stm32_command command,
					unsigned work_ms)
{
	struct protection p = { .command = command, .work_ms = work_ms };

	return session_persist(stm, what, try_protection, &p);
}

struct units {
	const uint8_t *numbers;
	size_t count;
};

/* AN3155, Write Protect: count - 1, the numbers, the XOR of all. AN4221: count
 * and complement in a frame of their own, and an XOR of the numbers only. */
static enum stm32_err send_units(struct stm32 *stm, const struct units *u)
{
	uint8_t frame[STM32_MAX_FRAME];
	size_t len = u->count + 1;
	enum stm32_err err;

	frame[0] = (uint8_t)(u->count - 1);
	memcpy(frame + 1, u->numbers, u->count);
	frame[len] = xor_sum(frame, len);
	if (!session_is_framed(stm))
		return link_send_data(&stm->link, frame, len + 1);
	frame[len] ^= frame[0];
	err = link_send(&stm->link, (uint8_t[]){ frame[0], (uint8_t)~frame[0] },
			2);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	return err == STM32_OK ? link_send(&stm->link, frame + 1, len) : err;
}

static enum stm32_err try_write_protect(struct stm32 *stm, void *args)
{
	const struct units *u = args;
	enum stm32_err err;

	stm->resets = true;
	err = session_command(stm, CMD_WRITE_PROTECT);
	if (err == STM32_OK)
		err = send_units(stm, u);
	if (err != STM32_OK)
		return err;
	err = link_ack(&stm->link, 2 * OPTION_BYTES_MS);
	stm->committed = err != STM32_OK && err != STM32_NACK;
	return err;
}

enum stm32_err stm32_write_protect(struct stm32 *stm, const uint8_t *units,
				   size_t count)
{
	struct units u = { .numbers = units, .count = count };

	assert(count >= 1 && count + 2 <= stm->options.max_frame);

	return session_persist(stm, "Write Protect", try_write_protect, &u);
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

const char *stm32_trouble(const struct stm32 *stm, enum stm32_err err)
{
	return session_trouble(stm, err);
}
