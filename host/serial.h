/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the serial back-ends: the mode, as text and as bit times, and the
 * tolerance of a rate.
 */
#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"

/* True for data bits 5 to 8, parity n, e or o, stop bits 1 or 2. */
bool serial_mode_valid(const struct serial_mode *mode);

/*
 * Allocates a port of size bytes, which begins with its struct port, if the
 * settings are plausible. On success the caller owns *out, to be freed with
 * free(); on failure *out is NULL and *why describes the error.
 */
enum port_err serial_new(const struct port_settings *settings, size_t size,
			 struct port **out, struct problem *why);

/* True if a device that listens at wanted can receive got. */
bool serial_rate_near(uint32_t wanted, uint32_t got);

/* Fills in the port's description: text ("57600 8E1"), rate, bits per byte. */
void serial_describe(struct port *port, uint32_t baud,
		     const struct serial_mode *mode);

/* Returns the time in ms in which len bytes must be sent, or the line is
 * blocked: their time on the wire plus a second. */
unsigned serial_write_limit_ms(const struct port *port, size_t len);

#endif
