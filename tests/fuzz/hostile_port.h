/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port to the simulated device that changes the traffic. The script of the
 * fuzzing engine has three bytes for each change: the kind (low four bits) and
 * the position in the read (high four), the number of unchanged reads before
 * it, and an argument. So most of a session is unchanged, and a change can
 * occur at any point.
 *
 * Time is simulated. After a number of reads the port fails for good: a run
 * that continues after that hangs.
 */
#ifndef HOSTILE_PORT_H
#define HOSTILE_PORT_H

#include "protocol/link.h"
#include "sim/sim.h"
#include "tests/fuzz/follow.h"

#define HOSTILE_READS 20000
#define HOSTILE_AFTER 4000	/* calls on a failed port */
#define HOSTILE_QUIET 20000	/* reads without a write */
#define HOSTILE_WAIT_MS (2000 * 1000)
#define HOSTILE_BYTE_US 191	/* 57600 8E1 */
#define HOSTILE_BUS_US 90
#define HOSTILE_PATIENCE_MS 10000

enum lie {
	LIE_LOSE,	/* argument + 1 bytes, or a read on a bus, are lost */
	LIE_SILENT,	/* nothing arrives for argument * 8 ms */
	LIE_LATE,	/* an answer is late by up to 40 ms */
	LIE_FAIL,	/* a read fails with this error */
	LIE_FAIL_WRITE,
	LIE_GONE,	/* and so do all later ones */
	LIE_SIGNAL,	/* the user stops the run */
	LIE_LOSSES,	/* the kinds above lose bytes, those below invent
			 * some */
	LIE_CHANGE = LIE_LOSSES,	/* a byte, in these bits */
	LIE_ADD,	/* an extra byte before it */
	LIE_SAY,	/* so many of the next bytes of the script */
	LIE_ACK,	/* an ACK instead of argument + 1 bytes */
	LIE_BABBLE,	/* bytes of the script for argument * 64 ms */
	LIE_DEAF,	/* the device misses argument + 1 bytes */
	LIE_MISHEAR,	/* a byte from the host is changed in these bits */
	LIE_NOTHING,
	LIE_KINDS
};

struct hostile_port {
	struct port base;
	struct sim *sim;
	uint8_t address;	/* of the device, on a bus */
	struct follow *follow;
	void (*stop)(void *ctx);	/* LIE_SIGNAL */
	void *ctx;
	const uint8_t *script;
	size_t len, at;
	bool losses_only;
	uint8_t kind, where, argument;	/* of the next change */
	unsigned peace;			/* reads before it */
	int64_t now_us, wrote_us, free_us;
	int64_t silent_us, babble_us;	/* end of these periods */
	uint8_t babble;
	size_t lose, say, ack, deaf;	/* bytes still to be changed */
	uint8_t mishear;
	enum port_err fail, fail_write;
	bool gone;
	bool failed;		/* an error that ends a session was returned */
	unsigned reads, quiet, after;
};

static inline struct hostile_port *hostile_of(struct port *port)
{
	return (struct hostile_port *)port;
}

static inline bool hostile_framed(const struct hostile_port *p)
{
	return p->base.caps & PORT_FRAMED;
}

static inline uint8_t hostile_script(struct hostile_port *p)
{
	return p->at < p->len ? p->script[p->at++] : 0;
}

/* Loads the next change; after the end of the script there is none. */
static inline void hostile_load(struct hostile_port *p)
{
	bool more = p->len - p->at >= 3;
	uint8_t byte = more ? hostile_script(p) : LIE_NOTHING;

	p->kind = (uint8_t)((byte & 15) % LIE_KINDS);
	if (p->losses_only && more)
		p->kind %= LIE_LOSSES;
	p->where = byte >> 4;
	p->peace = more ? hostile_script(p) : 255;
	p->argument = more ? hostile_script(p) : 0;
}

/* The second and the third only occur on a bus. */
static inline enum port_err hostile_error(const struct hostile_port *p)
{
	static const enum port_err errors[] = {
		PORT_TIMEOUT, PORT_NO_ANSWER, PORT_STRETCHED, PORT_IO,
		PORT_CLOSED, PORT_UNSUPPORTED
	};
	size_t i = p->argument % ARRAY_LEN(errors);

	return i == 1 || i == 2 ? errors[hostile_framed(p) ? i : 0] : errors[i];
}

static inline void hostile_strike(struct hostile_port *p)
{
	size_t n = (size_t)p->argument + 1;

	switch ((enum lie)p->kind) {
	case LIE_LOSE:
		p->lose = n;
		break;
	case LIE_SILENT:
		p->silent_us = p->now_us + p->argument * INT64_C(8000);
		break;
	case LIE_LATE:
		p->now_us += p->argument % 41 * INT64_C(1000);
		break;
	case LIE_FAIL:
		p->fail = hostile_error(p);
		break;
	case LIE_FAIL_WRITE:
		p->fail_write = hostile_error(p);
		break;
	case LIE_GONE:
		p->gone = true;
		break;
	case LIE_SIGNAL:
		p->stop(p->ctx);
		break;
	case LIE_SAY:
		p->say = n;
		break;
	case LIE_ACK:
		p->ack = n;
		break;
	case LIE_BABBLE:
		p->babble_us = p->now_us + p->argument * INT64_C(64000);
		p->babble = hostile_script(p);
		break;
	case LIE_DEAF:
		p->deaf = n;
		break;
	case LIE_MISHEAR:
		p->mishear = p->argument;
		break;
	case LIE_CHANGE:
	case LIE_ADD:
	case LIE_NOTHING:
	case LIE_KINDS:
		break;
	}
}

/* --- from the device ---------------------------------------------------- */

/* Returns the next byte of the device that is not lost, if it arrives in
 * time. */
static inline bool hostile_hear(struct hostile_port *p, uint8_t *byte,
				int64_t deadline_us)
{
	int64_t due_us;

	while (sim_peek(p->sim, byte, &due_us)) {
		if (due_us < p->free_us)
			due_us = p->free_us;
		due_us += HOSTILE_BYTE_US;
		if (due_us > deadline_us)
			break;
		sim_sent(p->sim);
		p->free_us = due_us;
		if (due_us > p->now_us)
			p->now_us = due_us;
		if (due_us <= p->silent_us)
			continue;
		if (p->lose == 0)
			return true;
		p->lose--;
	}
	p->now_us = deadline_us;
	return false;
}

/* Returns an invented byte. */
static inline bool hostile_make_up(struct hostile_port *p, uint8_t *byte)
{
	if (p->now_us < p->babble_us) {
		p->now_us += 1000;
		*byte = p->babble;
	} else if (p->say > 0 && p->at < p->len) {
		p->say--;
		*byte = hostile_script(p);
	} else if (p->ack > 0) {
		p->ack--;
		*byte = ACK;
	} else {
		return false;
	}
	return true;
}

static inline bool hostile_byte(struct hostile_port *p, uint8_t *byte,
				int64_t deadline_us)
{
	return hostile_make_up(p, byte) || hostile_hear(p, byte, deadline_us);
}

static inline enum port_err hostile_listen(struct hostile_port *p, uint8_t *buf,
					   size_t len, unsigned timeout_ms,
					   size_t *got)
{
	int64_t deadline_us = p->now_us + timeout_ms * INT64_C(1000);

	while (*got < len && p->now_us <= deadline_us &&
	       hostile_byte(p, &buf[*got], deadline_us))
		(*got)++;
	return *got == len ? PORT_OK : PORT_TIMEOUT;
}

/* Runs one transaction on a bus. */
static inline enum port_err hostile_transact(struct hostile_port *p, bool read,
					     uint8_t *buf, size_t len)
{
	struct sim_transaction t = {
		.read = read, .address = p->address, .bytes = buf, .len = len,
		.now_us = p->now_us + HOSTILE_BUS_US * ((int64_t)len + 1),
		.patience_us = HOSTILE_PATIENCE_MS * INT64_C(1000),
	};
	enum sim_bus result;

	result = sim_transact(p->sim, &t);
	p->now_us = t.end_us;
	if (result == SIM_BUS_NACK)
		return PORT_NO_ANSWER;
	return result == SIM_BUS_HELD ? PORT_STRETCHED : PORT_OK;
}

static inline enum port_err hostile_bus_read(struct hostile_port *p,
					     uint8_t *buf, size_t len,
					     size_t *got)
{
	enum port_err err = PORT_OK;
	size_t i = 0;

	while (i < len && hostile_make_up(p, &buf[i]))
		i++;
	if (i < len)
		err = hostile_transact(p, true, buf, len);
	if (p->now_us <= p->silent_us || p->lose > 0) {
		p->lose -= p->lose > 0;
		err = PORT_NO_ANSWER;
	}
	*got = err == PORT_OK ? len : 0;
	return err;
}

/* Changes received bytes. */
static inline void hostile_twist(struct hostile_port *p, enum lie lie,
				 uint8_t where, uint8_t bits, uint8_t *buf,
				 size_t len)
{
	size_t i = where == 15 ? len - 1 : len * where / 16;

	if (lie == LIE_CHANGE || (lie == LIE_ADD && hostile_framed(p))) {
		buf[i] ^= bits;
	} else if (lie == LIE_ADD) {
		memmove(buf + i + 1, buf + i, len - i - 1);
		buf[i] = bits;
	}
}

static inline void hostile_count(struct hostile_port *p)
{
	p->gone |= ++p->reads > HOSTILE_READS;
	MUST(++p->quiet < HOSTILE_QUIET);
	MUST(p->now_us - p->wrote_us < HOSTILE_WAIT_MS * INT64_C(1000));
}

static inline enum port_err hostile_gone(struct hostile_port *p)
{
	p->failed = true;
	MUST(++p->after < HOSTILE_AFTER);
	return PORT_CLOSED;
}

/* Returns the requested error, or PORT_OK. */
static inline enum port_err hostile_fail(struct hostile_port *p,
					 enum port_err *order)
{
	enum port_err err = *order;

	*order = PORT_OK;
	p->failed |= err != PORT_OK && err != PORT_TIMEOUT &&
		     err != PORT_NO_ANSWER && err != PORT_STRETCHED;
	return err;
}

static inline enum port_err hostile_read(struct port *port, uint8_t *buf,
					 size_t len, unsigned timeout_ms,
					 size_t *got)
{
	struct hostile_port *p = hostile_of(port);
	enum lie lie = LIE_NOTHING;
	uint8_t where = p->where, argument = p->argument;
	enum port_err err;

	*got = 0;
	hostile_count(p);
	if (p->peace-- == 0) {
		lie = (enum lie)p->kind;
		hostile_strike(p);
		hostile_load(p);
	}
	if (p->gone)
		return hostile_gone(p);
	err = hostile_fail(p, &p->fail);
	if (err == PORT_OK)
		err = hostile_framed(p)
		    ? hostile_bus_read(p, buf, len, got)
		    : hostile_listen(p, buf, len, timeout_ms, got);
	else if (err == PORT_TIMEOUT)
		p->now_us += timeout_ms * INT64_C(1000);
	if (err == PORT_OK)
		hostile_twist(p, lie, where, argument, buf, len);
	follow_told(p->follow, buf, len, err);
	return err;
}

/* --- from the host ------------------------------------------------------ */

static inline enum port_err hostile_deliver(struct hostile_port *p,
					    uint8_t *bytes, size_t len)
{
	size_t i;

	if (hostile_framed(p))
		return hostile_transact(p, false, bytes, len);
	sim_byte_time(p->sim, HOSTILE_BYTE_US * INT64_C(1000));
	for (i = 0; i < len; i++) {
		p->now_us += HOSTILE_BYTE_US;
		sim_receive(p->sim, bytes[i], true, p->now_us);
	}
	return PORT_OK;
}

static inline enum port_err hostile_write(struct port *port,
					  const uint8_t *buf, size_t len)
{
	struct hostile_port *p = hostile_of(port);
	size_t lost = p->deaf < len ? p->deaf : len;
	uint8_t bytes[1024] = { 0 };
	enum port_err err;

	MUST(len >= 1 && len <= sizeof(bytes));
	p->quiet = 0;
	if (p->gone)
		return hostile_gone(p);
	p->deaf -= lost;
	memcpy(bytes, buf + lost, len - lost);
	bytes[0] ^= p->mishear;
	p->mishear = 0;
	err = hostile_fail(p, &p->fail_write);
	if (err == PORT_OK && len > lost)
		err = hostile_deliver(p, bytes, len - lost);
	p->wrote_us = p->now_us;
	if (err == PORT_OK)
		follow_sent(p->follow, buf, len);
	else
		follow_unsent(p->follow, len);
	return err;
}

static inline enum port_err hostile_flush(struct port *port)
{
	struct hostile_port *p = hostile_of(port);
	int64_t due_us;
	uint8_t byte;

	if (p->gone)
		return hostile_gone(p);
	while (!hostile_framed(p) && sim_peek(p->sim, &byte, &due_us) &&
	       due_us + HOSTILE_BYTE_US <= p->now_us)
		sim_sent(p->sim);
	return PORT_OK;
}

static inline int64_t hostile_now_us(struct port *port)
{
	return hostile_of(port)->now_us;
}

static inline void hostile_sleep_ms(struct port *port, unsigned ms)
{
	hostile_of(port)->now_us += ms * INT64_C(1000);
}

static inline enum port_err hostile_set_line(struct port *port,
					     enum port_line line, bool level)
{
	struct hostile_port *p = hostile_of(port);

	sim_line(p->sim, (int)line, level, p->now_us);
	return PORT_OK;
}

/* An adapter whose settings never change. */
static inline enum port_err hostile_set_mode(struct port *port,
					     const struct serial_mode *mode)
{
	(void)port, (void)mode;
	return PORT_OK;
}

static inline void hostile_close(struct port *port)
{
	(void)port;	/* the caller examines the device afterwards */
}

static const struct port_ops hostile_ops = {
	.name = "hostile", .close = hostile_close, .flush = hostile_flush,
	.read = hostile_read, .write = hostile_write,
	.set_line = hostile_set_line, .set_mode = hostile_set_mode,
	.now_us = hostile_now_us, .sleep_ms = hostile_sleep_ms,
};

/* Puts the port on top of sim, which the caller owns; the caller sets the
 * other fields. */
static inline void hostile_init(struct hostile_port *p, bool framed)
{
	p->base = (struct port){
		.ops = &hostile_ops,
		.caps = (framed ? PORT_FRAMED : PORT_AUTOBAUD) | PORT_SIMULATED,
		.baud = framed ? 0 : 57600,
		.mode = { framed ? 0 : 8, 'e', 1 },
		.bits_per_byte = framed ? 9 : 11,
	};
	hostile_load(p);
}

#endif
