/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of each part by name, as its bootloader shows them: facts
 * only, like dev_table.h. What follows from them is in flash/options.h.
 */
#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands beside a value in memory. */
enum option_form {
	OPTION_NONE,		/* nothing is known of this part */
	OPTION_PAIRS,		/* F0, F1, F3: each byte, its complement */
	OPTION_HALVES,		/* L0, L1: 16 bits, their complement */
	OPTION_DOUBLES,		/* L4, G0, ...: a word, its complement */
	OPTION_PLAIN,		/* F2, F4, F7: memory without complements */
	OPTION_REGISTERS	/* registers of the flash controller */
};

#define OPTION_NAME 28
#define OPTION_VALUES 28
#define OPTION_FIELDS 96	/* more than any part has */

struct option_field {
	char name[OPTION_NAME];
	uint32_t read_at;	/* address of the word that has it; 0: none */
	uint32_t write_at;	/* and of the one it is written to */
	uint8_t bit, width;
	bool read_only;
	char values[OPTION_VALUES];	/* those that exist, in hex: "aa,bb",
				 * "0-4"; empty: all */
	uint32_t unit, base;	/* it stands for the address base + unit *
				 * value; unit 0: it is a number */
	char only_on;		/* '1', '2': parts with such a bank; 'x': G0x1
				 * only; 0: all */
};

/*
 * The fields of a product ID, in the order of their addresses; returns how
 * many. Several of one name and place differ in what they mean on parts of
 * different size or bank mode.
 */
size_t option_fields(uint32_t id, struct option_field out[OPTION_FIELDS]);
enum option_form option_form(uint32_t id);

/*
 * The write protection where it is a bit for each unit of pages: its fields in
 * the order of their units, which count on from one to the next; returns how
 * many. 0 where it is areas from one page to another, or not known.
 */
size_t option_protection(uint32_t id, struct option_field out[OPTION_FIELDS]);
/* Set is protected there: L0 and L1. */
bool option_set_protects(uint32_t id);

/* Whether the value is one that exists, and fits. */
bool option_value_exists(const struct option_field *field, uint32_t value);
/* All bits of the field set. */
uint32_t option_field_most(const struct option_field *field);

#endif
