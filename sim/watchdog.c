/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/watchdog.h"

#include "sim/options.h"

#define IWDG_KR 0x40003000u	/* RM0008 */
#define KEY_RELOAD 0xAAAAu
#define KEY_START 0xCCCCu
/* Prescaler 256, as the recorded ROMs set it, and the reset value of the
 * reload register, FFF, at the fastest LSI of an F1, 60 kHz. */
#define LONGEST_US (INT64_C(256) * 4096 * 1000000 / 60000)

static bool starts_by_option(const struct memory *memory)
{
	uint32_t by_software;

	if (options_get(memory, "IWDG_SW", &by_software) ||
	    options_get(memory, "WDG_SW", &by_software))
		return by_software == 0;
	return false;
}

void watchdog_reset(struct watchdog *watchdog, const struct memory *memory,
		    int64_t now_us)
{
	*watchdog = (struct watchdog){
		.runs = starts_by_option(memory),
		.period_us = LONGEST_US,
		.fed_us = now_us,
	};
}

void watchdog_power_up(struct watchdog *watchdog, const struct memory *memory,
		       const struct sim_config *config)
{
	watchdog_reset(watchdog, memory, 0);
	if (config->iwdg_ms == SIM_UNSET)
		return;
	watchdog->runs = true;
	watchdog->period_us = (int64_t)config->iwdg_ms * 1000;
}

void watchdog_feed(struct watchdog *watchdog, int64_t now_us)
{
	watchdog->fed_us = now_us;
}

void watchdog_store(struct watchdog *watchdog, uint32_t address, uint32_t value,
		    int64_t now_us)
{
	if (address != IWDG_KR || (value != KEY_RELOAD && value != KEY_START))
		return;
	watchdog_feed(watchdog, now_us);
	if (value == KEY_START)
		watchdog->runs = true;
}

int64_t watchdog_end_us(const struct watchdog *watchdog)
{
	return watchdog->runs ? watchdog->fed_us + watchdog->period_us
			      : INT64_MAX;
}
