/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Below the commands: frames out, acknowledges and data in, each wait with a
 * deadline, and the way back when the two ends no longer agree where they are.
 */
#ifndef LINK_H
#define LINK_H

#include "port.h"
#include "protocol/types.h"

enum { ACK = 0x79, NACK = 0x1F, BUSY = 0x76, SYNC = 0x7F };

struct link {
	struct port *port;
	enum port_err port_err;	/* behind the last STM32_PORT */
	uint8_t frame[STM32_MAX_FRAME];	/* the last one sent: what the device */
	size_t frame_len;		/* may have a part of */
	uint8_t last;		/* byte of it that went out */
	size_t swallows;	/* the most bytes that the device may be waiting
				 * for; 0: those of one frame */
	int64_t sent_ms;	/* when the last frame went out */
	bool unanswered;	/* nothing was received since */
	unsigned step_ms;	/* how long an answer may take, as far as those
				 * tell that were seen; 0: none was */
	bool overdue;		/* the answer to the last frame did not come */
	int64_t due_ms;		/* until then */
	unsigned late_ms;	/* answers have come so much later than they were
				 * due: every wait for one lasts longer by that */
	bool patient;		/* the last resynchronisation may have taken a
				 * late answer for that to its last filler */
	bool acked;		/* an ACK came while a frame was filled up */
	int64_t deadline_ms;	/* of a resynchronisation; 0: it ends anyway */
	const volatile sig_atomic_t *stop;	/* ends a long one; NULL: never */
	unsigned resyncs;
	/* As in struct stm32_options; NULL: no listener. */
	void (*wait)(void *ctx, unsigned waited_ms, unsigned at_most_ms);
	void *ctx;
};

#define LINK_STEP_MS 50	/* for the answer to a filler, at least: three times
			 * the 16 ms that a FTDI adapter may sit on it */

/* Two bytes of count, two for each page, a checksum: what an Extended Erase may
 * wait for whose count arrived damaged. */
#define LINK_LONGEST_LIST (2 + 2 * 65536 + 1)

/* Sends one frame in one write. */
enum stm32_err link_send(struct link *link, const uint8_t *frame, size_t len);

/* The same of a frame that begins with its length: in pieces where the data has
 * what could be a command, see hazard.h. STM32_GARBLED: the device has left
 * the frame, and the rest was not sent. */
enum stm32_err link_send_data(struct link *link, const uint8_t *frame,
			      size_t len);

/* Reads all of out; work_ms is what the device needs before it begins, beyond
 * the time on the wire. STM32_TIMEOUT if less came. */
enum stm32_err link_receive(struct link *link, uint8_t *out, size_t len,
			    unsigned work_ms);

/* Waits for an ACK: STM32_OK, STM32_NACK, STM32_TIMEOUT or STM32_GARBLED.
 * BUSY is polled away on a framed port (AN4221, no-stretch commands). */
enum stm32_err link_ack(struct link *link, unsigned work_ms);

/* One byte of whatever comes; one that came damaged is a 00, as every port had
 * it that cannot tell. */
enum port_err link_listen(struct link *link, uint8_t *byte,
			  unsigned timeout_ms);

/* Reads and drops until nothing comes for quiet_ms. What comes first may be an
 * answer that is overdue: see late_ms. */
enum stm32_err link_drain(struct link *link, unsigned quiet_ms);

/* An answer to the last frame came so late, and is to no other frame. */
void link_note_delay(struct link *link, unsigned delay_ms);

/*
 * Fills up whatever frame the device waits for until it says NACK, with bytes
 * that do not make a checksum true. STM32_OK: it waits for an opcode now.
 * A NACK tells which filler it is for only by its time: each is waited for as
 * long as the answers on this link take, or as any may where none was seen.
 */
enum stm32_err link_resync(struct link *link);

/*
 * The same to a device that has acted and reset itself, if it had all of the
 * frame: the first filler is a 7F, which such a ROM measures its rate on.
 * *reset: it said ACK to that. Nothing but 7F would fill up a frame that lacks
 * two bytes of one value: the XOR of those is that of two 7F, and in option bytes
 * most are 00 or FF. A 7F that is one of the data would fill up a frame that
 * lacks that one: then no filler is a 7F, and a ROM that has reset is lost to
 * this run.
 */
enum stm32_err link_resync_reset(struct link *link, bool *reset);

/*
 * Goes on with up to len 7F, burst of them at a time, where anything else would
 * spoil the rate of a ROM that has reset itself; until something answers and
 * the device waits for an opcode. STM32_TIMEOUT: none did.
 */
enum stm32_err link_pour(struct link *link, size_t len, size_t burst);

/*
 * To a device that may have reset itself: a 7F, which such a ROM measures its
 * rate on, and a second one, as for a ROM in a session two of them are no
 * command. *reset: it was an ACK that came. STM32_OK: it waits for an opcode;
 * STM32_TIMEOUT: it may be anywhere still.
 */
enum stm32_err link_knock(struct link *link, bool *reset);

/* How long to wait for an answer that needs no work. */
unsigned link_patience_ms(const struct link *link);

#endif
