/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole files: reads and parses them; writes them next to the target and
 * renames them when complete, so that a failure never destroys an earlier
 * backup.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"

/*
 * Reads and parses name ("-": standard input). force_binary: raw data,
 * whatever it looks like. On success the caller owns *out, *parser is the
 * format, and *why may have a remark; on failure *why describes the error.
 * Both include the file's name.
 */
bool file_load(const char *name, bool force_binary, struct image **out,
	       const struct parser **parser, struct problem *why);

/* True if both names lead to the same existing file or device. */
bool file_same(const char *a, const char *b);

/* True if reading may block until another program writes. */
bool file_may_wait(const char *name);
/* True if the name exists. */
bool file_exists(const char *name);

/*
 * Reads name ("-": standard input), and adds a NUL. On success the caller
 * frees *bytes.
 */
bool file_read(const char *name, uint8_t **bytes, size_t *len,
	       struct problem *why);

/* A file being written. */
struct file_out {
	const char *name;	/* final name; "-": standard output */
	char *target;		/* the target if name is a link, else NULL */
	char *temporary;	/* file next to it until it is complete; NULL:
				 * written in place */
	bool in_place;		/* an existing file is overwritten */
	void *stream;
};

/* Opens name for writing, so that a write error shows before the work begins.
 * Keeps the old contents until file_commit(). */
bool file_create(const char *name, struct file_out *out, struct problem *why);

/* Writes image by this parser and moves the file to its place. Closes the file
 * in any case. */
bool file_commit(struct file_out *out, const struct parser *parser,
		 const struct image *image, struct problem *why);

/*
 * Writes image to a new file in the working directory: stem.hex, or stem-2.hex
 * and so on if that exists. Stores the file's name in name.
 */
#define FILE_NEW_NAME 64
bool file_save_new(const char *stem, const struct parser *parser,
		   const struct image *image, char name[FILE_NEW_NAME],
		   struct problem *why);

/* Closes the file and discards it. */
void file_abandon(struct file_out *out);

#endif
