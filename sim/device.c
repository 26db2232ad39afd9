/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/device.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/store.h"

void device_work(struct sim *sim, uint64_t us)
{
	if (us != 0 && sim->config.busy_ms != SIM_UNSET)
		us = (uint64_t)sim->config.busy_ms * 1000;
	if (sim->busy_us < sim->now_us)
		sim->busy_us = sim->now_us;
	sim->busy_us += (int64_t)us;
	sim->stats.work_us += us;
	uart_work(sim, us);
}

void device_time(struct sim *sim, int64_t now_us)
{
	board_settle(sim, now_us);
	if (now_us > sim->now_us)
		sim->now_us = now_us;
}

static void put_output(struct sim *sim, uint8_t byte, int64_t due_us)
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

/* There is one. */
static struct output_byte *newest(struct output *output)
{
	return &output->bytes[(output->head + output->count - 1) % OUTPUT_MAX];
}

void device_send(struct sim *sim, uint8_t byte)
{
	int64_t due_us = sim->busy_us > sim->now_us ? sim->busy_us : sim->now_us;
	uint8_t arriving[2];
	size_t len, i;

	sim->stats.bytes_out++;
	if (sim->mode == MODE_ROM)
		(void)uart_send(sim, &due_us);
	len = faults_noise(&sim->faults, &sim->config.noise, SIM_OUT, byte,
			   arriving, &sim->stats.faults);
	for (i = 0; i < len; i++)
		put_output(sim, arriving[i], due_us);
	if (sim->faults.flipped && sim->output.count != 0)
		newest(&sim->output)->flipped = true;
}

void device_end_answer(struct sim *sim)
{
	if (sim->output.count != 0)
		newest(&sim->output)->ends = true;
}

void device_hang(struct sim *sim, const char *reason)
{
	journal_add(&sim->journal, "hang: %s", reason);
	sim->mode = MODE_HUNG;
}

/* AN2606, boot modes: the pin, or the flash that was found empty. Level 2 of
 * the readout protection closes the way in. */
static bool boots_rom(const struct sim *sim)
{
	if (sim->protection.rdp == 2)
		return false;
	return board_boot0_high(sim) || (sim->dev->quirks & DEV_EMPTY_CHECK &&
				   sim->protection.empty);
}

/* The work before a reset is done first. */
static void start_rom(struct sim *sim)
{
	bool working = sim->busy_us > sim->now_us;

	sim->mode = MODE_ROM;
	memory_clear_ram_of_rom(&sim->memory, sim->kind->clears_from,
				sim->kind->clears_to);
	sim->awake_us = (working ? sim->busy_us : sim->now_us) +
			(int64_t)sim->config.startup_ms * 1000;
}

void device_enter_rom(struct sim *sim)
{
	rom_start(&sim->rom, false);
	uart_start(&sim->uart);
	start_rom(sim);
}

void device_reset(struct sim *sim, const char *event,
		  bool power_or_option_load)
{
	journal_add(&sim->journal, "%s", event);
	sim->stats.resets++;
	rom_start(&sim->rom, sim->config.framed);
	uart_start(&sim->uart);
	protect_load(sim);
	watchdog_reset(sim);
	if (power_or_option_load)
		protect_sample_empty(sim);
	if (boots_rom(sim))
		start_rom(sim);
	else
		app_start(sim, sim->memory.flash->range.start);
}

void device_jump_to_rom(struct sim *sim, const char *event, bool well)
{
	journal_add(&sim->journal, "%s", event);
	rom_start(&sim->rom, sim->config.framed);
	uart_start(&sim->uart);
	start_rom(sim);
	sim->rom.spoilt = !well;
}

/*
 * BOOT0 without a wire was high when the power came, whatever it is at the
 * next reset: so a session can begin which ends in the application.
 */
static void power_up(struct sim *sim)
{
	bool wired = sim->config.boot0_wire.line != SIM_NO_LINE;

	board_start(sim);
	protect_load(sim);
	watchdog_power_up(sim);
	protect_sample_empty(sim);
	rom_start(&sim->rom, sim->config.synced || sim->config.framed);
	if (board_pulls_reset(sim))
		sim->mode = MODE_HELD;
	else if (sim->protection.rdp == 2 ||
		 app_is_made_up(sim) || (wired && !boots_rom(sim)))
		app_start(sim, sim->memory.flash->range.start);
	else
		start_rom(sim);
}

struct sim *sim_new(const struct sim_config *config, struct problem *why)
{
	struct sim *sim = calloc(1, sizeof(*sim));

	if (sim == NULL) {
		problem_set(why, "sim: out of memory");
		return NULL;
	}
	sim->config = *config;
	sim->dev = &sim->config.dev;
	sim->kind = rom_kind(config->framed &&
			     config->rom == SIM_ROM_BY_VERSION ?
			     SIM_ROM_STRICT : (enum sim_rom)config->rom,
			     rom_version(sim));
	sim->journal.wanted = config->files[SIM_FILE_LOG][0] != '\0';
	faults_init(&sim->faults, config->seed);
	if (!memory_init(&sim->memory, &sim->config, why)) {
		memory_free(&sim->memory);
		free(sim);
		return NULL;
	}
	if (!protect_init(sim, why) || !store_load(sim, why)) {
		memory_free(&sim->memory);
		free(sim);
		return NULL;
	}
	sim->protection_logged = sim->protection;
	power_up(sim);
	return sim;
}

bool sim_save(const struct sim *sim, struct problem *why)
{
	return store_save(sim, why);
}

bool sim_free(struct sim *sim, struct problem *why)
{
	bool good;

	if (sim == NULL)
		return true;
	board_settle(sim, INT64_MAX);
	if (sim->mode == MODE_HELD)
		journal_add(&sim->journal, "held in reset");
	good = store_save(sim, why);
	journal_free(&sim->journal);
	memory_free(&sim->memory);
	free(sim);
	return good;
}

/* A frame whose parity bit is a constant 1: wrong for bytes with an even
 * number of ones. */
static bool even_ones(uint8_t byte)
{
	unsigned ones = 0;

	for (; byte != 0; byte >>= 1)
		ones += byte & 1u;
	return ones % 2 == 0;
}

static void deliver_to_rom(struct sim *sim, uint8_t byte)
{
	int64_t began_ns = sim->now_us * 1000 - sim->uart.byte_ns;
	int64_t missed_ns = sim->awake_us * 1000 - began_ns;

	/* times are told in whole microseconds, rounded up */
	if (sim->rom.phase == ROM_AUTOBAUD && missed_ns >= 1000)
		rom_receive_cut(sim, byte, missed_ns);
	else
		uart_receive(sim, byte);
}

static void deliver(struct sim *sim, uint8_t byte, bool parity_ok)
{
	if (sim->config.no_parity_bit && even_ones(byte))
		parity_ok = false;
	if (sim->config.echo)
		put_output(sim, byte, sim->now_us);
	if (sim->mode == MODE_APP)
		app_receive(sim, byte);
	/* a frame with a parity error is thrown away */
	else if (sim->mode == MODE_ROM && parity_ok &&
		 sim->now_us >= sim->awake_us)
		deliver_to_rom(sim, byte);
}

void sim_receive(struct sim *sim, uint8_t byte, bool parity_ok, int64_t now_us)
{
	uint8_t arriving[2];
	size_t len, i;

	device_time(sim, now_us);
	app_catch_up(sim);
	sim->stats.bytes_in++;
	sim->listening = true;
	len = faults_noise(&sim->faults, &sim->config.noise, SIM_IN, byte,
			   arriving, &sim->stats.faults);
	for (i = 0; i < len; i++)
		deliver(sim, arriving[i], parity_ok);
}

bool sim_peek(struct sim *sim, uint8_t *byte, int64_t *due_us)
{
	const struct output *output = &sim->output;

	if (output->count == 0)
		uart_settle(sim);
	if (output->count == 0)
		app_run(sim);
	if (output->count == 0)
		return false;
	*byte = output->bytes[output->head].byte;
	*due_us = output->bytes[output->head].due_us;
	return true;
}

bool sim_peek_flipped(const struct sim *sim)
{
	const struct output *output = &sim->output;

	return output->count != 0 && output->bytes[output->head].flipped;
}

void sim_sent(struct sim *sim)
{
	struct output *output = &sim->output;

	assert(output->count > 0);
	device_time(sim, output->bytes[output->head].due_us);
	if (sim->listening)
		sim->stats.turnarounds++;
	sim->listening = false;
	output->head = (output->head + 1) % OUTPUT_MAX;
	output->count--;
}

void sim_line(struct sim *sim, int line, bool level, int64_t now_us)
{
	assert(line >= 0 && line < SIM_LINES);
	device_time(sim, now_us);
	app_catch_up(sim);
	board_line(sim, line, level);
}

void sim_rate(struct sim *sim, uint32_t baud)
{
	app_hear_rate(sim, baud);
}

void sim_byte_time(struct sim *sim, int64_t ns)
{
	sim->uart.byte_ns = ns;
}

const struct sim_stats *sim_stats(const struct sim *sim)
{
	return &sim->stats;
}

bool sim_peek_memory(const struct sim *sim, uint32_t address, uint8_t *out,
		     size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		const uint8_t *byte = memory_byte(&sim->memory,
						  address + (uint32_t)i);

		if (byte == NULL)
			return false;
		out[i] = *byte;
	}
	return true;
}

bool sim_poke_memory(struct sim *sim, uint32_t address, const uint8_t *in,
		     size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t *byte = memory_byte(&sim->memory,
					    address + (uint32_t)i);

		if (byte == NULL)
			return false;
		*byte = in[i];
	}
	return true;
}

enum sim_state sim_state(const struct sim *sim)
{
	switch (sim->mode) {
	case MODE_APP:
		return SIM_APPLICATION;
	case MODE_HUNG:
	case MODE_HELD:
		return SIM_HUNG;
	case MODE_ROM:
		break;
	}
	if (sim->output.count != 0)
		return SIM_BUSY;
	return sim->rom.phase == ROM_AUTOBAUD ? SIM_UNSYNCED : SIM_READY;
}
