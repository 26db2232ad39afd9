/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated device on a simulated I2C bus of its own. Time is simulated,
 * as in port_sim.c; pace=1 makes it real.
 */
#include "sim/port_bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/spec.h"
#include "utils.h"

/* 100 kHz, eight bits and the ACK. */
#define BYTE_US 90
/* The shortest time that the adapter waits for the clock, as in i2c.c. */
#define PATIENCE_MS 10000

struct bus_port {
	struct port base;
	struct sim *sim;
	uint8_t address;	/* used by the host */
	uint32_t timeout_ms;	/* of the adapter, SIM_UNSET: as the host
				 * asks */
	unsigned patience_ms;
	bool pace;
	int64_t now_us;
	int64_t began_us;	/* real time, for pace */
};

static struct bus_port *of(struct port *port)
{
	return (struct bus_port *)port;
}

/* With pace=1 waits until real time catches up. */
static void keep_pace(const struct bus_port *p)
{
	int64_t ahead_us = p->now_us - (clock_us() - p->began_us);

	if (p->pace && ahead_us >= 1000)
		clock_sleep_ms((unsigned)(ahead_us / 1000));
}

static enum port_err transact(struct bus_port *p, struct sim_transaction *t)
{
	unsigned patience_ms = p->timeout_ms != SIM_UNSET ? p->timeout_ms
							  : p->patience_ms;
	int64_t data_us = (int64_t)t->len * BYTE_US;
	enum sim_bus result;

	t->address = p->address;
	/* The address is a byte too. Written bytes count when they have
	 * arrived; read bytes begin after the wait. */
	t->now_us = p->now_us + BYTE_US + (t->read ? 0 : data_us);
	t->patience_us = patience_ms * INT64_C(1000);
	result = sim_transact(p->sim, t);
	p->now_us = t->end_us;
	if (result == SIM_BUS_OK && t->read)
		p->now_us += data_us;
	keep_pace(p);
	switch (result) {
	case SIM_BUS_OK:
		return PORT_OK;
	case SIM_BUS_NACK:
		return PORT_NO_ANSWER;
	case SIM_BUS_HELD:
		return PORT_STRETCHED;
	}
	return PORT_IO;
}

static enum port_err bus_write(struct port *port, const uint8_t *buf,
			       size_t len)
{
	uint8_t bytes[1024];
	struct sim_transaction t = { .bytes = bytes, .len = len };

	if (len > sizeof(bytes))
		return PORT_UNSUPPORTED;
	memcpy(bytes, buf, len);
	return transact(of(port), &t);
}

static enum port_err bus_read(struct port *port, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got)
{
	struct sim_transaction t = { .read = true, .bytes = buf, .len = len };
	enum port_err err;

	if (timeout_ms > of(port)->patience_ms)
		of(port)->patience_ms = timeout_ms;
	err = transact(of(port), &t);
	*got = err == PORT_OK ? len : 0;
	return err;
}

/* This side of the bus buffers nothing. */
static enum port_err bus_flush(struct port *port)
{
	(void)port;
	return PORT_OK;
}

static int64_t bus_now_us(struct port *port)
{
	return of(port)->now_us;
}

static void bus_sleep_ms(struct port *port, unsigned ms)
{
	of(port)->now_us += ms * INT64_C(1000);
	keep_pace(of(port));
}

static bool bus_finish(struct port *port, struct problem *why)
{
	return sim_save(of(port)->sim, why);
}

/* Ignores errors: after a successful run they have been reported already. */
static void bus_close(struct port *port)
{
	(void)sim_free(of(port)->sim, NULL);
	free(port);
}

static const struct port_ops bus_ops = {
	.name = "sim",
	.close = bus_close,
	.flush = bus_flush,
	.read = bus_read,
	.write = bus_write,
	.finish = bus_finish,
	.now_us = bus_now_us,
	.sleep_ms = bus_sleep_ms,
};

static void configure(struct bus_port *p, const struct port_settings *settings,
		      const struct sim_config *config)
{
	p->base.ops = &bus_ops;
	p->base.caps = PORT_FRAMED | PORT_SIMULATED;
	p->base.bits_per_byte = 9;
	/* without -a: the only device on the bus */
	p->address = (uint8_t)(settings->i2c_address != PORT_NO_ADDRESS
			       ? (uint32_t)settings->i2c_address
			       : config->i2c_address);
	p->timeout_ms = config->i2c_timeout_ms;
	p->patience_ms = PATIENCE_MS;
	p->pace = config->pace;
	p->began_us = clock_us();
	(void)snprintf(p->base.text, sizeof(p->base.text), "sim addr 0x%02x",
		       p->address);
}

enum port_err sim_bus_open(const struct port_settings *settings,
			   const struct sim_config *config, struct port **out,
			   struct problem *why)
{
	struct bus_port *p;

	*out = NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL) {
		problem_set(why, "%s: out of memory", settings->device);
		return PORT_IO;
	}
	p->sim = sim_new(config, why);
	if (p->sim == NULL) {
		free(p);
		return PORT_IO;
	}
	configure(p, settings, config);
	*out = &p->base;
	return PORT_OK;
}
