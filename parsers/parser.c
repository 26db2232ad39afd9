/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/parser.h"

#include <string.h>

const struct parser *const parsers[] = {
	&parser_elf,
	&parser_dfu,
	&parser_uf2,
	&parser_alien,	/* before the text formats: a web page may quote
			 * records */
	&parser_hex,
	&parser_srec,
	&parser_binary,	/* matches everything, so it is last */
};

const size_t parser_count = sizeof(parsers) / sizeof(parsers[0]);

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same_word(const char *word, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (lower(word[i]) != lower(text[i]))
			return false;
	}
	return true;
}

/* True if word is in list, ignoring case. */
static bool in_list(const char *word, const char *list)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && same_word(word, list, n))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

/* Returns the text after the last dot of the last part of a path, or NULL. */
static const char *suffix_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || strpbrk(dot, "/\\") != NULL)
		return NULL;
	return dot + 1;
}

const struct parser *parser_choose(const char *name, const uint8_t *head,
				   size_t len)
{
	const char *suffix = name != NULL ? suffix_of(name) : NULL;
	size_t i;

	for (i = 0; i + 1 < parser_count; i++) {
		if (parsers[i]->matches(head, len))
			return parsers[i];
	}
	for (i = 0; suffix != NULL && i + 1 < parser_count; i++) {
		if (in_list(suffix, parsers[i]->suffixes))
			return parsers[i];
	}
	return &parser_binary;
}

const struct parser *parser_by_option(const char *option)
{
	size_t i;

	for (i = 0; i < parser_count; i++) {
		if (parsers[i]->option != NULL &&
		    strcmp(parsers[i]->option, option) == 0)
			return parsers[i];
	}
	return NULL;
}
