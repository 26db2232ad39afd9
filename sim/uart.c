/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/uart.h"

#include "sim/device.h"

static bool is_modelled(const struct sim *sim)
{
	return sim->config.overrun_ns != SIM_UNSET && !sim->config.framed;
}

void uart_start(struct uart *uart)
{
	uart->ready_ns = 0;
	uart->asked = uart->full = false;
}

/* Times are told in whole microseconds; bytes back to back are exactly the
 * time of a byte apart. */
static int64_t arrival_ns(struct uart *uart, int64_t now_us)
{
	int64_t next = uart->heard_ns + uart->byte_ns, told = now_us * 1000;
	bool back_to_back = told - next < 1000 && next - told < 1000;

	uart->heard_ns = back_to_back ? next : told;
	return uart->heard_ns;
}

static void read_register(struct sim *sim, uint8_t byte)
{
	sim->uart.asked = true;
	rom_receive(sim, byte);
}

static void read_waiting(struct sim *sim, int64_t until_ns)
{
	struct uart *uart = &sim->uart;

	if (!uart->full || uart->ready_ns > until_ns)
		return;
	uart->full = false;
	read_register(sim, uart->byte);
}

void uart_receive(struct sim *sim, uint8_t byte)
{
	struct uart *uart = &sim->uart;
	int64_t now_ns = arrival_ns(uart, sim->now_us);

	if (!is_modelled(sim)) {
		rom_receive(sim, byte);
		return;
	}
	read_waiting(sim, now_ns);
	if (uart->full) {
		sim->stats.overruns++;
		journal_add(&sim->journal, "overrun");
	} else if (uart->ready_ns > now_ns) {
		uart->full = true;
		uart->byte = byte;
	} else {
		uart->ready_ns = now_ns;
		read_register(sim, byte);
	}
}

void uart_settle(struct sim *sim)
{
	read_waiting(sim, INT64_MAX);
}

void uart_work(struct sim *sim, uint64_t us)
{
	sim->uart.ready_ns += (int64_t)us * 1000;
}

bool uart_send(struct sim *sim, int64_t *due_us)
{
	struct uart *uart = &sim->uart;

	if (!is_modelled(sim))
		return false;
	if (uart->asked && uart->answers++ >= sim->config.overrun_after)
		uart->ready_ns += sim->config.overrun_ns;
	uart->asked = false;
	*due_us = (uart->ready_ns + 999) / 1000;
	/* it waits until the byte is out of the shift register, too */
	uart->ready_ns += uart->byte_ns;
	return true;
}
