/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/suspect.h"

#include <inttypes.h>

#include "flash/repair.h"
#include "utils.h"

#define ROUNDS 20	/* of mending what is found */

/* A mass erase is one frame, done or not, and proven by samples. */
static enum flash_err check_pages(struct run *run)
{
	const struct part *part = run->flash->part;
	uint32_t pages = part_page_count(part), i;
	enum flash_err err = FLASH_OK;
	struct step step = { .kind = STEP_VERIFY, .area = AREA_FLASH,
			     .sample = true };
	struct page page;

	for (i = 0; i < pages && err == FLASH_OK; i++) {
		if (!run->lists || !part_page_at(part, i, &page) ||
		    !plan_erases(run->plan, part, page.start))
			continue;
		step.start = page.start;
		step.end = page.end;
		err = repair_verify(run, &step);
	}
	return err;
}

/* Padding of a write keeps what the flash holds where this run has not erased
 * it: a damaged frame may have changed that. */
static enum flash_err check_padding(struct run *run, const struct step *step)
{
	const struct part *part = run->flash->part;
	uint32_t len = step->end - step->start, i;
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err;

	if (plan_erases(run->plan, part, step->start) ||
	    image_covers(run->image, step->start, len) == len)
		return FLASH_OK;
	err = run_read_surely(run->flash, step->start, found, len);
	for (i = 0; i < len && err == STM32_OK; i++)
		if (found[i] != part->dev.erased &&
		    image_covers(run->image, step->start + i, 1) == 0)
			range_add(&run->misplaced, step->start + i,
				  step->start + i + 1);
	return flash_explain(run->flash, err, "read", step->start, run->why);
}

/* Writes on pages that were not erased, or with all of them. */
static enum flash_err check_writes(struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < plan->count && err == FLASH_OK; i++) {
		struct step step = plan->steps[i];

		if (step.kind != STEP_WRITE || step.area != AREA_FLASH ||
		    (run->lists &&
		     plan_erases(plan, run->flash->part, step.start)))
			continue;
		step.kind = STEP_VERIFY;
		err = repair_verify(run, &step);
		if (err == FLASH_OK)
			err = check_padding(run, &step);
	}
	return err;
}

static enum flash_err report(const struct run *run)
{
	if (run->misplaced.start < run->misplaced.end)
		problem_set(run->why, "this line changes bytes: 0x%08" PRIx32
			    "-0x%08" PRIx32 " may have been written by "
			    "mistake; restore it, and use a better line or a "
			    "lower rate (-b)", run->misplaced.start,
			    run->misplaced.end);
	else if (run->unerased.start < run->unerased.end &&
		 !run->plan->erases_all)
		problem_set(run->why, "this line changes bytes: in place of "
			    "0x%08" PRIx32 "-0x%08" PRIx32 " another page may "
			    "have been erased by mistake; restore it, and use "
			    "a better line or a lower rate (-b)",
			    run->unerased.start, run->unerased.end);
	else
		return FLASH_OK;
	return FLASH_DEVICE;
}

enum flash_err suspect_check(struct run *run)
{
	enum flash_err err = FLASH_OK;
	unsigned round;

	if (!stm32_had_changes(run->flash->stm))
		return report(run);
	run_explain(run->flash, "a line with errors: looking at all that was "
		    "written or erased");
	run->rechecks = 1;
	for (round = 0; round < ROUNDS && err == FLASH_OK; round++) {
		run->again = (struct range){ 0, 0 };
		err = check_pages(run);
		if (err == FLASH_OK)
			err = check_writes(run);
		if (run->again.start == run->again.end)
			break;
	}
	return err == FLASH_OK ? report(run) : err;
}
