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

#include "sim/spec.h"

struct uart {
	bool modelled;		/* overrun= is given: */
	int64_t work_ns;	/* before every answer, */
	uint32_t quick_answers;	/* but for so many */
	int64_t byte_ns;	/* on the wire, both ways */
	int64_t heard_ns;	/* when the last byte was complete */
	int64_t ready_ns;	/* when the ROM looks at the register again */
	uint32_t answers;	/* begun so far */
	bool asked;		/* the ROM read bytes since its last answer */
	bool full;		/* the register */
	uint8_t byte;
};

void uart_init(struct uart *uart, const struct sim_config *config);

/* As after a reset. */
void uart_start(struct uart *uart);

/* A byte arrives complete at now_us: the same in nanoseconds. */
int64_t uart_arrival(struct uart *uart, int64_t now_us);

/* The ROM takes the byte that waits in the register, if there is one and it
 * looks until then. */
bool uart_take(struct uart *uart, int64_t until_ns, uint8_t *byte);

/* What becomes of a byte that arrives, when none waits that can be taken. */
enum uart_fate { UART_READ, UART_WAITS, UART_LOST };
enum uart_fate uart_receive(struct uart *uart, uint8_t byte, int64_t now_ns);

/* The ROM is at work for so long. */
void uart_work(struct uart *uart, uint64_t us);

/* The ROM sends a byte: with overrun= it begins at *due_us. */
void uart_send(struct uart *uart, int64_t *due_us);

#endif
