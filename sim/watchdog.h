/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The independent watchdog. An option byte may start it at each reset, or code
 * does; then only a reset stops it. The ROM sets it to its longest time and
 * reloads it. Of the code that runs instead of the ROM, only uploaded code has
 * to reload it: an application in the flash is assumed to do so.
 */
#ifndef SIM_WATCHDOG_H
#define SIM_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/memory.h"
#include "sim/spec.h"

struct watchdog {
	bool runs;
	int64_t period_us;
	int64_t fed_us;
};

/* Initialise it at power-up, by the configuration; and at each reset, by the
 * option bytes. */
void watchdog_power_up(struct watchdog *watchdog, const struct memory *memory,
		       const struct sim_config *config);
void watchdog_reset(struct watchdog *watchdog, const struct memory *memory,
		    int64_t now_us);

/* Code stores a value in a register at this time. */
void watchdog_store(struct watchdog *watchdog, uint32_t address, uint32_t value,
		    int64_t now_us);

/* Reloads it: the ROM hands over to other code. */
void watchdog_feed(struct watchdog *watchdog, int64_t now_us);

/* Returns when it resets the chip unless it is reloaded; INT64_MAX: it is
 * off. */
int64_t watchdog_end_us(const struct watchdog *watchdog);

#endif
