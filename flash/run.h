/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan in progress, and the operations that its steps use. Private to
 * flash.c, read.c, erase.c, write.c and repair.c.
 */
#ifndef RUN_H
#define RUN_H

#include "flash/explain.h"
#include "flash/plan.h"
#include "flash/types.h"

struct run {
	struct flash *flash;
	const struct plan *plan;
	struct image *image;
	struct problem *why;
	size_t at;		/* current step; those before it are done */
	size_t surveyed;	/* steps before this one were compared on the
				 * chip */
	uint64_t written, verified, kept;	/* bytes, for the progress */
	uint64_t keep_total;
	uint64_t checked, check_total;	/* bytes, after the last step */
	uint32_t top;		/* highest end of the data processed so far, as
				 * the first block is written last */
	uint32_t erased;	/* pages */
	uint32_t data_end;	/* of the bytes written to the flash; 0: none */
	uint32_t end;		/* of the flash, if found by reading */
	unsigned repairs;	/* nesting depth of repairs */
	unsigned rechecks;	/* checks after the last step so far */
	struct range again;	/* pages that were rewritten, perhaps after
				 * their verify */
	bool lists;		/* at least some pages were erased by lists */
	struct range unerased;	/* pages that were not erased although the
				 * erase got an ACK */
	struct range misplaced;	/* bytes that were written to a wrong place */
	struct image *beside;	/* contents of gaps before the run: see
				 * beside.h; NULL: no gaps */
	struct range lost;	/* blank pages that a list may have erased
				 * although they were not named */
	bool all_erased;	/* the whole flash may have been erased */
	bool acted;		/* an erase or a write was sent */
	bool doubt;		/* a damaged frame was executed on a page that
				 * is not erased */
	bool told;		/* *why lists the bytes changed by mistake */
	struct range risk;	/* erased pages that are not yet verified */
};

void run_explain(const struct flash *flash, const char *text);
/* Begin a stage, and report its progress; done == total ends it. */
void run_begin(const struct flash *flash, enum stage stage, uint64_t total,
	       uint32_t address);
void run_progress(const struct flash *flash, enum stage stage, uint64_t done,
		  uint64_t total, uint32_t address);

/* One read of at most run_next_len() bytes: as long as the session allows,
 * ending on a block boundary if possible. */
enum stm32_err run_read_block(struct flash *flash, uint32_t address,
			      uint8_t *out, size_t len);
uint32_t run_next_len(const struct flash *flash, uint32_t address,
		      uint32_t left);
/* The line has shown an error, or two readings that differ. */
bool run_is_doubtful(const struct flash *flash);
/* Reads at most STM32_MAX_BLOCK bytes until two readings in a row agree; three
 * on a line that is doubtful. */
enum stm32_err run_read_surely(struct flash *flash, uint32_t address,
			       uint8_t *out, uint32_t len);
/* Reads a whole range; twice if the line has shown errors. */
enum flash_err run_read(struct flash *flash, enum stage stage, uint32_t start,
			uint8_t *out, uint32_t len, struct problem *why);

/* Checks that the erase command can name these pages: their numbers are
 * certain, and it can encode them. first is a position. If not, *run->why
 * names the page. */
enum flash_err run_check_pages(const struct run *run, uint32_t first,
			       uint32_t count);
/* Erases these pages, in lists as long as the ROM accepts. */
enum flash_err run_erase_pages(struct run *run, uint32_t first, uint32_t count);
/* Erases the whole flash; by page if the ROM has no mass erase. */
enum flash_err run_erase_all(struct run *run);
/* A step of a plan: reads bytes to keep. */
enum flash_err run_keep(struct run *run, const struct step *step);
/* One write; reads the memory back if the result is unknown. If the write was
 * executed wrongly, returns FLASH_OK and sets *spoilt to the step, or to a
 * longer one; otherwise *spoilt is empty. */
enum flash_err run_try_write(struct run *run, const struct step *step,
			     struct step *spoilt);

/* Copies the image's bytes from start on over buf. */
void run_overlay(const struct image *image, uint32_t start, uint8_t *buf,
		 size_t len);
bool run_all_equal(const uint8_t *bytes, size_t len, uint8_t value);

#endif
