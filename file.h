/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files as a whole: read into memory, parsed; written beside the target and
 * renamed when complete, so that a failure never costs an earlier backup.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>

#include "image.h"
#include "parsers/parser.h"
#include "problem.h"

/*
 * Reads and parses name ("-": standard input). force_binary: raw data,
 * whatever it looks like. On success the caller owns *out and *parser says
 * what it was; on failure *why has the file's name and what is wrong.
 */
bool file_load(const char *name, bool force_binary, struct image **out,
	       const struct parser **parser, struct problem *why);

/* Writes image to name ("-": standard output) by this parser. */
bool file_save(const char *name, const struct parser *parser,
	       const struct image *image, struct problem *why);

#endif
