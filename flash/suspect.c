/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/suspect.h"

#include <inttypes.h>
#include <string.h>

#include "flash/repair.h"
#include "utils.h"

#define ROUNDS 20	/* of mending what is found */

/* --- where a block went ---------------------------------------------------- */

static const struct step *write_at(const struct run *run, uint32_t address)
{
	size_t i;

	for (i = 0; i < run->plan->count; i++) {
		const struct step *step = &run->plan->steps[i];

		if (step->kind == STEP_WRITE && address >= step->start &&
		    address < step->end)
			return step;
	}
	return NULL;
}

/* Whether most of what is not erased in data is here. */
static bool looks_like(const uint8_t *found, const uint8_t *data, size_t len,
		       uint8_t erased)
{
	size_t same = 0, all = 0, i;

	for (i = 0; i < len; i++) {
		if (data[i] == erased)
			continue;
		all++;
		same += found[i] == data[i];
	}
	return all > 0 && 2 * same > all;
}

static enum stm32_err look_at(struct run *run, const struct step *step,
			      const uint8_t *data, uint32_t address)
{
	const struct part *part = run->flash->part;
	uint32_t len = step->end - step->start;
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err;

	/* What is erased by this run is looked at anyway. */
	if (part_area(part, address, NULL) != AREA_FLASH ||
	    part_area(part, address + len - 1, NULL) != AREA_FLASH ||
	    plan_erases(run->plan, part, address) ||
	    image_covers(run->image, address, len) != 0)
		return STM32_OK;
	err = run_read_surely(run->flash, address, found, len);
	if (err == STM32_OK &&
	    looks_like(found, data, len, part->dev.erased))
		range_add(&run->misplaced, address, address + len);
	return err;
}

/* The same bit changed in the address and its XOR, or twice in the address. */
enum stm32_err suspect_missing(struct run *run, uint32_t address)
{
	const struct step *step = write_at(run, address);
	uint8_t data[STM32_MAX_BLOCK];
	enum stm32_err err = STM32_OK;
	unsigned bit, other;

	if (step == NULL)
		return STM32_OK;
	memset(data, run->flash->part->dev.erased, sizeof(data));
	run_overlay(run->image, step->start, data, step->end - step->start);
	for (bit = 0; bit < 32; bit++)
		for (other = bit; other < 32 && err == STM32_OK; other += 8)
			err = look_at(run, step, data, step->start ^
				      (UINT32_C(1) << bit) ^
				      (other == bit ? 0
						    : UINT32_C(1) << other));
	return err;
}

/* --- all that was done ----------------------------------------------------- */

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
