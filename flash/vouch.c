/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/vouch.h"

#include <inttypes.h>

#include "utils.h"

#define WORD 4	/* bytes */

bool vouch_is_known(const struct part *part, uint32_t start, uint32_t end)
{
	return part->known && part->id == part->dev.id && part->size_known &&
	       start >= part->flash.start && end <= part->flash.end;
}

enum stm32_err vouch_read(struct flash *flash, uint32_t start, uint32_t end,
			  uint32_t *at)
{
	const uint32_t ends[2] = { round_down(start, WORD),
				   round_down(end - 1, WORD) };
	size_t count = ends[0] == ends[1] ? 1 : 2, i;
	enum stm32_err err = STM32_OK;
	uint8_t word[WORD];

	for (i = 0; i < count && err == STM32_OK; i++) {
		*at = ends[i];
		err = run_read_block(flash, ends[i], word, sizeof(word));
	}
	return err;
}

/* The memory of the part's own row has no gap between two ends. For an area in
 * no row, or a row that the user named, that is unknown. */
static bool may_have_gaps(const struct part *part, const struct step *step)
{
	return step->area == AREA_UNKNOWN || !part->known ||
	       part->id != part->dev.id;
}

static bool needs_voucher(const struct run *run, const struct step *step)
{
	return step->kind == STEP_WRITE &&
	       !vouch_is_known(run->flash->part, step->start, step->end);
}

static bool is_own_flash(const struct run *run, const struct step *step)
{
	return step->area == AREA_FLASH &&
	       !may_have_gaps(run->flash->part, step);
}

static enum flash_err vouch(const struct run *run, uint32_t start,
			    uint32_t end)
{
	const struct part *part = run->flash->part;
	uint32_t at;
	enum stm32_err err = vouch_read(run->flash, start, end, &at);

	if (err != STM32_BAD_ADDRESS ||
	    part_area(part, at, NULL) != AREA_FLASH)
		return flash_explain(run->flash, err, "read", at, run->why);
	problem_set(run->why, "the file is too big: it reaches to 0x%08" PRIx32
		    ", but there is no memory at 0x%08" PRIx32, end, at);
	return FLASH_TOO_BIG;
}

/* Returns the last address written in the row's own flash; 0: none, or known
 * to exist. The row has the start of the flash, so no other word is needed. */
static uint32_t flash_top(const struct run *run)
{
	const struct plan *plan = run->plan;
	uint32_t top = 0;
	size_t i;

	for (i = 0; i < plan->count; i++)
		if (needs_voucher(run, &plan->steps[i]) &&
		    is_own_flash(run, &plan->steps[i]) &&
		    plan->steps[i].end > top)
			top = plan->steps[i].end;
	return top;
}

enum flash_err vouch_plan(const struct run *run)
{
	const struct part *part = run->flash->part;
	uint32_t start = 0, end = 0, top = flash_top(run);
	enum flash_err err = top == 0 ? FLASH_OK : vouch(run, top - 1, top);
	size_t i;

	for (i = 0; i < run->plan->count && err == FLASH_OK; i++) {
		const struct step *step = &run->plan->steps[i];

		if (!needs_voucher(run, step) || is_own_flash(run, step))
			continue;
		if (step->start == end && !may_have_gaps(part, step)) {
			end = step->end;
			continue;
		}
		if (end > start)
			err = vouch(run, start, end);
		start = step->start;
		end = step->end;
	}
	return err == FLASH_OK && end > start ? vouch(run, start, end) : err;
}
