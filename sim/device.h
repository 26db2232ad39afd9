/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device as a whole: time, bytes from the host, resets, and switching
 * between ROM and application. The layer above both; i2c.c is the other entry.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/state.h"

/* Sets the time; it never goes back. */
void device_time(struct sim *sim, int64_t now_us);

/* Passes a byte to the ROM, and executes what it requests. */
void device_tell_rom(struct sim *sim, uint8_t byte);

/* Runs the application if it is active. */
void device_run_app(struct sim *sim);

/*
 * Resets the chip; event is the text for the log. Samples the boot pins and
 * loads the option bytes. power_or_option_load: also samples the "flash is
 * empty" flag.
 */
void device_reset(struct sim *sim, const char *event,
		  bool power_or_option_load);

#endif
