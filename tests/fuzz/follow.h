/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the host's side of a session and the answers it gets, by AN3155 and
 * AN4221 alone: one frame per write, one answer per read. Does not use the
 * device's state, so it also works for devices that lie.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "protocol/link.h"
#include "tests/fuzz/check.h"

#define FOLLOW_NOBODY (-1)

struct follow_events {
	/* A command was sent. */
	void (*command)(void *ctx, uint8_t opcode);
	void (*refused)(void *ctx, uint8_t opcode);
	/* The frame that makes the device act was sent. */
	void (*write)(void *ctx, uint32_t address, const uint8_t *data,
		      size_t len);
	void (*erase_all)(void *ctx);
	void (*erase_page)(void *ctx, uint16_t page);
	void (*go)(void *ctx, uint32_t address);
	/* The last of these got its ACK. */
	void (*done)(void *ctx, uint8_t opcode);
	/* Data that the host received, after its ACKs. */
	void (*told)(void *ctx, uint32_t address, const uint8_t *data,
		     size_t len);
	void (*told_id)(void *ctx, uint32_t id);
	void (*told_sum)(void *ctx, uint32_t address, uint32_t len,
			 uint32_t crc);
};

struct follow {
	const struct follow_events *events;
	void *ctx;
	bool framed;
	int opcode;		/* of the current command, or FOLLOW_NOBODY */
	unsigned sent, acked;	/* its frames, including the command itself */
	uint32_t address, count;
	bool has_count;		/* AN4221: of the pages that follow */
	uint8_t part[STM32_MAX_FRAME];	/* of a frame sent in pieces */
	size_t part_len;
	size_t unsent;		/* bytes of a frame that were not sent */
	uint8_t answer[300];	/* after the ACKs */
	size_t answer_len;
};

static inline void follow_lose(struct follow *f)
{
	f->opcode = FOLLOW_NOBODY;
	f->part_len = 0;
}

static inline bool follow_is_erase(uint8_t opcode)
{
	return opcode >= 0x43 && opcode <= 0x45;
}

static inline bool follow_is_write(uint8_t opcode)
{
	return opcode == 0x31 || opcode == 0x32;
}

/* --- the host's frames -------------------------------------------------- */

static inline uint32_t follow_word(const uint8_t *frame, size_t len)
{
	MUST(len == 5 && xor_sum(frame, len) == 0);
	return get_be32(frame);
}

static inline void follow_pages(struct follow *f, const uint8_t *list,
				size_t count, bool wide)
{
	size_t i;

	for (i = 0; i < count; i++)
		f->events->erase_page(f->ctx, wide ? get_be16(list + 2 * i)
						   : list[i]);
}

static inline void follow_short_erase(struct follow *f, const uint8_t *frame,
				      size_t len)
{
	if (frame[0] == 0xFF) {
		MUST(len == 2 && frame[1] == 0x00);
		f->events->erase_all(f->ctx);
		return;
	}
	MUST(len == (size_t)frame[0] + 3 && xor_sum(frame, len) == 0);
	follow_pages(f, frame + 1, (size_t)frame[0] + 1, false);
}

static inline void follow_extended_erase(struct follow *f,
					 const uint8_t *frame, size_t len)
{
	MUST(len >= 3 && xor_sum(frame, len) == 0);
	if (f->has_count) {
		MUST(len == 2 * (size_t)f->count + 3);
		follow_pages(f, frame, (size_t)f->count + 1, true);
		return;
	}
	f->count = get_be16(frame);
	if (f->count == 0xFFFF) {
		MUST(len == 3);
		f->events->erase_all(f->ctx);
		return;
	}
	MUST(f->count < STM32_MAX_PAGES);
	f->has_count = f->framed;
	if (f->framed) {
		MUST(len == 3);
		return;
	}
	MUST(len == 2 + 2 * ((size_t)f->count + 1) + 1);
	follow_pages(f, frame + 2, (size_t)f->count + 1, true);
}

static inline void follow_data(struct follow *f, const uint8_t *frame,
			       size_t len)
{
	MUST(len == (size_t)frame[0] + 3 && xor_sum(frame, len) == 0);
	f->count = frame[0];
	f->events->write(f->ctx, f->address, frame + 1, len - 2);
}

/* Handles the next frame of the command, after `sent` others. */
static inline void follow_frame(struct follow *f, const uint8_t *frame,
				size_t len)
{
	uint8_t opcode = (uint8_t)f->opcode;

	if (opcode == 0x43) {
		follow_short_erase(f, frame, len);
	} else if (follow_is_erase(opcode)) {
		follow_extended_erase(f, frame, len);
	} else if (f->sent == 1) {
		f->address = follow_word(frame, len);
		if (opcode == 0x21)
			f->events->go(f->ctx, f->address);
	} else if (follow_is_write(opcode)) {
		follow_data(f, frame, len);
	} else if (opcode == 0x11) {
		MUST(len == 2 && (frame[0] ^ frame[1]) == 0xFF);
		f->count = frame[0];
	} else if (f->sent == 2) {
		f->count = follow_word(frame, len);
	} else {
		(void)follow_word(frame, len);
	}
	f->sent++;
	f->answer_len = 0;
}

/* True if the current command has another frame. */
static inline bool follow_goes_on(const struct follow *f, size_t len)
{
	if (f->opcode == FOLLOW_NOBODY || f->sent != f->acked)
		return false;
	if (f->opcode == 0x11 || follow_is_write((uint8_t)f->opcode))
		return f->sent < 3;
	if (f->opcode == 0x21 || f->opcode == 0x43)
		return f->sent < 2;
	if (follow_is_erase((uint8_t)f->opcode))
		return f->sent < (f->has_count ? 3 : 2);
	return f->opcode == 0xA1 && f->sent < 5 && len == 5;
}

static inline void follow_command(struct follow *f, const uint8_t *bytes,
				  size_t len)
{
	f->opcode = bytes[0];
	f->sent = 1;
	f->acked = 0;
	f->answer_len = 0;
	f->part_len = 0;
	f->has_count = false;
	f->events->command(f->ctx, bytes[0]);
	if (len >= 7)
		follow_frame(f, bytes + 2, 5);
	if (len == 9)
		follow_frame(f, bytes + 7, 2);
}

/* Returns the length of a frame with this beginning: the data of a write and a
 * list of pages may come in pieces. */
static inline size_t follow_whole(const struct follow *f, const uint8_t *frame,
				  size_t len)
{
	uint8_t opcode = (uint8_t)f->opcode;

	if (f->framed)
		return len;
	if (follow_is_write(opcode) && f->sent == 2)
		return (size_t)frame[0] + 3;
	if (!follow_is_erase(opcode))
		return len;
	if (opcode == 0x43)
		return frame[0] == 0xFF ? 2 : (size_t)frame[0] + 3;
	if (len < 2)
		return 2;
	return get_be16(frame) >= 0xFFF0 ? 3 : 2 * (size_t)get_be16(frame) + 5;
}

static inline void follow_piece(struct follow *f, const uint8_t *bytes,
				size_t len)
{
	MUST(len <= sizeof(f->part) - f->part_len);
	memcpy(f->part + f->part_len, bytes, len);
	f->part_len += len;
	if (f->part_len < follow_whole(f, f->part, f->part_len))
		return;
	len = f->part_len;
	f->part_len = 0;
	follow_frame(f, f->part, len);
}

/* Unsent bytes may be sent again, or given up. */
static inline void follow_unsent(struct follow *f, size_t len)
{
	if (f->unsent != 0 && f->unsent != len)
		follow_lose(f);
	f->unsent = len;
}

/* Other bytes are fillers; then no command is in progress. */
static inline void follow_sent(struct follow *f, const uint8_t *bytes,
			       size_t len)
{
	follow_unsent(f, len);
	f->unsent = 0;
	if (follow_goes_on(f, len))
		follow_piece(f, bytes, len);
	else if ((len == 2 || len == 7 || len == 9) &&
		 (bytes[0] ^ bytes[1]) == 0xFF)
		follow_command(f, bytes, len);
	else
		follow_lose(f);
}

/* --- the answers -------------------------------------------------------- */

static inline bool follow_acts(const struct follow *f)
{
	uint8_t opcode = (uint8_t)f->opcode;

	if (follow_is_write(opcode))
		return f->acked == 3;
	if (follow_is_erase(opcode))
		return f->acked == (f->has_count ? 3 : 2);
	return opcode == 0x21 && f->acked == 2;
}

static inline void follow_ack(struct follow *f, uint8_t byte)
{
	if (byte == BUSY && f->framed)
		return;
	if (byte == NACK)
		f->events->refused(f->ctx, (uint8_t)f->opcode);
	if (byte != ACK) {
		follow_lose(f);
		return;
	}
	f->acked++;
	if (f->acked == f->sent && follow_acts(f))
		f->events->done(f->ctx, (uint8_t)f->opcode);
}

/* Count minus one, bytes, ACK. */
static inline void follow_id(struct follow *f)
{
	const uint8_t *id = f->answer + 1;
	size_t len = (size_t)f->answer[0] + 1;

	if (f->answer_len != len + 2 || f->answer[len + 1] != ACK)
		return;
	if (len > 8 || (f->opcode == 0x06 && len != 4))
		return;
	if (f->opcode == 0x06)
		f->events->told_id(f->ctx, get_be32(id));
	else if (len == 5)
		f->events->told_id(f->ctx, (uint32_t)get_be16(id + 2) << 16 |
				   get_be16(id));
	else if (len == 3 || len == 4)
		f->events->told_id(f->ctx, id[2]);
	else
		f->events->told_id(f->ctx, len == 1 ? id[0] : get_be16(id));
}

static inline void follow_answer(struct follow *f, const uint8_t *bytes,
				 size_t len)
{
	if (f->opcode == 0x11) {
		if (f->sent == 3 && len == (size_t)f->count + 1)
			f->events->told(f->ctx, f->address, bytes, len);
		return;
	}
	if (f->opcode == 0xA1 && len == 5 && xor_sum(bytes, len) == 0)
		f->events->told_sum(f->ctx, f->address, f->count,
				    get_be32(bytes));
	if (len > sizeof(f->answer) - f->answer_len)
		return;
	memcpy(f->answer + f->answer_len, bytes, len);
	f->answer_len += len;
	if (f->opcode == 0x02 || f->opcode == 0x06)
		follow_id(f);
}

/* The wait for an erase, or for a write of option bytes, is split. */
static inline bool follow_is_long(const struct follow *f)
{
	return f->sent == (follow_is_write((uint8_t)f->opcode) ? 3 : 2) &&
	       (follow_is_write((uint8_t)f->opcode) ||
		follow_is_erase((uint8_t)f->opcode));
}

/* A read that returned all requested bytes, or failed. */
static inline void follow_told(struct follow *f, const uint8_t *bytes,
			       size_t len, enum port_err err)
{
	if (f->opcode == FOLLOW_NOBODY)
		return;
	/* nothing may arrive between two pieces */
	if (f->part_len != 0) {
		if (err != PORT_TIMEOUT)
			follow_lose(f);
	} else if (err != PORT_OK) {
		/* a busy device on a bus is polled again */
		if (!f->framed && !(err == PORT_TIMEOUT && follow_is_long(f)))
			follow_lose(f);
	} else if (f->acked == f->sent) {
		follow_answer(f, bytes, len);
	} else if (len == 1) {
		follow_ack(f, bytes[0]);
	} else {
		follow_lose(f);
	}
}

#endif
