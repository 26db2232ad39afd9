/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/link.h"

#include <assert.h>
#include <string.h>

#include "protocol/fillers.h"
#include "protocol/hazard.h"
#include "utils.h"

#define ANSWER_MS 500	/* adapter, driver and scheduler, at worst */
#define LATE_MS 1000	/* if this host or a server of serial ports is very
			 * busy */
#define MOST_LATE_MS 3000	/* a longer delay is an interruption */
#define LONG_WORK_MS 1000	/* a wait worth reporting */
#define SLICE_MS 200
#define HAZARD_MS 18	/* an FTDI adapter may hold a NACK back for 16 ms, and a
			 * USB frame takes 1 */
#define QUIET_MS 50	/* between two tries on a framed port */
/* BUSY on I2C: fewer polls than one per 2 ms, but the first one soon, as some
 * ROMs reset themselves if they are not polled. */
#define FIRST_POLL_MS 2
#define BUSY_POLL_MS 5
#define ADDRESS_TRIES 3
#define ADDRESS_RETRY_MS 5
#define SINGLE_FILLERS 8	/* complete a command, an address or the count
				 * of a read */
#define FILLER_BURST 64
#define LONG_BURST 512
#define BREATH_MS 10	/* between two bursts; a NACK may come in the next
			 * pause */
#define BURST_WIRE_MS 1000	/* longest burst, as it delays a stop by the
				 * user */
#define KNOCKS 2
#define POUR_MS 1	/* silence after each 7F: a ROM that starts to listen
			 * in the middle of one measures a wrong rate */
#define FRAMED_TRIES 20
#define FRAMED_RESET_MS 25000	/* a ROM that waits in vain on I2C resets
				 * itself: seen after 10 s; twice that */

static enum stm32_err port_failed(struct link *link, enum port_err err)
{
	if (err == PORT_TIMEOUT)
		return STM32_TIMEOUT;
	link->port_err = err;
	if (err == PORT_PARITY)
		return STM32_GARBLED;
	/* The bus still exists if the device does not answer; some drivers
	 * report all bus errors as input errors. */
	if (err == PORT_NO_ANSWER || err == PORT_STRETCHED ||
	    (err == PORT_IO && (link->port->caps & PORT_FRAMED)))
		return STM32_TIMEOUT;
	return STM32_PORT;
}

/* Retries without an ACK to the address, as the device has received nothing. */
static enum port_err write_frame(struct link *link, const uint8_t *frame,
				 size_t len)
{
	enum port_err err = port_write(link->port, frame, len);
	unsigned tries;

	for (tries = 1; err == PORT_NO_ANSWER && tries < ADDRESS_TRIES;
	     tries++) {
		port_sleep_ms(link->port, ADDRESS_RETRY_MS);
		err = port_write(link->port, frame, len);
	}
	return err;
}

static void note_frame(struct link *link, const uint8_t *frame, size_t len)
{
	assert(len <= sizeof(link->frame));

	memcpy(link->frame, frame, len);
	link->frame_len = len;
	link->last = frame[len - 1];
	link->sent_ms = port_now_ms(link->port);
	link->unanswered = true;
	link->overdue = false;
	link->filled = false;
}

enum stm32_err link_send(struct link *link, const uint8_t *frame, size_t len)
{
	enum port_err err;

	note_frame(link, frame, len);
	err = write_frame(link, frame, len);
	return err == PORT_OK ? STM32_OK : port_failed(link, err);
}

/* Nothing may arrive while a frame is being sent, except from a ROM that has
 * left it. piece: bytes sent last; sent: bytes of the frame so far. */
static enum stm32_err expect_silence(struct link *link, size_t piece,
				     size_t sent)
{
	uint8_t byte;
	enum port_err err = link_listen(link, &byte, HAZARD_MS +
					link->port->round_trip_ms +
					port_wire_ms(link->port, piece + 1));

	/* The pause is not a delay of the device. */
	link->sent_ms = port_now_ms(link->port) -
			port_wire_ms(link->port, sent);
	if (err == PORT_OK)
		return STM32_GARBLED;
	return err == PORT_TIMEOUT ? STM32_OK : port_failed(link, err);
}

enum stm32_err link_send_data(struct link *link, const uint8_t *frame,
			      size_t len)
{
	size_t done = 0, next = len;
	enum port_err written;
	enum stm32_err err;

	note_frame(link, frame, len);
	do {
		if (!(link->port->caps & PORT_FRAMED))
			next = hazard_next(frame, len, done + 1);
		link->last = frame[next - 1];
		written = write_frame(link, frame + done, next - done);
		err = written == PORT_OK ? STM32_OK : port_failed(link, written);
		if (err == STM32_OK && next < len)
			err = expect_silence(link, next - done, next);
		done = next;
	} while (err == STM32_OK && done < len);
	return err;
}

static unsigned most_answer_ms(const struct link *link)
{
	return ANSWER_MS + link->port->round_trip_ms + link->late_ms;
}

/* Records a missing answer: from now on it is late. */
static enum stm32_err missed(struct link *link, enum stm32_err err)
{
	if (err == STM32_TIMEOUT) {
		link->overdue = true;
		link->due_ms = port_now_ms(link->port);
	}
	return err;
}

/* A filler never gets an ACK, so a frame was completed by fillers. Or it is
 * that of the last frame, very late. */
static void note_ack(struct link *link, uint8_t answer)
{
	link->acked |= link->filled && answer == ACK;
}

/* Called for a byte that belongs to no other frame. */
static void note_late(struct link *link)
{
	int64_t late_ms = port_now_ms(link->port) - link->due_ms;

	/* Noise is counted too; that only makes later waits longer. */
	if (!link->overdue)
		return;
	link->overdue = false;
	/* half as much more, as answer times vary */
	late_ms = link->late_ms + late_ms + late_ms / 2;
	link->late_ms = late_ms < MOST_LATE_MS ? (unsigned)late_ms
					       : MOST_LATE_MS;
}

enum stm32_err link_receive(struct link *link, uint8_t *out, size_t len,
			    unsigned work_ms)
{
	/* The write may return before its bytes are sent. */
	unsigned timeout_ms = port_wire_ms(link->port, link->frame_len + len) +
			      work_ms + most_answer_ms(link);
	enum port_err err = port_read(link->port, out, len, timeout_ms);

	link->unanswered = false;
	return err == PORT_OK ? STM32_OK : missed(link, port_failed(link, err));
}

void link_note_delay(struct link *link, unsigned delay_ms)
{
	/* half as much more, as answer times vary */
	unsigned step_ms = delay_ms + delay_ms / 2;

	port_note_round_trip(link->port, delay_ms);
	if (step_ms < LINK_STEP_MS)
		step_ms = LINK_STEP_MS;
	if (link->step_ms < step_ms)
		link->step_ms = step_ms;
}

unsigned link_patience_ms(const struct link *link)
{
	if (link->late_ms == 0 && link->step_ms != 0 && !link->patient)
		return link->port->round_trip_ms + link->step_ms;
	return most_answer_ms(link) + (link->patient ? LATE_MS : 0);
}

/* Reports at times how long a command has taken. */
static void tell_wait(struct link *link, int64_t began_ms, unsigned work_ms)
{
	if (link->wait != NULL && work_ms >= LONG_WORK_MS)
		link->wait(link->ctx,
			   (unsigned)(port_now_ms(link->port) - began_ms),
			   work_ms);
}

/* Waits for one byte, possibly for seconds. */
static enum stm32_err wait_answer(struct link *link, uint8_t *answer,
				  unsigned work_ms)
{
	int64_t began_ms = port_now_ms(link->port);
	unsigned timeout_ms = port_wire_ms(link->port, link->frame_len + 1) +
			      work_ms + most_answer_ms(link);
	int64_t left_ms = timeout_ms;
	enum port_err err = PORT_TIMEOUT;

	while (err == PORT_TIMEOUT && left_ms > 0) {
		err = port_read(link->port, answer, 1, left_ms < SLICE_MS
				? (unsigned)left_ms : SLICE_MS);
		left_ms = began_ms + timeout_ms - port_now_ms(link->port);
		if (err == PORT_TIMEOUT && left_ms > 0)
			tell_wait(link, began_ms, work_ms);
	}
	return err == PORT_OK ? STM32_OK : missed(link, port_failed(link, err));
}

/* Reads one byte from a framed port. The device may be too busy to answer its
 * address, may send BUSY, or may hold the clock longer than the adapter
 * allows; some drivers report all that as an input error. */
static enum stm32_err poll_answer(struct link *link, uint8_t *answer,
				  unsigned work_ms)
{
	int64_t began_ms = port_now_ms(link->port);
	int64_t deadline = began_ms + work_ms + ANSWER_MS;
	enum stm32_err err;

	if (work_ms > 0)
		port_sleep_ms(link->port, FIRST_POLL_MS);
	for (;;) {
		err = link_receive(link, answer, 1, work_ms);
		if (err == STM32_OK && *answer != BUSY)
			return STM32_OK;
		if (err == STM32_PORT)
			return err;
		if (port_now_ms(link->port) >= deadline)
			return err == STM32_OK ? STM32_TIMEOUT : err;
		tell_wait(link, began_ms, work_ms);
		port_sleep_ms(link->port, BUSY_POLL_MS);
	}
}

/* Measures an ACK that needs no work. A NACK is not measured: it may be a late
 * answer to an earlier frame. */
static void time_ack(struct link *link)
{
	int64_t delay_ms = port_now_ms(link->port) - link->sent_ms -
			   port_wire_ms(link->port, link->frame_len + 1);

	link_note_delay(link, delay_ms > 0 ? (unsigned)delay_ms : 0);
}

enum stm32_err link_ack(struct link *link, unsigned work_ms)
{
	bool first = link->unanswered;
	uint8_t answer;
	enum stm32_err err;

	if (link->port->caps & PORT_FRAMED)
		err = poll_answer(link, &answer, work_ms);
	else if (work_ms >= LONG_WORK_MS)
		err = wait_answer(link, &answer, work_ms);
	else
		err = link_receive(link, &answer, 1, work_ms);
	link->unanswered = false;
	if (err != STM32_OK)
		return err;
	if (answer == ACK && first && work_ms == 0)
		time_ack(link);
	if (answer == ACK)
		return STM32_OK;
	return answer == NACK ? STM32_NACK : STM32_GARBLED;
}

enum port_err link_listen(struct link *link, uint8_t *byte,
			  unsigned timeout_ms)
{
	enum port_err err = port_read(link->port, byte, 1, timeout_ms);

	if (err != PORT_PARITY)
		return err;
	*byte = 0x00;
	return PORT_OK;
}

enum stm32_err link_drain(struct link *link, unsigned quiet_ms)
{
	/* A device that never stops sending is not in its bootloader. */
	int64_t deadline = port_now_ms(link->port) +
			   INT64_C(4) * most_answer_ms(link) +
			   port_wire_ms(link->port, STM32_MAX_FRAME);
	enum port_err err;
	uint8_t byte;

	if (link->port->caps & PORT_FRAMED)
		return STM32_OK;
	err = link_listen(link, &byte, quiet_ms);
	/* Over a network this is an answer after its timeout; behind fillers, a
	 * NACK is for one of them. */
	if (err == PORT_OK && (!link->filled || byte == ACK)) {
		port_note_round_trip(link->port, port_now_ms(link->port) -
						 link->sent_ms);
		note_late(link);
	}
	while (err == PORT_OK && port_now_ms(link->port) < deadline) {
		note_ack(link, byte);
		err = link_listen(link, &byte, quiet_ms);
	}
	if (err == PORT_OK || err == PORT_TIMEOUT)
		return STM32_OK;
	return port_failed(link, err);
}

/* Sends len fillers; *nacked: a NACK came back. Other bytes do not extend the
 * wait: a device that never stops sending sends no NACK. STM32_TIMEOUT: the
 * port does not accept the bytes. */
static enum stm32_err fill(struct link *link, const uint8_t *fillers,
			   size_t len, bool *nacked)
{
	unsigned answer_ms = len > FILLER_BURST
			   ? BREATH_MS + link->port->round_trip_ms
			   : link_patience_ms(link);
	unsigned timeout_ms = port_wire_ms(link->port, len + 1) + answer_ms;
	int64_t began_ms = port_now_ms(link->port);
	int64_t deadline = began_ms + timeout_ms +
			   port_wire_ms(link->port, STM32_MAX_FRAME);
	enum port_err err = port_write(link->port, fillers, len);
	int64_t written_ms = port_now_ms(link->port) - began_ms;
	uint8_t answer;

	/* Some ports return when the bytes are sent, others before. */
	if (written_ms > port_wire_ms(link->port, len))
		written_ms = port_wire_ms(link->port, len);
	timeout_ms -= (unsigned)written_ms;
	*nacked = false;
	link->filled = true;
	if (err != PORT_OK)
		return port_failed(link, err);
	while (err == PORT_OK && !*nacked &&
	       port_now_ms(link->port) < deadline) {
		err = link_listen(link, &answer, timeout_ms);
		*nacked = err == PORT_OK && answer == NACK;
		if (err == PORT_OK && answer == ACK) {
			note_ack(link, answer);
			note_late(link);
		}
	}
	if (err == PORT_OK || err == PORT_TIMEOUT)
		return STM32_OK;
	return port_failed(link, err);
}

/*
 * Sends a command that no ROM knows. An answer other than NACK may be left
 * over from a read that was too short; then each answer comes one byte late,
 * and only reading two bytes corrects that.
 */
static enum stm32_err ask_for_nack(struct link *link, bool *shifted)
{
	static const uint8_t no_command[2] = { 0xFF, 0x00 };
	uint8_t answers[2];
	enum stm32_err err;

	err = link_send(link, no_command, sizeof(no_command));
	if (err != STM32_OK) {
		*shifted = false;
		return err;
	}
	if (!*shifted) {
		err = link_ack(link, 0);
		*shifted = err == STM32_OK || err == STM32_GARBLED;
		return err;
	}
	*shifted = false;
	err = link_receive(link, answers, sizeof(answers), 0);
	if (err != STM32_OK)
		return err;
	return answers[1] == NACK ? STM32_NACK : STM32_GARBLED;
}

/*
 * On a framed port there are no incomplete frames to fill. A ROM that waits
 * for something else holds the clock or stops answering until it gives up and
 * resets itself.
 */
static enum stm32_err resync_framed(struct link *link)
{
	int64_t deadline = port_now_ms(link->port) + FRAMED_RESET_MS;
	enum port_err reason = link->port_err;
	enum stm32_err err = STM32_TIMEOUT;
	bool shifted = false;
	unsigned tries = 0;

	while (tries < FRAMED_TRIES && port_now_ms(link->port) < deadline) {
		err = ask_for_nack(link, &shifted);
		if (err == STM32_NACK) {
			link->port_err = reason;
			return STM32_OK;
		}
		if (err == STM32_PORT && link->port_err == PORT_CLOSED)
			return err;
		if (err != STM32_TIMEOUT || link->port_err != PORT_STRETCHED)
			tries++;
		port_sleep_ms(link->port, QUIET_MS);
	}
	return err == STM32_PORT ? err : STM32_TIMEOUT;
}

/* The bytes to send, and how. */
struct fillers {
	uint8_t *bytes;		/* for one frame, then for a burst */
	size_t burst, most, sent;
	unsigned singles;
	bool sync_first;	/* the first filler is a 7F */
	bool reset;		/* and got an ACK */
};

/* Fillers for one frame are not stopped: they are soon sent, and leave the
 * device in a known state. */
static enum stm32_err check_end(const struct link *link,
				const struct fillers *f)
{
	if (link->deadline_ms != 0 &&
	    port_now_ms(link->port) >= link->deadline_ms)
		return STM32_TIMEOUT;
	if (f->sent >= STM32_MAX_FRAME && link->stop != NULL && *link->stop != 0)
		return STM32_STOPPED;
	return STM32_OK;
}

static enum stm32_err fill_up(struct link *link, struct fillers *f)
{
	enum stm32_err err;
	bool nacked = false;
	size_t len;

	while (f->sent < f->most || f->singles > 0) {
		len = f->singles > 0 ? 1 : f->burst;
		err = check_end(link, f);
		if (err != STM32_OK)
			return err;
		err = fill(link, f->bytes + (f->sent < STM32_MAX_FRAME
				       ? f->sent : STM32_MAX_FRAME),
			   len, &nacked);
		/* unsent bytes are sent again */
		if (err == STM32_TIMEOUT && f->singles > 0) {
			f->singles--;
			continue;
		}
		if (err != STM32_OK)
			return err;
		f->sent += len;
		f->reset = f->sync_first && f->sent == 1 && link->acked;
		if (f->reset)
			return link_drain(link, link_patience_ms(link));
		if (nacked) {
			err = link_drain(link, link_patience_ms(link));
			if (len == 1 || err != STM32_OK)
				return err;
			/* It is unknown which byte of a burst got the NACK; an
			 * odd rest would be half a command. */
			f->singles = SINGLE_FILLERS;
		} else if (f->singles > 0) {
			f->singles--;
		}
	}
	return STM32_TIMEOUT;
}

static size_t long_burst(const struct link *link)
{
	size_t burst = LONG_BURST;

	while (burst > FILLER_BURST &&
	       port_wire_ms(link->port, burst) > BURST_WIRE_MS)
		burst /= 2;
	return burst;
}

static enum stm32_err drain_and_fill(struct link *link, struct fillers *f)
{
	enum stm32_err err = link_drain(link, link_patience_ms(link));

	f->sent = 0;
	f->singles = SINGLE_FILLERS;
	f->sync_first = f->sync_first && !link->filled;
	fillers_make(link->frame, link->frame_len, link->last, f->sync_first,
		     link->filled, f->bytes);
	return err == STM32_OK ? fill_up(link, f) : err;
}

/* Waits for a NACK that did not come in time. */
static bool hears_late(struct link *link)
{
	uint8_t byte;

	link->overdue = true;
	link->due_ms = port_now_ms(link->port) - link_patience_ms(link);
	if (link_listen(link, &byte, LATE_MS) != PORT_OK)
		return false;
	note_ack(link, byte);
	note_late(link);
	return true;
}

/* reset: if not NULL, the first filler is a 7F. */
static enum stm32_err resync(struct link *link, bool *reset)
{
	bool is_long = link->swallows > STM32_MAX_FRAME;
	uint8_t bytes[STM32_MAX_FRAME + LONG_BURST];
	struct fillers f = {
		.bytes = bytes,
		.burst = is_long ? long_burst(link) : FILLER_BURST,
		.most = is_long ? link->swallows : STM32_MAX_FRAME,
		.sync_first = reset != NULL,
	};
	enum stm32_err err;

	link->resyncs++;
	if (link->port->caps & PORT_FRAMED)
		return resync_framed(link);
	/* some more, as the first may complete the end of a frame */
	f.most += 2 * f.burst;
	memset(bytes + STM32_MAX_FRAME, is_long ? SYNC : FILLERS_STEADY,
	       LONG_BURST);
	err = drain_and_fill(link, &f);
	/* Or a line that has worked was interrupted for some time. */
	if (err == STM32_TIMEOUT &&
	    (hears_late(link) || (link->step_ms > 0 && !is_long)))
		err = drain_and_fill(link, &f);
	if (reset != NULL)
		*reset = f.reset;
	return err;
}

enum stm32_err link_resync(struct link *link)
{
	return resync(link, NULL);
}

enum stm32_err link_resync_reset(struct link *link, bool *reset)
{
	size_t len = link->frame_len;

	*reset = false;
	link->overdue = false;	/* the ACK of a 7F is not late */
	if (!(link->port->caps & PORT_AUTOBAUD))
		return STM32_OK;
	return len > 2 && memchr(link->frame + 1, SYNC, len - 2) != NULL
	     ? resync(link, NULL) : resync(link, reset);
}

static enum stm32_err send_syncs(struct link *link, size_t count)
{
	uint8_t syncs[FILLER_BURST];
	enum port_err err;

	memset(syncs, SYNC, count);
	err = port_write(link->port, syncs, count);

	return err == PORT_OK ? STM32_OK : port_failed(link, err);
}

/* Waits for an ACK or a NACK for at most timeout_ms; *answer is 0 if none
 * came. */
static enum stm32_err hear_answer(struct link *link, unsigned timeout_ms,
				  uint8_t *answer)
{
	int64_t deadline = port_now_ms(link->port) + timeout_ms;
	enum port_err err;

	do {
		err = link_listen(link, answer, timeout_ms);
		if (err == PORT_OK && (*answer == ACK || *answer == NACK))
			return STM32_OK;
	} while (err == PORT_OK && port_now_ms(link->port) < deadline);
	*answer = 0;
	return err == PORT_OK || err == PORT_TIMEOUT ? STM32_OK
						     : port_failed(link, err);
}

enum stm32_err link_knock(struct link *link, bool *reset)
{
	enum stm32_err err = STM32_OK;
	uint8_t answer = 0;
	unsigned tries;

	*reset = false;
	for (tries = 0; tries < KNOCKS && err == STM32_OK; tries++) {
		err = send_syncs(link, 1);
		if (err == STM32_OK)
			err = hear_answer(link, link_patience_ms(link), &answer);
		if (err == STM32_OK && answer != 0) {
			*reset = answer == ACK;
			return link_drain(link, link_patience_ms(link));
		}
	}
	return err == STM32_OK ? STM32_TIMEOUT : err;
}

/* It is unknown which of many 7F was answered, and half a command may follow:
 * sends single ones until the answer is unambiguous. */
static enum stm32_err settle(struct link *link)
{
	bool reset;
	enum stm32_err err = link_drain(link, link_patience_ms(link));

	return err == STM32_OK ? link_knock(link, &reset) : err;
}

enum stm32_err link_pour(struct link *link, size_t len, size_t burst)
{
	enum stm32_err err = STM32_OK;
	uint8_t answer = 0;
	size_t sent;

	assert(burst <= FILLER_BURST);

	for (sent = 0; sent < len && err == STM32_OK && answer == 0;
	     sent += burst) {
		if (link->stop != NULL && *link->stop != 0)
			return STM32_STOPPED;
		if (link->deadline_ms != 0 &&
		    port_now_ms(link->port) >= link->deadline_ms)
			return STM32_TIMEOUT;
		err = send_syncs(link, burst);
		if (err == STM32_OK)
			err = hear_answer(link, POUR_MS +
					  port_wire_ms(link->port, burst + 1),
					  &answer);
	}
	/* Over a network the answer may be on its way. */
	if (err == STM32_OK && answer == 0 && link->port->round_trip_ms > 0)
		err = hear_answer(link, link->port->round_trip_ms, &answer);
	if (err != STM32_OK)
		return err;
	return answer != 0 ? settle(link) : STM32_TIMEOUT;
}
