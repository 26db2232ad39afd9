/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw binary: the bytes of the memory and nothing else. The file has no
 * addresses, so has_addresses is false.
 */
#include "parsers/image.h"
#include "parsers/build.h"
#include "parsers/parser.h"
#include "problem.h"

#define FILLER 0xFF	/* for gaps: erased flash, in most parts */

static bool binary_matches(const uint8_t *head, size_t len)
{
	(void)head;
	(void)len;
	return true;
}

static enum parser_err binary_decode(const uint8_t *text, size_t len,
				     struct image **out, struct problem *why)
{
	struct build build = { .unit = "byte ", .prefix = "byte ",
			       .why = why };
	enum parser_err err = build_begin(&build);

	if (err == PARSER_OK && len == 0) {
		problem_set(why, "the file is empty");
		err = PARSER_DAMAGED;
	}
	if (err == PARSER_OK) {
		build.image->has_addresses = false;
		err = build_add(&build, 0, text, len, 0);
	}
	return build_end(&build, err, out);
}

static bool binary_encode(const struct image *image, struct parser_sink *sink)
{
	uint64_t at = image_start(image), end = image_end(image);
	uint8_t block[1024];
	size_t n;

	for (; at < end; at += n) {
		n = end - at < sizeof(block) ? (size_t)(end - at) :
		    sizeof(block);
		(void)image_copy(image, (uint32_t)at, block, n, FILLER);
		if (!sink->put(sink->ctx, block, n))
			return false;
	}
	return true;
}

const struct parser parser_binary = {
	.name = "Raw BINARY",
	.option = "bin",
	.suffixes = "",
	.matches = binary_matches,
	.decode = binary_decode,
	.encode = binary_encode,
};
