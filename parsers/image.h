/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sparse memory image: sorted, disjoint segments, each a run of bytes at an
 * address. A gap is not padded: memory use is proportional to the data. Built
 * in two steps: image_add() adds pieces in any order with the place they come
 * from, then image_finish() sorts and merges them and finds conflicts.
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

/* The processor that a file is for. */
enum image_cpu { CPU_ANY, CPU_ARM, CPU_RISCV };

struct image {
	struct segment *segments;	/* sorted; never adjacent */
	size_t count;
	bool has_addresses;	/* false: raw binary, not yet placed */
	enum image_cpu cpu;
	const char *family;	/* "STM32F1", in static memory; NULL: any */
	/* private: pieces until image_finish(), and their bytes */
	struct image_piece *pieces;
	size_t piece_count, piece_room;
	uint8_t *store;
	size_t store_len, store_room;
};

enum image_err {
	IMAGE_OK = 0,
	IMAGE_NO_MEMORY,
	IMAGE_OVERLAP,	/* two pieces conflict */
	IMAGE_WRAP	/* an address beyond 2^32 - 1 */
};

/* Where two pieces conflict. */
struct image_clash {
	uint32_t address;
	unsigned first, second;	/* the `place` of each piece */
};

/* Creates an empty image with has_addresses set; NULL: out of memory. The
 * caller owns it. */
struct image *image_new(void);
void image_free(struct image *image);	/* NULL is allowed */

/* Adds a copy of len bytes at address; place is their line or section. len 0
 * adds nothing. data must not point into this image. */
enum image_err image_add(struct image *image, uint32_t address,
			 const uint8_t *data, size_t len, unsigned place);

/*
 * Sorts and merges the added pieces, including earlier segments (whose place
 * is 0). Equal bytes may be added twice; on IMAGE_OVERLAP *clash says where
 * they differ, unless clash is NULL. On failure the image is as after the last
 * successful finish.
 */
enum image_err image_finish(struct image *image, struct image_clash *clash);

/* As image_add() and image_finish(), but keeps the bytes that the image
 * already has and only fills gaps, for the kept bytes of a page. This function
 * and all below need a finished image. */
enum image_err image_fill(struct image *image, uint32_t address,
			  const uint8_t *data, size_t len);

/* Adds offset to every address. False, without a change, if an address would
 * leave the address space. */
bool image_move(struct image *image, int64_t offset);

/* Returns a new image of [start, end), of the same kind; end may be 2^32.
 * Empty if there are no bytes; NULL: out of memory. The caller owns it. */
struct image *image_slice(const struct image *image, uint32_t start,
			  uint64_t end);

size_t image_bytes(const struct image *image);	/* all data, without gaps */
uint32_t image_start(const struct image *image);	/* 0 if empty */
uint64_t image_end(const struct image *image);	/* after the last byte, 0 if
						 * empty */

/* Copies [address, address + len) to out, with fill in the gaps. Returns how
 * many of the bytes are in the image. */
size_t image_copy(const struct image *image, uint32_t address, uint8_t *out,
		  size_t len, uint8_t fill);

/* Returns how many bytes of [address, address + len) the image has. */
size_t image_covers(const struct image *image, uint32_t address, uint64_t len);

/* To walk a range: returns the first segment that ends after address, or
 * NULL. */
const struct segment *image_from(const struct image *image, uint32_t address);

/* True if every byte of the image in [address, address + len) is value; gaps
 * count as value. */
bool image_all_equal(const struct image *image, uint32_t address, size_t len,
		     uint8_t value);

#endif
