/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the simulated device: what it finds when it is powered up and
 * leaves behind.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <stdbool.h>

#include "problem.h"
#include "sim/state.h"

/* Flash, option bytes, EEPROM and protection, where the files exist. */
bool store_load(struct sim *sim, struct problem *why);

/* Those, the log and the counters. Goes on after a failure; *why is the
 * first. */
bool store_save(const struct sim *sim, struct problem *why);

#endif
