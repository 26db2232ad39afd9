/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port whose far end is a function of the test: it is called for every write
 * and answers with fake_answer(). Time is simulated and passes only while the
 * host waits.
 */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include <string.h>

#include "port.h"
#include "utils.h"

#define FAKE_QUEUE 8192

struct fake_port {
	struct port base;
	/* The host has written; bytes are one frame. */
	void (*far_end)(struct fake_port *fake, const uint8_t *bytes,
			size_t len);
	void *ctx;
	int64_t now_us;
	struct {
		uint8_t byte;
		bool ends;	/* end of a transaction on a framed port */
		bool damaged;	/* its parity is wrong */
		int64_t at_us;
	} queue[FAKE_QUEUE];	/* on its way to the host */
	size_t head, tail;
	unsigned torn;	/* framed: reads of another length than the answer's */
	enum port_err fail_read, fail_write;	/* returned instead, unless
						 * OK */
	unsigned stuck;		/* number of writes that are not accepted */
};

/* Queues bytes that arrive in in_ms. */
static inline void fake_answer(struct fake_port *fake, const uint8_t *bytes,
			       size_t len, unsigned in_ms)
{
	size_t i;

	for (i = 0; i < len && fake->tail < FAKE_QUEUE; i++) {
		fake->queue[fake->tail].byte = bytes[i];
		fake->queue[fake->tail].ends = false;
		fake->queue[fake->tail].damaged = false;
		fake->queue[fake->tail++].at_us = fake->now_us +
						  (int64_t)in_ms * 1000;
	}
}

static inline void fake_answer_byte(struct fake_port *fake, uint8_t byte)
{
	fake_answer(fake, &byte, 1, 0);
}

static inline void fake_answer_damaged(struct fake_port *fake)
{
	fake_answer_byte(fake, 0x00);
	fake->queue[fake->tail - 1].damaged = true;
}

/* On a framed port: ends a read, with the bytes queued since the last end. */
static inline void fake_end_frame(struct fake_port *fake)
{
	if (fake->tail > 0)
		fake->queue[fake->tail - 1].ends = true;
}

static inline struct fake_port *fake_of(struct port *port)
{
	return (struct fake_port *)port;
}

static inline bool fake_pending(const struct fake_port *fake)
{
	return fake->head < fake->tail;
}

static inline void fake_check_frame(struct fake_port *fake, size_t len)
{
	size_t i, ends = 0;

	for (i = 0; i < len && fake->head + i < fake->tail; i++)
		ends += fake->queue[fake->head + i].ends;
	if (i != len || ends != 1 || !fake->queue[fake->head + len - 1].ends)
		fake->torn++;
}

static inline enum port_err fake_read(struct port *port, uint8_t *buf,
				      size_t len, unsigned timeout_ms,
				      size_t *got)
{
	struct fake_port *fake = fake_of(port);
	int64_t deadline = fake->now_us + (int64_t)timeout_ms * 1000;
	bool damaged = false;

	*got = 0;
	if (fake->fail_read != PORT_OK)
		return fake->fail_read;
	if ((fake->base.caps & PORT_FRAMED) && fake_pending(fake))
		fake_check_frame(fake, len);
	while (*got < len && fake_pending(fake) &&
	       fake->queue[fake->head].at_us <= deadline) {
		if (fake->queue[fake->head].at_us > fake->now_us)
			fake->now_us = fake->queue[fake->head].at_us;
		damaged |= fake->queue[fake->head].damaged;
		buf[(*got)++] = fake->queue[fake->head++].byte;
	}
	if (!fake_pending(fake))
		fake->head = fake->tail = 0;
	if (*got == len)
		return damaged ? PORT_PARITY : PORT_OK;
	fake->now_us = deadline;
	return PORT_TIMEOUT;
}

static inline enum port_err fake_write(struct port *port, const uint8_t *buf,
				       size_t len)
{
	struct fake_port *fake = fake_of(port);

	if (fake->fail_write != PORT_OK)
		return fake->fail_write;
	if (fake->stuck > 0) {
		fake->stuck--;
		return PORT_TIMEOUT;
	}
	fake->far_end(fake, buf, len);
	return PORT_OK;
}

static inline enum port_err fake_flush(struct port *port)
{
	struct fake_port *fake = fake_of(port);

	while (fake_pending(fake) &&
	       fake->queue[fake->head].at_us <= fake->now_us)
		fake->head++;
	return PORT_OK;
}

static inline int64_t fake_now_us(struct port *port)
{
	return fake_of(port)->now_us;
}

static inline void fake_sleep_ms(struct port *port, unsigned ms)
{
	fake_of(port)->now_us += (int64_t)ms * 1000;
}

/* A UART without a rate: bytes take no time. */
static inline void fake_init(struct fake_port *fake,
			     void (*far_end)(struct fake_port *fake,
					     const uint8_t *bytes, size_t len),
			     void *ctx)
{
	static const struct port_ops ops = {
		.name = "fake", .flush = fake_flush, .read = fake_read,
		.write = fake_write, .now_us = fake_now_us,
		.sleep_ms = fake_sleep_ms,
	};

	memset(fake, 0, sizeof(*fake));
	fake->base.ops = &ops;
	fake->base.device = "fake";
	fake->base.caps = PORT_AUTOBAUD;
	fake->base.bits_per_byte = 11;
	fake->far_end = far_end;
	fake->ctx = ctx;
}

#endif
