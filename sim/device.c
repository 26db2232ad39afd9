/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/device.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/app.h"
#include "sim/commands.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/protect.h"
#include "sim/rom.h"
#include "sim/store.h"

/* AN2606, boot modes: the pin, or an empty flash. Readout protection level 2
 * disables the bootloader. */
static bool boots_rom(const struct sim *sim)
{
	if (sim->protection.rdp == 2)
		return false;
	return board_boot0_high(&sim->board) || (sim->dev->quirks & DEV_EMPTY_CHECK &&
				   sim->protection.empty);
}

/* The work before a reset is completed first. */
static void start_rom(struct sim *sim)
{
	bool working = sim->busy_us > sim->now_us;

	sim->mode = MODE_ROM;
	memory_clear_ram_of_rom(&sim->memory, sim->kind->clears_from,
				sim->kind->clears_to);
	sim->awake_us = (working ? sim->busy_us : sim->now_us) +
			(int64_t)sim->config.startup_ms * 1000;
}

void device_reset(struct sim *sim, const char *event,
		  bool power_or_option_load)
{
	journal_add(&sim->journal, "%s", event);
	sim->stats.resets++;
	rom_start(&sim->rom, sim->config.framed);
	uart_start(&sim->uart);
	protect_load(sim);
	watchdog_reset(&sim->watchdog, &sim->memory, sim->now_us);
	if (power_or_option_load)
		protect_sample_empty(sim);
	if (boots_rom(sim))
		start_rom(sim);
	else
		app_start(sim, sim->memory.flash->range.start);
}

/* Restarts the ROM without a reset; well: it can measure the rate. */
static void jump_to_rom(struct sim *sim, const char *event, bool well)
{
	journal_add(&sim->journal, "%s", event);
	rom_start(&sim->rom, sim->config.framed);
	uart_start(&sim->uart);
	start_rom(sim);
	sim->rom.spoilt = !well;
}

static void do_request(struct sim *sim, const struct request *request)
{
	switch (request->kind) {
	case REQUEST_NONE:
		return;
	case REQUEST_RESET:
	case REQUEST_OPTION_LOAD:
		device_reset(sim, request->event,
			     request->kind == REQUEST_OPTION_LOAD);
		return;
	case REQUEST_ROM:
	case REQUEST_SPOILT_ROM:
		jump_to_rom(sim, request->event, request->kind == REQUEST_ROM);
		return;
	case REQUEST_GO:
		rom_start(&sim->rom, false);
		app_start_by_go(sim, request->address);
		/* run a stub that only resets now */
		app_run(sim);
		return;
	}
}

/* Executes requests at their own times. */
static void do_requests(struct sim *sim)
{
	while (sim->request.kind != REQUEST_NONE) {
		struct request request = sim->request;
		int64_t now_us = sim->now_us;

		sim->request.kind = REQUEST_NONE;
		sim->now_us = request.at_us;
		do_request(sim, &request);
		if (sim->now_us < now_us)
			sim->now_us = now_us;
	}
}

void device_tell_rom(struct sim *sim, uint8_t byte)
{
	rom_receive(sim, byte);
	do_requests(sim);
}

void device_run_app(struct sim *sim)
{
	app_run(sim);
	do_requests(sim);
}

/* Runs uploaded code up to the current time. */
static void catch_up_app(struct sim *sim)
{
	if (sim->mode == MODE_APP && sim->app.timed)
		device_run_app(sim);
}

static void move_reset(struct sim *sim, enum nrst nrst)
{
	if (nrst == NRST_FALLS) {
		sim->mode = MODE_HELD;
		sim->output.count = 0;
	}
	if (nrst == NRST_RISES && sim->mode == MODE_HELD) {
		sim->busy_us = sim->now_us;
		device_reset(sim, "reset", false);
		/* the host may never read again */
		device_run_app(sim);
	}
}

/* Handles an NRST that has risen in the meantime. */
static void settle_board(struct sim *sim, int64_t now_us)
{
	int64_t at_us;

	if (!board_rises(&sim->board, now_us, &at_us))
		return;
	sim->now_us = at_us;
	move_reset(sim, NRST_RISES);
}

void device_time(struct sim *sim, int64_t now_us)
{
	settle_board(sim, now_us);
	if (now_us > sim->now_us)
		sim->now_us = now_us;
}

/*
 * A BOOT0 that no line drives is high at power-up, whatever it is at the next
 * reset: then a session can begin that ends in the application.
 */
static void power_up(struct sim *sim)
{
	bool wired = sim->config.boot0_wire.line != SIM_NO_LINE;

	board_start(&sim->board, &sim->config);
	protect_load(sim);
	watchdog_power_up(&sim->watchdog, &sim->memory,
			  &sim->config);
	protect_sample_empty(sim);
	rom_start(&sim->rom, sim->config.synced || sim->config.framed);
	if (board_pulls_reset(&sim->board))
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
			     commands_version(sim));
	sim->journal.wanted = config->files[SIM_FILE_LOG][0] != '\0';
	faults_init(&sim->faults, config->seed);
	uart_init(&sim->uart, &sim->config);
	if (!memory_init(&sim->memory, &sim->config, why)) {
		memory_free(&sim->memory);
		free(sim);
		return NULL;
	}
	options_factory(&sim->memory);
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
	settle_board(sim, INT64_MAX);
	if (sim->mode == MODE_HELD)
		journal_add(&sim->journal, "held in reset");
	good = store_save(sim, why);
	journal_free(&sim->journal);
	memory_free(&sim->memory);
	free(sim);
	return good;
}

/* True if a frame with a constant parity bit of 1 is wrong: for bytes with an
 * even number of ones. */
static bool even_ones(uint8_t byte)
{
	unsigned ones = 0;

	for (; byte != 0; byte >>= 1)
		ones += byte & 1u;
	return ones % 2 == 0;
}

static void tell_waiting(struct sim *sim, int64_t until_ns)
{
	uint8_t byte;

	if (uart_take(&sim->uart, until_ns, &byte))
		device_tell_rom(sim, byte);
}

static void deliver_to_uart(struct sim *sim, uint8_t byte)
{
	int64_t at_ns = uart_arrival(&sim->uart, sim->now_us);

	tell_waiting(sim, at_ns);
	switch (uart_receive(&sim->uart, byte, at_ns)) {
	case UART_READ:
		device_tell_rom(sim, byte);
		return;
	case UART_WAITS:
		return;
	case UART_LOST:
		sim->stats.overruns++;
		journal_add(&sim->journal, "overrun");
		return;
	}
}

static void deliver_to_rom(struct sim *sim, uint8_t byte)
{
	int64_t began_ns = sim->now_us * 1000 - sim->uart.byte_ns;
	int64_t missed_ns = sim->awake_us * 1000 - began_ns;

	/* times are in whole microseconds, rounded up */
	if (sim->rom.phase == ROM_AUTOBAUD && missed_ns >= 1000) {
		rom_receive_cut(sim, byte, missed_ns);
		do_requests(sim);
	} else {
		deliver_to_uart(sim, byte);
	}
}

static void deliver_to_app(struct sim *sim, uint8_t byte)
{
	app_receive(sim, byte);
	do_requests(sim);
}

static void deliver(struct sim *sim, uint8_t byte, bool parity_ok)
{
	if (sim->config.no_parity_bit && even_ones(byte))
		parity_ok = false;
	if (sim->config.echo)
		output_echo(sim, byte);
	if (sim->mode == MODE_APP)
		deliver_to_app(sim, byte);
	/* drop a frame with a parity error */
	else if (sim->mode == MODE_ROM && parity_ok &&
		 sim->now_us >= sim->awake_us)
		deliver_to_rom(sim, byte);
}

/* Aimed noise spares everything except the data of a write. */
static bool is_spared(const struct sim *sim)
{
	const struct rom *rom = &sim->rom;

	return sim->config.aimed &&
	       (sim->mode != MODE_ROM || rom->phase != ROM_PACKET ||
		rom->command->name != SIM_WRITE || rom->stage < 2);
}

void sim_receive(struct sim *sim, uint8_t byte, bool parity_ok, int64_t now_us)
{
	uint8_t arriving[2] = { byte };
	size_t len = 1, i;

	device_time(sim, now_us);
	catch_up_app(sim);
	sim->stats.bytes_in++;
	sim->listening = true;
	if (!is_spared(sim))
		len = faults_noise(&sim->faults, &sim->config.noise, SIM_IN,
				   now_us, byte, arriving, &sim->stats.faults);
	for (i = 0; i < len; i++)
		deliver(sim, arriving[i], parity_ok);
}

bool sim_peek(struct sim *sim, uint8_t *byte, int64_t *due_us)
{
	const struct output *output = &sim->output;

	if (output->count == 0)
		tell_waiting(sim, INT64_MAX);
	if (output->count == 0)
		device_run_app(sim);
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
	catch_up_app(sim);
	move_reset(sim, board_line(&sim->board, line, level, sim->now_us));
}

void sim_rate(struct sim *sim, uint32_t baud)
{
	app_hear_rate(sim, baud);
	do_requests(sim);
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
	return memory_peek(&sim->memory, address, out, len);
}

bool sim_poke_memory(struct sim *sim, uint32_t address, const uint8_t *in,
		     size_t len)
{
	return memory_poke(&sim->memory, address, in, len);
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
