/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the simulated device, read at power-up and written at the end.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <stdbool.h>

#include "problem.h"
#include "sim/state.h"

/* Loads flash, option bytes, EEPROM and protection, if the files exist. */
bool store_load(struct sim *sim, struct problem *why);

/* Saves these, the log and the counters. Continues after a failure; *why is
 * the first one. */
bool store_save(const struct sim *sim, struct problem *why);

#endif
