/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argv -> struct options. Opens nothing; detects every error that the command
 * line alone can show.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "cli/options_struct.h"

/* On false *why describes the usage error. The caller owns the contents of
 * options. */
bool options_parse(int argc, char **argv, struct options *options,
		   struct problem *why);
void options_free(struct options *options);

/* True if -R has an effect: by the exit sequence, else by software. */
bool options_reset(const struct options *options);

/* Finds the next option without effect in this run, and sets text to a
 * warning; false: no more. Set *at to 0 before the first call. */
bool options_idle(const struct options *options, size_t *at,
		  struct problem *text);

/* Prints the text of -h: the options used most, on one screen; all: every
 * option, in groups. */
void options_usage(FILE *stream, bool all);

#endif
