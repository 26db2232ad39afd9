/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/optionbytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "flash/lockout.h"
#include "flash/option_bytes.h"

#define VALUE_TEXT 12
#define FEW_BITS 4	/* a field of more is told in hex */
#define SET_TRIES 5	/* of a write that was damaged on the way */

/* As --set takes it. */
static const char *value_text(const struct option_field *field, uint32_t word,
			      char out[VALUE_TEXT])
{
	uint32_t value = option_bytes_show(field, word);

	if (field->unit != 0)
		snprintf(out, VALUE_TEXT, "0x%08" PRIX32, value);
	else if (field->width > FEW_BITS)
		snprintf(out, VALUE_TEXT, "0x%02" PRIX32, value);
	else
		snprintf(out, VALUE_TEXT, "%" PRIu32, value);
	return out;
}

static const char *only_on(const struct option_field *field)
{
	switch (field->only_on) {
	case '1':	return "bank 1";
	case '2':	return "parts with bank 2";
	case 'x':	return "STM32G0x1";
	}
	return NULL;
}

static enum exit_status no_memory(struct job *job)
{
	problem_set(&job->why, "out of memory");
	return job_fail(job, STATUS_DEVICE);
}

static enum exit_status read_all(struct job *job, struct option_bytes *ob)
{
	option_bytes_init(ob, &job->part);
	if (ob->form != OPTION_NONE)
		return job_flash_status(job, option_bytes_read(&job->flash, ob,
							       &job->why));
	problem_set(&job->why, "the option bytes of product ID 0x%03" PRIx32 " "
		    "have no known names; read or write them as bytes with -S "
		    "and -r or -w", job->part.dev.id);
	return actions_fail_to_fit(job, STATUS_USAGE);
}

/* --- --option-bytes ---------------------------------------------------------- */

static void show_field(const struct option_field *field, uint32_t word)
{
	char text[VALUE_TEXT];
	struct json json;

	report_result("%s = %s", field->name, value_text(field, word, text));
	json_begin(&json, "option");
	json_string(&json, "name", field->name);
	json_number(&json, "value", option_bytes_show(field, word));
	json_bool(&json, "is_address", field->unit != 0);
	json_bool(&json, "writable", field->write_at != 0 &&
				     !field->read_only);
	json_string(&json, "only_on", only_on(field));
	json_end(&json);
	report_result_object(&json);
}

static void show_word(const struct option_word *word)
{
	struct json json;

	json_begin(&json, "option_word");
	json_number(&json, "address", word->address);
	json_bool(&json, "shown", word->shown);
	if (word->shown) {
		json_number(&json, "value", word->value);
		json_bool(&json, "complement_matches", !word->mismatch);
		report_detail("0x%08" PRIX32 ": 0x%08" PRIX32, word->address,
			      word->value);
	}
	json_end(&json);
	report_result_object(&json);
	if (!word->shown)
		report_warning("0x%08" PRIX32 ": the bootloader does not show "
			       "these option bytes", word->address);
	else if (word->mismatch)
		report_warning("0x%08" PRIX32 ": the complement of 0x%08" PRIX32
			       " is wrong; the chip may use another value",
			       word->address, word->value);
}

enum exit_status optionbytes_show(struct job *job)
{
	struct option_bytes ob;
	enum exit_status status;
	const struct option_word *word;
	size_t i;

	/* after a misread ID, these would be the names of another part */
	status = job_flash_status(job, flash_confirm_part(&job->flash,
							  &job->why));
	if (status == STATUS_DONE)
		status = read_all(job, &ob);
	for (i = 0; status == STATUS_DONE && i < ob.word_count; i++)
		show_word(&ob.words[i]);
	for (i = 0; status == STATUS_DONE && i < ob.count; i++) {
		word = option_bytes_word(&ob, &ob.fields[i]);
		if (word != NULL)
			show_field(&ob.fields[i], word->value);
	}
	return status;
}

/* --- --set ------------------------------------------------------------------- */

/* NAME=VALUE and more behind commas. */
static bool take_assignments(struct option_bytes *ob, const char *text,
			     struct problem *why)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		if (!option_bytes_set(ob, text, len, why))
			return false;
	}
	return true;
}

static bool take_all(struct job *job, struct option_bytes *ob)
{
	size_t i;

	for (i = 0; i < job->options.set_count; i++)
		if (!take_assignments(ob, job->options.sets[i], &job->why))
			return false;
	return true;
}

static bool is_changed(const struct option_field *field,
		       const struct option_word *word)
{
	return word != NULL && option_bytes_show(field, word->value) !=
			       option_bytes_show(field, word->wanted);
}

/* "nBOOT_SEL: 1 -> 0" of each; how many. */
static size_t show_changes(struct option_bytes *ob, bool done)
{
	char from[VALUE_TEXT], to[VALUE_TEXT];
	struct json json;
	size_t i, changes = 0;

	for (i = 0; i < ob->count; i++) {
		const struct option_field *field = &ob->fields[i];
		const struct option_word *word = option_bytes_word(ob, field);

		if (!is_changed(field, word))
			continue;
		changes++;
		report_result("%s: %s -> %s", field->name,
			      value_text(field, word->value, from),
			      value_text(field, word->wanted, to));
		json_begin(&json, "option_change");
		json_string(&json, "name", field->name);
		json_number(&json, "from", option_bytes_show(field,
							     word->value));
		json_number(&json, "to", option_bytes_show(field,
							   word->wanted));
		json_bool(&json, "done", done);
		json_end(&json);
		report_result_object(&json);
	}
	return changes;
}

static bool has_changes(const struct option_bytes *ob)
{
	size_t i;

	for (i = 0; i < ob->word_count; i++)
		if (ob->words[i].wanted != ob->words[i].value)
			return true;
	return false;
}

static bool add_word(const struct option_bytes *ob, struct image *image,
		     const struct option_word *word, uint32_t value)
{
	uint8_t bytes[8];
	size_t len = option_bytes_encode(ob, value, bytes);

	return image_add(image, word->write_at, bytes, len, 0) == IMAGE_OK;
}

/* What is written, or with wanted false what is there of the same words. Pairs
 * are programmed with their complement, erased ones too: all of them are given
 * with it. NULL without memory; the caller owns it. */
static struct image *make_image(const struct option_bytes *ob, bool wanted)
{
	bool all = ob->form == OPTION_PAIRS;
	struct image *image = image_new();
	bool ok = image != NULL;
	size_t i;

	for (i = 0; ok && i < ob->word_count; i++) {
		const struct option_word *word = &ob->words[i];

		if (word->shown && (all || word->wanted != word->value))
			ok = add_word(ob, image, word, wanted ? word->wanted
							      : word->value);
	}
	if (ok && image_finish(image, NULL) == IMAGE_OK)
		return image;
	image_free(image);
	return NULL;
}

static bool is_level_changed(struct option_bytes *ob)
{
	size_t i;

	for (i = 0; i < ob->count; i++)
		if (strcmp(ob->fields[i].name, "RDP") == 0 &&
		    is_changed(&ob->fields[i],
			       option_bytes_word(ob, &ob->fields[i])))
			return true;
	return false;
}

/* Level 1 has its own commands, which handle the reset that follows. */
static enum exit_status check_level(struct job *job, struct option_bytes *ob)
{
	if (!is_level_changed(ob))
		return STATUS_DONE;
	problem_set(&job->why, "--set=RDP: use -j to set the readout "
		    "protection, and -k to lift it");
	return job_fail(job, STATUS_USAGE);
}

/* The plan of a write: the whole area where the ROM erases it, in one go, and
 * verified after the reset that follows. *damaged: the chip holds other values
 * than were sent. */
static enum exit_status write_image(struct job *job, struct image *image,
				    bool *damaged)
{
	struct plan_request request = {
		.image = image, .erase = ERASE_NONE, .verify = true,
		.block = stm32_max_write(job->stm),
	};
	enum exit_status status = STATUS_DONE;
	struct plan *plan;
	enum flash_err err;

	if (!plan_make(&request, &job->part, &plan, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	err = flash_carry_out(&job->flash, plan, image, &job->why);
	plan_free(plan);
	*damaged |= err == FLASH_DIFFERS;
	if (err != FLASH_DIFFERS)
		status = job_flash_status(job, err);
	image_free(job->flash.lost);
	job->flash.lost = NULL;
	return status == STATUS_DONE ? actions_identify(job) : status;
}

/* Of registers each by itself: what lies between two is another's. */
static enum exit_status write_words(struct job *job,
				    const struct option_bytes *ob,
				    struct image *image, bool *damaged)
{
	enum exit_status status = STATUS_DONE;
	size_t i;

	*damaged = false;
	if (ob->form != OPTION_REGISTERS)
		return write_image(job, image, damaged);
	for (i = 0; i < image->count && status == STATUS_DONE; i++) {
		const struct segment *s = &image->segments[i];
		struct image *one = image_slice(image, s->start,
						(uint64_t)s->start + s->len);

		status = one != NULL ? write_image(job, one, damaged)
				     : no_memory(job);
		image_free(one);
	}
	return status;
}

/* Reads all words again into ob. *damaged: one of them, changed or not, is not
 * as wanted. */
static enum exit_status look_again(struct job *job, struct option_bytes *ob,
				   bool *damaged)
{
	struct option_bytes now;
	enum exit_status status = read_all(job, &now);
	size_t i;

	for (i = 0; status == STATUS_DONE && i < ob->word_count; i++) {
		struct option_word *word = &ob->words[i];

		if (now.words[i].shown)
			word->value = now.words[i].value;
		if (now.words[i].shown == word->shown &&
		    (!word->shown || word->value == word->wanted))
			continue;
		problem_set(&job->why, "option bytes at 0x%08" PRIX32
			    ": expected 0x%08" PRIX32 ", read 0x%08" PRIX32
			    " after the write", word->address, word->wanted,
			    word->value);
		*damaged = true;
	}
	return status;
}

/* Lifting a readout protection erases the flash, so it is left to the user. */
static bool is_protected_now(struct job *job, struct option_bytes *ob)
{
	if (!is_level_changed(ob))
		return false;
	problem_set(&job->why, "RDP: a damaged frame has set the readout "
		    "protection; -k lifts it, and erases the flash");
	return true;
}

/* Returns the words that still differ, NULL if they must not be written. If
 * the first reading was wrong, they would set what it had: against the chip's
 * present values, such a lock counts as new. */
static struct image *make_rest(struct job *job, const struct option_bytes *ob)
{
	struct image *rest = make_image(ob, true);
	struct image *now = make_image(ob, false);
	enum lockout lockout = LOCKOUT_NONE;
	struct problem what = { "" };

	if (rest != NULL && now != NULL)
		lockout = lockout_check(&job->part, rest, now, &what);
	if (now == NULL || lockout == LOCKOUT_FOREVER ||
	    (lockout == LOCKOUT_BOOT && !job->options.yes)) {
		image_free(rest);
		rest = NULL;
	}
	image_free(now);
	return rest;
}

/* A frame for registers that was completed by fillers has also written the
 * registers after them. Those that are option bytes are right again. */
static bool may_be_elsewhere(struct job *job, const struct option_bytes *ob,
			     unsigned astray)
{
	if (ob->form != OPTION_REGISTERS ||
	    stm32_counts(job->stm)->astray == astray)
		return false;
	problem_set(&job->why, "the option bytes are written, but a damaged "
		    "frame has written other registers near by; reset the chip");
	return true;
}

/*
 * Writes until the chip holds the wanted values. A damaged write may also change
 * fields that were not named, and no later run knows their values. An image of
 * a whole area has all of it, as read before the first write.
 *
 * Can this set readout protection level 2? No frame has CC as RDP,
 * see job_check_lockout().
 * - Changed bits: RDP is AA or A5, so three or four bits of it must change, and
 *   the same bits elsewhere in the frame, as the XOR must match.
 * - Lost bytes: a byte after RDP may move into its place. But then the frame
 *   ends with fillers, whose XOR is that of no byte of the frame, nor of two of
 *   them, see link_resync_reset().
 * - An extra byte CC before RDP: the frame then ends one byte early, and passes
 *   only if the XOR of the whole is CC. With complements that XOR is the length
 *   of the frame, never CC. Of frames for registers, F2, F4 and F7, it is one in
 *   256, with one place and one value of the extra byte. The host cannot prevent
 *   that.
 */
static enum exit_status write_surely(struct job *job, struct option_bytes *ob,
				     struct image *image)
{
	unsigned astray = stm32_counts(job->stm)->astray;
	struct image *rest = NULL;
	enum exit_status status = STATUS_DONE;
	bool damaged = true;
	unsigned tries;

	for (tries = 0; damaged && tries < SET_TRIES; tries++) {
		if (tries > 0 && ob->form == OPTION_REGISTERS) {
			image_free(rest);
			image = rest = make_rest(job, ob);
			if (rest == NULL)
				break;
		}
		status = write_words(job, ob, image, &damaged);
		if (status == STATUS_DONE)
			status = look_again(job, ob, &damaged);
		if (status == STATUS_DONE && damaged &&
		    is_protected_now(job, ob))
			status = job_fail(job, STATUS_PROTECTED);
		if (status != STATUS_DONE)
			break;
	}
	image_free(rest);
	if (status == STATUS_DONE && !damaged)
		damaged = may_be_elsewhere(job, ob, astray);
	return status == STATUS_DONE && damaged ? job_fail(job, STATUS_DIFFERS)
						: status;
}

static void show_dry_run(const struct option_bytes *ob)
{
	size_t i;

	report_fact("Dry run: nothing is changed");
	for (i = 0; i < ob->word_count; i++)
		if (ob->words[i].wanted != ob->words[i].value)
			report_fact("0x%08" PRIX32 "   : 0x%08" PRIX32
				    " -> 0x%08" PRIX32, ob->words[i].write_at,
				    ob->words[i].value, ob->words[i].wanted);
}

static enum exit_status write_changes(struct job *job, struct option_bytes *ob,
				      struct image *image,
				      const struct image *before)
{
	enum exit_status status = job_check_lockout(job, image, before);
	struct option_bytes now;

	if (status == STATUS_DONE)
		status = check_level(job, ob);
	if (status == STATUS_DONE && job->options.dry_run) {
		show_dry_run(ob);
		(void)show_changes(ob, false);
		return STATUS_DONE;
	}
	if (status == STATUS_DONE) {
		report_fact("Writing option bytes");
		now = *ob;
		status = write_surely(job, &now, image);
	}
	if (status == STATUS_DONE)
		(void)show_changes(ob, true);
	return status;
}

enum exit_status optionbytes_set(struct job *job)
{
	struct option_bytes ob;
	enum exit_status status = read_all(job, &ob);
	struct image *image, *before;

	if (status != STATUS_DONE)
		return status;
	if (!take_all(job, &ob))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (!has_changes(&ob)) {
		report_fact("Nothing changes: the option bytes already have "
			    "these values");
		return STATUS_DONE;
	}
	image = make_image(&ob, true);
	before = make_image(&ob, false);
	status = image != NULL && before != NULL
	       ? write_changes(job, &ob, image, before) : no_memory(job);
	image_free(image);
	image_free(before);
	return status;
}
