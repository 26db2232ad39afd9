/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS_LIMIT ((uint64_t)1 << 32)

/* A piece from image_add(), until image_finish() merges it. */
struct image_piece {
	uint32_t start;
	unsigned place;
	size_t len;
	size_t offset;	/* of its bytes in the store: increases with each
			 * piece, so it also shows the order of the pieces */
};

/* The merged image as it grows, piece by piece in order of addresses. */
struct merge {
	struct segment *segments;
	size_t count, room;
	uint8_t *store;
	size_t store_len;
};

static uint64_t segment_end(const struct segment *segment)
{
	return (uint64_t)segment->start + segment->len;
}

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Returns the end of the range, limited to the address space. */
static uint64_t range_end(uint32_t address, uint64_t len)
{
	return address + min_u64(len, ADDRESS_LIMIT - address);
}

/* Returns old with room for at least need items; NULL: out of memory, old is
 * unchanged. Doubles the room, so that adding single items is cheap. */
static void *grown(void *old, size_t *room, size_t need, size_t item)
{
	size_t wanted = *room < 64 ? 64 : *room;
	void *grown_to;

	if (need > SIZE_MAX / 2 / item)
		return NULL;
	while (wanted < need)
		wanted *= 2;
	grown_to = realloc(old, wanted * item);
	if (grown_to != NULL)
		*room = wanted;
	return grown_to;
}

struct image *image_new(void)
{
	struct image *image = calloc(1, sizeof(*image));

	if (image != NULL)
		image->has_addresses = true;
	return image;
}

void image_free(struct image *image)
{
	if (image == NULL)
		return;
	free(image->segments);
	free(image->pieces);
	free(image->store);
	free(image);
}

/* The bytes of the segments are at the beginning of the store, in order; sets
 * the pointers again after the store has moved. */
static size_t locate_segments(struct image *image)
{
	size_t i, offset = 0;

	for (i = 0; i < image->count; i++) {
		image->segments[i].data = image->store + offset;
		offset += image->segments[i].len;
	}
	return offset;
}

static bool store_reserve(struct image *image, size_t len)
{
	uint8_t *store;

	if (image->store != NULL && len <= image->store_room - image->store_len)
		return true;
	if (len > SIZE_MAX - image->store_len)
		return false;
	store = grown(image->store, &image->store_room,
		      image->store_len + len, 1);
	if (store == NULL)
		return false;
	image->store = store;
	(void)locate_segments(image);
	return true;
}

static bool pieces_reserve(struct image *image, size_t count)
{
	struct image_piece *pieces;

	if (count <= image->piece_room - image->piece_count)
		return true;
	pieces = grown(image->pieces, &image->piece_room,
		       image->piece_count + count, sizeof(*pieces));
	if (pieces == NULL)
		return false;
	image->pieces = pieces;
	return true;
}

enum image_err image_add(struct image *image, uint32_t address,
			 const uint8_t *data, size_t len, unsigned place)
{
	if (len == 0)
		return IMAGE_OK;
	if (len > ADDRESS_LIMIT - address)
		return IMAGE_WRAP;
	if (!pieces_reserve(image, 1) || !store_reserve(image, len))
		return IMAGE_NO_MEMORY;
	image->pieces[image->piece_count++] = (struct image_piece){
		.start = address,
		.place = place,
		.len = len,
		.offset = image->store_len,
	};
	memcpy(image->store + image->store_len, data, len);
	image->store_len += len;
	return IMAGE_OK;
}

/* By address; pieces with the same start in the order they were added. */
static int compare_pieces(const void *a, const void *b)
{
	const struct image_piece *p = a, *q = b;

	if (p->start != q->start)
		return p->start < q->start ? -1 : 1;
	if (p->offset != q->offset)
		return p->offset < q->offset ? -1 : 1;
	return 0;
}

/* Turns finished segments into pieces for the next merge. */
static bool segments_to_pieces(struct image *image)
{
	size_t i, offset = 0;

	if (!pieces_reserve(image, image->count))
		return false;
	for (i = 0; i < image->count; i++) {
		image->pieces[image->piece_count++] = (struct image_piece){
			.start = image->segments[i].start,
			.len = image->segments[i].len,
			.offset = offset,
		};
		offset += image->segments[i].len;
	}
	return true;
}

/* Names the two pieces that conflict: number i of the sorted ones, and the
 * first added of the earlier ones with this byte (they all agree). */
static void describe_clash(const struct image *image, size_t i,
			   uint32_t address, struct image_clash *clash)
{
	const struct image_piece *second = &image->pieces[i], *first = NULL;
	const struct image_piece *p;

	if (clash == NULL)
		return;
	for (p = image->pieces; p < second; p++) {
		if (address - p->start < p->len &&
		    (first == NULL || p->offset < first->offset))
			first = p;
	}
	assert(first != NULL);
	if (first->offset > second->offset) {
		p = first;
		first = second;
		second = p;
	}
	clash->address = address;
	clash->first = first->place;
	clash->second = second->place;
}

static bool new_segment(struct merge *merge, uint32_t start)
{
	struct segment *segments = merge->segments;

	if (merge->count == merge->room) {
		segments = grown(segments, &merge->room, merge->count + 1,
				 sizeof(*segments));
		if (segments == NULL)
			return false;
		merge->segments = segments;
	}
	segments[merge->count++] = (struct segment){ .start = start };
	return true;
}

/* Adds a piece that does not start before the last segment. *same is the
 * number of its bytes that were present and equal. */
static enum image_err merge_piece(struct merge *merge, uint32_t start,
				  const uint8_t *data, size_t len, size_t *same)
{
	const struct segment *last = NULL;
	const uint8_t *there;
	size_t overlap = 0;

	*same = 0;
	if (merge->count > 0)
		last = &merge->segments[merge->count - 1];
	if (last == NULL || segment_end(last) < start) {
		if (!new_segment(merge, start))
			return IMAGE_NO_MEMORY;
	} else {
		overlap = (size_t)(segment_end(last) - start);
	}
	there = merge->store + (merge->store_len - overlap);
	for (; *same < overlap && *same < len; (*same)++) {
		if (there[*same] != data[*same])
			return IMAGE_OVERLAP;
	}
	memcpy(merge->store + merge->store_len, data + *same, len - *same);
	merge->store_len += len - *same;
	merge->segments[merge->count - 1].len += len - *same;
	return IMAGE_OK;
}

static enum image_err merge_pieces(const struct image *image,
				   struct merge *merge,
				   struct image_clash *clash)
{
	size_t i, same;

	merge->store = malloc(image->store_len);
	if (merge->store == NULL)
		return IMAGE_NO_MEMORY;
	for (i = 0; i < image->piece_count; i++) {
		const struct image_piece *p = &image->pieces[i];
		enum image_err err = merge_piece(merge, p->start,
						 image->store + p->offset,
						 p->len, &same);

		if (err == IMAGE_OVERLAP)
			describe_clash(image, i, p->start + (uint32_t)same,
				       clash);
		if (err != IMAGE_OK)
			return err;
	}
	return IMAGE_OK;
}

static void drop_pieces(struct image *image)
{
	free(image->pieces);
	image->pieces = NULL;
	image->piece_count = 0;
	image->piece_room = 0;
	image->store_len = locate_segments(image);
}

/* Takes the only piece without copying its bytes. */
static enum image_err adopt_piece(struct image *image)
{
	struct merge merge = { .count = 0 };
	bool ok = new_segment(&merge, image->pieces[0].start);

	if (ok) {
		merge.segments[0].len = image->pieces[0].len;
		free(image->segments);
		image->segments = merge.segments;
		image->count = 1;
	}
	drop_pieces(image);
	return ok ? IMAGE_OK : IMAGE_NO_MEMORY;
}

enum image_err image_finish(struct image *image, struct image_clash *clash)
{
	struct merge merge = { .count = 0 };
	enum image_err err = IMAGE_NO_MEMORY;

	if (image->piece_count == 0)
		return IMAGE_OK;
	if (image->count == 0 && image->piece_count == 1)
		return adopt_piece(image);
	if (segments_to_pieces(image)) {
		qsort(image->pieces, image->piece_count,
		      sizeof(*image->pieces), compare_pieces);
		err = merge_pieces(image, &merge, clash);
	}
	if (err != IMAGE_OK) {
		free(merge.segments);
		free(merge.store);
		drop_pieces(image);
		return err;
	}
	free(image->segments);
	free(image->store);
	image->segments = merge.segments;
	image->count = merge.count;
	image->store_room = image->store_len;
	image->store = merge.store;
	drop_pieces(image);
	return IMAGE_OK;
}

const struct segment *image_from(const struct image *image, uint32_t address)
{
	size_t low = 0, high = image->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (segment_end(&image->segments[middle]) > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low < image->count ? &image->segments[low] : NULL;
}

/* Finds the next run of bytes of the image in [*at, end): returns its first
 * byte, with the address in *at and the length in *len; NULL if there is no
 * more. */
static const uint8_t *next_run(const struct image *image, uint64_t *at,
			       uint64_t end, size_t *len)
{
	const struct segment *s;

	if (*at >= end)
		return NULL;
	s = image_from(image, (uint32_t)*at);
	if (s == NULL || s->start >= end)
		return NULL;
	if (s->start > *at)
		*at = s->start;
	*len = (size_t)(min_u64(segment_end(s), end) - *at);
	return s->data + (*at - s->start);
}

enum image_err image_fill(struct image *image, uint32_t address,
			  const uint8_t *data, size_t len)
{
	uint64_t end = range_end(address, len), at = address;
	enum image_err err = IMAGE_OK;

	assert(image->piece_count == 0);

	if (len > ADDRESS_LIMIT - address)
		return IMAGE_WRAP;
	while (at < end && err == IMAGE_OK) {
		const struct segment *next = image_from(image, (uint32_t)at);
		uint64_t stop = end;

		if (next != NULL)
			stop = min_u64(stop, next->start);
		if (at < stop)
			err = image_add(image, (uint32_t)at,
					data + (at - address),
					(size_t)(stop - at), 0);
		at = next != NULL ? segment_end(next) : end;
	}
	if (err != IMAGE_OK) {
		drop_pieces(image);
		return err;
	}
	return image_finish(image, NULL);
}

bool image_move(struct image *image, int64_t offset)
{
	const int64_t limit = (int64_t)ADDRESS_LIMIT;
	size_t i;

	assert(image->piece_count == 0);

	if (image->count == 0)
		return true;
	if (offset < -limit || offset > limit ||
	    image_start(image) + offset < 0 ||
	    (int64_t)image_end(image) + offset > limit)
		return false;
	for (i = 0; i < image->count; i++)
		image->segments[i].start += (uint32_t)offset;
	return true;
}

struct image *image_slice(const struct image *image, uint32_t start,
			  uint64_t end)
{
	struct image *slice = image_new();
	enum image_err err = IMAGE_OK;
	uint64_t at = start;
	const uint8_t *run;
	size_t n;

	if (slice == NULL)
		return NULL;
	slice->has_addresses = image->has_addresses;
	slice->cpu = image->cpu;
	slice->family = image->family;
	end = min_u64(end, ADDRESS_LIMIT);
	for (; (run = next_run(image, &at, end, &n)) != NULL; at += n) {
		err = image_add(slice, (uint32_t)at, run, n, 0);
		if (err != IMAGE_OK)
			break;
	}
	if (err == IMAGE_OK)
		err = image_finish(slice, NULL);
	if (err == IMAGE_OK)
		return slice;
	image_free(slice);
	return NULL;
}

size_t image_bytes(const struct image *image)
{
	size_t i, sum = 0;

	for (i = 0; i < image->count; i++)
		sum += image->segments[i].len;
	return sum;
}

uint32_t image_start(const struct image *image)
{
	return image->count > 0 ? image->segments[0].start : 0;
}

uint64_t image_end(const struct image *image)
{
	if (image->count == 0)
		return 0;
	return segment_end(&image->segments[image->count - 1]);
}

size_t image_copy(const struct image *image, uint32_t address, uint8_t *out,
		  size_t len, uint8_t fill)
{
	uint64_t at = address, end = range_end(address, len);
	const uint8_t *run;
	size_t n, copied = 0;

	if (len > 0)
		memset(out, fill, len);
	for (; (run = next_run(image, &at, end, &n)) != NULL; at += n) {
		memcpy(out + (at - address), run, n);
		copied += n;
	}
	return copied;
}

size_t image_covers(const struct image *image, uint32_t address, uint64_t len)
{
	uint64_t at = address, end = range_end(address, len);
	size_t n, covered = 0;

	for (; next_run(image, &at, end, &n) != NULL; at += n)
		covered += n;
	return covered;
}

bool image_all_equal(const struct image *image, uint32_t address, size_t len,
		     uint8_t value)
{
	uint64_t at = address, end = range_end(address, len);
	const uint8_t *run;
	size_t i, n;

	for (; (run = next_run(image, &at, end, &n)) != NULL; at += n) {
		for (i = 0; i < n; i++) {
			if (run[i] != value)
				return false;
		}
	}
	return true;
}
