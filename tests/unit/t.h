/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A minimal test framework: a failure prints the case, the expected value and
 * the actual one; the last line has the counts. One file per module.
 */
#ifndef T_H
#define T_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int t_passed, t_failed;
static const char *t_case = "";

/* Names the subject of the next checks; shown when one fails. */
static inline void t_about(const char *name)
{
	t_case = name;
}

/*
 * EFFORT=low, for slow machines: runs only the first generated case and then
 * every nth. n is a prime that divides none of the counts of varied values, so
 * that the sample covers all of them.
 */
static inline bool t_left_out(unsigned n)
{
	static unsigned asked;
	const char *effort = getenv("EFFORT");

	return effort != NULL && strcmp(effort, "low") == 0 &&
	       asked++ % n != 0;
}

static inline bool t_check(bool ok, const char *what, const char *file,
			   int line)
{
	if (ok) {
		t_passed++;
		return true;
	}
	t_failed++;
	printf("FAIL %s:%d: %s%s%s\n", file, line, t_case,
	       t_case[0] ? ": " : "", what);
	return false;
}

static inline bool t_equal(int64_t got, int64_t want, const char *what,
			   const char *file, int line)
{
	if (t_check(got == want, what, file, line))
		return true;
	printf("  expected %" PRId64 " (0x%" PRIx64 "), got %" PRId64
	       " (0x%" PRIx64 ")\n", want, (uint64_t)want, got, (uint64_t)got);
	return false;
}

static inline bool t_text(const char *got, const char *want, const char *file,
			  int line)
{
	if (t_check(strcmp(got, want) == 0, "text differs", file, line))
		return true;
	printf("  expected \"%s\"\n  got      \"%s\"\n", want, got);
	return false;
}

static inline bool t_bytes(const void *got, const void *want, size_t len,
			   const char *file, int line)
{
	const uint8_t *g = got, *w = want;
	size_t i;

	if (t_check(memcmp(got, want, len) == 0, "bytes differ", file, line))
		return true;
	for (i = 0; g[i] == w[i]; i++)
		;
	printf("  byte %zu of %zu: expected %02X, got %02X\n", i, len, w[i],
	       g[i]);
	return false;
}

#define CHECK(cond) t_check((cond), #cond, __FILE__, __LINE__)
#define EQUAL(got, want) \
	t_equal((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
#define TEXT(got, want) t_text((got), (want), __FILE__, __LINE__)
#define BYTES(got, want, len) t_bytes((got), (want), (len), __FILE__, __LINE__)

/* Prints the last line of a unit test; returns its exit status. */
static inline int t_done(void)
{
	printf("%d passed, %d failed\n", t_passed, t_failed);
	return t_failed == 0 ? 0 : 1;
}

#endif
