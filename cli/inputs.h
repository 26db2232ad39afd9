/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of -w or --compare: read and parsed before a port is opened, put
 * together when the part is known.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/status.h"
#include "flash/part.h"
#include "parsers/image.h"
#include "parsers/parser.h"
#include "problem.h"

struct input {
	const char *name;	/* as the user has it */
	char *file;		/* the name without @0xADDRESS, or NULL */
	const struct parser *parser;
	struct image *image;	/* NULL once it is taken */
};

struct inputs {
	struct input files[OPTIONS_MOST_FILES];
	size_t count;
};

/* Reads and parses the next of the files; a remark on it is put in *remark.
 * False: *why and *status. inputs_free() is for the caller in any case. */
bool inputs_load(struct inputs *inputs, const char *name, bool force_binary,
		 struct problem *remark, enum exit_status *status,
		 struct problem *why);

/*
 * Gives every file its place on this part and puts them together; *out is for
 * place_image() then, and the caller's. No two files may have a byte for the
 * same address. keep: the files are needed again; else they may be taken.
 */
bool inputs_gather(struct inputs *inputs, bool keep,
		   const struct target *target, const struct part *part,
		   struct image **out, struct problem *notice,
		   enum exit_status *status, struct problem *why);

/* Whether one of them is the file or device of this name. */
bool inputs_have(const struct inputs *inputs, const char *name);

void inputs_free(struct inputs *inputs);

#endif
