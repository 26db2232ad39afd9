/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the parsers: an image under construction, and the messages for its
 * errors. A place is what the user can find in the file: a line, a section, a
 * segment.
 */
#ifndef BUILD_H
#define BUILD_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/parser.h"

struct build {
	struct image *image;
	const char *unit;	/* the kind of place: "line ", "section " */
	const char *prefix;	/* the start of a message: "" for lines, as
				 * compilers do, else the unit */
	struct problem *why;
};

/* Creates an empty image; always call build_end() afterwards. */
enum parser_err build_begin(struct build *build);

/* As image_add(), with a message on failure. */
enum parser_err build_add(struct build *build, uint32_t address,
			  const uint8_t *data, size_t len, unsigned place);

/* Finishes the image so far, and allows adding more. */
enum parser_err build_part(struct build *build);

/* Ends the work. With err PARSER_OK *out is the finished image; otherwise, or
 * if two places conflict, *out is NULL. */
enum parser_err build_end(struct build *build, enum parser_err err,
			  struct image **out);

#endif
