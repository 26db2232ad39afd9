/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --knock: a text that makes an application enter the bootloader, said at the
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
	uint32_t baud;		/* 0: that of the port */
	struct serial_mode mode;
	unsigned wait_ms;	/* when the text is out */
};

/* TEXT[@RATE[,MODE]]; wait_ms stays. False: *why is what is wrong with it. */
bool knock_parse(const char *arg, struct knock *knock, struct problem *why);

/* Says it, waits, goes back to the rate and mode that were there; what is heard
 * meanwhile is a detail to report. *stop (a signal) ends the wait. */
enum port_err knock_say(struct port *port, const struct knock *knock,
			const volatile sig_atomic_t *stop,
			struct problem *why);

#endif
