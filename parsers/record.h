/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats made of lines, each a mark and pairs of hex digits: Intel HEX and
 * Motorola S-record. Lines end with LF, CR or both; blanks around a record and
 * blank lines do not count, nor do the ^Z and NUL that old systems leave
 * behind the last line, nor the byte order mark that editors put first. A line
 * that begins with #, ; or // is a remark, as with SRecord.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/parser.h"

struct record_text {
	const uint8_t *next, *end;
	unsigned line;		/* number of the record's line, from 1 */
	struct problem *why;
};

struct record_line {
	const uint8_t *text;
	size_t len;		/* at least 1 */
};

/* An Intel HEX record: count, address, type, 255 data bytes, checksum. An
 * S-record has a byte count, and 255 bytes at most that it counts. */
#define RECORD_MAX (1 + 2 + 1 + 255 + 1)

void record_open(struct record_text *text, const uint8_t *bytes, size_t len,
		 struct problem *why);

/* The next record; false at the end of the text. */
bool record_next(struct record_text *text, struct record_line *line);

/* Decodes the pairs of digits behind the first `skip` characters; *count is
 * how many bytes out holds, at least 1. */
enum parser_err record_bytes(struct record_text *text,
			     const struct record_line *line, size_t skip,
			     uint8_t out[RECORD_MAX], size_t *count);

/* For a line that does not begin with its mark. */
enum parser_err record_no_mark(struct record_text *text,
			       const struct record_line *line,
			       const char *expected);

/* For a text that ends before its end record, which `wanted` describes. */
enum parser_err record_no_end(struct record_text *text, const char *wanted);

/* For anything behind the end record. */
enum parser_err record_after_end(struct record_text *text, unsigned end_line);

/* The sum of all bytes of a record but the last, which is the checksum. */
unsigned record_sum(const uint8_t *bytes, size_t len);

/* The checksum a record should have against the one it has. */
enum parser_err record_checksum(struct record_text *text, uint8_t sum,
				uint8_t said);

/* Writes the mark, the bytes in digits, and a line end. */
bool record_put(struct parser_sink *sink, const char *mark,
		const uint8_t *bytes, size_t len);

/*
 * True if the file looks like records of this kind: it begins with the mark
 * and readable text, or one of its first lines is the mark and many digits
 * (then what stands before it is damage or a remark, which decode() will
 * refuse; it is still not raw data). digit: a digit belongs to the mark. A mark
 * that is a letter may be of either case.
 */
bool record_matches(const uint8_t *head, size_t len, char mark, bool digit);

#endif
