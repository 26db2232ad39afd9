/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The independent watchdog. An option byte may start it at each reset, or code
 * does; then nothing but a reset stops it. The ROM sets it to its longest time
 * and feeds it. Of the code that runs in place of the ROM only what was
 * uploaded has to feed it: an application in the flash is taken to do so.
 */
#ifndef SIM_WATCHDOG_H
#define SIM_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

struct sim;

struct watchdog {
	bool runs;
	int64_t period_us;
	int64_t fed_us;
};

/* When the power comes, as configured; and at each reset, by the option
 * bytes. */
void watchdog_power_up(struct sim *sim);
void watchdog_reset(struct sim *sim);

/* Code stores a value in a register at this time. */
void watchdog_store(struct sim *sim, uint32_t address, uint32_t value,
		    int64_t now_us);

/* It was fed just now: the ROM hands over to other code. */
void watchdog_feed(struct sim *sim, int64_t now_us);

/* When it resets the chip, if nothing feeds it; INT64_MAX: it does not run. */
int64_t watchdog_end_us(const struct sim *sim);

#endif
