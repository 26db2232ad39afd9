/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/beside.h"

#include <string.h>

/* Reads a gap once; until two readings agree if the line has shown errors. */
static enum flash_err read_gap(struct run *run, const struct step *step)
{
	struct flash *flash = run->flash;
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err;
	uint32_t at, n;

	for (at = step->start; at < step->end; at += n) {
		n = run_next_len(flash, at, step->end - at);
		err = run_is_doubtful(flash)
		    ? run_read_surely(flash, at, found, n)
		    : run_read_block(flash, at, found, n);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", at, run->why);
		if (image_fill(run->beside, at, found, n) != IMAGE_OK)
			return FLASH_NO_MEMORY;
	}
	return FLASH_OK;
}

enum flash_err beside_read(struct run *run)
{
	const struct plan *plan = run->plan;
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < plan->count && err == FLASH_OK; i++) {
		if (plan->steps[i].kind != STEP_SAME)
			continue;
		if (run->beside == NULL)
			run->beside = image_new();
		err = run->beside != NULL ? read_gap(run, &plan->steps[i])
					  : FLASH_NO_MEMORY;
	}
	if (err == FLASH_NO_MEMORY)
		problem_set(run->why, "out of memory");
	return err;
}

enum flash_err beside_check(struct run *run, const struct step *step)
{
	uint8_t found[STM32_MAX_BLOCK], before[STM32_MAX_BLOCK];
	enum stm32_err err = STM32_OK;
	uint32_t at, n, i;

	for (at = step->start; at < step->end && err == STM32_OK; at += n) {
		n = run_next_len(run->flash, at, step->end - at);
		run_overlay(run->beside, at, before, n);
		err = run_read_block(run->flash, at, found, n);
		if (err == STM32_OK && memcmp(found, before, n) != 0)
			err = run_read_surely(run->flash, at, found, n);
		for (i = 0; i < n && err == STM32_OK; i++)
			if (found[i] != before[i])
				range_add(&run->misplaced, at + i, at + i + 1);
	}
	return flash_explain(run->flash, err, "read", step->start, run->why);
}
