/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The write protection in the option bytes of the simulated chip, where these
 * are not the classic ones: a bit for each unit of pages, or areas from one
 * page to another.
 */
#ifndef SIM_WRP_H
#define SIM_WRP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/memory.h"

/* The part has areas: a unit is a page. */
bool wrp_has_areas(const struct memory *memory);

/* What the option bytes protect, a bit for each unit, SIM_WRP_BYTES of them.
 * False, and nothing changed: the part has no such option bytes. */
bool wrp_get(const struct memory *memory, uint8_t *bits);

/* Protects these units and no others; one that has no bit stays out. False:
 * they are more ranges than the part has areas. An area whose lock is closed
 * keeps what it has. */
bool wrp_put(struct memory *memory, const uint8_t *bits);

/* What Write Protect sends to a part with areas: first and last page of each,
 * in their order; those that are not named protect nothing. */
void wrp_put_areas(struct memory *memory, const uint8_t *pages, size_t count);

#endif
