/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chip.h"
#include "repair.h"
#include "run.h"
#include "utils.h"

#define CONFIRM_TRIES 3	/* of which one was damaged, and not the first */
#define SURE_TRIES 20	/* until two reads agree */
#define RESETTLE_MS 1000	/* option bytes programmed, reset, ROM started */
#define DUMMY_LEN 32	/* what a write after a read loses on some parts */

void run_explain(const struct flash *flash, const char *text)
{
	if (flash->watch != NULL && flash->watch->explain != NULL)
		flash->watch->explain(flash->watch->ctx, text);
}

static void tell_progress(const struct flash *flash, struct progress *p)
{
	p->at_ms = port_now_ms(stm32_port(flash->stm));
	if (flash->watch != NULL && flash->watch->progress != NULL)
		flash->watch->progress(flash->watch->ctx, p);
}

void run_begin(const struct flash *flash, enum stage stage, uint64_t total,
	       uint32_t address)
{
	tell_progress(flash, &(struct progress){
		.stage = stage, .total = total, .address = address,
		.first = true });
}

void run_progress(const struct flash *flash, enum stage stage, uint64_t done,
		     uint64_t total, uint32_t address)
{
	tell_progress(flash, &(struct progress){
		.stage = stage, .done = done, .total = total,
		.address = address, .last = done == total });
}

/* On I2C the adapter tells why there was no answer; on a line what has gone
 * well up to here is mostly a reset or noise. */
static const char *reason(const struct flash *flash, enum stm32_err err)
{
	enum port_err port_err = stm32_port_err(flash->stm);

	if (port_err == PORT_STRETCHED)
		return "; this ROM holds the clock while its flash works, and "
		       "the adapter does not wait that long: use another "
		       "adapter, or the UART";
	if (port_err == PORT_NO_ANSWER)
		return "; nobody answers at its address any more: was the "
		       "target reset?";
	if (err == STM32_GARBLED && port_err == PORT_PARITY)
		return "; is the line noisy, or the rate too high (-b)?";
	if (err == STM32_TIMEOUT || err == STM32_GARBLED)
		return "; was the target reset, or is the rate too high (-b)?";
	return "";
}

enum flash_err flash_explain(const struct flash *flash, enum stm32_err err,
			     const char *what, uint32_t address,
			     struct problem *why)
{
	switch (err) {
	case STM32_OK:
		return FLASH_OK;
	case STM32_STOPPED:
		problem_default(why, "stopped");
		return FLASH_STOPPED;
	case STM32_PORT:
		problem_default(why, "%s: %s at 0x%08" PRIx32 ": %s",
				stm32_port(flash->stm)->device, what, address,
				port_trouble(stm32_port(flash->stm),
					     stm32_port_err(flash->stm)));
		return FLASH_PORT;
	case STM32_REFUSED:
		problem_default(why, "%s refused at 0x%08" PRIx32 ": the chip "
				"is readout protected; -k lifts that and "
				"erases everything", what, address);
		return FLASH_PROTECTED;
	case STM32_BAD_ADDRESS:
		problem_default(why, "%s at 0x%08" PRIx32 ": this address was "
				"refused (NACK); is there memory, and is it "
				"open to the bootloader%s?", what, address,
				part_has(flash->part, DEV_TRUSTZONE)
				? " (TrustZone)" : "");
		return FLASH_DEVICE;
	case STM32_NACK:
	case STM32_TIMEOUT:
	case STM32_GARBLED:
	case STM32_UNCERTAIN:
	case STM32_UNSUPPORTED:
		break;
	}
	problem_default(why, "%s at 0x%08" PRIx32 ": %s%s", what, address,
			stm32_trouble(flash->stm, err), reason(flash, err));
	return FLASH_DEVICE;
}

/* --- read ------------------------------------------------------------------ */

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

static enum flash_err do_keep(struct run *run, const struct step *step)
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

/* --- write ----------------------------------------------------------------- */

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

static enum flash_err do_write(struct run *run, const struct step *step)
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

/* --- the plan -------------------------------------------------------------- */

/* The first step of each stage. */
static void begin_stage(struct run *run, const struct step *step)
{
	const struct plan *plan = run->plan;
	bool erases = step->kind == STEP_ERASE_ALL ||
		      step->kind == STEP_ERASE_PAGES;

	if (step->kind == STEP_KEEP && run->kept == 0)
		run_begin(run->flash, STAGE_KEEP, run->keep_total, step->start);
	else if (erases && run->erased == 0)
		run_begin(run->flash, STAGE_ERASE, plan->pages_erased,
			  run->flash->part->flash.start);
	else if (step->kind == STEP_WRITE && run->written == 0)
		run_begin(run->flash, STAGE_WRITE, plan->write_bytes,
			  step->start);
	else if (step->kind == STEP_VERIFY && run->verified == 0)
		run_begin(run->flash, STAGE_VERIFY, plan->verify_bytes,
			  step->start);
}

/* Where the data in the flash end; 0: there are none. */
static uint32_t data_end(const struct plan *plan)
{
	uint32_t last = 0;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		if (step->kind == STEP_WRITE && step->area == AREA_FLASH &&
		    step->end > last)
			last = step->end;
	}
	return last;
}

/* A chip that did not tell its size may have less than its family, so where
 * nothing is written there need not be memory. */
static bool is_behind_end(struct run *run, uint32_t address)
{
	struct flash *flash = run->flash;
	enum stm32_err err;
	uint8_t byte;

	if (flash->part->size_known || address == flash->part->flash.start ||
	    address < run->data_end)
		return false;
	if (run->end != 0 && address >= run->end)
		return true;
	err = run_read_block(flash, address, &byte, 1);
	/* before 3.1 a ROM says nothing to a bad address */
	if (err != STM32_BAD_ADDRESS && err != STM32_TIMEOUT)
		return false;
	run_explain(flash, "this chip's flash ends before that of its family");
	run->end = address;
	return true;
}

static enum flash_err prove(struct run *run, const struct step *step)
{
	return is_behind_end(run, step->start)
	       ? FLASH_OK : repair_check_erased(run, step);
}

static enum flash_err do_step(struct run *run, const struct step *step)
{
	begin_stage(run, step);
	switch (step->kind) {
	case STEP_KEEP:
		return do_keep(run, step);
	case STEP_ERASE_ALL:
		return run_erase_all(run);
	case STEP_ERASE_PAGES:
		return run_erase_pages(run, step->first_page, step->page_count);
	case STEP_PROVE:
		return prove(run, step);
	case STEP_WRITE:
		return do_write(run, step);
	case STEP_BLANK:
		return FLASH_OK;
	case STEP_VERIFY:
		return repair_verify(run, step);
	}
	return FLASH_OK;
}

/* An image of erased bytes only is in memory without a write. */
static void nothing_to_do(const struct run *run)
{
	uint32_t end = (uint32_t)image_end(run->image);

	if (run->plan->write_bytes == 0) {
		run_begin(run->flash, STAGE_WRITE, 0, end);
		run_progress(run->flash, STAGE_WRITE, 0, 0, end);
	}
	if (run->plan->verifies && run->plan->verify_bytes == 0) {
		run_begin(run->flash, STAGE_VERIFY, 0, end);
		run_progress(run->flash, STAGE_VERIFY, 0, 0, end);
	}
}

/* After a write that did not come to its end: what is in the flash now. */
static void tell_state(const struct run *run, enum flash_err err)
{
	const struct part *part = run->flash->part;
	size_t failed = run->at > 0 ? run->at - 1 : 0, i;
	bool starts = !plan_erases(run->plan, part, part->flash.start);

	/* Of a protected chip nobody knows what was done. */
	if (err == FLASH_PROTECTED || (run->erased == 0 && run->written == 0))
		return;
	problem_append(run->why, "; now %" PRIu32 " %s erased, and %" PRIu64
		       " of %zu bytes written", run->erased,
		       run->erased == 1 ? "page is" : "pages are",
		       run->written, run->plan->write_bytes);
	for (i = failed; !starts && i < run->plan->count; i++)
		if (run->plan->steps[i].kind == STEP_WRITE) {
			problem_append(run->why, ", the block with the vector "
				       "table not: nothing half starts");
			break;
		}
	if (run->kept > 0)
		problem_append(run->why, "; %" PRIu64 " bytes that were to be "
			       "kept may be lost", run->kept);
}

/* Where the chip did not tell its size, the end of the data is looked at: that
 * it is not there would show only after the erase. */
static enum flash_err confirm_end(const struct run *run)
{
	uint32_t at = run->data_end - 1;
	uint8_t byte;
	enum stm32_err err;

	if (run->flash->part->size_known || run->data_end == 0)
		return FLASH_OK;
	err = run_read_block(run->flash, at, &byte, 1);
	if (err != STM32_BAD_ADDRESS)
		return flash_explain(run->flash, err, "read", at, run->why);
	problem_set(run->why, "the file is too big: it reaches to 0x%08" PRIx32
		    ", and there is no memory there", run->data_end);
	return FLASH_TOO_BIG;
}

/* All pages before the first is erased. */
static enum flash_err confirm_pages(const struct run *run)
{
	enum flash_err err = FLASH_OK;
	size_t i;

	for (i = 0; i < run->plan->count && err == FLASH_OK; i++) {
		const struct step *step = &run->plan->steps[i];

		if (step->kind == STEP_ERASE_PAGES)
			err = run_check_pages(run, step->first_page,
					      step->page_count);
	}
	return err == FLASH_OK ? confirm_end(run) : err;
}

static bool same_part(const struct part *a, const struct part *b)
{
	return a->flash.end == b->flash.end && a->pages == b->pages &&
	       a->sure_end == b->sure_end &&
	       a->bootloader_id == b->bootloader_id;
}

/* Size, bank mode and version are as they were read before: what was damaged
 * on the way, and a read has no checksum, would mean other pages. */
static enum flash_err confirm_chip(const struct run *run)
{
	const struct part *part = run->flash->part;
	struct part again;
	enum stm32_err err;
	unsigned tries;

	for (tries = 0; tries < CONFIRM_TRIES; tries++) {
		err = chip_identify(run->flash->stm,
				    part->known ? &part->dev : NULL, NULL,
				    &again);
		if (err != STM32_OK)
			return flash_explain(run->flash, err, "identify", 0,
					     run->why);
		if (same_part(part, &again))
			return confirm_pages(run);
	}
	problem_set(run->why, "the chip's size, bank mode or version was not "
		    "the same when it was read again; nothing was erased; "
		    "check the line, and try again");
	return FLASH_DEVICE;
}

/* A damaged ID would mean another part's pages: before something is erased it
 * is asked for once more. */
static enum flash_err confirm_part(const struct run *run)
{
	struct stm32 *stm = run->flash->stm;
	enum stm32_err err;

	if (!run->plan->erases)
		return FLASH_OK;
	err = stm32_confirm_id(stm);
	if (err != STM32_OK)
		return flash_explain(run->flash, err, "identify", 0, run->why);
	if (stm32_info(stm)->id == run->flash->part->id)
		return confirm_chip(run);
	problem_set(run->why, "the device first said it was 0x%03" PRIx32
		    ", now 0x%03" PRIx32 "; nothing was erased; check the "
		    "line, and try again", run->flash->part->id,
		    stm32_info(stm)->id);
	return FLASH_DEVICE;
}

enum flash_err flash_carry_out(struct flash *flash, const struct plan *plan,
			       struct image *image, struct problem *why)
{
	struct run run = { .flash = flash, .plan = plan, .image = image,
			   .why = why, .data_end = data_end(plan) };
	enum flash_err err = confirm_part(&run);
	size_t i;

	for (i = 0; i < plan->count; i++)
		if (plan->steps[i].kind == STEP_KEEP)
			run.keep_total += plan->steps[i].end -
					  plan->steps[i].start;
	for (run.at = 0; run.at < plan->count && err == FLASH_OK; run.at++)
		err = do_step(&run, &plan->steps[run.at]);
	if (err == FLASH_OK && image != NULL)
		nothing_to_do(&run);
	if (err != FLASH_OK && image != NULL)
		tell_state(&run, err);
	return err;
}
