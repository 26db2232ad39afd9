/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The write protection in the option bytes of the simulated chip, if these are
 * not the classic ones: a bit for each unit of pages, or areas from one page
 * to another.
 */
#ifndef SIM_WRP_H
#define SIM_WRP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/memory.h"

/* True if the part has areas: then a unit is a page. */
bool wrp_has_areas(const struct memory *memory);

/* Stores the protected units, one bit each, SIM_WRP_BYTES bytes. False without
 * a change: the part has no such option bytes. */
bool wrp_get(const struct memory *memory, uint8_t *bits);

/* Protects these units and no others; ignores a unit without a bit. False:
 * more ranges than the part has areas. A locked area does not change. */
bool wrp_put(struct memory *memory, const uint8_t *bits);

/* Executes Write Protect on a part with areas: first and last page of each
 * area, in order; areas not listed protect nothing. */
void wrp_put_areas(struct memory *memory, const uint8_t *pages, size_t count);

#endif
