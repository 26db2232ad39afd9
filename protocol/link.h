/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layer below the commands: sends frames, receives ACKs and data, each
 * with a deadline, and resynchronises when host and device are out of step.
 */
#ifndef LINK_H
#define LINK_H

#include "port.h"
#include "protocol/types.h"

enum { ACK = 0x79, NACK = 0x1F, BUSY = 0x76, SYNC = 0x7F };

struct link {
	struct port *port;
	enum port_err port_err;	/* the cause of the last STM32_PORT */
	uint8_t frame[STM32_MAX_FRAME];	/* the last one */
	size_t frame_len;	/* the device may have received less */
	uint8_t last;		/* last byte of the frame that was sent */
	size_t swallows;	/* most bytes that the device may be waiting
				 * for; 0: one frame */
	int64_t sent_ms;	/* when the last frame was sent */
	bool unanswered;	/* nothing was received since */
	unsigned step_ms;	/* longest time of an answer, by the answers so
				 * far; 0: none seen */
	bool overdue;		/* the answer to the last frame is overdue */
	int64_t due_ms;		/* end of the wait for that answer */
	unsigned late_ms;	/* delay of late answers; added to every wait */
	bool patient;		/* wait longer for each answer: the last
				 * resynchronisation may have ended on a late
				 * answer to an earlier filler */
	bool filled;		/* fillers were sent after the last frame */
	bool acked;		/* and an ACK came */
	int64_t deadline_ms;	/* of a resynchronisation; 0: none */
	const volatile sig_atomic_t *stop;	/* ends a long
						 * resynchronisation; NULL:
						 * never */
	unsigned resyncs;
	/* As in struct stm32_options; NULL: not used. */
	void (*wait)(void *ctx, unsigned waited_ms, unsigned at_most_ms);
	void *ctx;
};

#define LINK_STEP_MS 50	/* shortest wait for the answer to a filler: three
			 * times the 16 ms that an FTDI adapter may hold it
			 * back */

/* The longest frame that an Extended Erase with a damaged count may wait for:
 * two bytes of count, two for each page, a checksum. */
#define LINK_LONGEST_LIST (2 + 2 * 65536 + 1)

/* Sends one frame in one write. */
enum stm32_err link_send(struct link *link, const uint8_t *frame, size_t len);

/* The same for a frame that begins with its length: with pauses where the data
 * could be a command, see hazard.h. STM32_GARBLED: the device has left the
 * frame; the rest was not sent. */
enum stm32_err link_send_data(struct link *link, const uint8_t *frame,
			      size_t len);

/* Reads all of out. work_ms is the time that the device needs before it
 * answers, excluding the time on the wire. STM32_TIMEOUT if less arrived. */
enum stm32_err link_receive(struct link *link, uint8_t *out, size_t len,
			    unsigned work_ms);

/* Waits for an ACK: STM32_OK, STM32_NACK, STM32_TIMEOUT or STM32_GARBLED.
 * Polls until BUSY ends on a framed port (AN4221, no-stretch commands). */
enum stm32_err link_ack(struct link *link, unsigned work_ms);

/* Reads one byte. A damaged byte reads as 00, as on ports that cannot detect
 * damage. */
enum port_err link_listen(struct link *link, uint8_t *byte,
			  unsigned timeout_ms);

/* Reads and drops bytes until the line is silent for quiet_ms. The first byte
 * may be an overdue answer: see late_ms. */
enum stm32_err link_drain(struct link *link, unsigned quiet_ms);

/* Records the delay of an answer that belongs to the last frame. */
void link_note_delay(struct link *link, unsigned delay_ms);

/*
 * Sends filler bytes that complete the frame which the device waits for, until
 * it sends a NACK; the fillers never make a checksum right. STM32_OK: the
 * device now waits for an opcode. Only the time of a NACK shows which filler it
 * answers. So wait after each filler for as long as the answers on this link
 * take, or for the longest time if none was seen.
 */
enum stm32_err link_resync(struct link *link);

/*
 * The same for a device that may have executed the frame and reset itself. The
 * first filler is a 7F, on which such a ROM measures its rate; *reset: it sent
 * an ACK. Sends no second 7F: two of them would complete a frame that lost two
 * equal bytes, which have the same XOR; most option bytes are 00 or FF. If the
 * frame contains a 7F, sends none at all, as that would complete a frame that
 * lost this byte. Then a ROM that has reset cannot be reached in this run.
 */
enum stm32_err link_resync_reset(struct link *link, bool *reset);

/*
 * Continues with up to len 7F, burst at a time, until the device answers and
 * waits for an opcode. For a ROM that may have reset itself: any other byte
 * would make it measure a wrong rate. STM32_TIMEOUT: no answer.
 */
enum stm32_err link_pour(struct link *link, size_t len, size_t burst);

/*
 * For a device that may have reset itself: sends a 7F, by which such a ROM
 * measures its rate, and a second one. To a ROM in a session, two of them are
 * an invalid command. *reset: the answer was an ACK. STM32_OK: the device
 * waits for an opcode; STM32_TIMEOUT: its state is unknown.
 */
enum stm32_err link_knock(struct link *link, bool *reset);

/* Returns how long to wait for an answer that needs no work, in ms. */
unsigned link_patience_ms(const struct link *link);

#endif
