/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/repair.h"

#include <inttypes.h>
#include <string.h>

#include "flash/onchip.h"
#include "flash/misplaced.h"
#include "flash/sums.h"
#include "utils.h"

#define LEAST_SUM 64	/* bytes; a shorter range is read at the same cost */
#define MOST_RECHECKS 20	/* of pages written again */

struct difference {
	bool found;
	uint32_t address;
	uint8_t expected, read;
	bool erased;		/* only erased bytes were read */
};

/* True if a step writes flash on these pages. */
static bool is_on(const struct step *step, const struct page *first,
		  const struct page *last)
{
	return step->kind == STEP_WRITE && step->area == AREA_FLASH &&
	       step->start < last->end && step->end > first->start;
}

/* Widens the pages to include a write; false if they already do. */
static bool widen(const struct part *part, const struct step *step,
		  struct page *first, struct page *last)
{
	if (step->start >= first->start && step->end <= last->end)
		return false;
	if (step->start < first->start)
		part_page_of(part, step->start, first);
	if (step->end > last->end)
		part_page_of(part, step->end - 1, last);
	return true;
}

/*
 * Finds the pages that must be erased together to write a range of flash
 * again: its own pages and, if pages are smaller than a block, those of writes
 * that cross their edges. False: this run has not erased them.
 */
static bool pages_around(const struct run *run, const struct step *step,
			 struct page *first, struct page *last)
{
	const struct part *part = run->flash->part;
	bool wider = true;
	size_t i;

	if (step->area != AREA_FLASH ||
	    !part_page_of(part, step->start, first) ||
	    !part_page_of(part, step->end - 1, last))
		return false;
	while (wider) {
		wider = false;
		for (i = 0; i < run->plan->count; i++)
			if (is_on(&run->plan->steps[i], first, last))
				wider |= widen(part, &run->plan->steps[i],
					       first, last);
	}
	return plan_erases(run->plan, part, first->start) &&
	       plan_erases(run->plan, part, last->start);
}

/* Bytes that the image lacks are erased on pages that this run has erased. */
static void expect_erased(const struct run *run, uint32_t at, uint8_t *wanted,
			  uint32_t len)
{
	const struct part *part = run->flash->part;
	uint32_t end = at + len, n;
	struct page page;

	for (; at < end && part_page_of(part, at, &page); at += n) {
		n = (page.end < end ? page.end : end) - at;
		if (plan_erases(run->plan, part, at))
			memset(wanted, part->dev.erased, n);
		wanted += n;
	}
}

/* Compares bytes read from [at, at + len) with the image. */
static void look_for_difference(struct run *run, uint32_t at,
				const uint8_t *found, uint32_t len,
				struct difference *difference)
{
	uint8_t wanted[STM32_MAX_BLOCK];
	uint32_t i;

	memcpy(wanted, found, len);
	if (image_covers(run->image, at, len) != len)
		expect_erased(run, at, wanted, len);
	run_overlay(run->image, at, wanted, len);
	for (i = 0; i < len && wanted[i] == found[i]; i++)
		;
	difference->found = i < len;
	if (i == len)
		return;
	*difference = (struct difference){
		.found = true, .address = at + i,
		.expected = wanted[i], .read = found[i],
		.erased = run_all_equal(found, len,
					run->flash->part->dev.erased),
	};
}

/* Compares [at, at + len), at most one block, with the image. A difference may
 * be noise: it counts only if two readings agree. */
static enum stm32_err compare(struct run *run, uint32_t at, uint32_t len,
			      struct difference *difference)
{
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err = run_read_block(run->flash, at, found, len);

	if (err == STM32_OK)
		look_for_difference(run, at, found, len, difference);
	if (err != STM32_OK || !difference->found)
		return err;
	run_explain(run->flash, "a difference; reading it again");
	err = run_read_surely(run->flash, at, found, len);
	if (err == STM32_OK)
		look_for_difference(run, at, found, len, difference);
	return err;
}

/* --- repair ---------------------------------------------------------------- */

/* Explains why a page does not change; if the row of another part is used, the
 * page may not exist. */
static void append_protected(const struct run *run)
{
	const struct part *part = run->flash->part;

	if (part->id != part->dev.id)
		problem_append(run->why, "; the chip is 0x%03" PRIx32 ", but "
			       "--device gives 0x%03X; if that is right, the "
			       "page is write protected: use -u to lift that",
			       part->id, part->dev.id);
	else
		problem_append(run->why, "; the page is write protected; use "
			       "-u to lift that");
}

enum flash_err repair_check_erased(struct run *run, const struct step *around)
{
	uint8_t erased = run->flash->part->dev.erased;
	uint32_t len = run_next_len(run->flash, around->start,
				    around->end - around->start);
	uint8_t buf[STM32_MAX_BLOCK];
	enum stm32_err err;
	uint32_t i;

	err = run_read_block(run->flash, around->start, buf, len);
	if (err == STM32_OK && run_all_equal(buf, len, erased))
		return FLASH_OK;
	if (err == STM32_OK)
		err = run_read_surely(run->flash, around->start, buf, len);
	if (err != STM32_OK)
		return flash_explain(run->flash, err, "read", around->start,
				     run->why);
	for (i = 0; i < len && buf[i] == erased; i++)
		;
	if (i == len)
		return FLASH_OK;
	problem_set(run->why, "erase acknowledged but nothing erased at 0x%08"
		    PRIx32, around->start + i);
	append_protected(run);
	return FLASH_PROTECTED;
}

/* Erases and writes once; *spoilt: one of the writes failed in turn. */
static enum flash_err write_pages(struct run *repair, const struct step *around,
				  const struct page *first,
				  const struct page *last, size_t count,
				  struct step *spoilt)
{
	enum flash_err err = run_erase_pages(repair, first->number,
					     last->number - first->number + 1);
	size_t i;

	*spoilt = *around;
	spoilt->end = spoilt->start;
	if (err == FLASH_OK)
		err = repair_check_erased(repair, around);
	for (i = 0; err == FLASH_OK && spoilt->end == spoilt->start &&
	     i < count; i++)
		if (is_on(&repair->plan->steps[i], first, last))
			err = run_try_write(repair, &repair->plan->steps[i],
					    spoilt);
	return err;
}

/* A step that got an ACK but had no effect means protection only if that
 * repeats. */
static bool may_erase_again(const struct run *repair, enum flash_err err)
{
	return err == FLASH_PROTECTED &&
	       repair->repairs < repair->flash->retries &&
	       stm32_had_trouble(repair->flash->stm);
}

enum flash_err repair_pages(struct run *run, const struct step *around,
			    bool itself)
{
	struct run repair = *run;
	struct step target = *around, spoilt;
	struct page first, last;
	enum flash_err err;

	for (repair.repairs = 1; repair.repairs <= run->flash->retries;
	     repair.repairs++) {
		if (!pages_around(run, &target, &first, &last)) {
			problem_set(run->why, "write at 0x%08" PRIx32 " "
				    "failed; the page was not erased in this "
				    "run, so it is not written again",
				    target.start);
			run->doubt = true;
			return FLASH_DIFFERS;
		}
		run_explain(run->flash, "erasing and writing a page again");
		run->flash->repairs++;
		range_add(&run->again, first.start, last.end);
		range_add(&run->risk, first.start, last.end);
		err = write_pages(&repair, &target, &first, &last,
				  run->at + itself, &spoilt);
		run->unerased = repair.unerased;
		if (may_erase_again(&repair, err))
			continue;
		if (err != FLASH_OK || spoilt.end == spoilt.start)
			return err;
		if (spoilt.start < target.start)
			target.start = spoilt.start;
		if (spoilt.end > target.end)
			target.end = spoilt.end;
	}
	problem_set(run->why, "write at 0x%08" PRIx32 " failed, also after %u "
		    "retries", around->start, run->flash->retries);
	return FLASH_DIFFERS;
}

/* --- verify ---------------------------------------------------------------- */

static enum flash_err report_difference(struct run *run,
					const struct difference *d,
					bool repaired)
{
	if (repaired && d->erased) {
		problem_set(run->why, "write acknowledged but nothing written "
			    "at 0x%08" PRIx32, d->address);
		append_protected(run);
		return FLASH_PROTECTED;
	}
	problem_set(run->why, "verify failed at 0x%08" PRIx32 ": expected 0x%02X, "
		    "read 0x%02X", d->address, d->expected, d->read);
	return FLASH_DIFFERS;
}

/* Compares everything on the pages around a chunk that was rewritten. */
static enum stm32_err compare_pages(struct run *run, const struct step *chunk,
				    struct difference *difference)
{
	struct page first = { 0, 0, 0 }, last = { 0, 0, 0 };
	enum stm32_err err = STM32_OK;
	size_t i;

	difference->found = false;
	(void)pages_around(run, chunk, &first, &last);
	for (i = 0; i < run->at && err == STM32_OK && !difference->found; i++) {
		const struct step *step = &run->plan->steps[i];
		uint32_t at, n;

		if (!is_on(step, &first, &last))
			continue;
		for (at = step->start; at < step->end && err == STM32_OK &&
		     !difference->found; at += n) {
			n = run_next_len(run->flash, at, step->end - at);
			err = compare(run, at, n, difference);
		}
	}
	return err;
}

/* True for the second half of a word that is blank, on a part that programs
 * half-words. */
static bool is_blank_half(const struct run *run, const struct step *chunk,
			  const struct difference *d)
{
	const struct part *part = run->flash->part;

	return chunk->area == AREA_FLASH && part->dev.granule == 2 &&
	       d->address % 4 >= 2 && d->read == part->dev.erased &&
	       part->flash.end - d->address > 4;
}

/* If the first half of a word was programmed before, some ROMs skip the second
 * half. A write of 4 bytes that begins at the second half programs it. */
static enum flash_err write_halves(struct run *run, const struct step *chunk,
				   struct difference *d)
{
	struct step half = { .kind = STEP_WRITE, .area = AREA_FLASH };
	enum flash_err err = FLASH_OK;
	enum stm32_err read;
	struct step spoilt;

	while (d->found && is_blank_half(run, chunk, d) &&
	       d->address >= half.end) {
		half.start = round_down(d->address, 2);
		half.end = half.start + 4;
		err = run_try_write(run, &half, &spoilt);
		if (err != FLASH_OK)
			return err;
		half.end = half.start + 2;
		read = compare(run, chunk->start, chunk->end - chunk->start, d);
		if (read != STM32_OK)
			return flash_explain(run->flash, read, "read",
					     chunk->start, run->why);
	}
	return err;
}

static enum flash_err mend(struct run *run, const struct step *chunk,
			   struct difference *d)
{
	struct page first, last;
	enum flash_err err;
	enum stm32_err read;
	unsigned tries;

	if (!pages_around(run, chunk, &first, &last)) {
		err = write_halves(run, chunk, d);
		if (err != FLASH_OK || !d->found)
			return err;
		return report_difference(run, d, false);
	}
	for (tries = 0; tries < run->flash->retries; tries++) {
		err = repair_pages(run, chunk, false);
		if (err != FLASH_OK)
			return err;
		read = compare_pages(run, chunk, d);
		if (read != STM32_OK)
			return flash_explain(run->flash, read, "read",
					     chunk->start, run->why);
		if (!d->found)
			return FLASH_OK;
	}
	return report_difference(run, d, tries > 0);
}

static enum flash_err verify_chunk(struct run *run, const struct step *chunk)
{
	struct difference d;
	enum stm32_err err = compare(run, chunk->start,
				     chunk->end - chunk->start, &d);

	if (err != STM32_OK)
		return flash_explain(run->flash, err, "read", chunk->start,
				     run->why);
	if (!d.found)
		return FLASH_OK;
	if (image_covers(run->image, d.address, 1) == 0)
		range_add(&run->unerased, chunk->start, chunk->end);
	if (d.erased && stm32_had_changes(run->flash->stm))
		err = misplaced_look(run, d.address);
	return err == STM32_OK ? mend(run, chunk, &d)
			       : flash_explain(run->flash, err, "read",
					       chunk->start, run->why);
}

/* True if the blocks of a chunk were not written: erased in the image and on
 * the device. Reads a block that was written in part, whatever it contains. */
static bool is_erased(const struct run *run, const struct step *chunk)
{
	const struct flash *flash = run->flash;
	uint32_t block = stm32_max_write(flash->stm);
	uint32_t start = round_down(chunk->start, block);

	return !chunk->sample && chunk->area == AREA_FLASH &&
	       image_all_equal(run->image, start,
			       round_up(chunk->end, block) - start,
			       flash->part->dev.erased) &&
	       plan_erases(run->plan, flash->part, chunk->start) &&
	       plan_erases(run->plan, flash->part, chunk->end - 1);
}

static void advance(struct run *run, uint32_t start, uint32_t end)
{
	if (run->check_total > 0) {
		run->checked += end - start;
		run->top = end > run->top ? end : run->top;
		run_progress(run->flash, STAGE_CHECK, run->checked,
			     run->check_total,
			     run->checked == run->check_total ? run->top : end);
	}
	if (run->rechecks > 0)
		return;
	run->verified += end - start;
	run->top = end > run->top ? end : run->top;
	run_progress(run->flash, STAGE_VERIFY, run->verified,
		     run->plan->verify_bytes,
		     run->verified == run->plan->verify_bytes ? run->top : end);
}

static enum flash_err verify_by_reading(struct run *run,
					const struct step *step)
{
	struct step chunk = *step;
	enum flash_err err;
	uint32_t next;
	bool same;

	for (; chunk.start < step->end; chunk.start = chunk.end) {
		next = onchip_stretch(run->flash, chunk.start, step->end,
				      &same);
		chunk.end = same ? next : chunk.start +
			    run_next_len(run->flash, chunk.start,
					 next - chunk.start);
		err = same || is_erased(run, &chunk)
		    ? FLASH_OK : verify_chunk(run, &chunk);
		if (err != FLASH_OK)
			return err;
		advance(run, chunk.start, chunk.end);
	}
	return FLASH_OK;
}

static bool can_sum(struct run *run, const struct step *step)
{
	return step->area == AREA_FLASH && step->start % 4 == 0 &&
	       step->end % 4 == 0 && step->end - step->start >= LEAST_SUM &&
	       sums_usable(run->flash, step->start, step->end - step->start);
}

/* A matching ROM checksum makes reading unnecessary; otherwise halves the
 * range until the difference is in one block. */
enum flash_err repair_verify(struct run *run, const struct step *step)
{
	struct step half = *step;
	uint32_t middle = round_down(step->start + (step->end - step->start) / 2,
				     STM32_MAX_BLOCK);
	enum flash_err err;
	bool match;

	if (!can_sum(run, step))
		return verify_by_reading(run, step);
	if (sums_match(run->flash, run->image, step->start, step->end,
		       &match) == STM32_OK && match) {
		advance(run, step->start, step->end);
		return FLASH_OK;
	}
	if (middle <= step->start)
		return verify_by_reading(run, step);
	half.end = middle;
	err = repair_verify(run, &half);
	if (err != FLASH_OK)
		return err;
	half = (struct step){ .kind = STEP_VERIFY, .start = middle,
			      .end = step->end, .area = step->area,
			      .sample = step->sample };
	return repair_verify(run, &half);
}

/* Clips a verify step to the range that was written again. */
static bool clip(const struct step *step, const struct range *again,
		 struct step *out)
{
	*out = *step;
	if (step->kind != STEP_VERIFY || step->area != AREA_FLASH)
		return false;
	if (out->start < again->start)
		out->start = again->start;
	if (out->end > again->end)
		out->end = again->end;
	return out->start < out->end;
}

enum flash_err repair_verify_again(struct run *run)
{
	enum flash_err err = FLASH_OK;
	struct range again;
	struct step part;
	size_t i;

	run->at = run->plan->count;
	for (run->rechecks = 1; run->again.start < run->again.end;
	     run->rechecks++) {
		again = run->again;
		run->again = (struct range){ 0, 0 };
		if (run->rechecks > MOST_RECHECKS) {
			problem_set(run->why, "verify failed repeatedly at 0x%08"
				    PRIx32 "-0x%08" PRIx32, again.start,
				    again.end);
			return FLASH_DIFFERS;
		}
		run_explain(run->flash, "verifying what was written again");
		for (i = 0; i < run->plan->count && err == FLASH_OK; i++)
			if (clip(&run->plan->steps[i], &again, &part))
				err = repair_verify(run, &part);
		if (err != FLASH_OK)
			return err;
	}
	return FLASH_OK;
}
