/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads memory. A reply to Read Memory has no checksum: bytes that noise may
 * have changed or shifted are read again.
 */
#include <string.h>

#include "flash/run.h"

#define SURE_TRIES 6	/* until two readings agree */
#define MOST_TRIES 20	/* of a piece that cannot be split */
#define MOST_READINGS 3	/* that have to agree */
#define LEAST_PIECE 16	/* bytes of a reading that is not split further */
#define ACK 0x79

/* Reads up to STM32_MAX_BLOCK bytes, by as many commands as needed. */
static enum stm32_err read_span(struct flash *flash, uint32_t address,
				uint8_t *out, uint32_t len)
{
	enum stm32_err err = STM32_OK;
	uint32_t done, n;

	for (done = 0; done < len && err == STM32_OK; done += n) {
		n = run_next_len(flash, address + done, len - done);
		err = run_read_block(flash, address + done, out + done, n);
	}
	return err;
}

static unsigned count_errors(const struct flash *flash)
{
	const struct stm32_counts *counts = stm32_counts(flash->stm);

	return counts->retries + counts->strays;
}

/*
 * An extra byte leaves the last byte of a block unread. If that byte is an
 * ACK, it is taken for one. Then each following reading begins with the next
 * ACK and leaves the same byte unread, so they agree. So brings device and host
 * into step after a reading that begins with an ACK. *sure: they were.
 */
static enum stm32_err check_reading(struct flash *flash, const uint8_t *data,
				    uint32_t len, bool *sure)
{
	unsigned before = count_errors(flash);
	enum stm32_err err = STM32_OK;

	if (len > 0 && data[0] == ACK)
		err = stm32_check_step(flash->stm);
	*sure = count_errors(flash) == before;
	return err;
}

/*
 * Reads out again until `wanted` readings in a row agree; `agreed` of them
 * already do. If they never agree, does the same with each half, as fewer
 * bytes are damaged in each.
 */
static enum stm32_err agree(struct flash *flash, uint32_t address,
			    uint8_t *out, uint32_t len, unsigned agreed,
			    unsigned wanted)
{
	uint8_t again[STM32_MAX_BLOCK];
	unsigned most = len < 2 * LEAST_PIECE ? MOST_TRIES : SURE_TRIES;
	bool sure;
	enum stm32_err err = check_reading(flash, out, len, &sure);
	unsigned tries;

	agreed = sure ? agreed : 0;
	for (tries = 0; tries < most && agreed < wanted; tries++) {
		if (err == STM32_OK)
			err = read_span(flash, address, again, len);
		if (err == STM32_OK)
			err = check_reading(flash, again, len, &sure);
		if (err != STM32_OK)
			return err;
		if (sure && memcmp(out, again, len) == 0) {
			agreed++;
			continue;
		}
		memcpy(out, again, len);
		agreed = sure;
		wanted = wanted > MOST_READINGS ? wanted : MOST_READINGS;
		flash->disagreed = true;
		err = stm32_check_step(flash->stm);
	}
	if (err != STM32_OK || agreed >= wanted)
		return err;
	if (len < 2 * LEAST_PIECE)
		return STM32_GARBLED;
	err = agree(flash, address, out, len / 2, agreed, wanted);
	return err == STM32_OK ? agree(flash, address + len / 2, out + len / 2,
				       len - len / 2, agreed, wanted)
			       : err;
}

bool run_is_doubtful(const struct flash *flash)
{
	return flash->disagreed || stm32_had_trouble(flash->stm);
}

/* On a line that damages bytes unnoticed, the same change may occur twice. */
static unsigned readings_wanted(const struct flash *flash)
{
	return flash->disagreed ? MOST_READINGS : 2;
}

static enum stm32_err read_again(struct flash *flash, uint32_t address,
				 uint8_t *out, uint32_t len)
{
	return agree(flash, address, out, len, 1, readings_wanted(flash));
}

enum stm32_err run_read_surely(struct flash *flash, uint32_t address,
			       uint8_t *out, uint32_t len)
{
	enum stm32_err err = read_span(flash, address, out, len);
	unsigned wanted = run_is_doubtful(flash) ? MOST_READINGS : 2;

	return err == STM32_OK ? agree(flash, address, out, len, 1, wanted)
			       : err;
}

/* Reads the range once, block by block. */
static enum flash_err pass(struct flash *flash, enum stage stage,
			   uint32_t start, uint8_t *out, uint32_t len,
			   enum stm32_err (*block)(struct flash *, uint32_t,
						   uint8_t *, uint32_t),
			   struct problem *why)
{
	uint32_t done = 0, n;
	enum stm32_err err;

	run_begin(flash, stage, len, start);
	while (done < len) {
		n = run_next_len(flash, start + done, len - done);
		err = block(flash, start + done, out + done, n);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", start + done,
					     why);
		done += n;
		run_progress(flash, stage, done, len, start + done);
	}
	return FLASH_OK;
}

/*
 * A reply has no checksum, so a lost byte and an extra one go unnoticed. If
 * this session has shown any sign of a bad line, reads all again, and a third
 * time if the two readings differ. No command follows the last block that
 * would show an extra byte, so wait for it.
 */
enum flash_err run_read(struct flash *flash, enum stage stage, uint32_t start,
			uint8_t *out, uint32_t len, struct problem *why)
{
	enum flash_err err = pass(flash, stage, start, out, len, read_span,
				  why);
	bool disagreed;

	if (err == FLASH_OK)
		err = flash_explain(flash, stm32_await_stray(flash->stm),
				    "read", FLASH_NOWHERE, why);
	if (err != FLASH_OK || (!flash->read_twice && !run_is_doubtful(flash)))
		return err;
	disagreed = flash->disagreed;
	run_explain(flash, "reading everything again to compare");
	err = pass(flash, stage, start, out, len, read_again, why);
	if (err != FLASH_OK || disagreed || !flash->disagreed)
		return err;
	run_explain(flash, "the readings differ; reading again");
	return pass(flash, stage, start, out, len, read_again, why);
}

/* --- keep ------------------------------------------------------------------ */

/* The complements of option bytes belong to the new byte, not to the old one.
 * An erased byte reads FF FF, and becomes FF 00 when written. */
static void keep_complements(const struct run *run, uint32_t at, uint8_t *buf,
			     uint32_t len)
{
	uint8_t byte;
	uint32_t i;

	if (!part_has_pairs(run->flash->part) ||
	    part_area(run->flash->part, at, NULL) != AREA_OPTION_BYTES)
		return;
	for (i = 0; i < len; i++) {
		if ((at + i) % 2 == 0)
			continue;
		if (i > 0)
			buf[i] = (uint8_t)~buf[i - 1];
		else if (image_copy(run->image, at - 1, &byte, 1, 0) == 1)
			buf[0] = (uint8_t)~byte;
	}
}

static void replace(struct image *image, uint32_t at, const uint8_t *buf,
		    uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++) {
		const struct segment *s = image_from(image, at + i);

		if (s != NULL && s->start <= at + i)
			s->data[at + i - s->start] = buf[i];
	}
}

/* again: replaces what was kept before, without progress. */
static enum flash_err keep_step(struct run *run, const struct step *step,
				bool again)
{
	struct flash *flash = run->flash;
	uint8_t buf[STM32_MAX_BLOCK];
	uint32_t at, n;
	enum stm32_err err;

	for (at = step->start; at < step->end; at += n) {
		n = run_next_len(flash, at, step->end - at);
		err = run_read_surely(flash, at, buf, n);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", at, run->why);
		keep_complements(run, at, buf, n);
		if (image_fill(run->image, at, buf, n) != IMAGE_OK) {
			problem_set(run->why, "out of memory");
			return FLASH_NO_MEMORY;
		}
		if (again) {
			replace(run->image, at, buf, n);
			continue;
		}
		run->kept += n;
		run_progress(flash, STAGE_KEEP, run->kept, run->keep_total,
			     at + n);
	}
	return FLASH_OK;
}

/* Reads bytes that will be written back. If the line becomes doubtful meanwhile,
 * two wrong readings before may have agreed. So, unless something was erased
 * already, reads all kept bytes again, now until three readings agree. */
enum flash_err run_keep(struct run *run, const struct step *step)
{
	bool doubted = run_is_doubtful(run->flash);
	enum flash_err err = keep_step(run, step, false);
	size_t i;

	if (err != FLASH_OK || doubted || run->acted ||
	    !run_is_doubtful(run->flash))
		return err;
	run_explain(run->flash, "reading again what is kept");
	for (i = 0; err == FLASH_OK && i <= run->at; i++)
		if (run->plan->steps[i].kind == STEP_KEEP)
			err = keep_step(run, &run->plan->steps[i], true);
	return err;
}
