/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "port.h"

#include <string.h>

#include "utils.h"

#define FEW_BYTES 9	/* a command, an address, a count: short on the wire */
#define LATE_MS 11	/* the 16 ms timer of an adapter may have been running
			 * already */
#define LATEST_MS 24
#define ENOUGH_WAITS 30
#define SOME_WAITS 10
#define LONG_ROUND_TRIP_MS 8	/* the ROM itself answers within 1 to 2 ms */
#define MOST_ROUND_TRIP_MS 5000	/* more is an interruption */

/* In this order: the serial port accepts every name that is left. */
static const struct port_ops *const transports[] = {
	&sim_port_ops,
	&replay_port_ops,
	&tcp_port_ops,
	&rfc2217_port_ops,
	&i2c_port_ops,
	&serial_port_ops,
};

enum port_err port_open(const struct port_settings *settings,
			struct port **out, struct problem *why)
{
	enum port_err err = PORT_NODEV;
	size_t i;

	*out = NULL;
	why->text[0] = '\0';
	for (i = 0; i < ARRAY_LEN(transports); i++) {
		err = transports[i]->open(settings, out, why);
		if (err != PORT_NODEV || why->text[0] != '\0')
			break;
	}
	if (err == PORT_OK)
		(*out)->device = settings->device;
	else
		problem_default(why, "%s: %s", settings->device,
				port_strerror(err));
	return err;
}

void port_close(struct port *port)
{
	if (port != NULL)
		port->ops->close(port);
}

enum port_err port_flush(struct port *port)
{
	return port->ops->flush(port);
}

static void show(struct port *port, struct port_event *event)
{
	event->framed = (port->caps & PORT_FRAMED) != 0;
	if (port->tap.event == NULL ||
	    (event->len == 0 && event->what != PORT_LINE_SET))
		return;
	event->at_us = port_now_us(port);
	port->tap.event(port->tap.ctx, event);
}

/* For a failed transaction show the bytes requested; for a stream only those
 * that passed. */
static size_t shown_len(const struct port *port, size_t wanted, size_t passed)
{
	return (port->caps & PORT_FRAMED) ? wanted : passed;
}

/* Counts waits after short writes. LATEST_MS excludes erases; a ROM that only
 * answers needs 1 to 2 ms. */
static void note_wait(struct port *port, int64_t ms)
{
	if (port->last_write > FEW_BYTES)
		return;
	port->short_waits++;
	port->short_wait_ms += (uint64_t)ms;
	port->late_answers += ms >= LATE_MS && ms <= LATEST_MS;
}

bool port_seems_slow(const struct port *port)
{
	/* At lower rates the wire itself takes that long. */
	return !(port->caps & PORT_REMOTE) && port->baud >= 38400 && port->short_waits >= ENOUGH_WAITS &&
	       port->late_answers * 4 >= port->short_waits * 3;
}

void port_note_round_trip(struct port *port, int64_t ms)
{
	if (ms > MOST_ROUND_TRIP_MS)
		ms = MOST_ROUND_TRIP_MS;
	if ((port->caps & PORT_REMOTE) && ms > port->round_trip_ms)
		port->round_trip_ms = (unsigned)ms;
}

unsigned port_long_round_trip_ms(const struct port *port)
{
	uint64_t mean_ms;

	if (!(port->caps & PORT_REMOTE) || port->short_waits < SOME_WAITS)
		return 0;
	mean_ms = port->short_wait_ms / port->short_waits;
	return mean_ms >= LONG_ROUND_TRIP_MS ? (unsigned)mean_ms : 0;
}

enum port_err port_read(struct port *port, uint8_t *buf, size_t len,
			unsigned timeout_ms)
{
	bool waiting = port->waiting;
	int64_t began_ms = waiting ? port_now_ms(port) : 0;
	enum port_err err;
	size_t got = 0;

	port->turnarounds += waiting;
	port->waiting = false;
	err = port->ops->read(port, buf, len, timeout_ms, &got);
	port->received += got;
	if (waiting && err == PORT_OK)
		note_wait(port, port_now_ms(port) - began_ms);
	show(port, &(struct port_event){
		.what = PORT_FROM_DEVICE, .err = err, .bytes = buf,
		.len = shown_len(port, len, got) });
	return err;
}

enum port_err port_write(struct port *port, const uint8_t *buf, size_t len)
{
	enum port_err err = port->ops->write(port, buf, len);

	show(port, &(struct port_event){
		.what = PORT_TO_DEVICE, .err = err, .bytes = buf,
		.len = shown_len(port, len, err == PORT_OK ? len : 0) });
	if (err != PORT_OK)
		return err;
	port->waiting = true;
	port->last_write = len;
	port->sent += len;
	return PORT_OK;
}

enum port_err port_set_line(struct port *port, enum port_line line, bool level)
{
	enum port_err err = PORT_UNSUPPORTED;

	if (port->ops->set_line != NULL)
		err = port->ops->set_line(port, line, level);
	if (err == PORT_OK)
		show(port, &(struct port_event){ .what = PORT_LINE_SET,
						 .line = line,
						 .level = level });
	return err;
}

bool port_has_lines(const struct port *port)
{
	return port->ops->set_line != NULL;
}

enum port_err port_set_baud(struct port *port, uint32_t baud)
{
	if (port->ops->set_baud == NULL)
		return PORT_UNSUPPORTED;
	return port->ops->set_baud(port, baud);
}

enum port_err port_set_mode(struct port *port, const struct serial_mode *mode)
{
	if (port->ops->set_mode == NULL)
		return PORT_UNSUPPORTED;
	return port->ops->set_mode(port, mode);
}

bool port_finish(struct port *port, struct problem *why)
{
	return port->ops->finish == NULL || port->ops->finish(port, why);
}

int64_t port_now_us(struct port *port)
{
	return port->ops->now_us != NULL ? port->ops->now_us(port)
					 : clock_us();
}

int64_t port_now_ms(struct port *port)
{
	return port_now_us(port) / 1000;
}

void port_sleep_ms(struct port *port, unsigned ms)
{
	if (port->ops->sleep_ms == NULL)
		clock_sleep_ms(ms);
	else
		port->ops->sleep_ms(port, ms);
}

bool port_mode_parse(const char *text, struct serial_mode *mode)
{
	if (strlen(text) != 3 || strchr("5678", text[0]) == NULL ||
	    strchr("neoNEO", text[1]) == NULL || strchr("12", text[2]) == NULL)
		return false;
	mode->data_bits = (uint8_t)(text[0] - '0');
	mode->parity = (char)(text[1] | 0x20);
	mode->stop_bits = (uint8_t)(text[2] - '0');
	return true;
}

uint8_t port_mode_bits(const struct serial_mode *mode)
{
	return (uint8_t)(1 + mode->data_bits + (mode->parity != 'n') +
			 mode->stop_bits);
}

unsigned port_wire_ms(const struct port *port, size_t len)
{
	uint64_t bits = (uint64_t)len * port->bits_per_byte;

	if (port->baud == 0)
		return 0;
	return (unsigned)((bits * 1000 + port->baud - 1) / port->baud);
}

const char *port_strerror(enum port_err err)
{
	switch (err) {
	case PORT_OK:		return "no error";
	case PORT_NODEV:	return "no such device";
	case PORT_BUSY:		return "in use by another program";
	case PORT_DENIED:	return "permission denied";
	case PORT_TIMEOUT:	return "no answer in time";
	case PORT_CLOSED:	return "the port has disappeared; plug the "
				       "adapter in again";
	case PORT_BAD_SETTINGS:	return "the port does not support these "
				       "settings";
	case PORT_UNSUPPORTED:	return "the port does not support this";
	case PORT_NO_ANSWER:	return "no ACK at this address";
	case PORT_STRETCHED:	return "the clock line was held low too long";
	case PORT_PARITY:	return "a received byte has wrong parity";
	case PORT_IO:		return "input or output failed";
	}
	return "unknown port error";
}

const char *port_trouble(const struct port *port, enum port_err err)
{
	return port->trouble[0] != '\0' ? port->trouble : port_strerror(err);
}
