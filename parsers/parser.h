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
	PARSER_DAMAGED,		/* the file is not a valid file of its format */
	PARSER_REFUSED,		/* valid, but for another machine */
	PARSER_NO_MEMORY
};

/* Receives the output piece by piece; false stops the writer. */
struct parser_sink {
	bool (*put)(void *ctx, const void *bytes, size_t len);
	void *ctx;
};

struct parser {
	const char *name;	/* shown to the user: "Intel HEX" */
	const char *option;	/* for --format: "hex"; NULL: cannot write */
	const char *suffixes;	/* file name suffixes: "hex ihx ihex" */
	/* Quick test, mostly of the first bytes. */
	bool (*matches)(const uint8_t *head, size_t len);
	/*
	 * On success the caller owns *out, and *why is a remark on what was
	 * left out or adjusted, if anything. On failure *out is NULL and *why
	 * describes the error. In a format of lines it begins with the line
	 * number ("412: checksum: expected 3A, read 3B"); the caller puts the
	 * file's name and a colon before it.
	 */
	enum parser_err (*decode)(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why);
	/* Writes image; gaps as the format allows. False: the sink stopped. */
	bool (*encode)(const struct image *image, struct parser_sink *sink);
};

/* All parsers; the last one is for binaries and matches everything. */
extern const struct parser *const parsers[];
extern const size_t parser_count;

extern const struct parser parser_hex, parser_srec, parser_elf, parser_dfu;
extern const struct parser parser_uf2, parser_alien, parser_binary;

/*
 * Chooses the parser for a file: by its first bytes, else by its name, else
 * binary. If the name means a format that the contents do not have, uses that
 * format's parser, which then describes the error: text is never flashed as
 * raw data unless the user asks for it. name may be NULL (stdin).
 */
const struct parser *parser_choose(const char *name, const uint8_t *head,
				   size_t len);

/* Returns the parser that writes this --format, or NULL. */
const struct parser *parser_by_option(const char *option);

#endif
