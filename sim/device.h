/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device as a whole: time, bytes from the host, resets, and who runs. On
 * top of ROM and application; i2c.c is the other way in.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/state.h"

/* It is that late now; time does not go back. */
void device_time(struct sim *sim, int64_t now_us);

/* The ROM gets a byte; what it asks for is done. */
void device_tell_rom(struct sim *sim, uint8_t byte);

/* The application runs, if it is its turn. */
void device_run_app(struct sim *sim);

/*
 * A reset, of the kind that goes into the log. The boot pins are sampled, the
 * option bytes loaded; power_or_option_load says that the "flash is empty"
 * flag is taken anew as well.
 */
void device_reset(struct sim *sim, const char *event,
		  bool power_or_option_load);

#endif
