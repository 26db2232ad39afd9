/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The board around the chip: how the lines of the host are connected to NRST
 * and BOOT0. The configuration has the line, the polarity, and a capacitor or
 * two transistors in between.
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
	bool rising;		/* NRST is released, and will be high at
				 * high_us */
	int64_t high_us;
};

/* Sets the levels of the lines at power-up. config must stay valid. */
void board_start(struct board *board, const struct sim_config *config);

/* Changes a line of the host; returns the immediate effect on NRST. */
enum nrst { NRST_STAYS, NRST_FALLS, NRST_RISES };
enum nrst board_line(struct board *board, int line, bool level, int64_t now_us);

/* True, once, if NRST has become high by now_us; sets the time. */
bool board_rises(struct board *board, int64_t now_us, int64_t *at_us);

bool board_pulls_reset(const struct board *board);
bool board_boot0_high(const struct board *board);

#endif
