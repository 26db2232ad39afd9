/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The receiver of the ROM's UART, enabled by overrun=: a register for one
 * byte, and a ROM that does not read it while it works or sends. A byte that
 * arrives meanwhile waits; further ones are lost.
 */
#ifndef SIM_UART_H
#define SIM_UART_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/spec.h"

struct uart {
	bool modelled;		/* overrun= is given: */
	int64_t work_ns;	/* work before every answer, */
	uint32_t quick_answers;	/* except the first ones */
	int64_t byte_ns;	/* on the wire, both ways */
	int64_t heard_ns;	/* end of the last byte */
	int64_t ready_ns;	/* when the ROM reads the register again */
	uint32_t answers;	/* started so far */
	bool asked;		/* the ROM has read bytes since its last
				 * answer */
	bool full;		/* the register holds a byte */
	uint8_t byte;
};

void uart_init(struct uart *uart, const struct sim_config *config);

/* Initialises it as after a reset. */
void uart_start(struct uart *uart);

/* A byte is complete at now_us: returns that in nanoseconds. */
int64_t uart_arrival(struct uart *uart, int64_t now_us);

/* The ROM takes the byte in the register, if there is one and the ROM reads
 * the register by then. */
bool uart_take(struct uart *uart, int64_t until_ns, uint8_t *byte);

/* What happens to a byte that arrives while no other can be taken. */
enum uart_fate { UART_READ, UART_WAITS, UART_LOST };
enum uart_fate uart_receive(struct uart *uart, uint8_t byte, int64_t now_ns);

/* The ROM works for us microseconds. */
void uart_work(struct uart *uart, uint64_t us);

/* The ROM sends a byte: with overrun= it begins at *due_us. */
void uart_send(struct uart *uart, int64_t *due_us);

#endif
