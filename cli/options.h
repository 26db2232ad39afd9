/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argv -> struct options. Opens nothing; everything that can be wrong with a
 * command line alone is found here.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "cli/options_struct.h"

/* False: a usage error, said in *why. The caller owns what options holds. */
bool options_parse(int argc, char **argv, struct options *options,
		   struct problem *why);
void options_free(struct options *options);

/* Whether -R has an effect: by the exit sequence, else by software. */
bool options_reset(const struct options *options);

/* The next option that has no effect on what is asked, in words for a warning;
 * false: no more. *at is 0 at first. */
bool options_idle(const struct options *options, size_t *at,
		  struct problem *text);

/* The text of -h: the options used most, on one screen; or all, in groups. */
void options_usage(FILE *stream, bool all);

#endif
