/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The description of an error, for the user. The layer that knows most sets
 * it, the layers above pass it on unchanged, and main prints it once. Style:
 * lower case, no full stop, no program name; hex addresses with 0x and 8
 * digits; what happened, where, and what to try.
 */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stdarg.h>

struct problem {
	char text[512];
};

#if defined(__MINGW32__)
#include <stdio.h>	/* for __MINGW_PRINTF_FORMAT */
#define PRINTF_LIKE(fmt, args) \
	__attribute__((format(__MINGW_PRINTF_FORMAT, fmt, args)))
#elif defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

/* Sets the text; replaces an earlier one. Cuts the middle out of a text that
 * is too long. If problem is NULL, the text is dropped. */
void problem_set(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* The same with a va_list; problem must not be NULL. */
void problem_vset(struct problem *problem, const char *fmt, va_list args)
	PRINTF_LIKE(2, 0);

/* As problem_set(), but keeps an earlier text. */
void problem_default(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Appends to the text. */
void problem_append(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

#endif
