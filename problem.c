/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "problem.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

void problem_set(struct problem *problem, const char *fmt, ...)
{
	va_list args;

	if (problem == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(problem->text, sizeof(problem->text), fmt, args);
	va_end(args);
}

void problem_default(struct problem *problem, const char *fmt, ...)
{
	va_list args;

	if (problem == NULL || problem->text[0] != '\0')
		return;
	va_start(args, fmt);
	(void)vsnprintf(problem->text, sizeof(problem->text), fmt, args);
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
	(void)vsnprintf(problem->text + len, sizeof(problem->text) - len, fmt,
			args);
	va_end(args);
}
