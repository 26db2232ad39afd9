/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One write, and what became of it where that is not known: no granule is
 * programmed twice.
 */
#include <string.h>

#include "flash/repair.h"
#include "flash/run.h"

#define RESETTLE_MS 1000	/* option bytes programmed, reset, ROM started */
#define DUMMY_LEN 32	/* what a write after a read loses on some parts */

/* What has to be in memory from start on: buf holds what is there or what
 * shall stand in the gaps, the image's bytes are laid over it. */
void run_overlay(const struct image *image, uint32_t start, uint8_t *buf,
		 size_t len)
{
	const struct segment *s = image_from(image, start);
	const struct segment *behind = image->segments + image->count;

	for (; s != NULL && s < behind &&
	     (s->start <= start || s->start - start < len); s++) {
		size_t skip = s->start < start ? start - s->start : 0;
		size_t at = s->start > start ? s->start - start : 0;
		size_t n = s->len - skip;

		if (n > len - at)
			n = len - at;
		memcpy(buf + at, s->data + skip, n);
	}
}

bool run_all_equal(const uint8_t *bytes, size_t len, uint8_t value)
{
	return len == 0 || (bytes[0] == value &&
			    memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* Some parts lose the first bytes of a flash write that comes after a read:
 * give them a write of RAM to lose. */
static enum stm32_err write_to_lose(struct flash *flash)
{
	static const uint8_t dummy[DUMMY_LEN];
	struct range ram;

	if (!flash->read_last ||
	    !part_has(flash->part, DEV_READ_AFTER_WRITE_LOSS) ||
	    !part_free_ram(flash->part, &ram))
		return STM32_OK;
	return stm32_write_memory(flash->stm, ram.start, dummy, sizeof(dummy),
				  0);
}

/* A write of option bytes ends in a reset. */
static bool ends_in_reset(const struct flash *flash, const struct step *step)
{
	return step->area == AREA_OPTION_BYTES &&
	       !part_has(flash->part, DEV_OPTION_NO_RESET);
}

static enum stm32_err write_once(struct flash *flash, const struct step *step,
				 const uint8_t *data)
{
	size_t len = step->end - step->start;
	unsigned program_ms = part_program_ms(flash->part, (uint32_t)len);
	enum stm32_err err = write_to_lose(flash);

	/* Not sure that this was done: then nor may the next be. */
	if (err != STM32_OK)
		return err;
	flash->read_last = false;
	return ends_in_reset(flash, step)
	     ? stm32_write_options(flash->stm, step->start, data, len,
				   program_ms)
	     : stm32_write_memory(flash->stm, step->start, data, len,
				  program_ms);
}

enum fate { FATE_DONE, FATE_NOT_BEGUN, FATE_SPOILT };

/* What the memory says of a write of which it is not known whether it was
 * done. */
static enum stm32_err look(struct run *run, const struct step *step,
			   const uint8_t *data, enum fate *fate)
{
	uint8_t found[STM32_MAX_BLOCK] = { 0 };
	uint32_t len = step->end - step->start, done, n;
	enum stm32_err err;

	for (done = 0; done < len; done += n) {
		n = run_next_len(run->flash, step->start + done, len - done);
		err = run_read_block(run->flash, step->start + done, found + done,
				 n);
		if (err != STM32_OK)
			return err;
	}
	if (memcmp(found, data, len) == 0)
		*fate = FATE_DONE;
	else if (step->area != AREA_FLASH ||
		 run_all_equal(found, len, run->flash->part->dev.erased))
		*fate = FATE_NOT_BEGUN;
	else
		*fate = FATE_SPOILT;
	return STM32_OK;
}

/* A read has no checksum, so a verdict that costs an erase is worth a second
 * look. */
static enum stm32_err settle(struct run *run, const struct step *step,
			     const uint8_t *data, enum fate *fate)
{
	enum stm32_err err = look(run, step, data, fate);

	if (err == STM32_OK && *fate == FATE_SPOILT)
		err = look(run, step, data, fate);
	return err;
}

static enum stm32_err after_option_write(struct run *run,
					 const struct step *step,
					 enum stm32_err err)
{
	enum stm32_err back;

	if (!ends_in_reset(run->flash, step) ||
	    (err != STM32_OK && err != STM32_UNCERTAIN))
		return err;
	run_explain(run->flash, "option bytes written: waiting for the reset");
	back = stm32_reconnect(run->flash->stm, RESETTLE_MS, NULL, run->why);
	if (back == STM32_PORT || back == STM32_STOPPED)
		return back;
	if (back == STM32_OK)
		return err;
	problem_set(run->why, "option bytes %s, and the bootloader does not "
		    "answer after that: did the chip start its application?",
		    err == STM32_OK ? "written" : "sent");
	return STM32_TIMEOUT;
}

/* Fills data with the bytes of a step, erased value in the gaps. */
static void step_data(const struct run *run, const struct step *step,
		      uint8_t *data)
{
	size_t len = step->end - step->start;

	memset(data, run->flash->part->dev.erased, len);
	run_overlay(run->image, step->start, data, len);
}

enum flash_err run_try_write(struct run *run, const struct step *step,
			     bool *spoilt)
{
	struct flash *flash = run->flash;
	uint8_t data[STM32_MAX_BLOCK];
	enum fate fate = FATE_NOT_BEGUN;
	enum stm32_err err;
	unsigned tries;

	*spoilt = false;
	step_data(run, step, data);
	if (step->may_be_blank && run_all_equal(data, step->end - step->start,
					    flash->part->dev.erased))
		return FLASH_OK;
	for (tries = 0; fate == FATE_NOT_BEGUN; tries++) {
		err = write_once(flash, step, data);
		err = after_option_write(run, step, err);
		if (err != STM32_UNCERTAIN)
			return flash_explain(flash, err, "write", step->start,
					     run->why);
		err = settle(run, step, data, &fate);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", step->start,
					     run->why);
		if (fate != FATE_DONE && tries >= flash->retries)
			return flash_explain(flash, STM32_UNCERTAIN, "write",
					     step->start, run->why);
	}
	*spoilt = fate == FATE_SPOILT;
	return FLASH_OK;
}

enum flash_err run_write(struct run *run, const struct step *step)
{
	bool spoilt = false;
	enum flash_err err = run_try_write(run, step, &spoilt);

	if (err == FLASH_OK && spoilt)
		err = repair_pages(run, step, true);
	if (err != FLASH_OK)
		return err;
	run->written += step->end - step->start;
	run->top = step->end > run->top ? step->end : run->top;
	run_progress(run->flash, STAGE_WRITE, run->written,
		     run->plan->write_bytes, run->top);
	return FLASH_OK;
}
