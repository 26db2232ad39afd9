/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option bytes of the chip by name: reads them, and makes of new values the
 * image of what has to be written. option_table.h has the facts.
 */
#ifndef OPTION_BYTES_H
#define OPTION_BYTES_H

#include "flash/types.h"
#include "option_table.h"

#define OPTION_WORDS 48		/* more than any part has */

struct option_word {
	uint32_t address, write_at;
	bool shown;		/* the ROM lets it be read */
	uint32_t value;		/* without complements */
	bool mismatch;		/* the complement in memory is another, and it
				 * is not erased */
	uint32_t wanted;	/* value, or what it shall be */
};

struct option_bytes {
	enum option_form form;
	const struct part *part;
	struct option_field fields[OPTION_FIELDS];
	size_t count;
	struct option_word words[OPTION_WORDS];
	size_t word_count;
};

/* The fields that a part has, one of each name; of those whose meaning depends
 * on a size or bank mode that is not known, the number. No words yet. */
void option_bytes_init(struct option_bytes *ob, const struct part *part);

/* Reads all words, each until two readings agree. One that the ROM does not
 * serve is not shown, and no error. */
enum flash_err option_bytes_read(struct flash *flash, struct option_bytes *ob,
				 struct problem *why);

/* The word of a field; NULL if it is not shown. */
struct option_word *option_bytes_word(struct option_bytes *ob,
				      const struct option_field *field);
/* What a field has in a word, as the user knows it: a number or an address. */
uint32_t option_bytes_show(const struct option_field *field, uint32_t word);

/*
 * Changes the wanted value of the word by text, "NAME=VALUE" of len
 * characters. False with *why: no such name, then near ones; a value that does
 * not exist or fit; a field that cannot be written, or is not shown.
 */
bool option_bytes_set(struct option_bytes *ob, const char *text, size_t len,
		      struct problem *why);

/* The bytes of that word in memory, with the complements that it has there;
 * returns how many, at most 8. */
size_t option_bytes_encode(const struct option_bytes *ob, uint32_t value,
			   uint8_t out[8]);

#endif
