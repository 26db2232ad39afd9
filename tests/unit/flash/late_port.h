/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port on top of another one that delays answers, as a network or a busy
 * host does: nothing is lost, changed or reordered. Uses the time of the port
 * below.
 */
#ifndef LATE_PORT_H
#define LATE_PORT_H

#include <stdlib.h>

#include "port.h"

#define LATE_QUEUE 4096

struct late_port {
	struct port base;
	struct port *below;
	struct {
		uint8_t byte;
		int64_t at_ms;
	} queue[LATE_QUEUE];	/* on the way to the host */
	size_t head, tail;
	int64_t arrived_ms;	/* of the last byte on the way */
	/* Delays one in one_in answers by least_ms to most_ms. */
	unsigned least_ms, most_ms, one_in;
	unsigned one_byte_in;	/* and one in so many bytes within an answer;
				 * 0: none */
	bool answers;		/* the host has written since the last byte */
	uint64_t random;
	unsigned late;		/* late answers */
};

static inline uint32_t late_random(struct late_port *p)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(p->random >> 33);
}

static inline struct late_port *late(struct port *port)
{
	return (struct late_port *)port;
}

/* Returns when a byte that the device sends now arrives. */
static inline int64_t late_arrival(struct late_port *p)
{
	int64_t at_ms = port_now_ms(p->below);

	unsigned one_in = p->answers ? p->one_in : p->one_byte_in;

	if (one_in != 0 && late_random(p) % one_in == 0) {
		at_ms += p->least_ms + late_random(p) %
				       (p->most_ms - p->least_ms + 1);
		p->late++;
	}
	p->answers = false;
	if (p->arrived_ms < at_ms)
		p->arrived_ms = at_ms;
	return p->arrived_ms;
}

/* Fetches one byte from the device, if it arrives by then. */
static inline enum port_err late_fetch(struct late_port *p, int64_t until_ms)
{
	int64_t left = until_ms - port_now_ms(p->below);
	uint8_t byte;
	size_t got;
	enum port_err err = p->below->ops->read(p->below, &byte, 1, left > 0
						? (unsigned)left : 0, &got);

	if (err != PORT_OK)
		return err;
	p->queue[p->tail % LATE_QUEUE].byte = byte;
	p->queue[p->tail++ % LATE_QUEUE].at_ms = late_arrival(p);
	return PORT_OK;
}

static inline bool late_is_due(const struct late_port *p, int64_t at_ms)
{
	return p->head < p->tail &&
	       p->queue[p->head % LATE_QUEUE].at_ms <= at_ms;
}

static inline enum port_err late_read(struct port *port, uint8_t *buf,
				      size_t len, unsigned timeout_ms,
				      size_t *got)
{
	struct late_port *p = late(port);
	int64_t deadline = port_now_ms(p->below) + timeout_ms;
	enum port_err err;

	for (*got = 0; *got < len;) {
		int64_t until = late_is_due(p, deadline)
			      ? p->queue[p->head % LATE_QUEUE].at_ms : deadline;

		if (late_is_due(p, port_now_ms(p->below))) {
			buf[(*got)++] = p->queue[p->head++ % LATE_QUEUE].byte;
			continue;
		}
		err = late_fetch(p, until);
		if (err != PORT_OK && err != PORT_TIMEOUT)
			return err;
		if (err == PORT_TIMEOUT && port_now_ms(p->below) >= deadline &&
		    !late_is_due(p, deadline))
			return PORT_TIMEOUT;
	}
	return PORT_OK;
}

static inline enum port_err late_write(struct port *port, const uint8_t *buf,
				       size_t len)
{
	struct late_port *p = late(port);

	/* earlier bytes are no answer to it */
	while (late_fetch(p, 0) == PORT_OK)
		;
	p->answers = true;
	return p->below->ops->write(p->below, buf, len);
}

static inline enum port_err late_flush(struct port *port)
{
	struct late_port *p = late(port);

	while (late_fetch(p, 0) == PORT_OK)
		;
	while (late_is_due(p, port_now_ms(p->below)))
		p->head++;
	return PORT_OK;
}

static inline int64_t late_now_us(struct port *port)
{
	struct port *below = late(port)->below;

	return below->ops->now_us(below);
}

static inline void late_sleep_ms(struct port *port, unsigned ms)
{
	port_sleep_ms(late(port)->below, ms);
}

static inline void late_close(struct port *port)
{
	port_close(late(port)->below);
	free(port);
}

static const struct port_ops late_ops = {
	.name = "late", .close = late_close, .flush = late_flush,
	.read = late_read, .write = late_write, .now_us = late_now_us,
	.sleep_ms = late_sleep_ms,
};

/* Puts the port on top of below, and owns that; no delays until they are
 * set. */
static inline struct late_port *late_new(struct port *below)
{
	struct late_port *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->base = *below;
	p->base.ops = &late_ops;
	p->below = below;
	return p;
}

#endif
