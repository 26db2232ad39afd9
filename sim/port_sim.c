/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "sim:..." as a port: the simulated device on a simulated wire. Time is
 * simulated: it advances by the times of bytes and flash and by the waits of
 * the host, so a run takes only its computing time; pace=1 makes it real.
 */
#include "port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/port_bus.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "utils.h"

#define DEFAULT_BAUD 57600
/* Time for the application to run while the host waits: one slice. */
#define SLICE_NS (25 * INT64_C(1000000))
#define NS_PER_MS INT64_C(1000000)
#define OTHER_RATE 0xE1	/* what a byte at a wrong rate reads as */

struct sim_port {
	struct port base;
	struct sim *sim;
	char parity;		/* expected by the device */
	uint32_t app_rate;	/* of an application with its own rate, 8n1 */
	bool seen;		/* a parity check detects flipped bits */
	bool pace;
	int64_t latency_ns;	/* until the adapter delivers an answer */
	int64_t now_ns;
	int64_t free_ns;	/* the device's TX wire is in use until then */
	int64_t began_us;	/* real time, for pace */
	uint32_t measured;	/* rate of the 7F, 0 before it */
	bool answered;		/* an answer has begun since the last write */
};

static struct sim_port *of(struct port *port)
{
	return (struct sim_port *)port;
}

/* The device's clock; never before the end of the last received byte. */
static int64_t device_us(const struct sim_port *p)
{
	return (p->now_ns + 999) / 1000;
}

/* With pace=1 waits until real time catches up. */
static void keep_pace(const struct sim_port *p)
{
	int64_t ahead_us = p->now_ns / 1000 - (clock_us() - p->began_us);

	if (p->pace && ahead_us >= 1000)
		clock_sleep_ms((unsigned)(ahead_us / 1000));
}

static int64_t byte_ns(const struct port *port)
{
	if (port->baud == 0)
		return 0;
	return port->bits_per_byte * INT64_C(1000000000) / port->baud;
}

static bool odd_ones(uint8_t byte)
{
	byte ^= byte >> 4;
	byte ^= byte >> 2;
	byte ^= byte >> 1;
	return byte & 1;
}

/* Returns the level on the wire after the 8 data bits: parity, or already
 * stop. */
static bool ninth_bit(char parity, uint8_t byte)
{
	if (parity == 'e')
		return odd_ones(byte);
	return parity == 'n' || !odd_ones(byte);
}

static bool app_has_rate(const struct sim_port *p)
{
	return p->app_rate != 0 && sim_state(p->sim) == SIM_APPLICATION;
}

/* True if the bits after the data are right for the receiver, when sender and
 * receiver use different modes. */
static bool frame_fits(const struct sim_port *p, uint8_t byte)
{
	char parity = app_has_rate(p) ? 'n' : p->parity;

	if (p->base.mode.data_bits != 8)
		return false;
	return ninth_bit(p->base.mode.parity, byte) == ninth_bit(parity, byte);
}

/* True if the rates differ, so both ends sample bits at wrong times. */
static bool other_rate(const struct sim_port *p)
{
	uint32_t rate = app_has_rate(p) ? p->app_rate : p->measured;

	return rate != 0 && rate != p->base.baud;
}

static enum port_err sim_port_write(struct port *port, const uint8_t *buf,
				    size_t len)
{
	struct sim_port *p = of(port);
	size_t i;

	p->answered = false;
	sim_byte_time(p->sim, byte_ns(port));
	for (i = 0; i < len; i++) {
		p->now_ns += byte_ns(port);
		if (sim_state(p->sim) == SIM_UNSYNCED)
			p->measured = 0;
		if (other_rate(p) ||
		    (app_has_rate(p) && !frame_fits(p, buf[i])))
			sim_receive(p->sim, buf[i] ^ OTHER_RATE, true,
				    device_us(p));
		else
			sim_receive(p->sim, buf[i], frame_fits(p, buf[i]),
				    device_us(p));
		if (p->measured == 0 && sim_state(p->sim) != SIM_UNSYNCED)
			p->measured = port->baud;
	}
	keep_pace(p);
	return PORT_OK;
}

/* Finds when the host has the next byte of the device. */
static bool next_arrival(struct sim_port *p, uint8_t *byte, int64_t *at_ns)
{
	int64_t due_us, start_ns;

	if (!sim_peek(p->sim, byte, &due_us))
		return false;
	start_ns = due_us * 1000 > p->free_ns ? due_us * 1000 : p->free_ns;
	*at_ns = start_ns + byte_ns(&p->base);
	if (!p->answered)
		*at_ns += p->latency_ns;
	return true;
}

static void take(struct sim_port *p, int64_t at_ns)
{
	sim_sent(p->sim);
	p->answered = true;
	p->free_ns = at_ns;
}

/*
 * Called if nothing is on its way: lets an application run, or the time pass.
 * True if it is worth checking again.
 */
static bool let_run(struct sim_port *p, int64_t deadline_ns)
{
	if (sim_state(p->sim) != SIM_APPLICATION ||
	    p->now_ns + SLICE_NS > deadline_ns)
		return false;
	p->now_ns += SLICE_NS;
	return true;
}

/* Receives as a port that checks parity: a damaged byte becomes 00, and
 * true. */
static bool receive(const struct sim_port *p, uint8_t *byte)
{
	bool checks = p->base.mode.parity != 'n';

	if (other_rate(p)) {
		*byte ^= OTHER_RATE;
		return false;
	}
	if (frame_fits(p, *byte) &&
	    !(checks && p->seen && sim_peek_flipped(p->sim)))
		return false;
	*byte = 0x00;
	return checks;
}

static enum port_err sim_port_read(struct port *port, uint8_t *buf, size_t len,
				   unsigned timeout_ms, size_t *got)
{
	struct sim_port *p = of(port);
	int64_t deadline_ns = p->now_ns + timeout_ms * NS_PER_MS;
	bool damaged = false;

	*got = 0;
	while (*got < len) {
		int64_t at_ns;
		uint8_t byte;

		if (!next_arrival(p, &byte, &at_ns)) {
			if (let_run(p, deadline_ns))
				continue;
			break;
		}
		if (at_ns > deadline_ns)
			break;
		if (at_ns > p->now_ns)
			p->now_ns = at_ns;
		damaged |= receive(p, &byte);
		take(p, at_ns);
		buf[(*got)++] = byte;
	}
	if (*got < len)
		p->now_ns = deadline_ns;
	keep_pace(p);
	if (*got < len)
		return PORT_TIMEOUT;
	return damaged ? PORT_PARITY : PORT_OK;
}

static enum port_err sim_port_flush(struct port *port)
{
	struct sim_port *p = of(port);
	int64_t at_ns;
	uint8_t byte;

	/* keep what is still on its way */
	while (next_arrival(p, &byte, &at_ns) && at_ns <= p->now_ns)
		take(p, at_ns);
	return PORT_OK;
}

static enum port_err sim_port_set_line(struct port *port, enum port_line line,
				       bool level)
{
	struct sim_port *p = of(port);

	sim_line(p->sim, (int)line, level, device_us(p));
	return PORT_OK;
}

static void describe(struct sim_port *p)
{
	(void)snprintf(p->base.text, sizeof(p->base.text), "sim %lu %u%c%u",
		       (unsigned long)p->base.baud, p->base.mode.data_bits,
		       p->base.mode.parity - 'a' + 'A', p->base.mode.stop_bits);
}

static enum port_err sim_port_set_baud(struct port *port, uint32_t baud)
{
	port->baud = baud;
	describe(of(port));
	sim_rate(of(port)->sim, baud);
	return PORT_OK;
}

static enum port_err sim_port_set_mode(struct port *port,
				       const struct serial_mode *mode)
{
	port->mode = *mode;
	port->bits_per_byte = port_mode_bits(mode);
	describe(of(port));
	return PORT_OK;
}

static int64_t sim_port_now_us(struct port *port)
{
	return of(port)->now_ns / 1000;
}

static void sim_port_sleep_ms(struct port *port, unsigned ms)
{
	of(port)->now_ns += ms * NS_PER_MS;
	keep_pace(of(port));
}

static bool sim_port_finish(struct port *port, struct problem *why)
{
	return sim_save(of(port)->sim, why);
}

/* Ignores errors: after a successful run they have been reported already. */
static void sim_port_close(struct port *port)
{
	(void)sim_free(of(port)->sim, NULL);
	free(port);
}

static void configure(struct sim_port *p, const struct port_settings *settings,
		      const struct sim_config *config)
{
	p->base.ops = &sim_port_ops;
	p->base.caps = PORT_AUTOBAUD | PORT_SIMULATED;
	p->base.baud = settings->baud;
	p->base.mode = settings->mode;
	if (settings->baud == 0) {	/* keep: the mode that suits the
					 * device */
		p->base.baud = DEFAULT_BAUD;
		p->base.mode = (struct serial_mode){ 8, config->parity, 1 };
	}
	p->base.bits_per_byte = port_mode_bits(&p->base.mode);
	p->parity = config->parity;
	p->app_rate = config->knock_rate;
	p->seen = config->seen;
	p->pace = config->pace;
	p->latency_ns = config->latency_ms * NS_PER_MS;
	p->began_us = clock_us();
	if (config->synced)
		p->measured = config->rate != 0 ? config->rate : p->base.baud;
	describe(p);
}

static enum port_err sim_port_open(const struct port_settings *settings,
				   struct port **out, struct problem *why)
{
	struct sim_config config;
	struct sim_port *p;

	*out = NULL;
	if (strncmp(settings->device, "sim:", 4) != 0)
		return PORT_NODEV;
	if (!sim_parse(settings->device, &config, why))
		return PORT_BAD_SETTINGS;
	if (config.framed)
		return sim_bus_open(settings, &config, out, why);
	p = calloc(1, sizeof(*p));
	if (p == NULL) {
		problem_set(why, "%s: out of memory", settings->device);
		return PORT_IO;
	}
	p->sim = sim_new(&config, why);
	if (p->sim == NULL) {
		free(p);
		return PORT_IO;
	}
	configure(p, settings, &config);
	*out = &p->base;
	return PORT_OK;
}

const struct port_ops sim_port_ops = {
	.name = "sim",
	.open = sim_port_open,
	.close = sim_port_close,
	.flush = sim_port_flush,
	.read = sim_port_read,
	.write = sim_port_write,
	.set_line = sim_port_set_line,
	.set_baud = sim_port_set_baud,
	.set_mode = sim_port_set_mode,
	.finish = sim_port_finish,
	.now_us = sim_port_now_us,
	.sleep_ms = sim_port_sleep_ms,
};
