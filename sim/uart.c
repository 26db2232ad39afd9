/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/uart.h"

void uart_init(struct uart *uart, const struct sim_config *config)
{
	uart->modelled = config->overrun_ns != SIM_UNSET && !config->framed;
	uart->work_ns = config->overrun_ns;
	uart->quick_answers = config->overrun_after;
}

void uart_start(struct uart *uart)
{
	uart->ready_ns = 0;
	uart->asked = uart->full = false;
}

/* Times are in whole microseconds; bytes without a gap are exactly one byte
 * time apart. */
int64_t uart_arrival(struct uart *uart, int64_t now_us)
{
	int64_t next = uart->heard_ns + uart->byte_ns, told = now_us * 1000;
	bool back_to_back = told - next < 1000 && next - told < 1000;

	uart->heard_ns = back_to_back ? next : told;
	return uart->heard_ns;
}

bool uart_take(struct uart *uart, int64_t until_ns, uint8_t *byte)
{
	if (!uart->full || uart->ready_ns > until_ns)
		return false;
	uart->full = false;
	uart->asked = true;
	*byte = uart->byte;
	return true;
}

enum uart_fate uart_receive(struct uart *uart, uint8_t byte, int64_t now_ns)
{
	if (!uart->modelled)
		return UART_READ;
	if (uart->full)
		return UART_LOST;
	if (uart->ready_ns > now_ns) {
		uart->full = true;
		uart->byte = byte;
		return UART_WAITS;
	}
	uart->ready_ns = now_ns;
	uart->asked = true;
	return UART_READ;
}

void uart_work(struct uart *uart, uint64_t us)
{
	uart->ready_ns += (int64_t)us * 1000;
}

void uart_send(struct uart *uart, int64_t *due_us)
{
	if (!uart->modelled)
		return;
	if (uart->asked && uart->answers++ >= uart->quick_answers)
		uart->ready_ns += uart->work_ns;
	uart->asked = false;
	*due_us = (uart->ready_ns + 999) / 1000;
	/* also waits until the shift register has sent the byte */
	uart->ready_ns += uart->byte_ns;
}
