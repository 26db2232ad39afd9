/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Motorola S-record. A record is 'S' and a digit for its type, then in hex
 * digits the number of bytes that follow, an address of 2 to 4 bytes, the
 * data, and the complement of the sum of all bytes.
 */
#include <string.h>

#include "parsers/image.h"
#include "parsers/build.h"
#include "parsers/parser.h"
#include "parsers/record.h"
#include "problem.h"
#include "utils.h"

#define LINE_DATA 16	/* data bytes of the records written */
#define MARK 2		/* characters before the digits: S3 */

struct srec {
	struct record_text text;
	struct build build;
	uint32_t data_records;
	unsigned end_line;	/* line of the end record, 0: not seen yet */
	bool counted;		/* the last record was a correct count */
};

struct srec_record {
	char type;		/* '0' to '9' */
	uint32_t address;
	const uint8_t *data;
	size_t len;
};

static bool srec_matches(const uint8_t *head, size_t len)
{
	return record_matches(head, len, 'S', true);
}

/* Returns the length of the address of a type; 0 for an unknown type. */
static size_t address_len(uint8_t type)
{
	static const uint8_t len[] = { 2, 2, 3, 4, 0, 2, 3, 4, 3, 2 };

	return type >= '0' && type <= '9' ? len[type - '0'] : 0;
}

static uint8_t checksum(const uint8_t *record, size_t len)
{
	return (uint8_t)~record_sum(record, len);
}

static enum parser_err check_bytes(struct srec *srec, const uint8_t *bytes,
				   size_t len, char type)
{
	if (len != (size_t)bytes[0] + 1)
		problem_set(srec->text.why, "%u: a record with %u bytes: "
			    "expected %u hex digits, read %u", srec->text.line,
			    bytes[0], 2u * (bytes[0] + 1u),
			    (unsigned)(2 * len));
	else if (bytes[0] < address_len((uint8_t)type) + 1)
		problem_set(srec->text.why, "%u: an S%c record has %u bytes, "
			    "too few", srec->text.line, type, bytes[0]);
	else
		return record_checksum(&srec->text, checksum(bytes, len),
				       bytes[len - 1]);
	return PARSER_DAMAGED;
}

/* Checks a record of an address only: counts and end records have no data. */
static enum parser_err check_bare(struct srec *srec,
				  const struct srec_record *record)
{
	if (record->len == 0)
		return PARSER_OK;
	problem_set(srec->text.why, "%u: an S%c record: expected no data, read "
		    "%u bytes", srec->text.line, record->type,
		    (unsigned)record->len);
	return PARSER_DAMAGED;
}

static enum parser_err check_count(struct srec *srec, uint32_t count)
{
	srec->counted = count == srec->data_records;
	if (srec->counted)
		return PARSER_OK;
	problem_set(srec->text.why, "%u: record count: expected %u, read %u",
		    srec->text.line, (unsigned)srec->data_records,
		    (unsigned)count);
	return PARSER_DAMAGED;
}

static enum parser_err take_record(struct srec *srec,
				   const struct srec_record *record)
{
	enum parser_err err;

	srec->counted = false;
	switch (record->type) {
	case '0':	/* a title */
		return PARSER_OK;
	case '1':
	case '2':
	case '3':
		srec->data_records++;
		return build_add(&srec->build, record->address, record->data,
				 record->len, srec->text.line);
	case '5':
	case '6':
		err = check_bare(srec, record);
		return err != PARSER_OK ? err :
		       check_count(srec, record->address);
	default:	/* 7, 8, 9 */
		srec->end_line = srec->text.line;
		return check_bare(srec, record);
	}
}

static enum parser_err take_line(struct srec *srec,
				 const struct record_line *line)
{
	struct srec_record record = { .type = '0' };
	uint8_t bytes[RECORD_MAX];
	enum parser_err err;
	size_t i, len, wide;

	if (srec->end_line != 0)
		return record_after_end(&srec->text, srec->end_line);
	if (line->text[0] != 'S' && line->text[0] != 's')
		return record_no_mark(&srec->text, line, "'S'");
	wide = line->len < MARK ? 0 : address_len(line->text[1]);
	if (wide == 0) {
		problem_set(srec->text.why, "%u: expected a type after S, 0 to "
			    "9 but not 4", srec->text.line);
		return PARSER_DAMAGED;
	}
	record.type = (char)line->text[1];
	err = record_bytes(&srec->text, line, MARK, bytes, &len);
	if (err != PARSER_OK)
		return err;
	err = check_bytes(srec, bytes, len, record.type);
	if (err != PARSER_OK)
		return err;
	for (i = 1; i <= wide; i++)
		record.address = record.address << 8 | bytes[i];
	record.data = bytes + 1 + wide;
	record.len = len - 2 - wide;
	return take_record(srec, &record);
}

/*
 * A file is complete if it has an end record, or if its last record is a
 * correct count: SRecord writes no end record unless it knows the start
 * address.
 */
static enum parser_err srec_decode(const uint8_t *text, size_t len,
				   struct image **out, struct problem *why)
{
	struct srec srec = { .build = { .unit = "line ", .prefix = "",
					.why = why } };
	enum parser_err err = build_begin(&srec.build);
	struct record_line line;

	record_open(&srec.text, text, len, why);
	while (err == PARSER_OK && record_next(&srec.text, &line))
		err = take_line(&srec, &line);
	if (err == PARSER_OK && srec.end_line == 0 && !srec.counted)
		err = record_no_end(&srec.text, "an end record (S7, S8 or S9)"
				    " or a count");
	return build_end(&srec.build, err, out);
}

static bool put_record(struct parser_sink *sink, const char *mark,
		       uint32_t address, const uint8_t *data, size_t len)
{
	size_t wide = address_len((uint8_t)mark[1]), i;
	uint8_t bytes[1 + 4 + LINE_DATA + 1];

	bytes[0] = (uint8_t)(wide + len + 1);
	for (i = 0; i < wide; i++)
		bytes[1 + i] = (uint8_t)(address >> 8 * (wide - 1 - i));
	if (len > 0)
		memcpy(bytes + 1 + wide, data, len);
	bytes[1 + wide + len] = checksum(bytes, wide + len + 2);
	return record_put(sink, mark, bytes, wide + len + 2);
}

static bool put_segment(struct parser_sink *sink, const struct segment *s,
			uint32_t *records)
{
	size_t at, n;

	for (at = 0; at < s->len; at += n) {
		n = s->len - at < LINE_DATA ? s->len - at : LINE_DATA;
		if (!put_record(sink, "S3", s->start + (uint32_t)at,
				s->data + at, n))
			return false;
		(*records)++;
	}
	return true;
}

static bool srec_encode(const struct image *image, struct parser_sink *sink)
{
	uint32_t records = 0;
	size_t i;

	if (!put_record(sink, "S0", 0, NULL, 0))
		return false;
	for (i = 0; i < image->count; i++) {
		if (!put_segment(sink, &image->segments[i], &records))
			return false;
	}
	/* A count that fits neither record type is left out. */
	if (records <= 0xFFFF && !put_record(sink, "S5", records, NULL, 0))
		return false;
	if (records > 0xFFFF && records <= 0xFFFFFF &&
	    !put_record(sink, "S6", records, NULL, 0))
		return false;
	return put_record(sink, "S7", 0, NULL, 0);
}

const struct parser parser_srec = {
	.name = "Motorola S-record",
	.option = "srec",
	.suffixes = "srec s19 s28 s37 s1 s2 s3 mot mhx sx",
	.matches = srec_matches,
	.decode = srec_decode,
	.encode = srec_encode,
};
