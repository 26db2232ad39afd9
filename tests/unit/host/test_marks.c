/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes with marks for damaged ones, split by reads in every way. */
#include "host/marks.h"

#include "tests/unit/t.h"
#include "utils.h"

#define MOST 3			/* bytes of a text, each up to 3 with marks */

/* The possible bytes on the wire. */
static const struct {
	const char *marked;
	size_t len;
	uint8_t byte;
	bool bad;
} letters[] = {
	{ "\x00", 1, 0x00, false }, { "\x41", 1, 0x41, false },
	{ "\xFF\xFF", 2, 0xFF, false },
	{ "\xFF\x00\x00", 3, 0x00, true },	/* a break */
	{ "\xFF\x00\x41", 3, 0x00, true },
	{ "\xFF\x00\xFF", 3, 0x00, true },
	/* No system sends this; it must not count as good. */
	{ "\xFF\x41", 2, 0x00, true },
};

struct text {
	uint8_t marked[3 * MOST], plain[MOST];
	bool bad[MOST];
	size_t marked_len, len;
};

/* Makes the text with this number: the letters are its digits; 0 is a letter
 * too. */
static struct text make_text(size_t number, size_t len)
{
	struct text t = { .len = len };
	size_t i;

	for (i = 0; i < len; i++, number /= ARRAY_LEN(letters)) {
		size_t n = number % ARRAY_LEN(letters);

		memcpy(t.marked + t.marked_len, letters[n].marked,
		       letters[n].len);
		t.marked_len += letters[n].len;
		t.plain[i] = letters[n].byte;
		t.bad[i] = letters[n].bad;
	}
	return t;
}

/* Splits after every byte whose bit is set in cuts. */
static bool decodes(const struct text *t, unsigned cuts)
{
	struct marks marks = { 0 };
	size_t at = 0, out = 0, end, n, i;
	uint8_t got[3 * MOST];

	for (; at < t->marked_len; at = end) {
		bool bad = false;

		for (end = at + 1; end < t->marked_len &&
		     !(cuts >> (end - 1) & 1); end++)
			;
		memcpy(got + out, t->marked + at, end - at);
		marks.damaged = false;
		n = marks_decode(&marks, got + out, end - at);
		if (n > end - at || out + n > t->len)
			return false;
		for (i = 0; i < n; i++)
			bad |= t->bad[out + i];
		if (bad != marks.damaged)
			return false;
		out += n;
	}
	return out == t->len && memcmp(got, t->plain, out) == 0 &&
	       marks.held == 0;
}

static void test_all(void)
{
	size_t len, number, count = 1;
	unsigned cuts;

	for (len = 1; len <= MOST; len++) {
		count *= ARRAY_LEN(letters);
		for (number = 0; number < count; number++) {
			struct text t = make_text(number, len);
			bool ok = true;

			for (cuts = 0; cuts < 1u << (t.marked_len - 1); cuts++)
				ok = ok && decodes(&t, cuts);
			if (!CHECK(ok))
				printf("  text %zu of %zu letters\n", number,
				       len);
		}
	}
}

int main(void)
{
	test_all();
	return t_done();
}
