/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options, one row each: the only place for what getopt, -h and the shell
 * completion know about an option. Private to options.c, its tests and the
 * generator of the completion.
 */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct problem;

enum argument_kind {
	ARGUMENT_NONE = 0,
	ARGUMENT_TEXT,		/* in its own format, such as 8e1 or a
				 * sequence; or one of the words */
	ARGUMENT_FILE,
	ARGUMENT_PART,		/* ID or name of a part in the table */
	ARGUMENT_NUMBER,	/* or one of the words, if any */
	ARGUMENT_ADDRESS,	/* with or without a length */
	ARGUMENT_WORDS		/* one of the words */
};

/* Ends with a NULL name. */
struct option_word {
	const char *name;
	const char *help;	/* NULL: the word explains itself */
};

struct option_argument {
	char name[16];		/* for -h. "[" at its start: the argument is
				 * optional, and only the long name takes it */
	enum argument_kind kind;
	const struct option_word *words;	/* NULL: none */
};

/* The groups of --help=all. */
enum option_group {
	GROUP_DO,		/* actions, and what follows them */
	GROUP_WHERE,
	GROUP_HOW,
	GROUP_PORT,
	GROUP_OUTPUT,
	GROUP_COUNT
};

struct option_row {
	int letter;		/* 0: long only */
	char name[20];		/* an array, so that no pointer needs
				 * relocation */
	struct option_argument argument;
	/* arg is NULL if the option has no argument. On false *why describes
	 * the usage error. */
	bool (*handle)(struct options *options, const char *arg,
		       struct problem *why);
	/* The actions, enum action, with which it has an effect; 0: always. */
	unsigned goes_with;
	const char *help;	/* for ARGUMENT_WORDS the words are added */
	enum option_group group;
};

#define OPTIONS_MOST 64

extern const struct option_row option_rows[];
extern const size_t option_count;	/* at most OPTIONS_MOST */

/* The letters of the actions: "-r or -w", with last as the last separator. */
#define OPTION_ACTIONS 64
void option_actions_text(unsigned actions, const char *last,
			 char out[OPTION_ACTIONS]);

/* Formats "one, two (meaning) or three"; with the meanings if explained. */
void option_words_text(const struct option_word *words, bool explained,
		       char *out, size_t size);

#endif
