/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intel HEX. A record is ':', then in hex digits the number of data bytes, a
 * 16-bit offset, the type, the data, and a checksum that makes the sum of all
 * bytes 0.
 */
#include <inttypes.h>
#include <string.h>

#include "parsers/image.h"
#include "parsers/build.h"
#include "parsers/parser.h"
#include "parsers/record.h"
#include "problem.h"
#include "utils.h"

#define BANK 0x10000u	/* range of a 16-bit offset */
#define LINE_DATA 16	/* data bytes of the records written */
#define OVERHEAD 5	/* bytes of a record that are not data */

enum record_type {
	TYPE_DATA,
	TYPE_END,
	TYPE_SEGMENT,		/* base is the data times 16 */
	TYPE_START_SEGMENT,	/* CS:IP, unused */
	TYPE_LINEAR,		/* base is the data times 65536 */
	TYPE_START_LINEAR,	/* entry point, unused: a Cortex-M has a vector
				 * table */
	TYPE_COUNT
};

struct hex {
	struct record_text text;
	struct build build;
	uint32_t base;
	bool segmented;		/* base is from TYPE_SEGMENT */
	unsigned end_line;	/* line of the end record, 0: not seen yet */
	struct image *before;	/* the earlier parts of a joined file; NULL:
				 * this is the first part */
	unsigned begin_line;	/* first line of this part */
};

static bool hex_matches(const uint8_t *head, size_t len)
{
	return record_matches(head, len, ':', false);
}

/* In a segment the offset wraps at 64 KiB and splits the record; with a linear
 * base it does not wrap. */
static enum parser_err add_data(struct hex *hex, const uint8_t *record)
{
	uint32_t offset = get_be16(record + 1);
	size_t len = record[0], before_wrap = len;
	const uint8_t *data = record + 4;
	enum parser_err err;

	if (hex->segmented && len > BANK - offset)
		before_wrap = BANK - offset;
	err = build_add(&hex->build, hex->base + offset, data, before_wrap,
			hex->text.line);
	if (err != PARSER_OK)
		return err;
	return build_add(&hex->build, hex->base, data + before_wrap,
			 len - before_wrap, hex->text.line);
}

static enum parser_err check_type(struct hex *hex, const uint8_t *record)
{
	static const uint8_t data_len[TYPE_COUNT] = {
		[TYPE_END] = 0,
		[TYPE_SEGMENT] = 2,
		[TYPE_START_SEGMENT] = 4,
		[TYPE_LINEAR] = 2,
		[TYPE_START_LINEAR] = 4,
	};
	unsigned type = record[3];

	if (type >= TYPE_COUNT)
		problem_set(hex->text.why, "%u: record type %02X is unknown",
			    hex->text.line, type);
	else if (type != TYPE_DATA && record[0] != data_len[type])
		problem_set(hex->text.why, "%u: record type %02X: expected %u "
			    "data bytes, read %u", hex->text.line, type,
			    data_len[type], record[0]);
	else
		return PARSER_OK;
	return PARSER_DAMAGED;
}

static enum parser_err take_record(struct hex *hex, const uint8_t *record)
{
	enum parser_err err = check_type(hex, record);

	if (err != PARSER_OK)
		return err;
	switch (record[3]) {
	case TYPE_DATA:
		return add_data(hex, record);
	case TYPE_END:
		hex->end_line = hex->text.line;
		break;
	case TYPE_SEGMENT:
		hex->base = (uint32_t)get_be16(record + 4) << 4;
		hex->segmented = true;
		break;
	case TYPE_LINEAR:
		hex->base = (uint32_t)get_be16(record + 4) << 16;
		hex->segmented = false;
		break;
	default:	/* start addresses */
		break;
	}
	return PARSER_OK;
}

static uint8_t checksum(const uint8_t *record, size_t len)
{
	return (uint8_t)(0u - record_sum(record, len));
}

/* Checks that no address of this part is in an earlier part. */
static enum parser_err check_part(struct hex *hex)
{
	const struct image *part = hex->build.image;
	size_t i;

	for (i = 0; i < part->count; i++) {
		const struct segment *s = &part->segments[i];

		if (image_covers(hex->before, s->start, s->len) == 0)
			continue;
		problem_set(hex->text.why, "%u: a second hex file begins here "
			    "and has bytes at 0x%08" PRIx32 " to 0x%08" PRIx64
			    " that the first one has too", hex->begin_line,
			    s->start, (uint64_t)s->start + s->len);
		return PARSER_DAMAGED;
	}
	return PARSER_OK;
}

/* Adds this part to the earlier ones, which become the image under
 * construction. */
static enum parser_err join_parts(struct hex *hex)
{
	enum parser_err err = check_part(hex);
	struct image *part = hex->build.image;
	size_t i;

	if (err != PARSER_OK)
		return err;
	hex->build.image = hex->before;
	hex->before = NULL;
	for (i = 0; i < part->count && err == PARSER_OK; i++)
		err = build_add(&hex->build, part->segments[i].start,
				part->segments[i].data, part->segments[i].len,
				hex->begin_line);
	image_free(part);
	return err;
}

/* Records after an end record are another hex file, joined to the first one:
 * starts again without a base. */
static enum parser_err begin_part(struct hex *hex)
{
	enum parser_err err = build_part(&hex->build);

	if (err == PARSER_OK && hex->before != NULL)
		err = join_parts(hex);
	if (err == PARSER_OK)
		err = build_part(&hex->build);
	if (err != PARSER_OK)
		return err;
	hex->before = hex->build.image;
	hex->begin_line = hex->text.line;
	hex->base = 0;
	hex->segmented = false;
	hex->end_line = 0;
	hex->build.image = NULL;
	return build_begin(&hex->build);
}

static enum parser_err take_line(struct hex *hex,
				 const struct record_line *line)
{
	uint8_t record[RECORD_MAX];
	enum parser_err err;
	size_t len;

	if (hex->end_line != 0 && line->text[0] != ':')
		return record_after_end(&hex->text, hex->end_line);
	if (line->text[0] != ':')
		return record_no_mark(&hex->text, line, "':'");
	if (hex->end_line != 0) {
		err = begin_part(hex);
		if (err != PARSER_OK)
			return err;
	}
	err = record_bytes(&hex->text, line, 1, record, &len);
	if (err != PARSER_OK)
		return err;
	if (len != (size_t)record[0] + OVERHEAD) {
		problem_set(hex->text.why, "%u: a record with %u data bytes: "
			    "expected %u hex digits, read %u", hex->text.line,
			    record[0], 2u * (record[0] + OVERHEAD),
			    (unsigned)(2 * len));
		return PARSER_DAMAGED;
	}
	err = record_checksum(&hex->text, checksum(record, len),
			      record[len - 1]);
	if (err != PARSER_OK)
		return err;
	return take_record(hex, record);
}

static enum parser_err hex_decode(const uint8_t *text, size_t len,
				  struct image **out, struct problem *why)
{
	struct hex hex = { .build = { .unit = "line ", .prefix = "",
				      .why = why } };
	enum parser_err err = build_begin(&hex.build);
	struct record_line line;

	record_open(&hex.text, text, len, why);
	while (err == PARSER_OK && record_next(&hex.text, &line))
		err = take_line(&hex, &line);
	if (err == PARSER_OK && hex.end_line == 0)
		err = record_no_end(&hex.text,
				    "an end record (:00000001FF)");
	if (err == PARSER_OK && hex.before != NULL) {
		err = build_part(&hex.build);
		if (err == PARSER_OK)
			err = join_parts(&hex);
	}
	image_free(hex.before);
	err = build_end(&hex.build, err, out);
	if (err == PARSER_OK && hex.begin_line != 0)
		problem_set(why, "%u: a second hex file follows the end "
			    "record; both are used", hex.begin_line);
	return err;
}

static bool put_record(struct parser_sink *sink, enum record_type type,
		       uint32_t offset, const uint8_t *data, size_t len)
{
	uint8_t record[OVERHEAD + LINE_DATA];

	record[0] = (uint8_t)len;
	put_be16(record + 1, (uint16_t)offset);
	record[3] = (uint8_t)type;
	if (len > 0)
		memcpy(record + 4, data, len);
	record[len + 4] = checksum(record, len + OVERHEAD);
	return record_put(sink, ":", record, len + OVERHEAD);
}

/* Ends records at multiples of 16 bytes, so that none crosses a 64 KiB
 * boundary, where a new base is written. */
static bool put_segment(struct parser_sink *sink, const struct segment *s,
			uint32_t *base)
{
	size_t at, n;

	for (at = 0; at < s->len; at += n) {
		uint32_t address = s->start + (uint32_t)at;
		uint8_t high[2];

		n = LINE_DATA - address % LINE_DATA;
		if (n > s->len - at)
			n = s->len - at;
		if (address / BANK != *base) {
			*base = address / BANK;
			put_be16(high, (uint16_t)*base);
			if (!put_record(sink, TYPE_LINEAR, 0, high, 2))
				return false;
		}
		if (!put_record(sink, TYPE_DATA, address, s->data + at, n))
			return false;
	}
	return true;
}

static bool hex_encode(const struct image *image, struct parser_sink *sink)
{
	uint32_t base = 0;
	size_t i;

	for (i = 0; i < image->count; i++) {
		if (!put_segment(sink, &image->segments[i], &base))
			return false;
	}
	return put_record(sink, TYPE_END, 0, NULL, 0);
}

const struct parser parser_hex = {
	.name = "Intel HEX",
	.option = "hex",
	.suffixes = "hex ihex ihx",
	.matches = hex_matches,
	.decode = hex_decode,
	.encode = hex_encode,
};
