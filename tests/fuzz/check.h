/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules for every image that a parser makes from any bytes: the targets abort
 * if one is broken, which is what a fuzzing engine looks for. All code is
 * here, so that each target is a few lines and a program of its own.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"
#include "utils.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define MUST(cond) \
	((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

static inline void check_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

/* A growing text that the writers fill. */
struct check_text {
	uint8_t *bytes;
	size_t len, room;
};

static inline bool check_put(void *ctx, const void *bytes, size_t len)
{
	struct check_text *text = ctx;

	if (len > text->room - text->len) {
		text->room = 2 * (text->room + len);
		text->bytes = realloc(text->bytes, text->room);
		MUST(text->bytes != NULL);
	}
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	return true;
}

/* Sorted, disjoint, not adjacent, not empty, not past the last address. */
static inline void check_image(const struct image *image)
{
	uint64_t free_from = 0;
	size_t i;

	for (i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		MUST(s->len >= 1);
		MUST(s->start >= free_from);
		MUST((uint64_t)s->start + s->len <= (uint64_t)1 << 32);
		free_from = (uint64_t)s->start + s->len + 1;
	}
}

static inline void check_same(const struct image *a, const struct image *b)
{
	size_t i;

	MUST(a->count == b->count);
	for (i = 0; i < a->count; i++) {
		MUST(a->segments[i].start == b->segments[i].start);
		MUST(a->segments[i].len == b->segments[i].len);
		MUST(memcmp(a->segments[i].data, b->segments[i].data,
			    a->segments[i].len) == 0);
	}
}

/* The image is the same after writing and reading it. */
static inline void check_round_trip(const struct image *image,
				    const struct parser *parser)
{
	struct check_text text = { .len = 0 };
	struct parser_sink sink = { .put = check_put, .ctx = &text };
	struct problem why = { .text = "" };
	struct image *again = NULL;

	MUST(parser->encode(image, &sink));
	MUST(parser_choose(NULL, text.bytes, text.len) == parser);
	MUST(parser->decode(text.bytes, text.len, &again, &why) == PARSER_OK);
	check_same(image, again);
	image_free(again);
	free(text.bytes);
}

/* Decodes; checks the result of a success, and the message of a failure. */
static inline void check_decode(const struct parser *parser,
				const uint8_t *bytes, size_t len)
{
	struct problem why = { .text = "" };
	struct image *image = NULL;

	if (parser->decode(bytes, len, &image, &why) != PARSER_OK) {
		MUST(image == NULL);
		MUST(why.text[0] != '\0');
		return;
	}
	MUST(image != NULL);
	/* Never more memory than the file accounts for. */
	MUST(image_bytes(image) <= len);
	check_image(image);
	check_round_trip(image, &parser_hex);
	check_round_trip(image, &parser_srec);
	image_free(image);
}

/* Sums all pairs of digits except the last; false if they are invalid. */
static inline bool check_sum(const uint8_t *digits, size_t len, unsigned *sum)
{
	size_t i;

	for (i = 0, *sum = 0; i < len; i++) {
		int digit = hex_digit(digits[i]);

		if (digit < 0)
			return false;
		if (i + 2 < len)
			*sum += (unsigned)digit << (i % 2 == 0 ? 4 : 0);
	}
	return len >= 2 && len % 2 == 0;
}

/*
 * A checksum stops nearly every change that an engine makes. So tries each
 * input unchanged, and again with the checksums of all lines corrected: skip
 * is the length of the mark; negate is added to the complement.
 */
static inline void check_mended(const struct parser *parser,
				const uint8_t *bytes, size_t len, size_t skip,
				unsigned negate)
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t *mended = malloc(len + 1);
	size_t i, start;
	unsigned sum;

	MUST(mended != NULL);
	memcpy(mended, bytes, len);
	for (i = start = 0; i <= len; i++) {
		if (i < len && bytes[i] != '\n' && bytes[i] != '\r')
			continue;
		if (i >= start + skip && check_sum(mended + start + skip,
						   i - start - skip, &sum)) {
			sum = ~sum + negate;
			mended[i - 2] = (uint8_t)digits[sum >> 4 & 0xF];
			mended[i - 1] = (uint8_t)digits[sum & 0xF];
		}
		start = i + 1;
	}
	check_decode(parser, mended, len);
	free(mended);
}

#endif
