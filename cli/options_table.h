/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options, one row each: what getopt, -h and the shells' completion know
 * about an option stands here and nowhere else. Private to options.c, its
 * tests and the generator of the completion.
 */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct problem;

enum argument_kind {
	ARGUMENT_NONE = 0,
	ARGUMENT_TEXT,		/* of a form of its own: 8e1, a sequence; or one
				 * of the words */
	ARGUMENT_FILE,
	ARGUMENT_PART,		/* ID or name of a part of the table */
	ARGUMENT_NUMBER,	/* or one of the words, if it has some */
	ARGUMENT_ADDRESS,	/* with or without a length */
	ARGUMENT_WORDS		/* one of the words */
};

/* A list of them ends with a name that is NULL. */
struct option_word {
	const char *name;
	const char *help;	/* NULL: the word says it */
};

struct option_argument {
	char name[16];		/* for -h; "[" first: may be left out, and
				 * the letter takes none */
	enum argument_kind kind;
	const struct option_word *words;	/* NULL: none */
};

/* Of --help=all. */
enum option_group {
	GROUP_DO,		/* actions, and what follows one */
	GROUP_WHERE,
	GROUP_HOW,
	GROUP_PORT,
	GROUP_OUTPUT,
	GROUP_COUNT
};

struct option_row {
	int letter;		/* 0: long only */
	char name[20];		/* in place: no pointer to relocate */
	struct option_argument argument;
	/* arg is NULL if the option takes none, or may do without. False: a
	 * usage error, said in *why. */
	bool (*handle)(struct options *options, const char *arg,
		       struct problem *why);
	/* The actions, enum action, with one of which it has an effect; 0: it
	 * always has. */
	unsigned goes_with;
	const char *help;	/* of ARGUMENT_WORDS: the words follow */
	enum option_group group;
};

#define OPTIONS_MOST 64

extern const struct option_row option_rows[];
extern const size_t option_count;	/* at most OPTIONS_MOST */

/* The letters of the actions: "-r or -w" for `or` as separator of the last. */
#define OPTION_ACTIONS 64
void option_actions_text(unsigned actions, const char *last,
			 char out[OPTION_ACTIONS]);

/* "one, two (what it means) or three" into out; the remarks if explained. */
void option_words_text(const struct option_word *words, bool explained,
		       char *out, size_t size);

#endif
