/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/soak/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/status.h"
#include "parsers/file.h"
#include "problem.h"
#include "protocol/crc.h"
#include "tests/soak/sets.h"
#include "utils.h"

char *judge_slurp(const char *name, size_t *len)
{
	FILE *file = fopen(name, "rb");
	char *bytes = NULL;
	long size;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		bytes = malloc((size_t)size + 1);
		*len = bytes != NULL ? fread(bytes, 1, (size_t)size, file) : 0;
	}
	if (bytes != NULL)
		bytes[*len] = '\0';
	(void)fclose(file);
	return bytes;
}

/* Keeps the worst verdict; the first of equal ones. */
static PRINTF_LIKE(3, 4) void find(struct judgement *j, enum verdict verdict,
				   const char *fmt, ...)
{
	va_list args;

	if (verdict <= j->verdict)
		return;
	j->verdict = verdict;
	va_start(args, fmt);
	(void)vsnprintf(j->text, sizeof(j->text), fmt, args);
	va_end(args);
}

/* --- the flash ------------------------------------------------------------ */

/* Counted by what happened, and what was expected. */
struct differences {
	uint32_t count, first, last;
};

static void note(struct differences *d, uint32_t at)
{
	if (d->count++ == 0)
		d->first = at;
	d->last = at;
}

static void find_bytes(struct judgement *j, enum verdict verdict,
		       const struct scene *s, const struct differences *d,
		       const char *what)
{
	if (d->count > 0)
		find(j, verdict, "%" PRIu32 " bytes %s, 0x%08" PRIx32
		     " to 0x%08" PRIx32, d->count, what,
		     s->dev.flash.start + d->first,
		     s->dev.flash.start + d->last);
}

/* Loads the file in which the program saved what it could not write back. */
static struct image *load_kept(const char *said)
{
	const struct parser *parser;
	struct image *kept = NULL;
	struct problem why = { "" };

	if (strstr(said, SCENE_KEPT_FILE) == NULL ||
	    !file_load(SCENE_KEPT_FILE, false, &kept, &parser, &why))
		return NULL;
	return kept;
}

static bool is_saved(const struct scene *s, const struct image *kept,
		     uint32_t at)
{
	uint8_t byte;

	return kept != NULL &&
	       image_copy(kept, s->dev.flash.start + at, &byte, 1, 0) == 1 &&
	       byte == s->before[at];
}

/* True without any retry: no sign of a bad line. */
static bool says_no_retries(const char *said)
{
	return strstr(said, ", no retries") != NULL ||
	       strstr(said, "\"retries\":0,") != NULL;
}

/* The verdict for wrong read data. */
static enum verdict misread(const struct scene *s, const char *said)
{
	return s->verify || !says_no_retries(said) ? VERDICT_LIE
						   : VERDICT_UNPROVEN;
}

/* The verdict for bytes that are not erased. */
static enum verdict unerased(const struct scene *s, const char *said)
{
	if (scene_writes(s) && !s->verify)
		return VERDICT_UNPROVEN;
	return scene_erases_lists(s) && says_no_retries(said)
	     ? VERDICT_UNPROVEN : VERDICT_LIE;
}

/* True if --changed has skipped this page after reading its contents. */
static bool was_left_alone(const struct scene *s, const uint8_t *flash,
			   uint32_t at)
{
	uint32_t start, end;

	if (s->job != JOB_WRITE_CHANGED)
		return false;
	scene_page(s, at, &start, &end);
	return memcmp(flash + start, s->before + start, end - start) == 0;
}

static void judge_flash(struct judgement *j, const struct scene *s,
			const uint8_t *flash, bool done, const char *said)
{
	struct differences found[FATES] = { { 0, 0, 0 } }, alone = { 0, 0, 0 };
	bool proven = s->verify || !scene_writes(s);
	enum verdict wrong = proven ? VERDICT_LIE : VERDICT_UNPROVEN;
	struct image *kept = done ? NULL : load_kept(said);
	uint32_t i;

	for (i = 0; i < s->size; i++) {
		if (flash[i] == s->want[i] ||
		    (s->fate[i] == FATE_KEPT && is_saved(s, kept, i)))
			continue;
		note(&found[s->fate[i]], i);
		if (s->fate[i] == FATE_IMAGE && was_left_alone(s, flash, i))
			note(&alone, i);
	}
	if (done || strstr(said, "by mistake") == NULL)
		find_bytes(j, VERDICT_HARM, s, &found[FATE_OTHER],
			   "that were not named are different");
	image_free(kept);
	find_bytes(j, VERDICT_HARM, s, &found[FATE_KEPT],
		   "to be kept are lost");
	if (!done)
		return;
	find_bytes(j, misread(s, said), s, &alone,
		   "of the file are not there, --changed has left them alone");
	find_bytes(j, wrong, s, &found[FATE_IMAGE],
		   "of the file are not there");
	find_bytes(j, unerased(s, said), s, &found[FATE_ERASED],
		   "are not erased");
}

static void judge_device(struct judgement *j, const struct scene *s, bool done,
			 const char *nv, const char *said)
{
	size_t len = 0;
	char *flash = judge_slurp(SCENE_FLASH_FILE, &len);

	if (flash == NULL || len != s->size)
		find(j, VERDICT_HARM, "the device left no flash");
	else
		judge_flash(j, s, (const uint8_t *)flash, done, said);
	free(flash);
	if (s->job == JOB_SET)
		return;
	flash = judge_slurp(SCENE_NV_FILE, &len);
	if (flash == NULL || strcmp(flash, nv) != 0)
		find(j, VERDICT_HARM, "option bytes, EEPROM or protection are "
		     "different");
	free(flash);
}

/* --- data that was read ------------------------------------------------- */

static void judge_read(struct judgement *j, const struct scene *s, bool done,
		       const char *said)
{
	size_t len = 0, want = s->end - s->start;
	char *out = judge_slurp(SCENE_OUT_FILE, &len);

	if (!done && out != NULL)
		find(j, VERDICT_LIE, "a read that failed left a file");
	else if (done && (out == NULL || len != want))
		find(j, VERDICT_LIE, "%zu bytes read, not %zu", len, want);
	else if (done && memcmp(out, s->before + s->start, want) != 0)
		find(j, misread(s, said), "what was read is not what is there");
	free(out);
}

static void judge_sum(struct judgement *j, const struct scene *s,
		      const char *said)
{
	uint32_t crc = crc_update(CRC_INIT, s->before + s->start,
				  s->end - s->start);
	char text[40];

	(void)snprintf(text, sizeof(text), "\"crc\":\"0x%08" PRIx32 "\"", crc);
	if (strstr(said, text) == NULL)
		find(j, misread(s, said), "expected %s", text);
}

/* --- option bytes --------------------------------------------------------- */

/* Noise that is so dense gives up with what it has damaged last; which still
 * must not be for ever, and must not be called done. */
static void judge_sets(struct judgement *j, const struct scene *s, bool done,
		       const char *said)
{
	char text[100];
	enum sets_end end = sets_look(s, text, sizeof(text));

	if (end == SETS_LEVEL_2 || (end == SETS_LOCKED && !s->aimed))
		find(j, VERDICT_HARM, "%s", text);
	else if (done && end != SETS_DONE)
		find(j, VERDICT_LIE, "%s", text);
	else if (end >= SETS_DAMAGED)
		find(j, VERDICT_GAVE_UP, "%s", text);
	if (!done && strstr(said, " -> ") != NULL)
		find(j, VERDICT_LIE, "says what has changed, and failed");
}

/* --- the status ----------------------------------------------------------- */

/* Neither the chip nor the command line nor the files are wrong. */
static void judge_status(struct judgement *j, const struct scene *s, int status)
{
	switch (status) {
	case STATUS_DONE:
		return;
	case STATUS_PROTECTED:
		if (s->aimed) {
			find(j, VERDICT_GAVE_UP, "status %d", status);
			return;
		}
		find(j, VERDICT_FALSE_CAUSE, "status %d", status);
		return;
	case STATUS_DEVICE:
	case STATUS_NO_ANSWER:
	case STATUS_DIFFERS:
		if (s->noisy)
			find(j, VERDICT_GAVE_UP, "status %d", status);
		else
			find(j, VERDICT_FALSE_CAUSE, "status %d without noise",
			     status);
		return;
	default:
		find(j, VERDICT_FALSE_CAUSE, "status %d", status);
		return;
	}
}

struct judgement judge(const struct scene *scene, int status, const char *nv,
		       const char *said)
{
	struct judgement j = { VERDICT_RIGHT, "" };
	bool done = status == STATUS_DONE;

	judge_device(&j, scene, done, nv, said);
	if (scene_reads(scene))
		judge_read(&j, scene, done, said);
	if (scene->job == JOB_SET)
		judge_sets(&j, scene, done, said);
	if (scene_sums(scene) && done)
		judge_sum(&j, scene, said);
	judge_status(&j, scene, status);
	return j;
}
