/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/watchdog.h"

#include "sim/device.h"
#include "sim/options.h"

#define IWDG_KR 0x40003000u	/* RM0008 */
#define KEY_RELOAD 0xAAAAu
#define KEY_START 0xCCCCu
/* Prescaler 256, which the recorded ROMs set, and the reload value of a reset,
 * FFF, at the fastest LSI of an F1, 60 kHz. */
#define LONGEST_US (INT64_C(256) * 4096 * 1000000 / 60000)

static bool starts_by_option(const struct sim *sim)
{
	uint32_t by_software;

	if (options_get(&sim->memory, "IWDG_SW", &by_software) ||
	    options_get(&sim->memory, "WDG_SW", &by_software))
		return by_software == 0;
	return false;
}

void watchdog_reset(struct sim *sim)
{
	sim->watchdog = (struct watchdog){
		.runs = starts_by_option(sim),
		.period_us = LONGEST_US,
		.fed_us = sim->now_us,
	};
}

void watchdog_power_up(struct sim *sim)
{
	watchdog_reset(sim);
	if (sim->config.iwdg_ms == SIM_UNSET)
		return;
	sim->watchdog.runs = true;
	sim->watchdog.period_us = (int64_t)sim->config.iwdg_ms * 1000;
}

void watchdog_feed(struct sim *sim, int64_t now_us)
{
	sim->watchdog.fed_us = now_us;
}

void watchdog_store(struct sim *sim, uint32_t address, uint32_t value,
		    int64_t now_us)
{
	if (address != IWDG_KR || (value != KEY_RELOAD && value != KEY_START))
		return;
	watchdog_feed(sim, now_us);
	if (value == KEY_START)
		sim->watchdog.runs = true;
}

int64_t watchdog_end_us(const struct sim *sim)
{
	const struct watchdog *watchdog = &sim->watchdog;

	return watchdog->runs ? watchdog->fed_us + watchdog->period_us
			      : INT64_MAX;
}
