/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

/*
 * A NACK is an answer, but a damaged command gets one too. It is accepted if
 * it comes several times in a row from a device that is in step. A wrong
 * STM32_REFUSED would make a chip look protected, so it needs more; most are
 * needed on a line known to be bad. If 6 of 1000 bytes are damaged, four
 * commands in a row are damaged once in 50 million times.
 */
#define REFUSALS 2
#define SURE_REFUSALS 4
#define BAD_LINE_REFUSALS 8
#define MOST_REFUSALS 16	/* of both kinds together */
#define FAULTS 2	/* resets of the ROM by one address: no memory there */
#define BLIND_NACKS 3	/* while no list of commands can prove a NACK */
#define BLIND_MS 30000	/* for the tries before that, even if answers are
			 * late */

/* The opcode, and its no-stretch form on I2C, which answers BUSY instead of
 * holding the clock (AN4221); 0: none. */
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

/* Returns the opcode for this session: the no-stretch form if it exists, as
 * not every adapter waits as long as the flash needs. */
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
	/* Before Get: commands that every ROM has, or may have. */
	return command == CMD_GET || command == CMD_GET_VERSION ||
	       command == CMD_ACCESS || session_lists(stm, command);
}

const char *session_trouble(const struct stm32 *stm, enum stm32_err err)
{
	if (err == STM32_GARBLED && stm->link.port_err == PORT_PARITY)
		return port_strerror(PORT_PARITY);
	return stm32_strerror(err);
}

void session_explain_retry(struct stm32 *stm, const char *what,
			   enum stm32_err err)
{
	char text[120];

	stm->counts.retries++;
	stm->counts.changes += err != STM32_TIMEOUT;
	if (stm->options.explain == NULL)
		return;
	snprintf(text, sizeof(text), "%s: %s; resynchronising", what,
		 session_trouble(stm, err));
	stm->options.explain(stm->options.ctx, text);
}

enum stm32_err session_drop_strays(struct stm32 *stm, unsigned wait_ms)
{
	enum port_err err = PORT_TIMEOUT;
	uint8_t byte;

	if (!session_is_framed(stm))
		err = link_listen(&stm->link, &byte, wait_ms);
	if (err == PORT_OK) {
		stm->counts.strays++;
		stm->counts.changes += byte == NACK;
	}
	if (err == PORT_OK || err == PORT_TIMEOUT)
		err = port_flush(stm->link.port);
	if (err == PORT_OK)
		return STM32_OK;
	stm->link.port_err = err;
	return STM32_PORT;
}

static enum stm32_err send_opcode(struct stm32 *stm, uint8_t opcode)
{
	const uint8_t frame[2] = { opcode, (uint8_t)~opcode };
	enum stm32_err err = link_send(&stm->link, frame, sizeof(frame));

	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	return err == STM32_NACK ? STM32_REFUSED : err;
}

/* No answer is expected: drop leftover bytes. */
static enum stm32_err begin_command(struct stm32 *stm, uint8_t opcode)
{
	enum stm32_err err = session_drop_strays(stm, 0);

	return err == STM32_OK ? send_opcode(stm, opcode) : err;
}

static bool is_refusal(enum stm32_err err)
{
	return err == STM32_REFUSED || err == STM32_BAD_ADDRESS ||
	       err == STM32_NACK;
}

enum stm32_err session_version(struct stm32 *stm,
			       uint8_t answer[static SESSION_VERSION_LEN])
{
	size_t len = session_is_framed(stm) ? 1 : SESSION_VERSION_LEN;
	enum stm32_err err = link_receive(&stm->link, answer, len, 0);

	if (err == STM32_OK)
		err = link_ack(&stm->link, 0);
	return err == STM32_OK && answer[0] == ACK ? STM32_GARBLED : err;
}

/*
 * A device that is half a command off refuses everything, also two Get Version
 * in a row; readout protection does not affect Get Version (AN3155). Some ROMs
 * send two NACKs, so one may be left over.
 */
static bool is_in_step(struct stm32 *stm)
{
	uint8_t answer[SESSION_VERSION_LEN], byte;
	enum stm32_err err;

	if (port_flush(stm->link.port) != PORT_OK)
		return false;
	err = send_opcode(stm, opcodes[CMD_GET_VERSION].opcode);
	if (err == STM32_REFUSED &&
	    link_listen(&stm->link, &byte, link_patience_ms(&stm->link)) ==
	    PORT_OK && byte == ACK)
		err = STM32_OK;
	if (err == STM32_OK)
		err = session_version(stm, answer);
	return err == STM32_OK;
}

/* Unknown before Get. */
static bool can_prove(const struct stm32 *stm)
{
	return session_is_framed(stm) || session_lists(stm, CMD_GET_VERSION);
}

/* True if the device waits for a command after a NACK. On a framed port there
 * are no half commands. */
static bool proves_refusal(struct stm32 *stm)
{
	return session_is_framed(stm) ? link_resync(&stm->link) == STM32_OK
				      : is_in_step(stm);
}

/* Brings the device back to waiting for a command. If its answer was
 * incomplete, it may have reset itself, and then the first byte must be a
 * 7F. */
static enum stm32_err come_into_step(struct stm32 *stm, bool *reset)
{
	enum stm32_err err = STM32_TIMEOUT;

	*reset = false;
	if (stm->broke_off && (stm->link.port->caps & PORT_AUTOBAUD))
		err = link_knock(&stm->link, reset);
	/* The ACK may be a late data byte. A ROM that was not reset takes the
	 * 7F for half a command. */
	if (err == STM32_OK && *reset && !stm->committed && can_prove(stm) &&
	    !is_in_step(stm)) {
		*reset = false;
		err = STM32_TIMEOUT;
	}
	return err == STM32_TIMEOUT ? link_resync(&stm->link) : err;
}

static bool is_final(enum stm32_err err)
{
	return err == STM32_OK || err == STM32_PORT || err == STM32_STOPPED ||
	       err == STM32_UNSUPPORTED;
}

/* The progress of an exchange. */
struct course {
	const char *what;
	unsigned tries, retries;	/* so far, and the most */
	unsigned refusals, answers;	/* proven ones in a row; in total */
	enum stm32_err refusal;
	unsigned faults, nacks;
	int64_t blind_until_ms;	/* while no session is proven */
};

/* Returns how many refusals in a row are accepted. */
static unsigned refusals_wanted(const struct stm32 *stm, enum stm32_err err)
{
	if (session_had_trouble(stm))
		return BAD_LINE_REFUSALS;
	return err == STM32_REFUSED ? SURE_REFUSALS : REFUSALS;
}

/* Counts a refusal by a device in step; true: it is accepted. */
static bool believes(const struct stm32 *stm, struct course *c,
		     enum stm32_err err)
{
	c->refusals = err == c->refusal ? c->refusals + 1 : 1;
	c->refusal = err;
	c->answers++;
	return c->answers >= MOST_REFUSALS ||
	       c->refusals >= refusals_wanted(stm, err);
}

/* Recovers from a failure that is not a proven refusal. *again: a retry makes
 * sense. */
static enum stm32_err recover(struct stm32 *stm, struct course *c,
			      enum stm32_err err, bool *again)
{
	enum stm32_err sync;
	bool reset;

	c->refusals = 0;
	session_explain_retry(stm, c->what, err);
	stm->link.acked = false;
	if (!can_prove(stm)) {
		stm->link.patient = c->tries > 0;
		stm->link.deadline_ms = c->blind_until_ms;
	}
	sync = come_into_step(stm, &reset);
	stm->link.patient = false;
	stm->link.deadline_ms = 0;
	if (stm->broke_off && !reset)
		session_stop_pipeline(stm);
	stm->in_step = sync == STM32_OK;
	if (sync == STM32_PORT || sync == STM32_STOPPED)
		return sync;
	/* A Go: the code it started has reset the chip. */
	if (stm->committed && reset)
		return STM32_OK;
	stm->counts.astray += stm->committed && stm->link.acked;
	if (stm->committed)
		return stm->link.acked ? STM32_ASTRAY : STM32_UNCERTAIN;
	c->faults += reset;
	if (c->faults >= FAULTS)
		return STM32_BAD_ADDRESS;
	c->nacks += is_refusal(err);
	*again = c->tries < c->retries && c->nacks < BLIND_NACKS &&
		 sync == STM32_OK;
	c->tries++;
	return err;
}

/* The device has reset itself, or still waits for the rest of the frame. After
 * a command without a frame, some ROMs reset before they have sent their ACK. */
static enum stm32_err come_out(struct stm32 *stm, const char *what,
			       enum stm32_err err)
{
	enum stm32_err sync;

	if (stm->link.frame_len <= 2)
		return STM32_UNCERTAIN;
	session_explain_retry(stm, what, err);
	stm->link.acked = false;
	sync = link_resync_reset(&stm->link, &stm->has_reset);
	stm->counts.astray += stm->link.acked && !stm->has_reset;
	return sync == STM32_PORT || sync == STM32_STOPPED ? sync
							   : STM32_UNCERTAIN;
}

static void note_rest(struct stm32 *stm)
{
	size_t i;

	stm->rests.any = true;
	stm->rests.all |= stm->list.all;
	for (i = 0; i < sizeof(stm->rests.pages); i++)
		stm->rests.pages[i] |= stm->list.pages[i];
}

/* Runs the exchange. A remainder of a list of pages shows as a refusal, or as a
 * NACK before the next command is sent. */
static enum stm32_err exchange_once(struct stm32 *stm,
				    session_exchange exchange, void *args)
{
	bool behind_list = stm->behind_list;
	unsigned strays = stm->counts.strays;
	enum stm32_err err;

	stm->behind_list = false;
	err = exchange(stm, args);
	if (behind_list && (is_refusal(err) || stm->counts.strays > strays))
		note_rest(stm);
	return err;
}

/* Runs one try. *again: it failed, and a retry makes sense. */
static enum stm32_err attempt(struct stm32 *stm, struct course *c,
			      session_exchange exchange, void *args,
			      bool *again)
{
	enum stm32_err err;

	*again = false;
	if (session_stop_wanted(stm))
		return STM32_STOPPED;
	stm->committed = stm->resets = stm->broke_off = false;
	stm->has_reset = false;
	stm->link.port_err = PORT_OK;
	err = exchange_once(stm, exchange, args);
	if (is_final(err))
		return err;
	/* One that sends a NACK was not reset. */
	if (stm->committed && stm->resets && !is_refusal(err))
		return come_out(stm, c->what, err);
	if (!is_refusal(err) || !can_prove(stm))
		return recover(stm, c, err, again);
	if (!proves_refusal(stm)) {
		session_stop_pipeline(stm);
		return recover(stm, c, STM32_GARBLED, again);
	}
	if (stm->committed && err == STM32_NACK) {
		session_explain_retry(stm, c->what, err);
		return STM32_UNCERTAIN;
	}
	*again = !believes(stm, c, err);
	return err;
}

/* Without a list of commands no refusal can be proven. But a refusal of every
 * try is an answer, and says nothing about the line. The same holds for a
 * reset by every try: the address does not exist. */
static void forgive_answers(struct stm32 *stm, const struct course *c,
			    enum stm32_err err)
{
	if (err == STM32_BAD_ADDRESS && c->faults > c->tries)
		stm->counts.retries -= c->faults;
	if (!is_refusal(err) || c->nacks != c->tries)
		return;
	stm->counts.retries -= c->nacks;
	stm->counts.changes -= c->nacks;
}

/*
 * After a refusal or a reset of the ROM, the exchange is repeated one phase at
 * a time. If the result is the same, it was an answer, and not caused by bytes
 * sent ahead.
 */
static void judge_pipeline(struct stm32 *stm, const struct course *c,
			   enum stm32_err err)
{
	if (c->tries > c->faults)
		return;
	stm->pipeline = true;
	if (c->answers > 0 ? err != c->refusal : c->faults < FAULTS)
		session_stop_pipeline(stm);
}

enum stm32_err session_persist_for(struct stm32 *stm, const char *what,
				  session_exchange exchange, void *args,
				  unsigned retries)
{
	struct course c = {
		.what = what, .retries = retries,
		.blind_until_ms = port_now_ms(stm->link.port) + BLIND_MS,
	};
	bool suspended = false, again;
	enum stm32_err err;

	do {
		err = attempt(stm, &c, exchange, args, &again);
		if (stm->pipeline && (c.answers > 0 || c.faults > 0)) {
			stm->pipeline = false;
			suspended = true;
		}
	} while (again);
	if (suspended)
		judge_pipeline(stm, &c, err);
	forgive_answers(stm, &c, err);
	/* A command that was refused once and then accepted was damaged. */
	if (c.answers > 0 && err != c.refusal)
		session_explain_retry(stm, what, c.refusal);
	return err;
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
	return begin_command(stm, opcode_of(stm, command));
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

/* AN3155 makes the host wait for each ACK; see stm32_try_pipeline(). */
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
	err = session_drop_strays(stm, 0);
	if (err == STM32_OK)
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
		if (err != STM32_OK && !is_refusal(err))
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
				     "lost; continuing without --pipeline");
	stm->pipeline = false;
}
