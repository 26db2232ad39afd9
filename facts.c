/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "job.h"
#include "report.h"

/* "20KiB", "512b": as scripts know them. */
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

void facts_show(const struct job *job)
{
	const struct stm32_info *info = stm32_info(job->stm);
	const struct options *o = &job->options;
	struct dev own;
	bool known = dev_find(info->id, &own);

	report_fact("Interface %s: %s", job->port->ops->name, job->port->text);
	report_fact("Version      : 0x%02x", info->version);
	report_fact("Option 1     : 0x%02x", info->option1);
	report_fact("Option 2     : 0x%02x", info->option2);
	report_fact("Device ID    : 0x%04" PRIx32 " (%s)", info->id,
		    known ? own.name : "unknown");
	if (o->has_dev && (!known || strcmp(o->dev.name, own.name) != 0))
		report_fact("taken for    : 0x%03" PRIx32 " (%s)",
			    o->dev.id, o->dev.name);
	if (part_has(&job->part, DEV_NOT_IN_AN2606))
		report_detail("this part is not in AN2606: its row is from "
			      "other sources, and less sure");
	if (job->part.known)
		show_part(&job->part);
	else
		report_fact("- not in the table: give ranges (-S), or the part "
			    "it resembles (--device)");
}

void facts_show_plan(const struct job *job, const struct plan *plan)
{
	const struct options *o = &job->options;
	uint32_t baud = job->port != NULL ? job->port->baud : o->port.baud;
	uint8_t bits = port_mode_bits(&o->port.mode);
	char text[PLAN_STEP_TEXT];
	struct plan_cost cost;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		plan_describe(&plan->steps[i], text);
		report_detail("%s", text);
	}
	plan_cost(plan, &job->part, o->max_read, &cost);
	report_fact("Dry run: nothing is changed");
	report_fact("Keep         : %" PRIu32 " bytes", cost.bytes_kept);
	report_fact("Erase        : %" PRIu32 " of %" PRIu32 " pages%s",
		    plan->pages_erased, part_page_count(&job->part),
		    plan->erases && !part_has(&job->part, DEV_NO_MASS_ERASE) &&
		    plan->pages_erased == part_page_count(&job->part)
		    ? ", all at once" : "");
	report_fact("Write        : %" PRIu32 " bytes in %" PRIu32 " blocks",
		    cost.bytes_written, cost.writes);
	report_fact("Verify       : %" PRIu32 " bytes", cost.bytes_verified);
	if (baud != 0)
		report_fact("Time         : %.1f s at %" PRIu32 " baud, and %"
			    PRIu64 " answers to wait for",
			    (double)(cost.to_device + cost.from_device) * bits /
			    baud + (double)cost.flash_ms / 1000, baud,
			    cost.waits);
}
