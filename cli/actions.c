/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function per action of the command line.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "flash/changed.h"
#include "flash/chip.h"
#include "flash/compare.h"
#include "parsers/file.h"
#include "cli/job.h"
#include "cli/optionbytes.h"
#include "cli/protection.h"
#include "cli/report.h"
#include "utils.h"

#define KEPT_FILE "stm32flash-kept"	/* .hex; the kept bytes that a failed
					 * run did not write back */

/* Many scripts use -e 255 for a mass erase. */
void actions_limit_pages(struct job *job)
{
	struct target *t = &job->options.target;
	uint32_t pages = part_page_count(&job->part);

	if (!t->has_page_count || t->first_page >= pages ||
	    t->page_count <= pages - t->first_page)
		return;
	report_warning("-e %" PRIu32 ": using all %" PRIu32 " pages from page %"
		       PRIu32 " on; there are no more", t->page_count,
		       pages - t->first_page, t->first_page);
	t->page_count = pages - t->first_page;
}

static enum port_err enter_again(void *ctx, struct problem *why)
{
	struct job *job = ctx;

	return sequence_enter(job->options.sequence, job->lines, job->port,
			      why);
}

/* --on-chip: what the code may do, and how the chip is reset. */
static struct onchip onchip_settings(struct job *job)
{
	const struct options *o = &job->options;
	bool enters = o->sequence != NULL && sequence_has_entry(o->sequence);

	return (struct onchip){
		.wanted = o->on_chip && !o->dry_run,
		.boot0_stays = o->boot0_stays,
		.enter = enters ? enter_again : NULL,
		.ctx = job,
	};
}

enum exit_status actions_identify(struct job *job)
{
	const struct options *o = &job->options;
	bool erases = o->actions & (ACTION_WRITE | ACTION_ERASE);
	enum stm32_err err = chip_identify(job->stm, o->has_dev ? &o->dev : NULL,
					   erases, &job->watch, &job->part);

	job->flash = (struct flash){ .stm = job->stm, .part = &job->part,
				     .watch = &job->watch,
				     .retries = o->retries,
				     .read_twice = o->verify,
				     .onchip = onchip_settings(job) };
	if (err != STM32_OK)
		return job_session_status(job, err, "identify", FLASH_NOWHERE);
	if (!part_has(&job->part, DEV_OTHER_PROTOCOL)) {
		actions_limit_pages(job);
		return STATUS_DONE;
	}
	problem_set(&job->why, "product ID 0x%03" PRIx32 ", %s: this ROM uses "
		    "another protocol; use ST's tools", job->part.id,
		    job->part.dev.name);
	return job_fail(job, STATUS_DEVICE);
}

enum exit_status actions_fail_to_fit(struct job *job, enum exit_status status)
{
	struct problem doubt = { "" };
	enum flash_err err = FLASH_OK;

	if (job->stm != NULL)
		err = flash_confirm_part(&job->flash, &doubt);
	if (err == FLASH_OK)
		return job_fail(job, status);
	job->why = doubt;
	return job_flash_status(job, err);
}

enum exit_status actions_ask_identity(struct job *job)
{
	const struct options *o = &job->options;
	enum stm32_err err = STM32_OK;

	job->identity.bootloader_id = -1;
	if (o->actions == 0 && !o->go && !options_reset(o))
		err = chip_ask_identity(job->stm, &job->part, &job->identity);
	return err == STM32_OK ? STATUS_DONE
			       : job_session_status(job, err, "identify",
						    FLASH_NOWHERE);
}

/* Reads a range into an image; the caller frees *out. */
static enum exit_status read_range(struct job *job, const struct range *range,
				   struct image **out)
{
	struct image *image = image_new();
	uint8_t *bytes = malloc(range_len(range));
	struct image_clash clash;
	enum flash_err err = FLASH_NO_MEMORY;

	if (image != NULL && bytes != NULL)
		err = flash_read(&job->flash, range->start, bytes,
				 range_len(range), &job->why);
	if (err == FLASH_OK &&
	    (image_add(image, range->start, bytes, range_len(range), 0) !=
	     IMAGE_OK || image_finish(image, &clash) != IMAGE_OK))
		err = FLASH_NO_MEMORY;
	if (err == FLASH_NO_MEMORY)
		problem_set(&job->why, "out of memory");
	free(bytes);
	*out = image;
	return job_flash_status(job, err);
}

/* The range to read. If the flash size is unknown and the user gives no end,
 * the range ends where the flash does. */
static enum exit_status readable_range(struct job *job, struct range *range)
{
	const struct target *t = &job->options.target;
	uint32_t end;
	enum flash_err err;

	if (!place_range(t, &job->part, range, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (t->has_len || t->has_page_count || range->end != job->part.flash.end)
		return STATUS_DONE;
	end = range->end;
	err = flash_find_end(&job->flash, range->start, &end, &job->why);
	if (end < range->end)
		report_warning("this chip does not report its flash size; the "
			       "flash ends at 0x%08" PRIx32, end);
	range->end = end;
	return job_flash_status(job, err);
}

static enum exit_status do_read(struct job *job)
{
	struct image *image;
	struct file_out file;
	struct range range;
	enum exit_status status = readable_range(job, &range);

	if (status != STATUS_DONE)
		return status;
	if (!file_create(job->options.file, &file, &job->why))
		return job_fail(job, STATUS_FILE);
	report_fact("Memory read");
	status = read_range(job, &range, &image);
	if (status != STATUS_DONE)
		file_abandon(&file);
	else if (!file_commit(&file, job->options.format, image, &job->why))
		status = job_fail(job, STATUS_FILE);
	image_free(image);
	return status;
}

/* Saves kept bytes to a file if they are no longer in the flash after a
 * failure. */
static void save_lost(const struct job *job)
{
	const struct image *lost = job->flash.lost;
	const char *device = job->options.port.device;
	struct problem why = { "" };
	char name[FILE_NEW_NAME];

	if (lost == NULL || image_bytes(lost) == 0)
		return;
	if (file_save_new(KEPT_FILE, &parser_hex, lost, name, &why))
		report_hint("%zu kept bytes may be lost on the chip and are "
			    "saved in %s; restore them: stm32flash -w %s "
			    "--erase=pages -v %s", image_bytes(lost), name,
			    name, device);
	else
		report_hint("%zu kept bytes may be lost: %s", image_bytes(lost),
			    why.text);
}

static enum exit_status carry_out(struct job *job,
				  const struct plan_request *request,
				  struct image *image)
{
	struct plan *plan;
	enum exit_status status;

	if (!plan_make(request, &job->part, &plan, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (plan->erase_unknown)
		report_warning("the pages of this part are not known, so "
			       "nothing is erased before the write; use "
			       "--erase=chip or --device");
	if (plan->image_beyond_erase)
		report_warning("the image is larger than the pages of -e; the "
			       "rest is written without an erase, check it "
			       "with -v");
	facts_show_plan(job, request, plan);
	if (job->options.dry_run) {
		plan_free(plan);
		return STATUS_DONE;
	}
	if (plan->erases)
		report_fact(image != NULL ? "Erasing memory" : "Erasing flash");
	status = job_flash_status(job, flash_carry_out(&job->flash, plan, image,
						   &job->why));
	save_lost(job);
	image_free(job->flash.lost);
	job->flash.lost = NULL;
	plan_free(plan);
	return status;
}

/* Only whole pages are erased; on false *why names the pages that the range
 * touches. */
static bool check_page_aligned(const struct part *part,
			       const struct range *range, struct problem *why)
{
	struct page first, last;

	if (!part_page_of(part, range->start, &first) ||
	    !part_page_of(part, range->end - 1, &last)) {
		problem_set(why, "-S: 0x%08" PRIx32 " to 0x%08" PRIx32
			    " are not whole pages of flash", range->start,
			    range->end);
		return false;
	}
	if (first.start == range->start && last.end == range->end)
		return true;
	problem_set(why, "-S: 0x%08" PRIx32 " to 0x%08" PRIx32 " are not whole "
		    "pages of flash; the whole pages are -S 0x%08" PRIx32 ":%"
		    PRIu32, range->start, range->end, first.start,
		    last.end - first.start);
	return false;
}

/* The pages that -s and -e name; not for -e 0 or a lone -s, which mean
 * something else. */
static void request_pages(const struct target *target,
			  struct plan_request *request)
{
	request->has_pages = target->has_page_count;
	request->first_page = target->first_page;
	request->page_count = target->page_count;
	if (target->has_page_count && target->page_count == 0)
		request->erase = ERASE_NONE;
}

static enum exit_status do_erase(struct job *job)
{
	const struct target *target = &job->options.target;
	struct plan_request request = { .erase = job->options.erase };

	request_pages(target, &request);
	request.has_range = target_is_limited(target);
	if (request.has_range &&
	    !place_range(target, &job->part, &request.range, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (target->has_address && part_page_count(&job->part) == 0) {
		part_explain_no_pages(&job->part, &job->why);
		return actions_fail_to_fit(job, STATUS_USAGE);
	}
	if (target->has_address &&
	    !check_page_aligned(&job->part, &request.range, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	return carry_out(job, &request, NULL);
}

static void show_changed(const struct changed *found)
{
	const char *by = found->by_checksum ? "checksum" : "reading";
	struct json json;

	report_fact("%" PRIu32 " of %" PRIu32 " pages differ; %zu bytes are "
		    "already there (by %s)", found->pages - found->pages_same,
		    found->pages, found->bytes_same, by);
	json_begin(&json, "changed");
	json_number(&json, "pages", found->pages);
	json_number(&json, "pages_same", found->pages_same);
	json_number(&json, "bytes_same", found->bytes_same);
	json_string(&json, "by", by);
	json_end(&json);
	report_object(&json);
}

/* --changed: removes from the image what the flash already contains. */
static enum exit_status leave_out_the_same(struct job *job,
					   struct image **image)
{
	struct changed found;
	enum exit_status status;

	if (job->stm == NULL || job->part.pages == NULL) {
		problem_set(&job->why, "--changed needs %s",
			    job->stm == NULL ? "the device to compare with"
			    : "pages that are known (--device)");
		return actions_fail_to_fit(job, STATUS_USAGE);
	}
	status = job_flash_status(job, changed_only(&job->flash, image,
						&found, &job->why));
	if (status == STATUS_DONE)
		show_changed(&found);
	return status;
}

/* The longest write of this session; of a future one if there is no session. */
static unsigned longest_write(const struct job *job)
{
	unsigned most = job->options.max_frame;

	if (job->stm != NULL)
		return stm32_max_write(job->stm);
	if (job->part.dev.max_transfer != 0 &&
	    job->part.dev.max_transfer + 2u < most)
		most = job->part.dev.max_transfer + 2u;
	return stm32_block_of(most);
}

/* Combines the files in one image for this part; keep: the files are needed
 * again. */
static enum exit_status gather(struct job *job, bool keep,
			       struct image **image, struct problem *notice)
{
	const struct target *target = &job->options.target;
	enum exit_status status = STATUS_DEVICE;
	bool asked;

	if (!inputs_gather(&job->inputs, keep, target, &job->part, image,
			   notice, &status, &job->why))
		return job_fail(job, status);
	if (place_image(image, target, &job->part, notice, &asked, &job->why))
		return STATUS_DONE;
	return actions_fail_to_fit(job, asked ? STATUS_USAGE : STATUS_FILE);
}

/* Fills in the request for writing the image. */
static enum exit_status prepare_write(struct job *job,
				      const struct image *image,
				      struct plan_request *request)
{
	const struct options *o = &job->options;
	struct target range = o->target;

	*request = (struct plan_request){
		.image = image,
		.erase = o->changed ? ERASE_PAGES : o->erase,
		.verify = o->verify,
		.block = longest_write(job),
	};
	if (job_check_lockout(job, image, NULL) != STATUS_DONE)
		return STATUS_USAGE;
	request_pages(&o->target, request);
	request->has_range = target_is_limited(&o->target);
	range.has_page_count = false;
	if (range.has_address && !range.has_len &&
	    part_area(&job->part, range.address, NULL) == AREA_UNKNOWN) {
		range.has_len = true;
		range.len = (uint32_t)image_bytes(image);
	}
	if (request->has_range &&
	    !place_range(&range, &job->part, &request->range, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (request->block >= job->part.dev.write_align)
		return STATUS_DONE;
	problem_set(&job->why, "-F: this part is written in units of %u bytes, "
		    "but the frame has room for %u; tx must be at least %u",
		    job->part.dev.write_align, request->block,
		    job->part.dev.write_align + 2u);
	return actions_fail_to_fit(job, STATUS_USAGE);
}

/* Checks the write that follows an unlock before -k erases the flash for
 * good. */
static enum exit_status check_write(struct job *job)
{
	struct plan_request request;
	struct problem notice = { "" };
	struct image *image = NULL;
	struct plan *plan = NULL;
	enum exit_status status = gather(job, true, &image, &notice);

	if (status == STATUS_DONE)
		status = prepare_write(job, image, &request);
	/* On a protected chip the page layout may be unknown. */
	if (status == STATUS_DONE && job->part.pages != NULL &&
	    !plan_make(&request, &job->part, &plan, &job->why))
		status = actions_fail_to_fit(job, STATUS_USAGE);
	plan_free(plan);
	image_free(image);
	return status;
}

static void warn_of_image(const struct job *job, const struct image *image,
			  const struct problem *notice)
{
	struct problem odd = { "" };

	if (notice->text[0] != '\0')
		report_warning("%s", notice->text);
	if (!place_check_vectors(image, &job->part, &odd))
		report_warning("%s", odd.text);
	if (!place_check_ram(image, &job->part, &odd))
		report_warning("%s", odd.text);
}

/* --changed, one pass: compares, and writes what differs. *clean: the line had
 * shown no errors before the pages were compared. */
static enum exit_status write_what_differs(struct job *job,
					   struct plan_request *request,
					   const struct image *all, bool *clean)
{
	struct image *image = image_slice(all, 0, UINT32_MAX);
	enum exit_status status;

	if (image == NULL) {
		problem_set(&job->why, "out of memory");
		return job_fail(job, STATUS_DEVICE);
	}
	status = leave_out_the_same(job, &image);
	*clean = status == STATUS_DONE && !stm32_had_trouble(job->stm);
	if (status == STATUS_DONE && image_bytes(image) > 0) {
		request->image = image;
		report_fact("Write to memory");
		status = carry_out(job, request, image);
	}
	image_free(image);
	return status;
}

/* If the first error occurs during the write, the earlier comparison may have
 * misread pages as equal, so compare again. */
static enum exit_status write_changed(struct job *job,
				      struct plan_request *request,
				      const struct image *all)
{
	struct totals first;
	bool clean = false;
	enum exit_status status = write_what_differs(job, request, all, &clean);

	if (status != STATUS_DONE || !clean || !stm32_had_trouble(job->stm))
		return status;
	report_detail("errors on the line; comparing again");
	first = job->totals;
	job->totals.written = job->totals.verified = 0;
	job->totals.pages_erased = 0;
	status = write_what_differs(job, request, all, &clean);
	job->totals.written += first.written;
	job->totals.verified += first.verified;
	job->totals.pages_erased += first.pages_erased;
	return status;
}

static enum exit_status do_write(struct job *job)
{
	bool raw = job->inputs.count == 1 &&
		   !job->inputs.files[0].image->has_addresses;
	struct plan_request request;
	struct problem notice = { "" };
	struct image *image = NULL;
	enum exit_status status = gather(job, false, &image, &notice);

	if (status == STATUS_DONE)
		status = prepare_write(job, image, &request);
	if (status != STATUS_DONE)
		goto out;
	if (raw && target_is_limited(&job->options.target))
		report_fact("Location     : 0x%" PRIx32, image_start(image));
	warn_of_image(job, image, &notice);
	if (job->options.changed) {
		status = write_changed(job, &request, image);
		goto out;
	}
	report_fact("Write to memory");
	status = carry_out(job, &request, image);
out:
	image_free(image);
	return status;
}

static void emit_comparison(const struct comparison *found,
			    const struct picture *picture)
{
	struct json json;
	size_t i;

	json_begin(&json, "compare");
	json_bool(&json, "same", found->bytes_differ == 0);
	json_number(&json, "bytes", found->bytes);
	json_number(&json, "bytes_differ", found->bytes_differ);
	json_string(&json, "by", found->by_checksum ? "checksum" : "reading");
	json_number(&json, "range_count", found->count);
	json_open(&json, "ranges", '[');
	for (i = 0; i < found->count && i < COMPARE_MOST; i++) {
		json_open(&json, NULL, '[');
		json_element(&json, found->ranges[i].start);
		json_element(&json, found->ranges[i].end);
		json_close(&json, ']');
	}
	json_close(&json, ']');
	if (picture->fates != NULL) {
		json_number(&json, "pages_same", picture->count[PAGE_SAME]);
		json_number(&json, "pages_differ",
			    picture->count[PAGE_UNLIKE]);
	}
	json_end(&json);
	report_result_object(&json);
}

static enum exit_status show_comparison(struct job *job,
					const struct comparison *found)
{
	size_t i;

	if (found->bytes_differ == 0) {
		report_result("The same: %" PRIu64 " bytes", found->bytes);
		return STATUS_DONE;
	}
	for (i = 0; i < found->count && i < COMPARE_MOST; i++)
		report_result("Differs: 0x%08" PRIx32 "-0x%08" PRIx32,
			      found->ranges[i].start, found->ranges[i].end);
	if (found->count > COMPARE_MOST)
		report_result("and %zu ranges more",
			      found->count - COMPARE_MOST);
	problem_set(&job->why, "compare: %" PRIu64 " of %" PRIu64 " bytes "
		    "differ, the first at 0x%08" PRIx32, found->bytes_differ,
		    found->bytes, found->ranges[0].start);
	return job_fail(job, STATUS_DIFFERS);
}

static enum exit_status do_compare(struct job *job)
{
	struct comparison found;
	struct picture picture;
	struct problem notice = { "" };
	struct image *image = NULL;
	enum exit_status status = gather(job, false, &image, &notice);

	if (status == STATUS_DONE && notice.text[0] != '\0')
		report_warning("%s", notice.text);
	(void)picture_begin(&job->part, PAGE_OUTSIDE, report_columns(),
			    &picture);
	if (status == STATUS_DONE)
		status = job_flash_status(job, compare_image(
			&job->flash, image,
			picture.fates != NULL ? &picture : NULL, &found,
			&job->why));
	if (status == STATUS_DONE) {
		picture_finish(&picture);
		facts_show_picture(&job->part, &picture, report_detail);
		emit_comparison(&found, &picture);
		status = show_comparison(job, &found);
	}
	free(picture.fates);
	image_free(image);
	return status;
}

static enum exit_status do_blank_check(struct job *job)
{
	struct range range;
	enum exit_status status = readable_range(job, &range);
	struct json json;
	uint32_t first = 0;
	uint8_t value = 0;
	bool blank;

	if (status != STATUS_DONE)
		return status;
	status = job_flash_status(job, compare_blank(&job->flash, &range,
						     &blank, &first, &value,
						     &job->why));
	if (status != STATUS_DONE)
		return status;
	json_begin(&json, "blank_check");
	json_bool(&json, "blank", blank);
	json_number(&json, "start", range.start);
	json_number(&json, "end", range.end);
	if (!blank)
		json_number(&json, "first", first);
	json_end(&json);
	report_result_object(&json);
	if (blank) {
		report_result("Blank: 0x%08" PRIx32 "-0x%08" PRIx32,
			      range.start, range.end);
		return STATUS_DONE;
	}
	problem_set(&job->why, "blank check failed at 0x%08" PRIx32 ": "
		    "expected 0x%02X, read 0x%02X", first,
		    job->part.dev.erased, value);
	return job_fail(job, STATUS_DIFFERS);
}

static void show_crc(const struct range *range, uint32_t crc)
{
	struct json json;

	report_result("CRC(0x%08" PRIx32 "-0x%08" PRIx32 ") = 0x%08" PRIx32,
		      range->start, range->end, crc);
	json_begin(&json, "crc");
	json_number(&json, "start", range->start);
	json_number(&json, "end", range->end);
	json_hex(&json, "crc", crc, 8);
	json_end(&json);
	report_result_object(&json);
}

static enum exit_status do_crc(struct job *job)
{
	struct range range;
	uint32_t crc;
	enum exit_status status = readable_range(job, &range);

	if (status != STATUS_DONE)
		return status;
	report_fact("CRC computation");
	status = job_flash_status(job, flash_crc(&job->flash, range.start,
					     range_len(&range), &crc,
					     &job->why));
	if (status == STATUS_DONE)
		show_crc(&range, crc);
	return status;
}

enum exit_status actions_do(struct job *job)
{
	static const struct {
		unsigned action;
		enum exit_status (*run)(struct job *job);
	} in_order[] = {
		{ ACTION_WRITE_UNPROTECT, protection_write_unprotect },
		{ ACTION_READOUT_UNPROTECT, protection_readout_unprotect },
		{ ACTION_READ, do_read },
		{ ACTION_ERASE, do_erase },
		{ ACTION_WRITE, do_write },
		{ ACTION_COMPARE, do_compare },
		{ ACTION_BLANK_CHECK, do_blank_check },
		{ ACTION_CRC, do_crc },
		{ ACTION_OPTION_BYTES, optionbytes_show },
		{ ACTION_SET, optionbytes_set },
		{ ACTION_WRITE_PROTECT, protection_write_protect },
		{ ACTION_READOUT_PROTECT, protection_readout_protect },
	};
	unsigned asked = job->options.actions;
	enum exit_status status = STATUS_DONE;
	size_t i;

	if ((asked & ACTION_WRITE) &&
	    (asked & (ACTION_WRITE_UNPROTECT | ACTION_READOUT_UNPROTECT)))
		status = check_write(job);
	if (status == STATUS_DONE && (asked & ACTION_WRITE_PROTECT))
		status = protection_check_units(job);
	for (i = 0; i < ARRAY_LEN(in_order) && status == STATUS_DONE; i++)
		if (asked & in_order[i].action)
			status = in_order[i].run(job);
	return status;
}
