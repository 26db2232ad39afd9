/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded: allocation number NO_MEMORY_AT fails, in any code, and the file
 * NO_MEMORY_SAYS appears when it does. Not after main(): the coverage
 * counters, which are written at the end, could not handle it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* The C library's own names for them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool ended;

static void end(void)
{
	ended = true;
}

static bool is_over(void)
{
	static long left;
	static unsigned calls;
	const char *at = getenv("NO_MEMORY_AT");
	const char *says = getenv("NO_MEMORY_SAYS");
	int fd;

	if (calls == 0)
		left = at != NULL ? strtol(at, NULL, 10) : 0;
	/* Several, during main(): they run before the handlers registered
	 * earlier. */
	if (calls++ < 8)
		atexit(end);
	if (ended || left == 0 || --left > 0)
		return false;
	fd = says != NULL ? open(says, O_WRONLY | O_CREAT, 0666) : -1;
	if (fd >= 0)
		close(fd);
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return is_over() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_over() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return is_over() ? NULL : __libc_realloc(old, size);
}
