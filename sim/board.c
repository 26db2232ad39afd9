/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/board.h"

#include "port.h"
#include "sim/device.h"

/* 100 nF at NRST and the pull-up of the chip: some milliseconds. */
#define RISE_US 2000

static bool wired(const struct sim_wire *wire)
{
	return wire->line != SIM_NO_LINE;
}

static bool active(const struct sim *sim, const struct sim_wire *wire)
{
	const bool *lines = sim->board.lines;
	int other = wire->line == PORT_LINE_RTS ? PORT_LINE_DTR : PORT_LINE_RTS;

	if (lines[wire->line] == wire->inverted)
		return false;
	/* The other line is at the emitter of the transistor. */
	return !sim->config.crossed || lines[other] == wire->inverted;
}

bool board_boot0_high(const struct sim *sim)
{
	if (!wired(&sim->config.boot0_wire))
		return sim->config.boot0 != 0;
	return active(sim, &sim->config.boot0_wire);
}

static bool pulls(const struct sim *sim)
{
	return wired(&sim->config.reset_wire) &&
	       active(sim, &sim->config.reset_wire);
}

bool board_pulls_reset(const struct sim *sim)
{
	return pulls(sim) && !sim->config.capacitor;
}

static void pull(struct sim *sim)
{
	sim->board.rising = false;
	sim->mode = MODE_HELD;
	sim->output.count = 0;
}

static void rise_later(struct sim *sim)
{
	sim->board.rising = true;
	sim->board.high_us = sim->now_us + RISE_US;
}

static void rise(struct sim *sim)
{
	sim->board.rising = false;
	if (sim->mode != MODE_HELD)
		return;
	sim->busy_us = sim->now_us;
	device_reset(sim, "reset", false);
	/* the host may never look again */
	app_run(sim);
}

void board_settle(struct sim *sim, int64_t now_us)
{
	if (!sim->board.rising || now_us < sim->board.high_us)
		return;
	sim->now_us = sim->board.high_us;
	rise(sim);
}

void board_start(struct sim *sim)
{
	sim->board.lines[PORT_LINE_RTS] = sim->config.asserted;
	sim->board.lines[PORT_LINE_DTR] = sim->config.asserted;
}

void board_line(struct sim *sim, int line, bool level)
{
	bool pulled = pulls(sim);

	sim->board.lines[line] = level;
	if (pulls(sim) == pulled)
		return;
	if (!pulled)
		pull(sim);
	/* A capacitor passes the edge on, and not the level. */
	if (sim->config.capacitor ? !pulled : pulled && sim->config.crossed)
		rise_later(sim);
	else if (pulled && !sim->config.capacitor)
		rise(sim);
}
