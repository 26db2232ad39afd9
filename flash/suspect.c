/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/suspect.h"

#include <inttypes.h>

#include "flash/repair.h"
#include "flash/rests.h"
#include "utils.h"

#define ROUNDS 20	/* of repairing what is found */

/* True if page i is checked. A mass erase is one frame, executed or not, and
 * proven by samples. */
static bool is_listed(const struct run *run, uint32_t i, struct page *page)
{
	const struct part *part = run->flash->part;

	return run->lists && part_page_at(part, i, page) &&
	       plan_erases(run->plan, part, page->start);
}

static enum flash_err check_pages(struct run *run)
{
	uint32_t pages = part_page_count(run->flash->part), i;
	enum flash_err err = FLASH_OK;
	struct step step = { .kind = STEP_VERIFY, .area = AREA_FLASH,
			     .sample = true };
	struct page page;

	for (i = 0; i < pages && err == FLASH_OK; i++) {
		if (!is_listed(run, i, &page))
			continue;
		step.start = page.start;
		step.end = page.end;
		err = repair_verify(run, &step);
	}
	return err;
}

/* True for writes on pages that were not erased, or were erased by a mass
 * erase. */
static bool is_apart(const struct run *run, const struct step *step)
{
	return step->kind == STEP_WRITE && step->area == AREA_FLASH &&
	       !(run->lists &&
		 plan_erases(run->plan, run->flash->part, step->start));
}

static enum flash_err check_writes(struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < plan->count && err == FLASH_OK; i++) {
		struct step step = plan->steps[i];

		if (!is_apart(run, &step))
			continue;
		step.kind = STEP_VERIFY;
		err = repair_verify(run, &step);
	}
	return err;
}

/* A stage of its own, as it may take as long as the whole run before it. */
static void begin_stage(struct run *run)
{
	const struct part *part = run->flash->part;
	const struct plan *plan = run->plan;
	uint32_t pages = part_page_count(part), i;
	struct page page;
	size_t k;

	run->checked = run->check_total = run->top = 0;
	for (i = 0; i < pages; i++)
		if (is_listed(run, i, &page))
			run->check_total += page.end - page.start;
	for (k = 0; k < plan->count; k++)
		if (is_apart(run, &plan->steps[k]))
			run->check_total += plan->steps[k].end -
					    plan->steps[k].start;
	if (run->check_total > 0)
		run_begin(run->flash, STAGE_CHECK, run->check_total,
			  part->flash.start);
}

static enum flash_err report(struct run *run)
{
	if (run->all_erased)
		problem_set(run->why, "the line changes bytes: the whole flash "
			    "may have been erased by mistake instead of a "
			    "page, as the rest of it is blank; restore it, and "
			    "use a better line or a lower rate (-b)");
	else if (run->lost.start < run->lost.end)
		problem_set(run->why, "the line changes bytes: 0x%08" PRIx32
			    "-0x%08" PRIx32 " may have been erased by mistake; "
			    "restore it, and use a better line or a lower rate "
			    "(-b)", run->lost.start, run->lost.end);
	else if (run->misplaced.start < run->misplaced.end)
		problem_set(run->why, "the line changes bytes: 0x%08" PRIx32
			    "-0x%08" PRIx32 " may have been overwritten by "
			    "mistake; restore it, and use a better line or a "
			    "lower rate (-b)", run->misplaced.start,
			    run->misplaced.end);
	else if (run->unerased.start < run->unerased.end &&
		 !run->plan->erases_all)
		problem_set(run->why, "the line changes bytes: instead of 0x%08"
			    PRIx32 "-0x%08" PRIx32 " another page may have "
			    "been erased by mistake; restore it, and use a "
			    "better line or a lower rate (-b)",
			    run->unerased.start, run->unerased.end);
	else
		return FLASH_OK;
	run->told = true;
	return FLASH_DEVICE;
}

enum flash_err suspect_check(struct run *run)
{
	enum flash_err err = rests_check(run);
	unsigned round;

	if (err != FLASH_OK || run->all_erased ||
	    !stm32_had_changes(run->flash->stm))
		return err != FLASH_OK ? err : report(run);
	run_explain(run->flash, "errors on the line; checking all that was "
		    "written or erased");
	run->rechecks = 1;
	for (round = 0; round < ROUNDS && err == FLASH_OK; round++) {
		run->again = (struct range){ 0, 0 };
		begin_stage(run);
		err = check_pages(run);
		if (err == FLASH_OK)
			err = check_writes(run);
		if (run->again.start == run->again.end)
			break;
	}
	return err == FLASH_OK ? report(run) : err;
}
