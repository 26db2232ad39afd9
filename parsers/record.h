/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats of lines with a mark and pairs of hex digits: Intel HEX and Motorola
 * S-record. Lines end with LF, CR or both. Ignored are blanks around a record,
 * blank lines, ^Z and NUL after the last line (from old systems), and a byte
 * order mark at the start. A line that begins with #, ; or // is a comment, as
 * in SRecord.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/parser.h"

struct record_text {
	const uint8_t *next, *end;
	unsigned line;		/* line number of the record, from 1 */
	struct problem *why;
};

struct record_line {
	const uint8_t *text;
	size_t len;		/* at least 1 */
};

/* The longest Intel HEX record: count, address, type, 255 data bytes,
 * checksum. An S-record has a byte count, and at most 255 counted bytes. */
#define RECORD_MAX (1 + 2 + 1 + 255 + 1)

void record_open(struct record_text *text, const uint8_t *bytes, size_t len,
		 struct problem *why);

/* Finds the next record; false at the end of the text. */
bool record_next(struct record_text *text, struct record_line *line);

/* Decodes the pairs of digits after the first `skip` characters; *count is the
 * number of bytes in out, at least 1. */
enum parser_err record_bytes(struct record_text *text,
			     const struct record_line *line, size_t skip,
			     uint8_t out[RECORD_MAX], size_t *count);

/* The error for a line that does not begin with its mark. */
enum parser_err record_no_mark(struct record_text *text,
			       const struct record_line *line,
			       const char *expected);

/* The error for a text without an end record; `wanted` describes it. */
enum parser_err record_no_end(struct record_text *text, const char *wanted);

/* The error for anything after the end record. */
enum parser_err record_after_end(struct record_text *text, unsigned end_line);

/* Returns the sum of all bytes of a record except the last, the checksum. */
unsigned record_sum(const uint8_t *bytes, size_t len);

/* Compares the computed checksum with the one in the record. */
enum parser_err record_checksum(struct record_text *text, uint8_t sum,
				uint8_t said);

/* Writes the mark, the bytes as hex digits, and a line end. */
bool record_put(struct parser_sink *sink, const char *mark,
		const uint8_t *bytes, size_t len);

/*
 * True if the file looks like records of this kind: it begins with the mark
 * and readable text, or one of its first lines is the mark and many digits.
 * Then the text before that line is damaged or a comment; decode() reports it,
 * but it is not raw data. digit: the mark includes a digit. The mark may be in
 * either case if it is a letter.
 */
bool record_matches(const uint8_t *head, size_t len, char mark, bool digit);

#endif
