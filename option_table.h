/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of each part by name, as its bootloader presents them:
 * facts only, like dev_table.h. flash/option_bytes.h derives the consequences.
 */
#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a value is stored in memory. */
enum option_form {
	OPTION_NONE,		/* nothing is known about this part */
	OPTION_PAIRS,		/* F0, F1, F3: each byte, then its complement */
	OPTION_HALVES,		/* L0, L1: 16 bits, then their complement */
	OPTION_DOUBLES,		/* L4, G0, ...: a word, then its complement */
	OPTION_PLAIN,		/* F2, F4, F7: memory without complements */
	OPTION_REGISTERS	/* registers of the flash controller */
};

#define OPTION_NAME 28
#define OPTION_VALUES 28
#define OPTION_FIELDS 96	/* more than any part has */

struct option_field {
	char name[OPTION_NAME];
	uint32_t read_at;	/* address of the word that is read; 0: none */
	uint32_t write_at;	/* address of the word that is written */
	uint8_t bit, width;
	bool read_only;
	char values[OPTION_VALUES];	/* the values that exist, in hex:
					 * "aa,bb" or "0-4"; empty: all */
	uint32_t unit, base;	/* the value means the address base + unit *
				 * value; unit 0: a plain number */
	char only_on;		/* '1', '2': only on parts with such a bank;
				 * 'x': only on G0x1; 0: on all */
};

/*
 * Stores the fields of a product ID in out, sorted by address; returns their
 * number. Fields of the same name and place differ in their meaning on parts
 * of another flash size or bank mode.
 */
size_t option_fields(uint32_t id, struct option_field out[OPTION_FIELDS]);
enum option_form option_form(uint32_t id);

/*
 * Stores the fields of a write protection that has one bit for each unit of
 * pages; returns their number. The fields are sorted by their units, whose
 * numbers are consecutive. Returns 0 if the part protects ranges of pages, or
 * if nothing is known.
 */
size_t option_protection(uint32_t id, struct option_field out[OPTION_FIELDS]);
/* True if a set bit means protected: L0 and L1. */
bool option_set_protects(uint32_t id);

/* True if the value exists and fits into the field. */
bool option_value_exists(const struct option_field *field, uint32_t value);
/* Returns the value with all bits of the field set. */
uint32_t option_field_most(const struct option_field *field);

#endif
