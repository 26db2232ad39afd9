/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/optionbytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "flash/option_bytes.h"

#define VALUE_TEXT 12
#define FEW_BITS 4	/* a field of more is told in hex */

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
	return job_fail(job, STATUS_USAGE);
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
	enum exit_status status = read_all(job, &ob);
	const struct option_word *word;
	size_t i;

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

/* Level 1 has commands of its own, which know what comes after. */
static enum exit_status check_level(struct job *job, struct option_bytes *ob)
{
	size_t i;

	for (i = 0; i < ob->count; i++) {
		const struct option_field *field = &ob->fields[i];

		if (strcmp(field->name, "RDP") != 0 ||
		    !is_changed(field, option_bytes_word(ob, field)))
			continue;
		problem_set(&job->why, "--set=RDP: use -j to set the readout "
			    "protection, and -k to lift it");
		return job_fail(job, STATUS_USAGE);
	}
	return STATUS_DONE;
}

/* The plan of a write: the whole area where the ROM erases it, in one go, and
 * verified after the reset that follows. */
static enum exit_status write_image(struct job *job, struct image *image)
{
	struct plan_request request = {
		.image = image, .erase = ERASE_NONE, .verify = true,
		.block = stm32_max_write(job->stm),
	};
	struct plan *plan;
	enum exit_status status;

	if (!plan_make(&request, &job->part, &plan, &job->why))
		return job_fail(job, STATUS_USAGE);
	status = job_flash_status(job, flash_carry_out(&job->flash, plan, image,
						       &job->why));
	image_free(job->flash.lost);
	job->flash.lost = NULL;
	plan_free(plan);
	return status == STATUS_DONE ? actions_identify(job) : status;
}

/* Of registers each by itself: what lies between two is another's. */
static enum exit_status write_words(struct job *job,
				    const struct option_bytes *ob,
				    struct image *image)
{
	enum exit_status status = STATUS_DONE;
	size_t i;

	if (ob->form != OPTION_REGISTERS)
		return write_image(job, image);
	for (i = 0; i < image->count && status == STATUS_DONE; i++) {
		const struct segment *s = &image->segments[i];
		struct image *one = image_slice(image, s->start,
						(uint64_t)s->start + s->len);

		status = one != NULL ? write_image(job, one) : no_memory(job);
		image_free(one);
	}
	return status;
}

/* Each word is what it should be now, changed or not. */
static enum exit_status check_result(struct job *job,
				     const struct option_bytes *ob)
{
	struct option_bytes now;
	enum exit_status status = read_all(job, &now);
	size_t i;

	for (i = 0; status == STATUS_DONE && i < ob->word_count; i++) {
		const struct option_word *word = &ob->words[i];

		if (now.words[i].shown == word->shown &&
		    (!word->shown || now.words[i].value == word->wanted))
			continue;
		problem_set(&job->why, "option bytes at 0x%08" PRIX32
			    ": expected 0x%08" PRIX32 ", read 0x%08" PRIX32
			    " after the write", word->address, word->wanted,
			    now.words[i].value);
		status = job_fail(job, STATUS_DIFFERS);
	}
	return status;
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

	if (status == STATUS_DONE)
		status = check_level(job, ob);
	if (status == STATUS_DONE && job->options.dry_run) {
		show_dry_run(ob);
		(void)show_changes(ob, false);
		return STATUS_DONE;
	}
	if (status == STATUS_DONE) {
		report_fact("Writing option bytes");
		status = write_words(job, ob, image);
	}
	if (status == STATUS_DONE)
		status = check_result(job, ob);
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
		return job_fail(job, STATUS_USAGE);
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
