/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of -w or --compare: read and parsed before the port is opened,
 * combined when the part is known.
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
	const char *name;	/* as given by the user */
	char *file;		/* the name without @0xADDRESS, or NULL */
	const struct parser *parser;
	struct image *image;	/* NULL once inputs_gather() has taken it */
};

struct inputs {
	struct input files[OPTIONS_MOST_FILES];
	size_t count;
};

/* Reads and parses the next file; sets *remark if there is something to say
 * about it. On false sets *why and *status. The caller calls inputs_free() in
 * any case. */
bool inputs_load(struct inputs *inputs, const char *name, bool force_binary,
		 struct problem *remark, enum exit_status *status,
		 struct problem *why);

/*
 * Places every file on this part and combines them in *out, which is ready for
 * place_image(); the caller owns it. It is an error if two files have data at
 * the same address. keep: leave the files intact, as they are needed again.
 */
bool inputs_gather(struct inputs *inputs, bool keep,
		   const struct target *target, const struct part *part,
		   struct image **out, struct problem *notice,
		   enum exit_status *status, struct problem *why);

/* True if name is one of the files or devices. */
bool inputs_have(const struct inputs *inputs, const char *name);

void inputs_free(struct inputs *inputs);

#endif
