/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/output.h"

void output_work(struct sim *sim, uint64_t us)
{
	if (us != 0 && sim->config.busy_ms != SIM_UNSET)
		us = (uint64_t)sim->config.busy_ms * 1000;
	if (sim->busy_us < sim->now_us)
		sim->busy_us = sim->now_us;
	sim->busy_us += (int64_t)us;
	sim->stats.work_us += us;
	uart_work(&sim->uart, us);
}

static void put(struct sim *sim, uint8_t byte, int64_t due_us)
{
	struct output *output = &sim->output;
	size_t tail = (output->head + output->count) % OUTPUT_MAX;

	if (output->count == OUTPUT_MAX)
		return;
	output->bytes[tail].byte = byte;
	output->bytes[tail].ends = false;
	output->bytes[tail].flipped = false;
	output->bytes[tail].polled = sim->rom.command != NULL &&
				     sim->rom.command->no_stretch;
	output->bytes[tail].due_us = due_us;
	output->count++;
}

/* Call only if there is one. */
static struct output_byte *newest(struct output *output)
{
	return &output->bytes[(output->head + output->count - 1) % OUTPUT_MAX];
}

void output_send(struct sim *sim, uint8_t byte)
{
	int64_t due_us = sim->busy_us > sim->now_us ? sim->busy_us : sim->now_us;
	uint8_t arriving[2];
	size_t len, i;

	sim->stats.bytes_out++;
	if (sim->mode == MODE_ROM)
		uart_send(&sim->uart, &due_us);
	len = faults_noise(&sim->faults, &sim->config.noise, SIM_OUT, due_us,
			   byte, arriving, &sim->stats.faults);
	for (i = 0; i < len; i++)
		put(sim, arriving[i], due_us);
	if (sim->faults.flipped && sim->output.count != 0)
		newest(&sim->output)->flipped = true;
}

void output_echo(struct sim *sim, uint8_t byte)
{
	put(sim, byte, sim->now_us);
}

void output_end(struct sim *sim)
{
	if (sim->output.count != 0)
		newest(&sim->output)->ends = true;
}
