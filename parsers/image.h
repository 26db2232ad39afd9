/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sparse memory image: sorted, disjoint segments, each a run of bytes at an
 * address. A gap is a gap, not padding: memory used is proportional to the
 * data. Built in two steps: pieces are added in any order with the place they
 * come from, then image_finish() sorts, merges and finds contradictions.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segment {
	uint32_t start;		/* address of the first byte */
	size_t len;		/* at least 1; start + len <= 2^32 */
	uint8_t *data;
};

/* What a file says it is for. */
enum image_cpu { CPU_ANY, CPU_ARM, CPU_RISCV };

struct image {
	struct segment *segments;	/* sorted; never touching */
	size_t count;
	bool has_addresses;	/* false: raw binary, still to be placed */
	enum image_cpu cpu;
	const char *family;	/* "STM32F1", in static memory; NULL: any */
	/* private: pieces until image_finish(), and the byte store */
	struct image_piece *pieces;
	size_t piece_count, piece_room;
	uint8_t *store;
	size_t store_len, store_room;
};

enum image_err {
	IMAGE_OK = 0,
	IMAGE_NO_MEMORY,
	IMAGE_OVERLAP,	/* two pieces disagree on a byte */
	IMAGE_WRAP	/* an address beyond 2^32 - 1 */
};

/* Where two pieces disagree. */
struct image_clash {
	uint32_t address;
	unsigned first, second;	/* the `place` of each piece */
};

/* An empty image with has_addresses set, or NULL without memory. The caller
 * owns it. */
struct image *image_new(void);
void image_free(struct image *image);	/* NULL is allowed */

/* Adds a copy of len bytes at address; place is the line or the section they
 * come from. len 0 adds nothing. data is not of this image itself. */
enum image_err image_add(struct image *image, uint32_t address,
			 const uint8_t *data, size_t len, unsigned place);

/*
 * Sorts and merges what was added (to what is there already, if the image was
 * finished before: its place is 0). Equal bytes may be given twice; on
 * IMAGE_OVERLAP *clash says where they differ, unless clash is NULL. On
 * failure the image is what it was when it was finished last.
 */
enum image_err image_finish(struct image *image, struct image_clash *clash);

/* As image_add() and image_finish(), but bytes the image has already stay:
 * only gaps are filled. For what is kept of a page. Of a finished image, as
 * all that follow. */
enum image_err image_fill(struct image *image, uint32_t address,
			  const uint8_t *data, size_t len);

/* Adds offset to every address. False, and nothing moved, if that leaves the
 * address space. */
bool image_move(struct image *image, int64_t offset);

/* A new image of what lies in [start, end), of the same kind; end may be 2^32.
 * Empty if there is nothing, NULL without memory. The caller owns it. */
struct image *image_slice(const struct image *image, uint32_t start,
			  uint64_t end);

size_t image_bytes(const struct image *image);	/* all data, without gaps */
uint32_t image_start(const struct image *image);	/* 0 if empty */
uint64_t image_end(const struct image *image);	/* one past, 0 if empty */

/* Copies [address, address + len) to out; gaps become fill. Returns how many
 * of the bytes were in the image. */
size_t image_copy(const struct image *image, uint32_t address, uint8_t *out,
		  size_t len, uint8_t fill);

/* How many bytes of [address, address + len) the image has. */
size_t image_covers(const struct image *image, uint32_t address, uint64_t len);

/* The first segment that ends after address, or NULL: to walk a range. */
const struct segment *image_from(const struct image *image, uint32_t address);

/* True if every byte that the image has in [address, address + len) is value;
 * gaps count as value. */
bool image_all_equal(const struct image *image, uint32_t address, size_t len,
		     uint8_t value);

#endif
