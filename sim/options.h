/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of the simulated chip by name: factory values, complements,
 * and registers that show the value of another one.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "option_table.h"
#include "sim/memory.h"

/* Sets the factory values. */
void options_factory(struct memory *memory);

/* Get or set the first field of this name; false if the part has none. */
bool options_get(const struct memory *memory, const char *name,
		 uint32_t *value);
void options_put(struct memory *memory, const char *name, uint32_t value);
/* The same for a field of the table. */
bool options_get_field(const struct memory *memory,
		       const struct option_field *field, uint32_t *value);
void options_put_field(struct memory *memory,
		       const struct option_field *field, uint32_t value);

/* The effects of removing the readout protection, apart from the key: an L1
 * had 0 in all option bytes, and PCROP ends if PCROP_RDP is set (RM0444). */
void options_regress(struct memory *memory);

/* Makes programmed values take effect: updates each register that shows
 * another. */
void options_load(struct memory *memory);

#endif
