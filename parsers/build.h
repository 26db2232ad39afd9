/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers share: an image under construction, and the words for what
 * goes wrong with it. A place is what the user can look up in the file: a
 * line, a section, a segment.
 */
#ifndef BUILD_H
#define BUILD_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/parser.h"

struct build {
	struct image *image;
	const char *unit;	/* what a place is: "line ", "section " */
	const char *prefix;	/* how a message begins: "" for lines, as
				 * compilers do it, else the unit */
	struct problem *why;
};

/* An empty image; to be ended by build_end() whatever happens. */
enum parser_err build_begin(struct build *build);

/* As image_add(), said in words when it fails. */
enum parser_err build_add(struct build *build, uint32_t address,
			  const uint8_t *data, size_t len, unsigned place);

/* Finishes what there is, to go on: as build_end() does, but the image stays
 * where it is. */
enum parser_err build_part(struct build *build);

/* Ends the work: with err PARSER_OK *out is the finished image, else, or when
 * two places disagree, *out is NULL. */
enum parser_err build_end(struct build *build, enum parser_err err,
			  struct image **out);

#endif
