/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port on top of another one that damages single bytes: the nth in a
 * direction, or any with a probability. Uses the time of the port below.
 */
#ifndef NOISY_PORT_H
#define NOISY_PORT_H

#include <stdlib.h>
#include <string.h>

#include "port.h"

enum damage { DAMAGE_NONE, DAMAGE_LOST, DAMAGE_FLIPPED, DAMAGE_ADDED,
	      DAMAGE_NACK, DAMAGE_KINDS,
	      DAMAGE_SET /* to a value, on the way to the device */ };

struct noisy_port {
	struct port base;
	struct port *below;
	uint64_t count[2];	/* bytes so far, by direction */
	/* One byte: the nth (from 0) in a direction. */
	enum damage damage;
	enum port_what direction;
	uint64_t position, second;	/* one more; 0: none */
	uint16_t value;		/* low byte: the value to set or add; 0: adds a
				 * random one */
	uint8_t bit;		/* to flip; 0: any */
	/* Or any byte, in both directions: probabilities in 2^-32. */
	uint32_t lost, flipped, added;
	uint64_t random;
	bool has_pending;	/* a byte after an added one */
	uint8_t pending;
	unsigned struck;	/* number of damaged bytes */
};

static inline uint32_t noisy_random(struct noisy_port *p)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(p->random >> 32);
}

static inline enum damage noisy_choose(struct noisy_port *p,
				       enum port_what direction)
{
	uint64_t at = p->count[direction]++;

	if (p->damage != DAMAGE_NONE)
		return direction == p->direction &&
		       (at == p->position || (at == p->second && at != 0))
		     ? p->damage : DAMAGE_NONE;
	if (noisy_random(p) < p->lost)
		return DAMAGE_LOST;
	if (noisy_random(p) < p->flipped)
		return DAMAGE_FLIPPED;
	return noisy_random(p) < p->added ? DAMAGE_ADDED : DAMAGE_NONE;
}

static inline struct noisy_port *noisy(struct port *port)
{
	return (struct noisy_port *)port;
}

static enum port_err noisy_write(struct port *port, const uint8_t *buf,
				 size_t len)
{
	struct noisy_port *p = noisy(port);
	uint8_t out[2 * 600];
	size_t n = 0, i;

	for (i = 0; i < len; i++) {
		enum damage damage = noisy_choose(p, PORT_TO_DEVICE);
		uint8_t bit = (uint8_t)(p->bit != 0 ? p->bit
					: 1u << (p->count[0] % 8));

		p->struck += damage != DAMAGE_NONE;
		if (damage == DAMAGE_ADDED)
			out[n++] = p->value != 0 ? (uint8_t)p->value
				 : (uint8_t)(buf[i] * 7 + 85);
		if (damage == DAMAGE_SET)
			out[n++] = (uint8_t)p->value;
		else if (damage == DAMAGE_FLIPPED)
			out[n++] = buf[i] ^ bit;
		else if (damage != DAMAGE_LOST)
			out[n++] = damage == DAMAGE_NACK ? 0x1F : buf[i];
	}
	return n == 0 ? PORT_OK : p->below->ops->write(p->below, out, n);
}

static enum port_err noisy_read_byte(struct noisy_port *p, uint8_t *out,
				     int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - port_now_ms(p->below);
		enum damage damage;
		enum port_err err;
		size_t got;

		if (p->has_pending) {
			p->has_pending = false;
			*out = p->pending;
			return PORT_OK;
		}
		err = p->below->ops->read(p->below, out, 1,
					  left > 0 ? (unsigned)left : 0, &got);
		if (err != PORT_OK)
			return err;
		damage = noisy_choose(p, PORT_FROM_DEVICE);
		p->struck += damage != DAMAGE_NONE;
		if (damage == DAMAGE_FLIPPED)
			*out ^= (uint8_t)(1u << (p->count[1] % 8));
		if (damage == DAMAGE_NACK)
			*out = 0x1F;
		if (damage == DAMAGE_ADDED) {
			p->has_pending = true;
			p->pending = *out;
			*out = p->value != 0 ? (uint8_t)p->value
					     : (uint8_t)(*out * 7 + 85);
		}
		if (damage != DAMAGE_LOST)
			return PORT_OK;
	}
}

static enum port_err noisy_read(struct port *port, uint8_t *buf, size_t len,
				unsigned timeout_ms, size_t *got)
{
	struct noisy_port *p = noisy(port);
	int64_t deadline = port_now_ms(p->below) + timeout_ms;
	enum port_err err = PORT_OK;

	for (*got = 0; *got < len && err == PORT_OK; *got += err == PORT_OK)
		err = noisy_read_byte(p, buf + *got, deadline);
	return err;
}

static enum port_err noisy_flush(struct port *port)
{
	noisy(port)->has_pending = false;
	return port_flush(noisy(port)->below);
}

static int64_t noisy_now_us(struct port *port)
{
	struct port *below = noisy(port)->below;

	return below->ops->now_us(below);
}

static void noisy_sleep_ms(struct port *port, unsigned ms)
{
	port_sleep_ms(noisy(port)->below, ms);
}

static void noisy_close(struct port *port)
{
	port_close(noisy(port)->below);
	free(port);
}

static const struct port_ops noisy_ops = {
	.name = "noisy", .close = noisy_close, .flush = noisy_flush,
	.read = noisy_read, .write = noisy_write, .now_us = noisy_now_us,
	.sleep_ms = noisy_sleep_ms,
};

/* Puts the port on top of below, and owns that; no damage until it is set. */
static inline struct noisy_port *noisy_new(struct port *below)
{
	struct noisy_port *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->base = *below;
	p->base.ops = &noisy_ops;
	p->below = below;
	return p;
}

#endif
