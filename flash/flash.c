/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/flash.h"

#include <inttypes.h>
#include <stdlib.h>

#include "flash/beside.h"
#include "flash/chip.h"
#include "flash/onchip.h"
#include "flash/repair.h"
#include "flash/run.h"
#include "flash/sums.h"
#include "flash/suspect.h"
#include "flash/vouch.h"
#include "protocol/crc.h"

#define CONFIRM_TRIES 3	/* enough for one damaged reply, if it is not the
			 * first */

/* --- reading memory ----------------------------------------------------- */

enum flash_err flash_read(struct flash *flash, uint32_t start, uint8_t *out,
			  uint32_t len, struct problem *why)
{
	return run_read(flash, STAGE_READ, start, out, len, why);
}

/* On a line with errors two answers have to agree. */
static bool checksum_surely(struct flash *flash, uint32_t start, uint32_t len,
			    uint32_t *crc)
{
	uint32_t again;

	if (stm32_checksum(flash->stm, start, len, crc) != STM32_OK)
		return false;
	if (!stm32_had_trouble(flash->stm))
		return true;
	return stm32_checksum(flash->stm, start, len, &again) == STM32_OK &&
	       again == *crc;
}

enum flash_err flash_crc(struct flash *flash, uint32_t start, uint32_t len,
			 uint32_t *crc, struct problem *why)
{
	enum flash_err err;
	uint8_t *bytes;
	bool done;

	if (sums_usable(flash, start, len) &&
	    checksum_surely(flash, start, len, crc))
		return FLASH_OK;
	err = onchip_crc(flash, start, len, crc, &done, why);
	if (err != FLASH_OK || done)
		return err;
	bytes = malloc(len);
	if (bytes == NULL) {
		problem_set(why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	err = run_read(flash, STAGE_CRC, start, bytes, len, why);
	if (err == FLASH_OK)
		*crc = crc_update(CRC_INIT, bytes, len);
	free(bytes);
	return err;
}

/* --- the plan -------------------------------------------------------------- */

/* Called at the first step of each stage. */
static void begin_stage(struct run *run, const struct step *step)
{
	const struct plan *plan = run->plan;
	bool erases = step->kind == STEP_ERASE_ALL ||
		      step->kind == STEP_ERASE_PAGES;

	if (step->kind == STEP_KEEP && run->kept == 0)
		run_begin(run->flash, STAGE_KEEP, run->keep_total, step->start);
	else if (erases && run->erased == 0)
		run_begin(run->flash, STAGE_ERASE, plan->pages_erased,
			  run->flash->part->flash.start);
	else if (step->kind == STEP_WRITE && run->written == 0)
		run_begin(run->flash, STAGE_WRITE, plan->write_bytes,
			  step->start);
	else if (step->kind == STEP_VERIFY && run->verified == 0)
		run_begin(run->flash, STAGE_VERIFY, plan->verify_bytes,
			  step->start);
}

/* Returns the end of the data in the flash; 0: there is none. */
static uint32_t data_end(const struct plan *plan)
{
	uint32_t last = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		if (step->kind == STEP_WRITE && step->area == AREA_FLASH &&
		    step->end > last)
			last = step->end;
	}
	return last;
}

/* ROMs before 3.1 do not answer a bad address; but a dead line does not answer
 * a good one either. So test this address, a good one, and this one again. */
static bool has_memory(struct flash *flash, uint32_t address)
{
	uint32_t start = flash->part->flash.start;
	uint8_t word[4];
	enum stm32_err err = run_read_block(flash, address, word, sizeof(word));

	if (err == STM32_TIMEOUT &&
	    run_read_block(flash, start, word, sizeof(word)) == STM32_OK &&
	    run_read_block(flash, address, word, sizeof(word)) ==
	    STM32_TIMEOUT)
		return false;
	return err != STM32_BAD_ADDRESS;
}

enum flash_err flash_find_end(struct flash *flash, uint32_t start,
			      uint32_t *end, struct problem *why)
{
	const struct part *part = flash->part;
	uint32_t there = 0, behind = part_page_count(part), middle;
	struct page page;

	if (part->size_known || behind == 0 ||
	    !part_page_at(part, behind - 1, &page))
		return FLASH_OK;
	*end = page.end;
	if (has_memory(flash, page.start))
		return FLASH_OK;
	/* The first page exists, the one before `behind` does not. */
	for (behind--; behind - there > 1;) {
		middle = there + (behind - there) / 2;
		part_page_at(part, middle, &page);
		if (stm32_stop_wanted(flash->stm))
			return flash_explain(flash, STM32_STOPPED, "read",
					     page.start, why);
		if (has_memory(flash, page.start))
			there = middle;
		else
			behind = middle;
	}
	part_page_at(part, there, &page);
	if (page.end > start)
		*end = page.end;
	return FLASH_OK;
}

/* If the size is unknown, the chip may have less flash than its family: an
 * address after the data need not exist. */
static bool is_behind_end(struct run *run, uint32_t address)
{
	struct flash *flash = run->flash;

	if (flash->part->size_known || address == flash->part->flash.start ||
	    address < run->data_end)
		return false;
	if (run->end != 0 && address >= run->end)
		return true;
	if (has_memory(flash, address))
		return false;
	run_explain(flash, "this chip's flash ends before that of its family");
	run->end = address;
	return true;
}

/* A damaged frame may have erased nothing, or another page: tries once more.
 * False: data has been written since, or the page is unknown. */
static bool erase_again(struct run *run, const struct step *step,
			struct page *page, enum flash_err *err)
{
	if (!part_page_of(run->flash->part, step->start, page) ||
	    (run->plan->erases_all && run->written > 0))
		return false;
	run->why->text[0] = '\0';
	run->repairs = 1;
	*err = run->plan->erases_all ? run_erase_all(run)
				     : run_erase_pages(run, page->number, 1);
	return true;
}

static enum flash_err prove(struct run *run, const struct step *step)
{
	struct run again = *run;
	enum flash_err err;
	struct page page;

	if (is_behind_end(run, step->start))
		return FLASH_OK;
	err = repair_check_erased(run, step);
	if (err != FLASH_PROTECTED || !erase_again(&again, step, &page, &err))
		return err;
	if (err == FLASH_OK)
		err = repair_check_erased(run, step);
	if (err == FLASH_OK)
		range_add(&run->unerased, page.start, page.end);
	return err;
}

/* Completes pages with kept bytes before a stop takes effect. After that the
 * kept bytes are safe, except on pages that need another verify. */
static enum flash_err hold_whole(struct run *run, const struct step *step)
{
	struct stm32 *stm = run->flash->stm;
	struct page first, last;

	if (step->whole && step->kind == STEP_ERASE_PAGES) {
		if (stm32_stop_wanted(stm))
			return flash_explain(run->flash, STM32_STOPPED,
					     "erase", step->start, run->why);
		part_page_at(run->flash->part, step->first_page, &first);
		part_page_at(run->flash->part, step->first_page +
			     step->page_count - 1, &last);
		run->risk = run->again;
		range_add(&run->risk, first.start, last.end);
	}
	if (!step->whole)
		run->risk = run->again;
	stm32_hold(stm, step->whole);
	return FLASH_OK;
}

/* Has the chip compare several consecutive verify steps at once. */
static enum flash_err verify_on_chip(struct run *run)
{
	const struct step *step = &run->plan->steps[run->at];
	struct range *ranges;
	size_t most = run->plan->count - run->at, count = 0, i;
	enum flash_err err;

	if (run->surveyed > run->at || !run->flash->onchip.wanted)
		return FLASH_OK;
	ranges = calloc(most, sizeof(*ranges));
	if (ranges == NULL) {
		problem_set(run->why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	for (i = 0; i < most && step[i].kind == STEP_VERIFY; i++)
		if (step[i].area == AREA_FLASH)
			ranges[count++] = (struct range){ step[i].start,
							  step[i].end };
	run->surveyed = run->at + i;
	err = onchip_compare(run->flash, run->image, ranges, count, run->why);
	free(ranges);
	return err;
}

static enum flash_err write_step(struct run *run, const struct step *step)
{
	struct step spoilt;
	enum flash_err err = run_try_write(run, step, &spoilt);

	if (err == FLASH_OK && spoilt.end > spoilt.start)
		err = repair_pages(run, &spoilt, true);
	if (err != FLASH_OK)
		return err;
	run->written += step->end - step->start;
	run->top = step->end > run->top ? step->end : run->top;
	run_progress(run->flash, STAGE_WRITE, run->written,
		     run->plan->write_bytes, run->top);
	return FLASH_OK;
}

static enum flash_err do_step(struct run *run, const struct step *step)
{
	enum flash_err err = FLASH_OK;

	if (step->kind == STEP_VERIFY && !step->whole)
		err = verify_on_chip(run);
	if (err == FLASH_OK)
		err = hold_whole(run, step);
	if (err != FLASH_OK)
		return err;
	begin_stage(run, step);
	run->acted |= step->kind == STEP_ERASE_ALL || step->kind == STEP_WRITE ||
		      step->kind == STEP_ERASE_PAGES;
	switch (step->kind) {
	case STEP_KEEP:
		return run_keep(run, step);
	case STEP_ERASE_ALL:
		return run_erase_all(run);
	case STEP_ERASE_PAGES:
		return run_erase_pages(run, step->first_page, step->page_count);
	case STEP_PROVE:
		return prove(run, step);
	case STEP_WRITE:
		return write_step(run, step);
	case STEP_BLANK:
		return FLASH_OK;
	case STEP_VERIFY:
		return repair_verify(run, step);
	case STEP_SAME:
		return beside_check(run, step);
	}
	return FLASH_OK;
}

/* An image of erased bytes only needs no write. */
static void nothing_to_do(const struct run *run)
{
	uint32_t end = (uint32_t)image_end(run->image);

	if (run->plan->write_bytes == 0) {
		run_begin(run->flash, STAGE_WRITE, 0, end);
		run_progress(run->flash, STAGE_WRITE, 0, 0, end);
	}
	if (run->plan->verifies && run->plan->verify_bytes == 0) {
		run_begin(run->flash, STAGE_VERIFY, 0, end);
		run_progress(run->flash, STAGE_VERIFY, 0, 0, end);
	}
}

/* Reports the state of the flash after an incomplete write. */
static void tell_state(const struct run *run, enum flash_err err)
{
	const struct part *part = run->flash->part;
	size_t failed = run->at > 0 ? run->at - 1 : 0, i;
	bool starts = !plan_erases(run->plan, part, part->flash.start);

	/* The state of a protected chip is unknown. */
	if (err == FLASH_PROTECTED || (run->erased == 0 && run->written == 0))
		return;
	problem_append(run->why, "; %" PRIu32 " %s erased, and %" PRIu64 " of "
		       "%zu bytes written", run->erased,
		       run->erased == 1 ? "page" : "pages",
		       run->written, run->plan->write_bytes);
	for (i = failed; !starts && i < run->plan->count; i++)
		if (run->plan->steps[i].kind == STEP_WRITE) {
			problem_append(run->why, "; the vector table is not "
				       "written, so no partial program can "
				       "start");
			break;
		}
}

/* Effects of damaged frames on other pages are checked after the last step. */
static void tell_doubt(const struct run *run)
{
	const struct stm32 *stm = run->flash->stm;
	bool doubt = run->doubt || stm32_had_changes(stm) ||
		     stm32_counts(stm)->astray > 0;

	if (run->acted && !run->told && doubt)
		problem_append(run->why, "; the line damages frames, so bytes "
			       "outside the job may have been changed by "
			       "mistake; compare the flash with its expected "
			       "content");
}

static void copy_kept(const struct run *run, uint32_t start, uint32_t end)
{
	uint8_t buf[STM32_MAX_BLOCK];
	uint32_t n;

	if (run->flash->lost == NULL)
		run->flash->lost = image_new();
	if (run->flash->lost == NULL)
		return;
	for (; start < end; start += n) {
		n = end - start < sizeof(buf) ? end - start
					      : (uint32_t)sizeof(buf);
		run_overlay(run->image, start, buf, n);
		(void)image_fill(run->flash->lost, start, buf, n);
	}
}

/* After a failure: saves the kept bytes that may no longer be in memory. The
 * others are there, or were never erased. */
static void save_lost(const struct run *run)
{
	const struct plan *plan = run->plan;
	const struct range *risk = &run->risk;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		uint32_t start = step->start > risk->start ? step->start
							   : risk->start;
		uint32_t end = step->end < risk->end ? step->end : risk->end;

		if (step->kind == STEP_KEEP && start < end)
			copy_kept(run, start, end);
	}
}

/* Checks all page numbers before the first erase. */
static enum flash_err confirm_pages(const struct run *run)
{
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < run->plan->count && err == FLASH_OK; i++) {
		const struct step *step = &run->plan->steps[i];

		if (step->kind == STEP_ERASE_PAGES)
			err = run_check_pages(run, step->first_page,
					      step->page_count);
	}
	return err;
}

static bool same_part(const struct part *a, const struct part *b, bool lists)
{
	return a->flash.end == b->flash.end && a->pages == b->pages &&
	       a->sure_end == b->sure_end &&
	       (!lists || a->bootloader_id == b->bootloader_id);
}

/*
 * Checks that size and bank mode read the same again: a read has no checksum,
 * and a damaged value would mean other pages. With lists of pages this holds
 * for the version too; for a mass erase it only decides whether to wait.
 */
static enum flash_err confirm_chip(const struct flash *flash, bool lists,
				   struct problem *why)
{
	const struct part *part = flash->part;
	struct part again;
	enum stm32_err err;
	unsigned tries;

	for (tries = 0; tries < CONFIRM_TRIES; tries++) {
		err = chip_identify(flash->stm,
				    part->known ? &part->dev : NULL, lists,
				    NULL, &again);
		if (err != STM32_OK)
			return flash_explain(flash, err, "identify", FLASH_NOWHERE,
				     why);
		if (same_part(part, &again, lists))
			return FLASH_OK;
	}
	problem_set(why, "flash size, bank mode or version changed between two "
		    "readings; nothing was erased; check the line and try "
		    "again");
	return FLASH_DEVICE;
}

static enum flash_err confirm_id(const struct flash *flash,
				 struct problem *why)
{
	struct stm32 *stm = flash->stm;
	enum stm32_err err = stm32_confirm_id(stm);

	if (err != STM32_OK)
		return flash_explain(flash, err, "identify", FLASH_NOWHERE,
				     why);
	if (stm32_info(stm)->id == flash->part->id)
		return FLASH_OK;
	problem_set(why, "the product ID was 0x%03" PRIx32 ", now 0x%03" PRIx32
		    "; nothing was erased; check the line and try again",
		    flash->part->id, stm32_info(stm)->id);
	return FLASH_DEVICE;
}

enum flash_err flash_confirm_part(const struct flash *flash,
				  struct problem *why)
{
	enum flash_err err = confirm_id(flash, why);

	return err == FLASH_OK ? confirm_chip(flash, false, why) : err;
}

/* A damaged ID would mean another part's pages, and other granules. */
static enum flash_err confirm(const struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = confirm_id(run->flash, run->why);

	if (err == FLASH_OK && plan->erases)
		err = confirm_chip(run->flash, !plan->erases_all, run->why);
	return err == FLASH_OK ? confirm_pages(run) : err;
}

static enum flash_err do_steps(struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < plan->count; i++)
		if (plan->steps[i].kind == STEP_KEEP)
			run->keep_total += plan->steps[i].end -
					   plan->steps[i].start;
	for (run->at = 0; run->at < plan->count && err == FLASH_OK; run->at++)
		err = do_step(run, &plan->steps[run->at]);
	stm32_hold(run->flash->stm, false);
	onchip_forget(run->flash);
	return err;
}

/* Includes the checks before the first step and after the last. */
static enum flash_err carry_out(struct run *run)
{
	enum flash_err err = confirm(run);

	if (err == FLASH_OK)
		err = vouch_plan(run);
	if (err == FLASH_OK)
		err = beside_read(run);
	if (err == FLASH_OK)
		err = do_steps(run);
	if (err == FLASH_OK)
		err = repair_verify_again(run);
	return err == FLASH_OK ? suspect_check(run) : err;
}

enum flash_err flash_carry_out(struct flash *flash, const struct plan *plan,
			       struct image *image, struct problem *why)
{
	struct image *none = image_new();
	struct run run = { .flash = flash, .plan = plan, .why = why,
			   .image = image != NULL ? image : none,
			   .data_end = data_end(plan) };
	enum flash_err err;

	if (none == NULL) {
		problem_set(why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	err = carry_out(&run);
	if (err == FLASH_OK && image != NULL)
		nothing_to_do(&run);
	if (err != FLASH_OK)
		tell_doubt(&run);
	if (err != FLASH_OK && image != NULL) {
		tell_state(&run, err);
		save_lost(&run);
	}
	image_free(run.beside);
	image_free(none);
	return err;
}
