/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of the chip by name: reads them, and turns new values into
 * the image to write. option_table.h has the facts.
 */
#ifndef OPTION_BYTES_H
#define OPTION_BYTES_H

#include "flash/types.h"
#include "option_table.h"

#define OPTION_WORDS 48		/* more than any part has */

struct option_word {
	uint32_t address, write_at;
	bool shown;		/* the ROM allows reading it */
	uint32_t value;		/* without complements */
	bool mismatch;		/* the complement in memory is wrong, and the
				 * word is not erased */
	uint32_t wanted;	/* value, or the new value */
};

struct option_bytes {
	enum option_form form;
	const struct part *part;
	struct option_field fields[OPTION_FIELDS];
	size_t count;
	struct option_word words[OPTION_WORDS];
	size_t word_count;
};

/* Collects the fields of a part, one for each name. A field whose unit depends
 * on an unknown size or bank mode becomes a plain number. Reads no words. */
void option_bytes_init(struct option_bytes *ob, const struct part *part);

/* Reads all words, each until two readings agree. A word that the ROM refuses
 * has shown = false, which is no error. */
enum flash_err option_bytes_read(struct flash *flash, struct option_bytes *ob,
				 struct problem *why);

/* Returns the word of a field; NULL if it cannot be read. */
struct option_word *option_bytes_word(struct option_bytes *ob,
				      const struct option_field *field);
/* Returns the value of a field in a word: a number or an address. */
uint32_t option_bytes_show(const struct option_field *field, uint32_t word);

/*
 * Changes the wanted value of a word by text, "NAME=VALUE" of len characters.
 * False with *why: an unknown name (lists similar ones), a value that does not
 * exist or fit, a field that is read-only or not shown.
 */
bool option_bytes_set(struct option_bytes *ob, const char *text, size_t len,
		      struct problem *why);

/* Stores the bytes of a word in memory, including complements; returns their
 * number, at most 8. */
size_t option_bytes_encode(const struct option_bytes *ob, uint32_t value,
			   uint8_t out[8]);

#endif
