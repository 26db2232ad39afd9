/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads of memory. A reply to Read Memory has no checksum: what noise may have
 * changed or moved is read again.
 */
#include <string.h>

#include "flash/run.h"

#define SURE_TRIES 20	/* until two reads agree */

enum stm32_err run_read_block(struct flash *flash, uint32_t address,
				 uint8_t *out, size_t len)
{
	flash->read_last = true;
	return stm32_read_memory(flash->stm, address, out, len);
}

/* The next block of a read: as long as the session allows, ending on a block
 * boundary where it can. */
uint32_t run_next_len(const struct flash *flash, uint32_t address,
			 uint32_t left)
{
	uint32_t most = stm32_max_read(flash->stm);
	uint32_t to_boundary = STM32_MAX_BLOCK - address % STM32_MAX_BLOCK;

	if (most > to_boundary)
		most = to_boundary;
	return left < most ? left : most;
}

/* Up to STM32_MAX_BLOCK bytes, by as many commands as it takes. */
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

/*
 * Reads once more what is in out, until two reads in a row agree; *changed
 * says that it was not as it was in out. An ID is asked for between two that
 * differ, or what is left over of a block with an ACK for its last byte would
 * do the same to each read that follows.
 */
static enum stm32_err read_again(struct flash *flash, uint32_t address,
				 uint8_t *out, uint32_t len, bool *changed)
{
	uint8_t again[STM32_MAX_BLOCK];
	enum stm32_err err = STM32_OK;
	unsigned tries;

	for (tries = 0; tries < SURE_TRIES; tries++) {
		if (tries > 0)
			err = stm32_confirm_id(flash->stm);
		if (err == STM32_OK)
			err = read_span(flash, address, again, len);
		*changed = tries > 0;
		if (err != STM32_OK || memcmp(out, again, len) == 0)
			return err;
		memcpy(out, again, len);
	}
	return STM32_GARBLED;
}

static bool is_stream(const struct flash *flash)
{
	return !(stm32_port(flash->stm)->caps & PORT_FRAMED);
}

/* How often something went wrong that may have to do with what was read
 * before. */
static unsigned troubles(const struct flash *flash)
{
	const struct stm32_counts *counts = stm32_counts(flash->stm);

	return is_stream(flash) ? counts->retries + counts->strays : 0;
}

/* From the end back to where what was read is read once more the same. */
static enum stm32_err look_back(struct flash *flash, uint32_t start,
				uint8_t *out, uint32_t end)
{
	enum stm32_err err = STM32_OK;
	bool changed = true;
	uint32_t n;

	for (; end > 0 && changed && err == STM32_OK; end -= n) {
		n = (start + end - 1) % STM32_MAX_BLOCK + 1;
		n = n < end ? n : end;
		err = read_again(flash, start + end - n, out + end - n, n,
				 &changed);
	}
	return err;
}

/*
 * A byte that noise has added to a reply moves the rest of it on by one, and
 * there is no checksum. What tells is the last byte, which is left over: the
 * next command finds it, waiting or in the place of its ACK. So what precedes
 * a command that had any trouble is read once more. A byte left over that is
 * an ACK by its value, 79, is taken for it and cannot be told; it moves the
 * next block as well, and so on to one that ends in another byte. Hence the
 * look back goes on to a block that is as it was.
 */
static enum stm32_err read_block(struct flash *flash, uint32_t start,
				 uint8_t *out, uint32_t at, uint32_t n)
{
	unsigned before = troubles(flash);
	enum stm32_err err = run_read_block(flash, start + at, out + at, n);
	bool changed;

	if (err != STM32_OK || troubles(flash) == before)
		return err;
	before = troubles(flash);
	err = look_back(flash, start, out, at);
	if (err == STM32_OK && troubles(flash) != before)
		err = read_again(flash, start + at, out + at, n, &changed);
	return err;
}

/* Behind the last block comes no command that would tell. */
static enum stm32_err end_read(struct flash *flash, uint32_t start,
			       uint8_t *out, uint32_t len)
{
	unsigned before = troubles(flash);

	if (is_stream(flash))
		stm32_await_stray(flash->stm);
	return troubles(flash) == before ? STM32_OK
					 : look_back(flash, start, out, len);
}

enum flash_err run_read(struct flash *flash, enum stage stage, uint32_t start,
			uint8_t *out, uint32_t len, struct problem *why)
{
	uint32_t done = 0, n;
	enum stm32_err err;

	run_begin(flash, stage, len, start);
	while (done < len) {
		n = run_next_len(flash, start + done, len - done);
		err = read_block(flash, start, out, done, n);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", start + done,
					     why);
		done += n;
		run_progress(flash, stage, done, len, start + done);
	}
	err = end_read(flash, start, out, len);
	return flash_explain(flash, err, "read", start + len, why);
}

enum flash_err flash_read(struct flash *flash, uint32_t start, uint8_t *out,
			  uint32_t len, struct problem *why)
{
	return run_read(flash, STAGE_READ, start, out, len, why);
}

/* --- keep ------------------------------------------------------------------ */

/* What is read here will be written back, and a read has no checksum: it has
 * to read the same twice. */
static enum stm32_err read_surely(struct flash *flash, uint32_t address,
				  uint8_t *out, uint32_t len)
{
	enum stm32_err err = run_read_block(flash, address, out, len);
	bool changed;

	return err != STM32_OK ? err
			       : read_again(flash, address, out, len, &changed);
}

enum flash_err run_keep(struct run *run, const struct step *step)
{
	struct flash *flash = run->flash;
	uint8_t buf[STM32_MAX_BLOCK];
	uint32_t at, n;
	enum stm32_err err;

	for (at = step->start; at < step->end; at += n) {
		n = run_next_len(flash, at, step->end - at);
		err = read_surely(flash, at, buf, n);
		if (err != STM32_OK)
			return flash_explain(flash, err, "read", at, run->why);
		if (image_fill(run->image, at, buf, n) != IMAGE_OK) {
			problem_set(run->why, "out of memory");
			return FLASH_NO_MEMORY;
		}
		run->kept += n;
		run_progress(flash, STAGE_KEEP, run->kept, run->keep_total,
			     at + n);
	}
	return FLASH_OK;
}
