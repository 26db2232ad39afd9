/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of the simulated chip by name: what the factory leaves in
 * them, their complements, and registers that show what another one was told.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "option_table.h"
#include "sim/memory.h"

/* Over what erased option bytes hold: nothing is protected or locked, and BOOT0
 * high starts the bootloader. */
void options_factory(struct memory *memory);

/* The value of the first field of this name; false if the part has none. */
bool options_get(const struct memory *memory, const char *name,
		 uint32_t *value);
void options_put(struct memory *memory, const char *name, uint32_t value);
/* The same of a field of the table. */
bool options_get_field(const struct memory *memory,
		       const struct option_field *field, uint32_t *value);
void options_put_field(struct memory *memory,
		       const struct option_field *field, uint32_t value);

/* What the way out of readout protection does to them besides the key: an L1
 * was found with 0 in all, and PCROP ends where PCROP_RDP is set (RM0444). */
void options_regress(struct memory *memory);

/* What was programmed takes effect: each register that shows another. */
void options_load(struct memory *memory);

#endif
