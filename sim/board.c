/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/board.h"

#include "port.h"

/* 100 nF at NRST with the pull-up of the chip: some milliseconds. */
#define RISE_US 2000

static bool wired(const struct sim_wire *wire)
{
	return wire->line != SIM_NO_LINE;
}

static bool active(const struct board *board, const struct sim_wire *wire)
{
	const bool *lines = board->lines;
	int other = wire->line == PORT_LINE_RTS ? PORT_LINE_DTR : PORT_LINE_RTS;

	if (lines[wire->line] == wire->inverted)
		return false;
	/* The other line is at the emitter of the transistor. */
	return !board->config->crossed || lines[other] == wire->inverted;
}

bool board_boot0_high(const struct board *board)
{
	if (!wired(&board->config->boot0_wire))
		return board->config->boot0 != 0;
	return active(board, &board->config->boot0_wire);
}

static bool pulls(const struct board *board)
{
	return wired(&board->config->reset_wire) &&
	       active(board, &board->config->reset_wire);
}

bool board_pulls_reset(const struct board *board)
{
	return pulls(board) && !board->config->capacitor;
}

static void rise_later(struct board *board, int64_t now_us)
{
	board->rising = true;
	board->high_us = now_us + RISE_US;
}

bool board_rises(struct board *board, int64_t now_us, int64_t *at_us)
{
	if (!board->rising || now_us < board->high_us)
		return false;
	board->rising = false;
	*at_us = board->high_us;
	return true;
}

void board_start(struct board *board, const struct sim_config *config)
{
	board->config = config;
	board->lines[PORT_LINE_RTS] = config->asserted;
	board->lines[PORT_LINE_DTR] = config->asserted;
}

enum nrst board_line(struct board *board, int line, bool level, int64_t now_us)
{
	bool pulled = pulls(board);

	board->lines[line] = level;
	if (pulls(board) == pulled)
		return NRST_STAYS;
	if (!pulled)
		board->rising = false;
	/* A capacitor passes the edge, not the level. */
	if (board->config->capacitor ? !pulled
				     : pulled && board->config->crossed)
		rise_later(board, now_us);
	else if (pulled && !board->config->capacitor) {
		board->rising = false;
		return NRST_RISES;
	}
	return pulled ? NRST_STAYS : NRST_FALLS;
}
