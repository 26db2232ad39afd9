/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/misplaced.h"

#include <string.h>

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

/* True if most of the bytes of data that are not erased are found here. */
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

	/* The pages that this run erases are checked in any case. */
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

/* Tries the same bit changed in the address and in its XOR, or two changes of
 * it in the address. */
enum stm32_err misplaced_look(struct run *run, uint32_t address)
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
