/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One write; finds the result if it is unknown: no granule is programmed
 * twice.
 */
#include <inttypes.h>
#include <string.h>

#include "flash/onchip.h"
#include "flash/run.h"
#include "flash/vouch.h"
#include "utils.h"

#define RESETTLE_MS 1000	/* time to program option bytes, reset, and
				 * start the ROM */
#define FEW_TRIES 3	/* of a block that may be split */
#define LEAST_WRITE 16	/* bytes of a write that is not split further */
#define WORD 4
#define DUMMY_LEN 32	/* bytes that a write after a read loses on some
			 * parts */

/*
 * Some parts lose the first bytes of a flash write that follows a read: gives
 * them a write to RAM to lose. No two of its bytes are a command, so the
 * address need not be tested first (vouch.h); after a failure, a read shows
 * whether the ROM refuses it.
 */
static enum stm32_err write_to_lose(struct flash *flash)
{
	static const uint8_t dummy[DUMMY_LEN];
	enum stm32_err err;
	struct range ram;
	uint32_t at;

	if (!flash->read_last ||
	    !part_has(flash->part, DEV_READ_AFTER_WRITE_LOSS) ||
	    !part_free_ram(flash->part, &ram))
		return STM32_OK;
	err = stm32_write_memory(flash->stm, ram.start, dummy, sizeof(dummy),
				 0);
	if (err != STM32_ASTRAY && err != STM32_UNCERTAIN)
		return err;
	err = vouch_read(flash, ram.start, ram.start + WORD, &at);
	return err == STM32_OK ? STM32_UNCERTAIN : err;
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

	/* The result of this write is unknown, so the next one is not safe
	 * either. */
	if (err != STM32_OK)
		return err;
	flash->read_last = false;
	onchip_forget(flash);
	return ends_in_reset(flash, step)
	     ? stm32_write_options(flash->stm, step->start, data, len,
				   program_ms)
	     : stm32_write_memory(flash->stm, step->start, data, len,
				  program_ms);
}

enum fate { FATE_DONE, FATE_NOT_BEGUN, FATE_SPOILT };

/* Reads the memory after a write whose result is unknown. The result may cause
 * an erase, so two readings must agree. */
static enum stm32_err settle(struct run *run, const struct step *step,
			     const uint8_t *data, enum fate *fate)
{
	uint32_t len = step->end - step->start;
	uint8_t found[STM32_MAX_BLOCK] = { 0 };
	enum stm32_err err = run_read_surely(run->flash, step->start, found,
					     len);

	if (err != STM32_OK)
		return err;
	if (memcmp(found, data, len) == 0)
		*fate = FATE_DONE;
	else if (step->area != AREA_FLASH ||
		 run_all_equal(found, len, run->flash->part->dev.erased))
		*fate = FATE_NOT_BEGUN;
	else
		*fate = FATE_SPOILT;
	return STM32_OK;
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
	problem_set(run->why, "option bytes %s, but the bootloader no longer "
		    "answers; the chip may have started its application: set "
		    "BOOT0 high and reset it",
		    err == STM32_OK ? "written" : "sent");
	return STM32_TIMEOUT;
}

/* A pair of option bytes given as erased: the hardware turns it into FF 00,
 * which must then be in memory. */
static void complete_pairs(const struct run *run, const struct step *step)
{
	uint32_t at;

	if (step->area != AREA_OPTION_BYTES ||
	    !part_has_pairs(run->flash->part))
		return;
	for (at = step->start; at < step->end; at += 2) {
		const struct segment *s = image_from(run->image, at);
		uint32_t i = s != NULL && s->start <= at ? at - s->start : 0;

		if (s != NULL && s->start <= at && i + 1 < s->len &&
		    s->data[i] == 0xFF && s->data[i + 1] == 0xFF)
			s->data[i + 1] = 0x00;
	}
}

/* Fills data with the bytes of a step, and gaps with the erased value. */
static void step_data(const struct run *run, const struct step *step,
		      uint8_t *data)
{
	size_t len = step->end - step->start;

	memset(data, run->flash->part->dev.erased, len);
	run_overlay(run->image, step->start, data, len);
}

/* A frame that was completed with filler bytes was executed: if its count had
 * changed, up to a whole block from the start of the step may be wrong. */
static enum flash_err went_astray(struct run *run, const struct step *step,
				  struct step *spoilt)
{
	uint32_t end = run->flash->part->flash.end;

	if (step->area != AREA_FLASH) {
		problem_set(run->why, "write at 0x%08" PRIx32 ": the chip "
			    "executed a damaged frame; up to %d bytes from "
			    "there on may be wrong", step->start,
			    STM32_MAX_BLOCK);
		return FLASH_DIFFERS;
	}
	*spoilt = *step;
	spoilt->end = end - step->start > STM32_MAX_BLOCK
		    ? step->start + STM32_MAX_BLOCK : end;
	return FLASH_OK;
}

/* Writes until the block is done or spoilt, at most `most` times; *fate is the
 * result, or that no write was begun. */
static enum stm32_err write_often(struct run *run, const struct step *step,
				  const uint8_t *data, unsigned most,
				  enum fate *fate)
{
	enum stm32_err err;
	unsigned tries;

	*fate = FATE_NOT_BEGUN;
	for (tries = 0; *fate == FATE_NOT_BEGUN && tries < most; tries++) {
		err = write_once(run->flash, step, data);
		err = after_option_write(run, step, err);
		if (err == STM32_OK)
			*fate = FATE_DONE;
		if (err != STM32_UNCERTAIN)
			return err;
		err = settle(run, step, data, fate);
		if (err != STM32_OK)
			return err;
	}
	return STM32_OK;
}

/* If a block of flash keeps failing, its halves may succeed, as fewer bytes of
 * each are damaged. */
static bool may_halve(const struct run *run, const struct step *step)
{
	uint32_t least = run->flash->part->dev.write_align;

	least = least > LEAST_WRITE ? least : LEAST_WRITE;
	return step->area == AREA_FLASH && step->end - step->start >= 2 * least;
}

static enum stm32_err write_and_settle(struct run *run,
				       const struct step *step,
				       const uint8_t *data, enum fate *fate)
{
	bool halves = may_halve(run, step) && run->flash->retries > FEW_TRIES;
	struct step half = *step;
	enum stm32_err err;

	err = write_often(run, step, data, halves ? FEW_TRIES
						  : run->flash->retries + 1,
			  fate);
	if (err != STM32_OK || *fate != FATE_NOT_BEGUN)
		return err;
	if (!halves)
		return STM32_UNCERTAIN;
	half.end = round_up(step->start + (step->end - step->start) / 2,
			    run->flash->part->dev.write_align);
	err = write_and_settle(run, &half, data, fate);
	if (err != STM32_OK || *fate != FATE_DONE)
		return err;
	data += half.end - half.start;
	half = (struct step){ .kind = STEP_WRITE, .area = step->area,
			      .start = half.end, .end = step->end };
	return write_and_settle(run, &half, data, fate);
}

enum flash_err run_try_write(struct run *run, const struct step *step,
			     struct step *spoilt)
{
	uint8_t data[STM32_MAX_BLOCK];
	enum fate fate;
	enum stm32_err err;

	*spoilt = *step;
	spoilt->end = spoilt->start;
	complete_pairs(run, step);
	step_data(run, step, data);
	if (step->may_be_blank && run_all_equal(data, step->end - step->start,
					    run->flash->part->dev.erased))
		return FLASH_OK;
	err = write_and_settle(run, step, data, &fate);
	if (err == STM32_ASTRAY)
		return went_astray(run, step, spoilt);
	if (err == STM32_OK && fate == FATE_SPOILT)
		*spoilt = *step;
	return flash_explain(run->flash, err, "write", step->start, run->why);
}
