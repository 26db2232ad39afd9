/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The board around the chip: how the lines of the host reach NRST and BOOT0.
 * Which line, which polarity, through a capacitor or two transistors, is told
 * by the configuration.
 */
#ifndef SIM_BOARD_H
#define SIM_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/spec.h"

#define SIM_LINES 3		/* enum port_line */

struct board {
	const struct sim_config *config;
	bool lines[SIM_LINES];
	bool rising;		/* NRST is released, and high from then on: */
	int64_t high_us;
};

/* The levels of the lines when the power comes. config stays in use. */
void board_start(struct board *board, const struct sim_config *config);

/* A line of the host moves, now: what NRST does at once. */
enum nrst { NRST_STAYS, NRST_FALLS, NRST_RISES };
enum nrst board_line(struct board *board, int line, bool level, int64_t now_us);

/* NRST has risen until now_us: true, once, with the time. */
bool board_rises(struct board *board, int64_t now_us, int64_t *at_us);

bool board_pulls_reset(const struct board *board);
bool board_boot0_high(const struct board *board);

#endif
