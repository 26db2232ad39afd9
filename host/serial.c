/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/serial.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Time in addition to the wire time before a write counts as blocked. */
#define WRITE_GRACE_MS 1000

/* For an unknown rate: a full frame of 258 bytes at 300 bit/s. */
#define SLOWEST_FRAME_MS 9500

bool serial_mode_valid(const struct serial_mode *mode)
{
	return mode->data_bits >= 5 && mode->data_bits <= 8 &&
	       (mode->parity == 'n' || mode->parity == 'e' ||
		mode->parity == 'o') &&
	       (mode->stop_bits == 1 || mode->stop_bits == 2);
}

enum port_err serial_new(const struct port_settings *settings, size_t size,
			 struct port **out, struct problem *why)
{
	*out = NULL;
	if (settings->baud != 0 && !serial_mode_valid(&settings->mode)) {
		problem_set(why, "%s: the mode is not one of 5 to 8 data bits, "
			    "parity n, e or o, 1 or 2 stop bits",
			    settings->device);
		return PORT_UNSUPPORTED;
	}
	*out = calloc(1, size);
	if (*out == NULL) {
		problem_set(why, "%s: out of memory", settings->device);
		return PORT_IO;
	}
	(*out)->ops = &serial_port_ops;
	(*out)->caps = PORT_AUTOBAUD;
	return PORT_OK;
}

/* AN2662: both rates together may be off by 2.5 %. */
bool serial_rate_near(uint32_t wanted, uint32_t got)
{
	uint64_t off = wanted > got ? wanted - got : got - wanted;

	return off * 40 <= wanted;
}

void serial_describe(struct port *port, uint32_t baud,
		     const struct serial_mode *mode)
{
	port->baud = baud;
	port->mode = *mode;
	port->bits_per_byte = port_mode_bits(mode);
	(void)snprintf(port->text, sizeof(port->text), "%" PRIu32 " %u%c%u",
		       baud, mode->data_bits,
		       toupper((unsigned char)mode->parity), mode->stop_bits);
}

unsigned serial_write_limit_ms(const struct port *port, size_t len)
{
	unsigned wire_ms = port_wire_ms(port, len);

	return (port->baud != 0 ? wire_ms : SLOWEST_FRAME_MS) + WRITE_GRACE_MS;
}
