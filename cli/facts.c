/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/job.h"
#include "cli/report.h"

/* "20KiB", "512b": the format that scripts expect. */
static const char *size_text(uint32_t bytes, char *out, size_t len)
{
	if (bytes >= 1024)
		snprintf(out, len, "%" PRIu32 "KiB", bytes / 1024);
	else
		snprintf(out, len, "%" PRIu32 "b", bytes);
	return out;
}

static void show_part(const struct part *part)
{
	const struct dev *dev = &part->dev;
	uint32_t ram_base = dev->ram.start & 0xFF000000;
	char a[16], b[16];

	if (dev->ram.end != 0)
		report_fact("- RAM        : Up to %s  (%s reserved by "
			    "bootloader)",
			    size_text(dev->ram.end - ram_base, a, sizeof(a)),
			    size_text(dev->ram.start - ram_base, b, sizeof(b)));
	if (range_len(&dev->flash) != 0)
		report_fact("- Flash      : Up to %s (size first sector: "
			    "%ux%" PRIu32 ")",
			    size_text(range_len(&dev->flash), a, sizeof(a)),
			    dev->wrp_pages != 0 ? dev->wrp_pages : 1,
			    dev->pages[0].size);
	if (part->size_known)
		report_fact("- Flash size : %s%s on this chip",
			    size_text(range_len(&part->flash), a, sizeof(a)),
			    part->bank_1_only ? " in bank 1" : "");
	if (range_len(&dev->option_bytes[0]) != 0)
		report_fact("- Option RAM : %s",
			    size_text(range_len(&dev->option_bytes[0]), a,
				      sizeof(a)));
	if (range_len(&dev->system_memory[0]) != 0)
		report_fact("- System RAM : %s",
			    size_text(range_len(&dev->system_memory[0]), a,
				      sizeof(a)));
}

/* The same for --json; leaves unknown facts out. */
static void add_part(struct json *json, const struct part *part)
{
	const struct dev *dev = &part->dev;

	json_number(json, "flash_start", part->flash.start);
	json_number(json, "flash_bytes", range_len(&part->flash));
	json_bool(json, "flash_size_read", part->size_known);
	json_number(json, "flash_pages", part_page_count(part));
	json_number(json, "ram_start", dev->ram.start);
	json_number(json, "ram_end", dev->ram.end);
	json_number(json, "option_bytes", range_len(&dev->option_bytes[0]));
	json_number(json, "system_bytes", range_len(&dev->system_memory[0]));
}

/* Returns the row that --device uses instead of the chip's own; NULL: the
 * chip's own row is used. */
static const struct dev *taken_for(const struct job *job)
{
	const struct options *o = &job->options;
	struct dev own;

	if (!o->has_dev || (dev_find(stm32_info(job->stm)->id, &own) &&
			    strcmp(o->dev.name, own.name) == 0))
		return NULL;
	return &o->dev;
}

#define UID_TEXT 27

/* The words of the unique ID as in the reference manuals, the lowest first. */
static const char *uid_text(const struct job *job, const char *between,
			    char out[UID_TEXT])
{
	const uint32_t *w = job->identity.words;

	snprintf(out, UID_TEXT, "%08" PRIX32 "%s%08" PRIX32 "%s%08" PRIX32,
		 w[0], between, w[1], between, w[2]);
	return out;
}

static void show_identity(const struct job *job)
{
	char uid[UID_TEXT];

	if (job->identity.bootloader_id >= 0)
		report_fact("Bootloader ID: 0x%02x",
			    (unsigned)job->identity.bootloader_id);
	if (!job->identity.known)
		return;
	report_fact("Unique ID    : %s", uid_text(job, " ", uid));
	if (job->options.quiet)
		report_result("%s", uid_text(job, "", uid));
}

static void emit_chip(const struct job *job)
{
	char uid[UID_TEXT];
	const struct stm32_info *info = stm32_info(job->stm);
	const struct dev *taken = taken_for(job);
	struct json json;
	struct dev own;

	json_begin(&json, "chip");
	json_string(&json, "interface", job->port->ops->name);
	json_string(&json, "settings", job->port->text);
	json_hex(&json, "bootloader", info->version, 2);
	json_number(&json, "option1", info->option1);
	json_number(&json, "option2", info->option2);
	json_hex(&json, "id", info->id, 3);
	json_string(&json, "name", dev_find(info->id, &own) ? own.name : NULL);
	if (taken != NULL)
		json_string(&json, "taken_for", taken->name);
	json_bool(&json, "known", job->part.known);
	if (job->part.known)
		add_part(&json, &job->part);
	if (job->identity.known)
		json_string(&json, "uid", uid_text(job, "", uid));
	if (job->identity.bootloader_id >= 0)
		json_hex(&json, "bootloader_id",
			 (uint32_t)job->identity.bootloader_id, 2);
	json_end(&json);
	report_object(&json);
}

/* Adds the members of a file's object. */
static void add_file(struct json *json, const struct input *input)
{
	const struct image *image = input->image;

	json_string(json, "name", input->name);
	json_string(json, "format", input->parser->name);
	json_number(json, "bytes", image_bytes(image));
	if (image->has_addresses)
		json_number(json, "start", image_start(image));
	json_string(json, "family", image->family);
}

void facts_show_file(const struct input *input)
{
	const struct image *image = input->image;
	struct json json;

	report_fact("Using Parser : %s", input->parser->name);
	if (image->has_addresses)
		report_fact("Location     : 0x%" PRIx32, image_start(image));
	report_fact("Size         : %zu", image_bytes(image));
	if (image->family != NULL)
		report_fact("Family       : %s", image->family);
	json_begin(&json, "file");
	add_file(&json, input);
	json_end(&json);
	report_object(&json);
}

void facts_show(const struct job *job)
{
	const struct stm32_info *info = stm32_info(job->stm);
	const struct dev *taken = taken_for(job);
	struct dev own;

	report_fact("Interface %s: %s", job->port->ops->name, job->port->text);
	report_fact("Version      : 0x%02x", info->version);
	report_fact("Option 1     : 0x%02x", info->option1);
	report_fact("Option 2     : 0x%02x", info->option2);
	report_fact("Device ID    : 0x%04" PRIx32 " (%s)", info->id,
		    dev_find(info->id, &own) ? own.name : "unknown");
	if (taken != NULL)
		report_fact("taken for    : 0x%03" PRIx32 " (%s)", taken->id,
			    taken->name);
	if (part_has(&job->part, DEV_NOT_IN_AN2606))
		report_detail("this part is not in AN2606; its facts are from "
			      "other sources and less certain");
	if (job->part.known)
		show_part(&job->part);
	else
		report_fact("- not in the table: give ranges (-S), or the part "
			    "it resembles (--device)");
	show_identity(job);
	emit_chip(job);
}

/* Which of the erase commands is used. */
static const char *erase_form(const struct job *job)
{
	if (stm32_has(job->stm, CMD_EXTENDED_ERASE))
		return "Extended Erase (0x44)";
	return stm32_has(job->stm, CMD_ERASE) ? "Erase (0x43)" : "no command";
}

void facts_explain_session(const struct job *job)
{
	const struct dev *dev = &job->part.dev;

	report_detail("Get lists %s for erasing%s", erase_form(job),
		      part_has(&job->part, DEV_NO_MASS_ERASE)
		      ? "; this part has no mass erase, so it is erased page "
			"by page"
		      : "");
	report_detail("writes of up to %u bytes, aligned to %u and filled up "
		      "with 0x%02X; reads of up to %u bytes",
		      stm32_max_write(job->stm), dev->write_align, dev->erased,
		      stm32_max_read(job->stm));
	report_detail("checksums %s", stm32_has(job->stm, CMD_GET_CHECKSUM)
		      ? "by the bootloader (Get Checksum), after a test of its "
			"form"
		      : "by reading: Get does not list Get Checksum");
}

/* Why these pages are erased. */
static const char *erase_reason(const struct plan_request *request,
				const struct plan *plan)
{
	if (!plan->erases)
		return request->erase == ERASE_NONE ? "as asked for"
						    : "it is no flash";
	if (request->has_pages)
		return "those of -s and -e; nothing on them is kept";
	if (request->erase == ERASE_CHIP)
		return "all, by --erase=chip";
	if (request->erase == ERASE_PAGES)
		return "those that the image touches; what stands beside it is "
		       "kept";
	if (request->has_range)
		return "those of the range; what stands beside it is kept";
	return "all, as nothing limits it (-S, -s, -e, --erase or --changed "
	       "would)";
}

static void explain_plan(const struct job *job,
			 const struct plan_request *request,
			 const struct plan *plan, const struct plan_cost *cost)
{
	report_detail("erases %" PRIu32 " of %" PRIu32 " pages: %s",
		      plan->pages_erased, part_page_count(&job->part),
		      erase_reason(request, plan));
	if (request->image == NULL)
		return;
	report_detail("writes %" PRIu32 " blocks, without those that are blank "
		      "in the file; %s", cost->writes, job->options.verify
		      ? "verifies when all are written" : "no verify without "
		      "-v");
	if (plan_erases(plan, &job->part, job->part.flash.start))
		report_detail("the vector table is written last, so an "
			      "interrupted run leaves no partial program that "
			      "can start");
}

/* For people; the plan's or comparison's object has the same numbers. */
void facts_show_picture(const struct part *part, const struct picture *picture,
			void (*show)(const char *fmt, ...))
{
	char line[PICTURE_LINE];
	uint32_t i;

	if (picture->fates == NULL)
		return;
	for (i = 0; picture_line(picture, part, i, line); i++)
		show("%s", line);
	picture_legend(picture, line);
	show("%s%s", line, picture->group > 1 ? "; the first that holds, of "
	     "several pages" : "");
}

static void add_picture(struct json *json, const struct picture *picture)
{
	if (picture->fates == NULL)
		return;
	json_number(json, "pages_stay", picture->count[PAGE_STAYS]);
	json_number(json, "pages_blank", picture->count[PAGE_ERASED]);
	json_number(json, "pages_written", picture->count[PAGE_WRITTEN]);
	json_number(json, "pages_differ", picture->count[PAGE_DIFFERS]);
	json_number(json, "pages_kept", picture->count[PAGE_KEPT]);
}

static void emit_plan(const struct job *job, const struct plan *plan,
		      const struct picture *picture,
		      const struct plan_cost *cost, double seconds)
{
	struct json json;
	size_t i;

	json_begin(&json, "plan");
	json_bool(&json, "dry_run", job->options.dry_run);
	json_open(&json, "files", '[');
	for (i = 0; i < job->inputs.count; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "name", job->inputs.files[i].name);
		json_string(&json, "format", job->inputs.files[i].parser->name);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_number(&json, "bytes_kept", cost->bytes_kept);
	json_number(&json, "pages_erased", plan->pages_erased);
	json_number(&json, "flash_pages", part_page_count(&job->part));
	add_picture(&json, picture);
	json_number(&json, "bytes_written", cost->bytes_written);
	json_number(&json, "blocks_written", cost->writes);
	json_number(&json, "bytes_verified", cost->bytes_verified);
	if (seconds > 0)
		json_seconds(&json, "seconds", seconds);
	json_end(&json);
	report_object(&json);
}

/* Excludes the waits, which depend on the adapter; 0 if the rate is unknown. */
static double plan_seconds(const struct job *job, const struct plan_cost *cost,
			   uint32_t baud)
{
	uint8_t bits = port_mode_bits(&job->options.port.mode);

	if (baud == 0)
		return 0;
	return (double)(cost->to_device + cost->from_device) * bits / baud +
	       (double)cost->flash_ms / 1000;
}

static void show_dry_run(const struct job *job, const struct plan *plan,
			 const struct plan_cost *cost)
{
	char text[PLAN_STEP_TEXT];
	size_t i;

	for (i = 0; i < plan->count; i++) {
		plan_describe(&plan->steps[i], text);
		report_detail("%s", text);
	}
	report_fact("Dry run: nothing is changed");
	report_fact("Keep         : %" PRIu32 " bytes", cost->bytes_kept);
	report_fact("Erase        : %" PRIu32 " of %" PRIu32 " pages%s",
		    plan->pages_erased, part_page_count(&job->part),
		    plan->erases && !part_has(&job->part, DEV_NO_MASS_ERASE) &&
		    plan->pages_erased == part_page_count(&job->part)
		    ? ", all at once" : "");
	report_fact("Write        : %" PRIu32 " bytes in %" PRIu32 " blocks",
		    cost->bytes_written, cost->writes);
	report_fact("Verify       : %" PRIu32 " bytes", cost->bytes_verified);
}

void facts_show_plan(const struct job *job, const struct plan_request *request,
		     const struct plan *plan)
{
	const struct options *o = &job->options;
	uint32_t baud = job->port != NULL ? job->port->baud : o->port.baud;
	struct plan_cost cost;
	struct picture picture;
	double seconds;

	plan_cost(plan, &job->part, o->max_read, &cost);
	seconds = plan_seconds(job, &cost, baud);
	explain_plan(job, request, plan, &cost);
	(void)picture_make(plan, &job->part, o->changed,
			   report_columns(), &picture);
	emit_plan(job, plan, &picture, &cost, seconds);
	facts_show_picture(&job->part, &picture,
			   o->dry_run ? report_fact : report_detail);
	free(picture.fates);
	if (!o->dry_run)
		return;
	show_dry_run(job, plan, &cost);
	if (baud != 0)
		report_fact("Time         : %.1f s at %" PRIu32 " baud, and %"
			    PRIu64 " answers to wait for", seconds, baud,
			    cost.waits);
}

void facts_show_action(const char *action)
{
	struct json json;

	json_begin(&json, "action");
	json_string(&json, "action", action);
	json_end(&json);
	report_object(&json);
}

void facts_show_summary(const struct job *job)
{
	char text[EVENTS_SUMMARY];

	events_summary(&job->totals, text);
	if (text[0] != '\0')
		report_fact("Summary      : %s", text);
}
