/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

#define NACK_RETRIES 2	/* a NACK is an answer; but a garbled command gets
			 * one too */

/* The command, and the form of it on I2C that answers BUSY instead of holding
 * the clock (AN4221); 0 where there is none. */
static const struct {
	uint8_t opcode, no_stretch;
} opcodes[] = {
	[CMD_GET] = { 0x00, 0 },
	[CMD_GET_VERSION] = { 0x01, 0 },
	[CMD_GET_ID] = { 0x02, 0 },
	[CMD_READ_MEMORY] = { 0x11, 0 },
	[CMD_GO] = { 0x21, 0 },
	[CMD_WRITE_MEMORY] = { 0x31, 0x32 },
	[CMD_ERASE] = { 0x43, 0 },
	[CMD_EXTENDED_ERASE] = { 0x44, 0x45 },
	[CMD_WRITE_PROTECT] = { 0x63, 0x64 },
	[CMD_WRITE_UNPROTECT] = { 0x73, 0x74 },
	[CMD_READOUT_PROTECT] = { 0x82, 0x83 },
	[CMD_READOUT_UNPROTECT] = { 0x92, 0x93 },
	[CMD_GET_CHECKSUM] = { 0xA1, 0 },
	[CMD_GET_PART_NUMBER] = { 0x06, 0 },
	[CMD_ACCESS] = { 0xFA, 0 },
};
_Static_assert(ARRAY_LEN(opcodes) == CMD_COUNT, "one opcode per command");

/* The opcode to use in this session: without stretching where that exists, as
 * not every adapter waits for as long as a flash takes. */
static uint8_t opcode_of(const struct stm32 *stm, enum stm32_command command)
{
	uint8_t no_stretch = opcodes[command].no_stretch;

	if ((stm->link.port->caps & PORT_FRAMED) && no_stretch != 0 &&
	    stm->info.listed[no_stretch])
		return no_stretch;
	return opcodes[command].opcode;
}

bool session_lists(const struct stm32 *stm, enum stm32_command command)
{
	return stm->info.listed[opcode_of(stm, command)];
}

bool session_has(const struct stm32 *stm, enum stm32_command command)
{
	/* Before Get nobody knows; these every ROM has, or may have. */
	return command == CMD_GET || command == CMD_GET_VERSION ||
	       command == CMD_ACCESS || session_lists(stm, command);
}

void session_explain_retry(struct stm32 *stm, const char *what,
			   enum stm32_err err)
{
	char text[120];

	stm->counts.retries++;
	if (stm->options.explain == NULL)
		return;
	snprintf(text, sizeof(text), "%s: %s; resynchronising", what,
		 stm32_trouble(stm, err));
	stm->options.explain(stm->options.ctx, text);
}

enum port_err session_drop_strays(struct stm32 *stm, unsigned wait_ms)
{
	uint8_t byte;

	if (!session_is_framed(stm) &&
	    link_listen(&stm->link, &byte, wait_ms) == PORT_OK)
		stm->counts.strays++;
	return port_flush(stm->link.port);
}

static enum stm32_err send_opcode(struct stm32 *stm, uint8_t opcode)
{
	const uint8_t frame[2] = { opcode, (uint8_t)~opcode };
	enum stm32_err err;
	enum port_err flushed;

	flushed = session_drop_strays(stm, 0);
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

static bool is_nack(enum stm32_err err)
{
	return err == STM32_REFUSED || err == STM32_BAD_ADDRESS ||
	       err == STM32_NACK;
}

/*
 * Readout protection refuses a command in place of its first ACK, and leaves
 * Get Version alone (AN3155). A device that is half a command behind refuses
 * everything, Get Version right behind the other too.
 */
static bool is_in_step(struct stm32 *stm)
{
	uint8_t answer[3];
	enum stm32_err err;

	err = send_opcode(stm, opcodes[CMD_GET_VERSION].opcode);
	if (err == STM32_OK)
		err = link_receive(&stm->link, answer, sizeof(answer), 0);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	return err == STM32_OK;
}

/* Back to where the device waits for a command. Only who is in step is believed
 * that it refuses; on a framed port there are no half commands, and before
 * there is a list nobody can tell. */
static enum stm32_err come_into_step(struct stm32 *stm, enum stm32_err *err)
{
	if (*err == STM32_REFUSED && !session_is_framed(stm) &&
	    session_lists(stm, CMD_GET_VERSION)) {
		if (is_in_step(stm))
			return STM32_OK;
		*err = STM32_GARBLED;
	}
	return link_resync(&stm->link);
}

static bool is_final(enum stm32_err err)
{
	return err == STM32_OK || err == STM32_PORT || err == STM32_STOPPED ||
	       err == STM32_UNSUPPORTED;
}

enum stm32_err session_persist_for(struct stm32 *stm, const char *what,
				  session_exchange exchange, void *args,
				  unsigned retries)
{
	unsigned tries, nacks = 0;
	enum stm32_err err, sync;

	for (tries = 0;; tries++) {
		if (session_stop_wanted(stm))
			return STM32_STOPPED;
		stm->committed = stm->resets = false;
		stm->link.port_err = PORT_OK;
		err = exchange(stm, args);
		if (is_final(err))
			return err;
		/* A ROM that has reset measures its rate on what comes next:
		 * that must be 7F. A NACK comes from one that has not. */
		if (stm->committed && stm->resets && !is_nack(err))
			return STM32_UNCERTAIN;
		session_explain_retry(stm, what, err);
		sync = come_into_step(stm, &err);
		if (sync == STM32_PORT || sync == STM32_STOPPED)
			return sync;
		nacks += is_nack(err);
		if (stm->committed)
			return STM32_UNCERTAIN;
		if (tries >= retries || nacks > NACK_RETRIES ||
		    sync != STM32_OK)
			return err;
	}
}

enum stm32_err session_persist(struct stm32 *stm, const char *what,
			      session_exchange exchange, void *args)
{
	return session_persist_for(stm, what, exchange, args, stm->options.retries);
}

enum stm32_err session_command(struct stm32 *stm,
				   enum stm32_command command)
{
	if (!session_has(stm, command))
		return STM32_UNSUPPORTED;
	return send_opcode(stm, opcode_of(stm, command));
}

enum stm32_err session_word(struct stm32 *stm, uint32_t word,
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

enum stm32_err session_address(struct stm32 *stm, uint32_t address)
{
	enum stm32_err err = session_word(stm, address, 0);

	return err == STM32_NACK ? STM32_BAD_ADDRESS : err;
}

/* AN3155 has the host wait for each ACK; see stm32_try_pipeline(). */
static enum stm32_err send_ahead(struct stm32 *stm, uint8_t opcode,
				 uint32_t address, const uint8_t *more,
				 size_t more_len)
{
	uint8_t frame[2 + 5 + 2] = { opcode, (uint8_t)~opcode };
	enum stm32_err err;

	assert(more_len <= 2);

	put_be32(frame + 2, address);
	frame[6] = xor_sum(frame + 2, 4);
	if (more_len != 0)
		memcpy(frame + 7, more, more_len);
	if (session_drop_strays(stm, 0) != PORT_OK)
		return STM32_GARBLED;
	err = link_send(&stm->link, frame, 7 + more_len);
	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	if (err != STM32_OK)
		return err == STM32_NACK ? STM32_REFUSED : err;
	err = link_ack(&stm->link, 0);
	return err == STM32_NACK ? STM32_BAD_ADDRESS : err;
}

/* See stm32_try_pipeline(). */
static bool may_go_ahead(uint32_t address)
{
	uint32_t pairs = address ^ address >> 8;

	return address % STM32_MAX_BLOCK == 0 && (pairs >> 16 & 0xFF) != 0xFF &&
	       (pairs >> 8 & 0xFF) != 0xFF;
}

enum stm32_err session_command_at(struct stm32 *stm,
				  enum stm32_command command,
				  uint32_t address, const uint8_t *more,
				  size_t more_len, bool *ahead)
{
	enum stm32_err err;

	*ahead = stm->pipeline && may_go_ahead(address) &&
		 session_has(stm, command);
	if (*ahead) {
		err = send_ahead(stm, opcode_of(stm, command), address, more,
				 more_len);
		/* A refusal may be of what was left of a frame. */
		if (err != STM32_OK)
			session_stop_pipeline(stm);
		return err;
	}
	err = session_command(stm, command);
	return err == STM32_OK ? session_address(stm, address) : err;
}

void session_stop_pipeline(struct stm32 *stm)
{
	if (stm->pipeline && stm->options.explain != NULL)
		stm->options.explain(stm->options.ctx, "bytes sent ahead were "
				     "lost: one phase at a time from now on");
	stm->pipeline = false;
}
