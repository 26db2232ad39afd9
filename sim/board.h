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

struct sim;

#define SIM_LINES 3		/* enum port_line */

struct board {
	bool lines[SIM_LINES];
	bool rising;		/* NRST is released, and high from then on: */
	int64_t high_us;
};

/* The levels of the lines when the power comes. */
void board_start(struct sim *sim);

/* A line of the host moves, now. */
void board_line(struct sim *sim, int line, bool level);

/* The time goes on to now_us: NRST may have risen meanwhile. */
void board_settle(struct sim *sim, int64_t now_us);

bool board_pulls_reset(const struct sim *sim);
bool board_boot0_high(const struct sim *sim);

#endif
