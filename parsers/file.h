/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files as a whole: read into memory, parsed; written beside the target and
 * renamed when complete, so that a failure never costs an earlier backup.
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
 * whatever it looks like. On success the caller owns *out, *parser says what
 * it was, and *why may have a remark; on failure *why says what is wrong. Both
 * have the file's name.
 */
bool file_load(const char *name, bool force_binary, struct image **out,
	       const struct parser **parser, struct problem *why);

/* True if both names lead to one existing file or device. */
bool file_same(const char *a, const char *b);

/* Whether reading it may last until another program writes there. */
bool file_may_wait(const char *name);
/* Whether there is something of this name. */
bool file_exists(const char *name);

/*
 * The bytes of name ("-": standard input), and a NUL behind them. On success
 * the caller frees *bytes.
 */
bool file_read(const char *name, uint8_t **bytes, size_t *len,
	       struct problem *why);

/* A file being written. */
struct file_out {
	const char *name;	/* what it will be; "-": standard output */
	char *target;		/* that file, where the name is a link; or NULL */
	char *temporary;	/* beside it until it is whole; NULL: in place */
	bool in_place;		/* it is there and is written over */
	void *stream;
};

/* Opens name for writing, so that what cannot be written is known before the
 * work begins. What is there stays until file_commit(). */
bool file_create(const char *name, struct file_out *out, struct problem *why);

/* Writes image by this parser and puts the file in its place. In any case the
 * file is closed afterwards. */
bool file_commit(struct file_out *out, const struct parser *parser,
		 const struct image *image, struct problem *why);

/*
 * Writes image to a new file in the working directory: stem.hex, or stem-2.hex
 * and so on where that is taken; what is there stays. name gets its name.
 */
#define FILE_NEW_NAME 64
bool file_save_new(const char *stem, const struct parser *parser,
		   const struct image *image, char name[FILE_NEW_NAME],
		   struct problem *why);

/* Closes and forgets it. */
void file_abandon(struct file_out *out);

#endif
