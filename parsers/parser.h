/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File formats, behind one interface: bytes in, a sparse image out, and back.
 * A parser takes the whole file as bytes; it opens and prints nothing.
 */
#ifndef PARSER_H
#define PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;
struct problem;

enum parser_err {
	PARSER_OK = 0,
	PARSER_DAMAGED,		/* the file is not what it says it is */
	PARSER_REFUSED,		/* whole, but not for us: another machine */
	PARSER_NO_MEMORY
};

/* Takes the written text piece by piece; false stops the writer. */
struct parser_sink {
	bool (*put)(void *ctx, const void *bytes, size_t len);
	void *ctx;
};

struct parser {
	const char *name;	/* for the user: "Intel HEX" */
	const char *option;	/* for --format: "hex"; NULL: cannot write */
	const char *suffixes;	/* names that promise it: "hex ihx ihex" */
	/* Cheap look at a file, mostly its first bytes. */
	bool (*matches)(const uint8_t *head, size_t len);
	/*
	 * On success the caller owns *out, and *why is a remark on what was
	 * left out or taken with care, if there is one. On failure *out is
	 * NULL and *why says what is wrong, beginning with the line where there are lines
	 * ("412: checksum is 3A, the record says 3B"): the caller puts the
	 * file's name and a colon before it.
	 */
	enum parser_err (*decode)(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why);
	/* Writes image; gaps as the format can. False: the sink refused. */
	bool (*encode)(const struct image *image, struct parser_sink *sink);
};

/* All of them; the binary one is the last and matches everything. */
extern const struct parser *const parsers[];
extern const size_t parser_count;

extern const struct parser parser_hex, parser_srec, parser_elf, parser_dfu;
extern const struct parser parser_uf2, parser_alien, parser_binary;

/*
 * The parser for a file: by its first bytes, else by its name, else binary. A
 * name that promises a format the content does not have gets the promised
 * parser, which will then say what is wrong: text is never flashed as raw data
 * unless the user says so. name may be NULL (stdin).
 */
const struct parser *parser_choose(const char *name, const uint8_t *head,
				   size_t len);

/* The parser that writes this --format, or NULL. */
const struct parser *parser_by_option(const char *option);

#endif
