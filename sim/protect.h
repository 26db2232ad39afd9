/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readout and write protection, and the "flash is empty" flag: the state that
 * the chip takes from its option bytes when they are loaded.
 */
#ifndef SIM_PROTECT_H
#define SIM_PROTECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/state.h"

/* Sets the configured protection, before the first option load. False with
 * *why: these units do not fit into the option bytes. */
bool protect_init(struct sim *sim, struct problem *why);

/* Makes the option bytes take effect, as on every reset. */
void protect_load(struct sim *sim);
void protect_sample_empty(struct sim *sim);

/* Change the option bytes; call protect_load() afterwards. False: the option
 * bytes cannot express it. */
void protect_set_readout(struct sim *sim, uint8_t level);
bool protect_set_units(struct sim *sim, const uint8_t *bits);
/* Executes Write Protect with these bytes. */
void protect_by_command(struct sim *sim, const uint8_t *units, size_t count);

/* The readout protection byte of classic option bytes for that level. */
uint8_t protect_key(const struct sim *sim, uint8_t level);

bool protect_unit(const struct protection *protection, unsigned unit);
/* A unit is less than 512; bits has SIM_WRP_BYTES bytes. */
void protect_mark(uint8_t *bits, unsigned unit);

/* True if any flash page between start and end is write protected. */
bool protect_covers(const struct sim *sim, uint32_t start, uint32_t end);

#endif
