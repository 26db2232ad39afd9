/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT 8	/* with less room, cut the end instead of the middle */

/* True for a continuation byte of UTF-8. */
static bool is_inside(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Cuts the middle of a text that is too long, where a path is: the beginning
 * names the subject, the end the error. */
static void cut_middle(const char *whole, size_t len, char *out, size_t size)
{
	static const char mark[] = "...";
	size_t end = (size - sizeof(mark)) / 2;
	size_t head = size - sizeof(mark) - end;
	const char *tail = whole + len - end;

	while (head > 0 && is_inside(whole[head]))
		head--;
	while (is_inside(*tail))
		tail++;
	(void)snprintf(out, size, "%.*s%s%s", (int)head, whole, mark, tail);
}

static void format(char *out, size_t size, const char *fmt, va_list args)
{
	va_list again;
	char *whole;
	int len;

	va_copy(again, args);
	len = vsnprintf(out, size, fmt, args);
	if (len >= 0 && (size_t)len >= size && size > KEPT &&
	    (whole = malloc((size_t)len + 1)) != NULL) {
		(void)vsnprintf(whole, (size_t)len + 1, fmt, again);
		cut_middle(whole, (size_t)len, out, size);
		free(whole);
	}
	va_end(again);
}

void problem_vset(struct problem *problem, const char *fmt, va_list args)
{
	format(problem->text, sizeof(problem->text), fmt, args);
}

void problem_set(struct problem *problem, const char *fmt, ...)
{
	va_list args;

	if (problem == NULL)
		return;
	va_start(args, fmt);
	problem_vset(problem, fmt, args);
	va_end(args);
}

void problem_default(struct problem *problem, const char *fmt, ...)
{
	va_list args;

	if (problem == NULL || problem->text[0] != '\0')
		return;
	va_start(args, fmt);
	problem_vset(problem, fmt, args);
	va_end(args);
}

void problem_append(struct problem *problem, const char *fmt, ...)
{
	size_t len;
	va_list args;

	if (problem == NULL)
		return;
	len = strlen(problem->text);
	va_start(args, fmt);
	format(problem->text + len, sizeof(problem->text) - len, fmt, args);
	va_end(args);
}
