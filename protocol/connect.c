/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/connect.h"

#include <stdio.h>
#include <string.h>

#include "utils.h"

#define AFTERTHOUGHT_MS 50	/* for a second ACK, or more text */
#define WINDOW_MS 1000	/* for a line that is never silent */
/* A ROM that is still starting would measure a wrong rate on any byte but 7F.
 * ROMs need up to 2 s; with a long timeout assume more. */
#define FILL_AFTER_MS 2000
#define LONG_FILL_AFTER_MS 4000
#define FILL_AT 5	/* five 7F end any address phase; after them the device
			 * can only wait for data */
#define OVERTIME_MS 1000	/* after the timeout, for completing a frame */
#define SMALL_RAM 8192	/* bytes of a list that overwrites the ROM's RAM: such
			 * a ROM then resets itself, and waits for a 7F with
			 * pauses */
#define BURST 64	/* for a ROM with room for the whole list */
#define NO_SYNC 0x80
#define PAIR_MS 5
#define RESUME_MS 150	/* for the answer of an open session */
#define ENOUGH_TEXT 4	/* printable bytes that indicate an application */

static void note_byte(struct sightings *seen, uint8_t byte)
{
	if (seen->count < sizeof(seen->first))
		seen->first[seen->count] = byte;
	seen->alike += seen->count > 0 &&
		       (byte == seen->first[0] || byte == '\r' || byte == '\n');
	seen->count++;
	if (byte == ACK)
		seen->acks++;
	else if (byte == NACK)
		seen->nacks++;
	else if (byte == SYNC || byte == NO_SYNC)
		seen->echoes++;
	else if (byte == 0)
		seen->zeros++;
	else if ((byte >= ' ' && byte < 0x7F) || byte == '\r' || byte == '\n')
		seen->text++;
	else
		seen->others++;
}

/* Sends one byte and listens until the line is silent; *last is the last byte,
 * or -1. An ACK in the middle of other bytes is a letter 'y'. first: no
 * earlier 7F can be the one answered. */
static enum stm32_err send_knock(struct stm32 *stm, uint8_t knock,
				 unsigned timeout_ms, bool first, int *last)
{
	struct port *port = stm->link.port;
	int64_t deadline = port_now_ms(port) + WINDOW_MS + port->round_trip_ms;
	enum stm32_err sent = link_send(&stm->link, &knock, 1);
	enum port_err err = PORT_OK;
	uint8_t byte;

	*last = -1;
	if (sent != STM32_OK)
		return sent;
	timeout_ms += port_wire_ms(port, 2) + port->round_trip_ms;
	while (port_now_ms(port) < deadline) {
		err = link_listen(&stm->link, &byte, timeout_ms);
		if (err != PORT_OK)
			break;
		note_byte(&stm->seen, byte);
		if (first && byte == ACK && *last <= 0)
			link_note_delay(&stm->link,
					(unsigned)(port_now_ms(port) -
						   stm->link.sent_ms));
		*last = byte;
		timeout_ms = AFTERTHOUGHT_MS + port->round_trip_ms;
	}
	if (err == PORT_OK || err == PORT_TIMEOUT)
		return STM32_OK;
	stm->link.port_err = err;
	return STM32_PORT;
}

struct knocking {
	int64_t began_ms, deadline_ms;
	unsigned tries;
	size_t filled;		/* bytes sent to complete a frame */
};

/* Returns how long to wait for the answer to the next 7F: briefly at first, as
 * a ROM in a session answers only every second one; longer later, as an
 * adapter may be slow. Does not delay filler bytes that are due. */
static unsigned time_to_listen(const struct knocking *k, int64_t now_ms)
{
	static const uint16_t listen_ms[] = { 150, 250, 550 };
	int64_t fill_in = k->began_ms + FILL_AFTER_MS - now_ms;
	int64_t left = k->deadline_ms - now_ms;
	size_t i = k->tries;

	if (i >= ARRAY_LEN(listen_ms))
		i = ARRAY_LEN(listen_ms) - 1;
	if (k->filled == 0 && fill_in <= 0)
		i = 0;
	else if (fill_in > 0 && fill_in < left)
		left = fill_in;
	return left < listen_ms[i] ? (unsigned)left : listen_ms[i];
}

/*
 * The device may be in the middle of a write: completes one frame. It may even
 * wait for a list of 65536 pages; completes that only with a long timeout.
 * Sends only 7F, in case the chip was reset meanwhile.
 */
static enum stm32_err fill_up(struct stm32 *stm, struct knocking *k)
{
	struct link *link = &stm->link;
	int64_t now_ms = port_now_ms(link->port);
	enum stm32_err err = STM32_TIMEOUT;

	/* After an odd number of 80 the XOR is wrong, however many 7F
	 * follow. */
	if (k->tries < FILL_AT || k->tries % 2 == 0 ||
	    link->sent_ms < k->began_ms + FILL_AFTER_MS)
		return STM32_TIMEOUT;
	link->deadline_ms = k->deadline_ms + OVERTIME_MS;
	if (k->filled == 0) {
		k->filled = STM32_MAX_FRAME;
		err = link_pour(link, STM32_MAX_FRAME, 1);
	} else if (k->filled < LINK_LONGEST_LIST &&
		   now_ms >= k->began_ms + LONG_FILL_AFTER_MS) {
		k->filled = LINK_LONGEST_LIST;
		err = link_pour(link, SMALL_RAM, 1);
		if (err == STM32_TIMEOUT)
			err = link_pour(link, LINK_LONGEST_LIST, BURST);
	}
	link->deadline_ms = 0;
	return err;
}

/* Tells the watcher that the attempt goes on. */
static void tell_wait(struct stm32 *stm, int64_t deadline, unsigned timeout_ms)
{
	int64_t left_ms = deadline - port_now_ms(stm->link.port);

	if (stm->options.wait != NULL && left_ms > 0 && left_ms < timeout_ms)
		stm->options.wait(stm->options.ctx,
				  timeout_ms - (unsigned)left_ms, timeout_ms);
}

/*
 * Sends a 7F and a moment later, if there is no answer, an 80. That cannot
 * complete a frame that an earlier run has left unfinished. With 7F alone, the
 * XOR of a list of pages or of data would be right if an even number of bytes
 * is missing: 43 BC 00 7F 7F erases page 127.
 *
 * 7F 80 is no command, so a ROM in a session sends a NACK. A starting ROM
 * receives the 7F first, unless it starts between the two. If its ACK comes
 * too late to prevent the 80, it takes the 80 for half a command; another 7F
 * completes that. A ROM that the host has reset is in no frame, and gets only
 * the 7F.
 */
static enum stm32_err knock_once(struct stm32 *stm, unsigned timeout_ms,
				 bool first, int *last)
{
	unsigned moment_ms = PAIR_MS + stm->link.port->round_trip_ms;
	enum stm32_err err;
	int ignored;

	if (stm->was_reset)
		return send_knock(stm, SYNC, timeout_ms, first, last);
	if (moment_ms > timeout_ms)
		moment_ms = timeout_ms;
	err = send_knock(stm, SYNC, moment_ms, first, last);
	if (err != STM32_OK || *last > 0)
		return err;
	err = send_knock(stm, NO_SYNC, timeout_ms, false, last);
	if (err == STM32_OK && *last == ACK)
		err = send_knock(stm, SYNC, timeout_ms, false, &ignored);
	return err;
}

/*
 * Repeats knock_once(), each time with a wait for an answer. A fresh ROM
 * measures the 7F and sends an ACK. A ROM in a session takes it for half a
 * command, and sends a NACK after two. A ROM that waits for an address has it
 * after five. If an answer comes so late that one more byte was sent, that
 * byte is half a command: then the first command gets a NACK, and
 * resynchronises.
 */
static enum stm32_err knock(struct stm32 *stm, int64_t deadline,
			    unsigned timeout_ms)
{
	struct link *link = &stm->link;
	struct knocking k = { port_now_ms(link->port), deadline, 0, 0 };
	int64_t now_ms = k.began_ms;
	enum stm32_err err;
	int last;

	for (; now_ms < deadline; now_ms = port_now_ms(link->port)) {
		if (session_stop_wanted(stm))
			return STM32_STOPPED;
		err = knock_once(stm, time_to_listen(&k, now_ms), k.tries == 0,
				 &last);
		if (err != STM32_OK)
			return err;
		if (last == ACK || last == NACK) {
			stm->info.fresh = last == ACK;
			return STM32_OK;
		}
		k.tries++;
		tell_wait(stm, deadline, timeout_ms);
		if (stm->seen.count != stm->seen.zeros)
			continue;
		err = fill_up(stm, &k);
		if (err != STM32_TIMEOUT)
			return err;
	}
	return STM32_TIMEOUT;
}

/* Finds an open session, to which a 7F is half a command. If the chip is fresh
 * after all, any other first byte would make it measure a wrong rate, also for
 * the next run. */
static enum stm32_err find_session(struct stm32 *stm)
{
	int last;
	enum stm32_err err = knock_once(stm, RESUME_MS, true, &last);

	if (err != STM32_OK || last == ACK || last == NACK)
		return err;
	return link_pour(&stm->link, (size_t)2 * STM32_MAX_FRAME, 1);
}

/* A bus needs no 7F: the first address selects the interface. Sends only real
 * commands, as other bytes confuse ROMs before protocol 1.2. */
static enum stm32_err call(struct stm32 *stm, int64_t deadline,
			   unsigned timeout_ms)
{
	enum stm32_err err;

	do {
		if (session_stop_wanted(stm))
			return STM32_STOPPED;
		tell_wait(stm, deadline, timeout_ms);
		err = link_resync(&stm->link);
		/* With an adapter that is unplugged, further tries are
		 * useless. */
		if (err == STM32_PORT && stm->link.port_err == PORT_CLOSED)
			return err;
	} while (err != STM32_OK && port_now_ms(stm->link.port) < deadline);
	/* A reset cannot be detected here. */
	stm->info.fresh = true;
	return err;
}

/* The reset takes time to begin, and the ROM to listen: a 7F sent earlier is
 * lost or measured wrongly. An application sends its first text in this
 * time. */
static void await_rom(struct stm32 *stm)
{
	struct port *port = stm->link.port;
	int64_t until_ms = port_now_ms(port) + RESET_MS;
	enum port_err err = PORT_OK;
	uint8_t byte;

	while (stm->options.listen && err == PORT_OK &&
	       port_now_ms(port) < until_ms) {
		err = link_listen(&stm->link, &byte,
				  (unsigned)(until_ms - port_now_ms(port)));
		if (err == PORT_OK)
			note_byte(&stm->seen, byte);
	}
	if (port_now_ms(port) < until_ms)
		port_sleep_ms(port, (unsigned)(until_ms - port_now_ms(port)));
}

enum stm32_err connect_sync(struct stm32 *stm, unsigned timeout_ms,
			    bool resume, struct problem *why)
{
	struct port *port = stm->link.port;
	int64_t deadline;
	enum stm32_err err;

	memset(&stm->seen, 0, sizeof(stm->seen));
	if (stm->was_reset)
		await_rom(stm);
	deadline = port_now_ms(port) + timeout_ms +
		   (FILL_AT + 1) * (int64_t)port->round_trip_ms;
	memset(stm->info.listed, 0, sizeof(stm->info.listed));
	stm->info.fresh = false;
	if (port_flush(port) != PORT_OK)
		err = STM32_PORT;
	else if (!(port->caps & PORT_AUTOBAUD))
		err = call(stm, deadline, timeout_ms);
	else
		err = resume ? find_session(stm)
			     : knock(stm, deadline, timeout_ms);
	if (err != STM32_OK)
		connect_explain(stm, err, why);
	return err;
}

/* Formats the first bytes received in hex. */
static void seen_bytes(const struct sightings *seen, char *out, size_t len)
{
	size_t i, at = 0;

	out[0] = '\0';
	for (i = 0; i < seen->count && i < sizeof(seen->first); i++)
		at += (size_t)snprintf(out + at, len - at, " %02X",
				       seen->first[i]);
}

/* Formats the same bytes as text, with a dot for each unprintable one. */
static void seen_text(const struct sightings *seen, char *out)
{
	size_t i;

	for (i = 0; i < seen->count && i < sizeof(seen->first); i++) {
		char c = (char)seen->first[i];

		out[i] = c >= ' ' && c < 0x7F && c != '"' ? c : '.';
	}
	out[i] = '\0';
}

static enum stm32_sound sound_of(const struct sightings *seen)
{
	if (seen->count == seen->zeros)
		return STM32_SILENCE;
	if (seen->echoes > 0 && seen->echoes + seen->zeros == seen->count)
		return STM32_ECHO;
	if (seen->text >= ENOUGH_TEXT)
		return STM32_TEXT;
	return seen->acks + seen->nacks > 0 ? STM32_ANSWERS : STM32_NOISE;
}

void connect_heard(const struct stm32 *stm, struct stm32_heard *heard)
{
	heard->sound = sound_of(&stm->seen);
	seen_text(&stm->seen, heard->text);
}

/* Explains that bytes arrive, but no session begins. */
static void explain_bytes(const struct stm32 *stm, struct problem *why)
{
	const struct sightings *seen = &stm->seen;
	const char *device = stm->link.port->device;
	enum stm32_sound sound = sound_of(seen);
	char bytes[3 * sizeof(seen->first) + 1];
	char text[sizeof(seen->first) + 1];

	seen_bytes(seen, bytes, sizeof(bytes));
	seen_text(seen, text);
	if (seen->echoes > 0 &&
	    seen->echoes + seen->zeros + seen->acks == seen->count)
		problem_set(why, "%s: the sent bytes come back; check whether "
			    "TX is tied to RX, or the line is half-duplex",
			    device);
	else if (sound == STM32_TEXT && seen->alike + 1 == seen->count)
		problem_set(why, "%s: the same byte repeats (%s); check rate "
			    "and parity (-b, -m), and reset the target before "
			    "the next try", device, bytes + 1);
	else if (sound == STM32_TEXT)
		problem_set(why, "%s: text comes in (\"%s\"), so an "
			    "application is running; set BOOT0 high and reset "
			    "the target", device, text);
	else if (seen->acks > 0)
		problem_set(why, "%s: an ACK to 0x7F, then no valid answer to "
			    "the first command; check that adapter and driver "
			    "send even parity; some parts need -m 8n1", device);
	else if (seen->nacks > 0)
		problem_set(why, "%s: NACK to every command; reset the target "
			    "and try again, or check the parity (-m)", device);
	else
		problem_set(why, "%s: unexpected bytes (%s); check rate and "
			    "parity (-b, -m), and whether an application is "
			    "running", device, bytes + 1);
}

static void explain_bus(const struct stm32 *stm, struct problem *why)
{
	const struct port *port = stm->link.port;

	if (stm->link.port_err == PORT_STRETCHED)
		problem_set(why, "%s: the clock line is held low (%s); reset "
			    "the target with BOOT0 high, check the pull-ups, "
			    "and do not scan the bus", port->device,
			    port->text);
	else if (stm->link.port_err == PORT_NO_ANSWER)
		problem_set(why, "%s: no answer at this address (%s); is BOOT0 "
			    "high, was the target reset, is it the right "
			    "address, are there pull-ups?", port->device,
			    port->text);
	else
		problem_set(why, "%s: an answer at this address (%s), but not "
			    "from a bootloader; check the address (-a), and "
			    "that BOOT0 is high", port->device, port->text);
}

void connect_explain(const struct stm32 *stm, enum stm32_err err,
		     struct problem *why)
{
	const struct port *port = stm->link.port;

	if (err == STM32_STOPPED)
		problem_set(why, "stopped");
	else if (err == STM32_PORT)
		problem_set(why, "%s: %s", port->device,
			    port_trouble(port, stm->link.port_err));
	else if (port->caps & PORT_FRAMED)
		explain_bus(stm, why);
	else if (stm->seen.count > stm->seen.zeros)
		explain_bytes(stm, why);
	else if (stm->options.resume)
		problem_set(why, "%s: no session to resume; try without -c, "
			    "after a reset with BOOT0 high", port->device);
	else
		problem_set(why, "%s: no reply to 0x7F; is BOOT0 high, was the "
			    "target reset, is it the right port "
			    "(--list-ports), are RX and TX crossed, is GND "
			    "connected?", port->device);
}
