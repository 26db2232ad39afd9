/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the serial back-ends have in common: the mode, in words and in bit
 * times, and how far off a rate may be.
 */
#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"

/* Data bits 5 to 8, parity n, e or o, stop bits 1 or 2. */
bool serial_mode_valid(const struct serial_mode *mode);

/*
 * Room for a port of size bytes, which begins with its struct port, if the
 * settings can be tried. On success the caller owns *out, to be freed with
 * free(); on failure it is NULL and *why says what is wrong.
 */
enum port_err serial_new(const struct port_settings *settings, size_t size,
			 struct port **out, struct problem *why);

/* Whether a far end that listens at wanted understands got. */
bool serial_rate_near(uint32_t wanted, uint32_t got);

/* Fills in what a port says about itself: text ("57600 8E1"), rate, bits per
 * byte. */
void serial_describe(struct port *port, uint32_t baud,
		     const struct serial_mode *mode);

/* Milliseconds within which len bytes must have left, or the line is stuck:
 * their time on the wire and a second. */
unsigned serial_write_limit_ms(const struct port *port, size_t len);

#endif
