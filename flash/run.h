/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan on its way, and the steps it is made of. Private to flash.c, read.c,
 * erase.c, write.c and repair.c.
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
	size_t at;		/* the step being done: those before are done */
	size_t surveyed;	/* up to this step it was looked at on the chip */
	uint64_t written, verified, kept;	/* bytes, for the progress */
	uint64_t keep_total;
	uint64_t checked, check_total;	/* bytes, behind the last step */
	uint32_t top;		/* where the data end that have been dealt with:
				 * the first block comes last */
	uint32_t erased;	/* pages */
	uint32_t data_end;	/* of what is written to the flash; 0: nothing */
	uint32_t end;		/* of the flash, where that was found out */
	unsigned repairs;	/* how deep in a repair this run is */
	unsigned rechecks;	/* past the last step: how often */
	struct range again;	/* pages that were written again since they
				 * were verified, if they were */
	bool lists;		/* erased by lists of pages, all or some */
	struct range unerased;	/* pages that were found full after an erase
				 * that was acknowledged */
	struct range misplaced;	/* what was found to be written elsewhere */
	struct image *beside;	/* what gaps held before: see beside.h; NULL:
				 * there are none */
	struct range lost;	/* blank pages that a list may have erased, though
				 * they were not named */
	bool all_erased;	/* the whole flash may have been */
	bool acted;		/* something was sent that erases or writes */
	bool doubt;		/* a damaged frame was carried out on a page that
				 * is not erased */
	bool told;		/* *why has what was changed by mistake */
	struct range risk;	/* pages that were erased and are not yet seen
				 * to hold what they shall */
};

void run_explain(const struct flash *flash, const char *text);
/* A stage begins, and how far it is; done == total ends it. */
void run_begin(const struct flash *flash, enum stage stage, uint64_t total,
	       uint32_t address);
void run_progress(const struct flash *flash, enum stage stage, uint64_t done,
		  uint64_t total, uint32_t address);

/* One read; len at most what run_next_len() gives for what is left: as long as
 * the session allows, ending on a block boundary where it can. */
enum stm32_err run_read_block(struct flash *flash, uint32_t address,
			      uint8_t *out, size_t len);
uint32_t run_next_len(const struct flash *flash, uint32_t address,
		      uint32_t left);
/* At most STM32_MAX_BLOCK bytes, that two readings in a row agree on. */
enum stm32_err run_read_surely(struct flash *flash, uint32_t address,
			       uint8_t *out, uint32_t len);
/* A whole range; twice where the line has shown that it is bad. */
enum flash_err run_read(struct flash *flash, enum stage stage, uint32_t start,
			uint8_t *out, uint32_t len, struct problem *why);

/* Whether the bootloader will understand the numbers of these pages, by
 * position, as we do; *run->why says of which one it does not. */
enum flash_err run_check_pages(const struct run *run, uint32_t first,
			       uint32_t count);
/* Those pages, in lists as long as the ROM takes them. */
enum flash_err run_erase_pages(struct run *run, uint32_t first, uint32_t count);
/* The whole flash; by page where the ROM cannot do it. */
enum flash_err run_erase_all(struct run *run);
/* A step of a plan. */
enum flash_err run_keep(struct run *run, const struct step *step);
/* One write, settled by looking where it is not known whether it was done.
 * *spoilt: the step, or one that reaches further, if something was done, but
 * not as it should be; FLASH_OK then too. Else it is empty. */
enum flash_err run_try_write(struct run *run, const struct step *step,
			     struct step *spoilt);

/* Lays the image's bytes from start on over buf. */
void run_overlay(const struct image *image, uint32_t start, uint8_t *buf,
		 size_t len);
bool run_all_equal(const uint8_t *bytes, size_t len, uint8_t value);

#endif
