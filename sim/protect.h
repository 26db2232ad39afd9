/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readout and write protection, and the flag that says whether the flash was
 * empty: what the chip takes from its option bytes when they are loaded.
 */
#ifndef SIM_PROTECT_H
#define SIM_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/spec.h"

struct sim;

struct protection {
	uint8_t rdp;			/* readout protection level 0 to 2 */
	uint8_t wrp[SIM_WRP_BYTES];	/* a bit per unit */
	bool empty;	/* the first flash word was blank when last sampled */
};

/* As configured, before the first option load. False with *why: these units do
 * not fit into the option bytes. */
bool protect_init(struct sim *sim, struct problem *why);

/* The option bytes take effect, as on every reset. */
void protect_load(struct sim *sim);
void protect_sample_empty(struct sim *sim);

/* These change the option bytes; protect_load() is due after them. False: the
 * option bytes cannot say that. */
void protect_set_readout(struct sim *sim, uint8_t level);
bool protect_set_units(struct sim *sim, const uint8_t *bits);
/* Write Protect with these bytes. */
void protect_by_command(struct sim *sim, const uint8_t *units, size_t count);

/* The classic readout protection byte of that level. */
uint8_t protect_key(const struct sim *sim, uint8_t level);

bool protect_unit(const struct protection *protection, unsigned unit);
/* A unit is less than 512: bit arrays of SIM_WRP_BYTES. */
void protect_mark(uint8_t *bits, unsigned unit);

/* Any flash page between start and end is write protected. */
bool protect_covers(const struct sim *sim, uint32_t start, uint32_t end);

#endif
