/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/beside.h"

#include <string.h>

/* One gap; what it held goes to run->beside. */
static enum flash_err read_gap(struct run *run, uint32_t start, uint32_t end)
{
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err = run_read_surely(run->flash, start, found,
					     end - start);

	if (err != STM32_OK)
		return flash_explain(run->flash, err, "read", start, run->why);
	if (run->beside == NULL)
		run->beside = image_new();
	if (run->beside != NULL &&
	    image_fill(run->beside, start, found, end - start) == IMAGE_OK)
		return FLASH_OK;
	problem_set(run->why, "out of memory");
	return FLASH_NO_MEMORY;
}

static enum flash_err read_gaps(struct run *run, const struct step *step)
{
	const struct image *image = run->image;
	enum flash_err err = FLASH_OK;
	uint32_t start, end;

	for (start = step->start; start < step->end && err == FLASH_OK;
	     start = end) {
		bool gap = image_covers(image, start, 1) == 0;

		for (end = start + 1; end < step->end &&
		     (image_covers(image, end, 1) == 0) == gap; end++)
			;
		if (gap)
			err = read_gap(run, start, end);
	}
	return err;
}

enum flash_err beside_read(struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < plan->count && err == FLASH_OK; i++) {
		const struct step *step = &plan->steps[i];

		if (step->kind == STEP_WRITE && step->area == AREA_FLASH &&
		    !plan_erases(plan, run->flash->part, step->start))
			err = read_gaps(run, step);
	}
	return err;
}

static enum stm32_err check_block(struct run *run, uint32_t at,
				  const uint8_t *before, uint32_t len)
{
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err = run_read_block(run->flash, at, found, len);
	uint32_t i;

	if (err == STM32_OK && memcmp(found, before, len) != 0)
		err = run_read_surely(run->flash, at, found, len);
	for (i = 0; i < len && err == STM32_OK; i++)
		if (found[i] != before[i])
			range_add(&run->misplaced, at + i, at + i + 1);
	return err;
}

static enum flash_err check_gap(struct run *run, const struct segment *gap)
{
	enum stm32_err err = STM32_OK;
	uint32_t at = gap->start, n;
	uint32_t end = at + (uint32_t)gap->len;

	for (; at < end && err == STM32_OK; at += n) {
		n = run_next_len(run->flash, at, end - at);
		err = check_block(run, at, gap->data + (at - gap->start), n);
	}
	return flash_explain(run->flash, err, "read", gap->start, run->why);
}

enum flash_err beside_check(struct run *run)
{
	size_t count = run->beside != NULL ? run->beside->count : 0, i;
	enum flash_err err = FLASH_OK;

	for (i = 0; i < count && err == FLASH_OK; i++)
		err = check_gap(run, &run->beside->segments[i]);
	return err;
}
