/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "parsers/image.h"
#include "tests/unit/t.h"
#include "utils.h"

#define TOP ((uint64_t)1 << 32)

struct piece {
	uint32_t start;
	const char *text;	/* NULL ends the list */
};

/* The expected image: pieces in order. */
static void check_segments(const struct image *image,
			   const struct piece *expected)
{
	size_t i;

	for (i = 0; expected[i].text != NULL; i++) {
		const struct segment *s = &image->segments[i];

		if (!CHECK(i < image->count))
			return;
		EQUAL(s->start, expected[i].start);
		if (EQUAL(s->len, strlen(expected[i].text)))
			BYTES(s->data, expected[i].text, s->len);
	}
	EQUAL(image->count, i);
}

static enum image_err add(struct image *image, uint32_t start,
			  const char *text, unsigned place)
{
	return image_add(image, start, (const uint8_t *)text, strlen(text),
			 place);
}

static struct image *made_of(const struct piece *pieces)
{
	struct image *image = image_new();
	size_t i;

	for (i = 0; pieces[i].text != NULL; i++)
		EQUAL(add(image, pieces[i].start, pieces[i].text,
			  (unsigned)i + 1), IMAGE_OK);
	return image;
}

#define MOST 6	/* pieces per row, with the end mark */

static void test_merge(void)
{
	static const struct {
		const char *name;
		struct piece given[MOST], expected[MOST];
	} rows[] = {
		{ "none", { { 0, NULL } }, { { 0, NULL } } },
		{ "one", { { 16, "abc" } }, { { 16, "abc" } } },
		{ "touching", { { 0, "ab" }, { 2, "cd" } }, { { 0, "abcd" } } },
		{ "out of order", { { 2, "cd" }, { 0, "ab" } },
		  { { 0, "abcd" } } },
		{ "a gap of one", { { 0, "ab" }, { 3, "d" } },
		  { { 0, "ab" }, { 3, "d" } } },
		{ "far apart", { { 0xFFFFFFFE, "yz" }, { 0, "a" } },
		  { { 0, "a" }, { 0xFFFFFFFE, "yz" } } },
		{ "a gap filled", { { 0, "ab" }, { 4, "ef" }, { 2, "cd" } },
		  { { 0, "abcdef" } } },
		{ "the same twice", { { 0, "ab" }, { 0, "ab" } },
		  { { 0, "ab" } } },
		{ "inside", { { 0, "abcdef" }, { 2, "cd" }, { 6, "g" } },
		  { { 0, "abcdefg" } } },
		{ "longer at the same start", { { 0, "ab" }, { 0, "abcd" } },
		  { { 0, "abcd" } } },
		{ "half over", { { 2, "cdef" }, { 0, "abcd" } },
		  { { 0, "abcdef" } } },
		{ "over three", { { 0, "a" }, { 2, "c" }, { 4, "e" },
				  { 0, "abcdef" } }, { { 0, "abcdef" } } },
	};
	struct image_clash clash;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct image *image = made_of(rows[i].given);

		t_about(rows[i].name);
		EQUAL(image_finish(image, &clash), IMAGE_OK);
		check_segments(image, rows[i].expected);
		image_free(image);
	}
}

static void test_clash(void)
{
	static const struct {
		const char *name;
		struct piece given[MOST];
		uint32_t address;
		unsigned first, second;
	} rows[] = {
		{ "same place", { { 8, "ab" }, { 8, "aX" } }, 9, 1, 2 },
		{ "the later begins lower", { { 8, "ab" }, { 6, "..X" } },
		  8, 1, 2 },
		{ "inside a long one", { { 0, "abcdefgh" }, { 5, "X" } },
		  5, 1, 2 },
		{ "first of those that agree",
		  { { 4, "e" }, { 0, "abcdef" }, { 4, "X" } }, 4, 1, 3 },
		{ "the odd one first",
		  { { 4, "X" }, { 0, "abcdef" }, { 4, "e" } }, 4, 1, 2 },
		{ "last byte of all",
		  { { 0xFFFFFFFE, "yz" }, { 0xFFFFFFFF, "X" } },
		  0xFFFFFFFF, 1, 2 },
		{ "lowest address of several",
		  { { 0, "abc" }, { 1, "bX" }, { 0, "Y" } }, 0, 1, 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct image *image = made_of(rows[i].given);
		struct image_clash clash = { 0, 0, 0 };

		t_about(rows[i].name);
		EQUAL(image_finish(image, &clash), IMAGE_OVERLAP);
		EQUAL(clash.address, rows[i].address);
		EQUAL(clash.first, rows[i].first);
		EQUAL(clash.second, rows[i].second);
		EQUAL(image->count, 0);
		image_free(image);
	}
	t_about("");
}

/* Finished, extended, finished again; a failure keeps the old contents. */
static void test_again(void)
{
	static const struct piece first[] = { { 4, "ef" }, { 0, "ab" },
					      { 0, NULL } };
	static const struct piece both[] = { { 0, "abcdef" }, { 9, "j" },
					     { 0, NULL } };
	struct image *image = made_of(first);
	struct image_clash clash;

	EQUAL(image_finish(image, &clash), IMAGE_OK);
	EQUAL(add(image, 9, "j", 7), IMAGE_OK);
	EQUAL(add(image, 2, "cd", 8), IMAGE_OK);
	EQUAL(image_finish(image, &clash), IMAGE_OK);
	check_segments(image, both);

	EQUAL(add(image, 20, "new", 1), IMAGE_OK);
	EQUAL(add(image, 5, "X", 9), IMAGE_OK);
	EQUAL(image_finish(image, &clash), IMAGE_OVERLAP);
	EQUAL(clash.address, 5);
	EQUAL(clash.first, 0);
	EQUAL(clash.second, 9);
	check_segments(image, both);
	EQUAL(image_finish(image, &clash), IMAGE_OK);
	check_segments(image, both);
	image_free(image);
}

static void test_wrap(void)
{
	struct image *image = image_new();

	EQUAL(add(image, 0xFFFFFFFF, "a", 1), IMAGE_OK);
	EQUAL(add(image, 0xFFFFFFFF, "ab", 1), IMAGE_WRAP);
	EQUAL(add(image, 0xFFFFFFFD, "wxyz", 1), IMAGE_WRAP);
	EQUAL(add(image, 0xFFFFFFFF, "", 1), IMAGE_OK);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(image->count, 1);
	EQUAL(image_end(image), TOP);
	EQUAL(image_fill(image, 0xFFFFFFFE, (const uint8_t *)"abc", 3),
	      IMAGE_WRAP);
	EQUAL(image_fill(image, 0xFFFFFFFE, (const uint8_t *)"ab", 2),
	      IMAGE_OK);
	EQUAL(image_start(image), 0xFFFFFFFE);
	EQUAL(image_bytes(image), 2);
	image_free(image);
}

static void test_fill(void)
{
	static const struct piece given[] = { { 2, "cd" }, { 6, "gh" },
					      { 0, NULL } };
	static const struct piece filled[] = { { 1, "1cd45gh8" }, { 0, NULL } };
	static const struct piece more[] = { { 1, "1cd45gh8" }, { 20, "0" },
					     { 0, NULL } };
	struct image *image = made_of(given);

	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(image_fill(image, 1, (const uint8_t *)"12345678", 8), IMAGE_OK);
	check_segments(image, filled);
	/* Nothing to fill, no bytes, and far from the existing data. */
	EQUAL(image_fill(image, 3, (const uint8_t *)"XXX", 3), IMAGE_OK);
	EQUAL(image_fill(image, 30, NULL, 0), IMAGE_OK);
	EQUAL(image_fill(image, 20, (const uint8_t *)"0", 1), IMAGE_OK);
	check_segments(image, more);
	image_free(image);
}

static void test_move(void)
{
	static const struct piece given[] = { { 0, "ab" }, { 4, "ef" },
					      { 0, NULL } };
	static const struct piece moved[] = { { 0x08000000, "ab" },
					      { 0x08000004, "ef" },
					      { 0, NULL } };
	struct image *image = made_of(given);

	EQUAL(image_finish(image, NULL), IMAGE_OK);
	CHECK(!image_move(image, -1));
	CHECK(image_move(image, 0x08000000));
	check_segments(image, moved);
	CHECK(!image_move(image, -0x08000001));
	CHECK(!image_move(image, 0xF7FFFFFB));
	CHECK(!image_move(image, INT64_MAX));
	CHECK(!image_move(image, INT64_MIN));
	check_segments(image, moved);
	CHECK(image_move(image, 0xF7FFFFFA));
	EQUAL(image_end(image), TOP);
	CHECK(image_move(image, -0xFFFFFFFALL));
	check_segments(image, given);
	image_free(image);
}

static void test_slice(void)
{
	static const struct piece given[] = { { 16, "abcd" }, { 32, "ijkl" },
					      { 0xFFFFFFFE, "yz" },
					      { 0, NULL } };
	static const struct {
		uint32_t start;
		uint64_t end;
		struct piece expected[4];
	} rows[] = {
		{ 0, 16, { { 0, NULL } } },
		{ 20, 32, { { 0, NULL } } },
		{ 18, 18, { { 0, NULL } } },
		{ 19, 18, { { 0, NULL } } },
		{ 16, 20, { { 16, "abcd" } } },
		{ 15, 17, { { 16, "a" } } },
		{ 19, 99, { { 19, "d" }, { 32, "ijkl" } } },
		{ 17, 35, { { 17, "bcd" }, { 32, "ijk" } } },
		{ 0, TOP, { { 16, "abcd" }, { 32, "ijkl" },
			    { 0xFFFFFFFE, "yz" } } },
		{ 0xFFFFFFFF, TOP, { { 0xFFFFFFFF, "z" } } },
		{ 0xFFFFFFFF, UINT64_MAX, { { 0xFFFFFFFF, "z" } } },
	};
	struct image *image = made_of(given);
	size_t i;

	EQUAL(image_finish(image, NULL), IMAGE_OK);
	image->has_addresses = false;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct image *slice = image_slice(image, rows[i].start,
						  rows[i].end);

		check_segments(slice, rows[i].expected);
		CHECK(!slice->has_addresses);
		image_free(slice);
	}
	image_free(image);
}

static void test_look(void)
{
	static const struct piece given[] = { { 16, "aaab" }, { 32, "aa" },
					      { 0, NULL } };
	struct image *image = made_of(given);
	uint8_t out[24];

	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(image_copy(image, 14, out, 24, '.'), 6);
	BYTES(out, "..aaab............aa....", 24);
	EQUAL(image_copy(image, 18, out, 1, '.'), 1);
	BYTES(out, "a", 1);
	EQUAL(image_copy(image, 20, out, 4, '-'), 0);
	BYTES(out, "----", 4);
	EQUAL(image_copy(image, 0xFFFFFFFE, out, 4, '-'), 0);
	EQUAL(image_copy(image, 16, out, 0, '-'), 0);

	EQUAL(image_covers(image, 0, UINT64_MAX), 6);
	EQUAL(image_covers(image, 19, 14), 2);
	EQUAL(image_covers(image, 20, 12), 0);
	EQUAL(image_covers(image, 34, 1), 0);
	EQUAL(image_covers(image, 16, 0), 0);

	CHECK(image_from(image, 0) == &image->segments[0]);
	CHECK(image_from(image, 19) == &image->segments[0]);
	CHECK(image_from(image, 20) == &image->segments[1]);
	CHECK(image_from(image, 33) == &image->segments[1]);
	CHECK(image_from(image, 34) == NULL);

	CHECK(image_all_equal(image, 16, 3, 'a'));
	CHECK(!image_all_equal(image, 16, 4, 'a'));
	CHECK(!image_all_equal(image, 16, 1, 'b'));
	CHECK(image_all_equal(image, 20, 99, 'a'));
	CHECK(image_all_equal(image, 40, 99, 'x'));
	EQUAL(image_bytes(image), 6);
	EQUAL(image_start(image), 16);
	EQUAL(image_end(image), 34);
	image_free(image);
}

static void test_empty(void)
{
	struct image *image = image_new();
	struct image *slice;
	uint8_t out[2];

	CHECK(image->has_addresses);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(image_bytes(image), 0);
	EQUAL(image_start(image), 0);
	EQUAL(image_end(image), 0);
	CHECK(image_from(image, 0) == NULL);
	CHECK(image_move(image, -5));
	EQUAL(image_copy(image, 0, out, 2, 7), 0);
	EQUAL(out[1], 7);
	slice = image_slice(image, 0, TOP);
	EQUAL(slice->count, 0);
	image_free(slice);
	image_free(image);
	image_free(NULL);
}

/* A small random generator with the same results everywhere: Numerical
 * Recipes, "quick and dirty generators". */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

#define ARENA 512u

/* Compares random pieces with a plain array of bytes and marks. */
static void test_against_array(uint32_t seed)
{
	static uint8_t memory[ARENA], out[ARENA];
	bool have[ARENA] = { false };
	struct image *image = image_new();
	size_t i, n, bytes = 0;

	for (i = 0; i < ARENA; i++)
		memory[i] = (uint8_t)next_random(&seed);
	for (n = next_random(&seed) % 60; n > 0; n--) {
		uint32_t at = next_random(&seed) % ARENA;
		uint32_t len = next_random(&seed) % 20;

		if (len > ARENA - at)
			len = ARENA - at;
		EQUAL(image_add(image, 0x1000 + at, memory + at, len, 1),
		      IMAGE_OK);
		for (i = at; i < at + len; i++)
			have[i] = true;
		if (n % 16 == 0)
			EQUAL(image_finish(image, NULL), IMAGE_OK);
	}
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	for (i = 0; i < ARENA; i++) {
		bytes += have[i];
		EQUAL(image_covers(image, 0x1000 + (uint32_t)i, 1), have[i]);
	}
	EQUAL(image_bytes(image), bytes);
	EQUAL(image_copy(image, 0x1000, out, ARENA, 0), bytes);
	for (i = 0; i < ARENA; i++)
		EQUAL(out[i], have[i] ? memory[i] : 0);
	for (i = 1; i < image->count; i++)
		CHECK(image->segments[i].start >
		      image->segments[i - 1].start +
		      image->segments[i - 1].len);
	image_free(image);
}

/* A gap of nearly 4 GiB, and a hundred thousand pieces from the top down. */
static void test_cost(void)
{
	struct image *image = image_new();
	uint32_t i;

	EQUAL(add(image, 0xFFFFFFF0, "far", 1), IMAGE_OK);
	for (i = 100000; i > 0; i--) {
		if (image_add(image, 4 * i, (const uint8_t *)"abcd", 4, i) !=
		    IMAGE_OK)
			break;
	}
	EQUAL(i, 0);
	EQUAL(image_finish(image, NULL), IMAGE_OK);
	EQUAL(image->count, 2);
	EQUAL(image_bytes(image), 400003);
	CHECK(image->store_room <= 2 * 400003);
	image_free(image);
}

int main(void)
{
	uint32_t seed;

	test_merge();
	test_clash();
	test_again();
	test_wrap();
	test_fill();
	test_move();
	test_slice();
	test_look();
	test_empty();
	for (seed = 1; seed <= 50; seed++)
		test_against_array(seed);
	test_cost();
	return t_done();
}
