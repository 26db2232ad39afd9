/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --knock: a text that makes an application enter the bootloader, sent at the
 * application's rate and in its mode before the session begins.
 */
#ifndef KNOCK_H
#define KNOCK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"
#include "problem.h"

#define KNOCK_MOST 256	/* bytes */

struct knock {
	bool wanted;
	uint8_t text[KNOCK_MOST];
	size_t len;
	uint32_t baud;		/* 0: the port's rate */
	struct serial_mode mode;
	unsigned wait_ms;	/* after the text is sent */
};

/* Parses TEXT[@RATE[,MODE]]; keeps wait_ms. On false *why describes the
 * error. */
bool knock_parse(const char *arg, struct knock *knock, struct problem *why);

/* Sends the text, waits, and restores the rate and mode. Reports what is
 * received meanwhile as a detail. *stop (a signal) ends the wait. */
enum port_err knock_say(struct port *port, const struct knock *knock,
			const volatile sig_atomic_t *stop,
			struct problem *why);

#endif
