/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What to keep, erase, write and verify, and in which order: a pure function
 * of the image, the options and the part. flash.h carries out a plan.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/image.h"
#include "flash/part.h"
#include "problem.h"

enum erase_mode {
	ERASE_AUTO,	/* the whole flash; with a range its pages */
	ERASE_CHIP,
	ERASE_PAGES,	/* only pages that the image touches */
	ERASE_NONE
};

struct plan_request {
	const struct image *image;	/* placed; NULL: only erase */
	bool has_range;
	struct range range;	/* limits of the job, as given by the user */
	enum erase_mode erase;
	bool has_pages;		/* the user named the pages: keep nothing */
	uint32_t first_page, page_count;
	bool verify;
	unsigned block;		/* longest write in bytes, a power of two */
};

enum step_kind {
	STEP_KEEP,	/* read [start, end) into the image before the erase */
	STEP_ERASE_ALL,
	STEP_ERASE_PAGES,	/* page_count pages from first_page on */
	STEP_PROVE,	/* check that [start, end) is erased, a sample of its
			 * unit: the erase of a write protected unit gets an
			 * ACK too */
	STEP_WRITE,	/* [start, end), at most one block */
	STEP_BLANK,	/* nothing to do, but -v verifies it: the image has
			 * erased bytes at [start, end), on a page that is not
			 * erased */
	STEP_VERIFY,	/* [start, end) */
	STEP_SAME	/* [start, end) is a gap of a write on a page that is
			 * not erased; it must hold what it held at the start */
};

struct step {
	enum step_kind kind;
	uint32_t start, end;
	uint32_t first_page, page_count;
	enum area area;		/* for STEP_WRITE and STEP_VERIFY */
	bool sample;		/* a verify of erased bytes, as proof that the
				 * page was erased */
	bool whole;		/* belongs to pages with kept bytes, which are
				 * completed once they are begun */
	bool may_be_blank;	/* a write of kept bytes: skipped if they turn
				 * out to be erased */
};

struct plan {
	struct step *steps;
	size_t count, room;
	size_t prelude;		/* number of leading steps that keep and erase;
				 * the others prove and write, and erase the
				 * pages with kept bytes */
	size_t write_bytes, verify_bytes;
	bool verifies;
	uint32_t pages_erased;	/* all pages for STEP_ERASE_ALL */
	bool erases, erases_all;
	bool *erased;		/* by page position; not used for a mass
				 * erase */
	bool erase_unknown;	/* addresses that may be flash are written
				 * without an erase: the pages of this part are
				 * unknown */
	bool image_beyond_erase;	/* the pages that the user named do not
					 * cover the image */
};

/* On success the caller owns *out (plan_free); on failure *out is NULL and
 * *why says what is impossible. */
bool plan_make(const struct plan_request *request, const struct part *part,
	       struct plan **out, struct problem *why);
/* The cost of a plan on a serial line: bytes each way, waits for an answer,
 * worst-case milliseconds of the flash; reads and writes in blocks of `block`
 * bytes. */
struct plan_cost {
	uint64_t to_device, from_device, waits, flash_ms;
	uint32_t writes, bytes_written, bytes_kept, bytes_verified;
	uint32_t lists;		/* lists of pages to erase */
};
/* Returns the number of pages in the next list of an erase, at most `most`;
 * `count` pages are left, and `lists` lists were sent before. one_byte: by
 * Erase (43). */
uint32_t plan_list_len(unsigned lists, uint32_t most, uint32_t count,
		       bool one_byte);
void plan_cost(const struct plan *plan, const struct part *part,
	       unsigned block, struct plan_cost *cost);

/* Describes a step: "write 0x08000000-0x08000100". */
#define PLAN_STEP_TEXT 80
void plan_describe(const struct step *step, char out[PLAN_STEP_TEXT]);

void plan_free(struct plan *plan);	/* NULL is allowed */

/* True if the plan erases the page that contains address. */
bool plan_erases(const struct plan *plan, const struct part *part,
		 uint32_t address);

#endif
