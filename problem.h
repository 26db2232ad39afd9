/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What went wrong, in words for the user. The layer that knows most fills it
 * in, the layers above pass it on untouched, and main has it printed once.
 * Style of the text: lower case, no full stop, no program name; hex addresses
 * with 0x and 8 digits; what happened, where, and what to try.
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

/* Says what went wrong; a text that is already there is replaced. A text too
 * long loses its middle. `problem` may be NULL: the text is dropped. */
void problem_set(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* The same for a list of arguments; not NULL. */
void problem_vset(struct problem *problem, const char *fmt, va_list args)
	PRINTF_LIKE(2, 0);

/* As problem_set(), but a text that is already there stays. */
void problem_default(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Adds to what has been said. */
void problem_append(struct problem *problem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

#endif
