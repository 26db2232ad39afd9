/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receiver of the ROM's UART, where overrun= asks for one: a register for
 * one byte, and a ROM that does not look at it while it works and while it
 * sends. A byte that arrives meanwhile waits, a further one is lost.
 */
#ifndef SIM_UART_H
#define SIM_UART_H

#include <stdbool.h>
#include <stdint.h>

struct sim;

struct uart {
	int64_t byte_ns;	/* on the wire, both ways */
	int64_t heard_ns;	/* when the last byte was complete */
	int64_t ready_ns;	/* when the ROM looks at the register again */
	uint32_t answers;	/* begun so far */
	bool asked;		/* the ROM read bytes since its last answer */
	bool full;		/* the register */
	uint8_t byte;
};

/* As after a reset. */
void uart_start(struct uart *uart);

/* A byte arrives complete. */
void uart_receive(struct sim *sim, uint8_t byte);

/* The host waits: the ROM comes to read what there is. */
void uart_settle(struct sim *sim);

/* The ROM is at work for so long. */
void uart_work(struct sim *sim, uint64_t us);

/* The ROM sends a byte. False without overrun=; else it begins at *due_us. */
bool uart_send(struct sim *sim, int64_t *due_us);

#endif
