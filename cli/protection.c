/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/protection.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/report.h"
#include "flash/units.h"
#include "utils.h"

#define RESET_SETTLE_MS 1000
#define PROTECTION_TRIES 5	/* for a command that was lost, or whose end
				 * was not seen */

/* Reconnects after a command that ends in a reset. The chip may now report
 * more facts than before. acked: the name of the acknowledged command; NULL:
 * it got no ACK. *fresh: the chip was reset; if false, the command may have
 * been lost. */
static enum exit_status come_back(struct job *job, unsigned settle_ms,
				  const char *acked, bool *fresh)
{
	enum stm32_err err = stm32_reconnect(job->stm, settle_ms, fresh,
					     &job->why);

	if (err == STM32_STOPPED || err == STM32_PORT)
		return job_session_status(job, err, "reconnect", FLASH_NOWHERE);
	if (err != STM32_OK && acked != NULL)
		problem_append(&job->why, "; %s was acknowledged", acked);
	if (err != STM32_OK)
		return job_fail(job, STATUS_NO_ANSWER);
	return actions_identify(job);
}

struct protection_step {
	enum action action;
	const char *name, *doing, *event;
	/* Side effects of the ROM, as seen on an F0 and an F1, whose option
	 * bytes are erased together. */
	const char *besides;
};

#define RESETS_BYTES \
	"The bootloader may have reset the option bytes USER and DATA as well."
#define RESETS_DATA \
	"The bootloader may have reset the option bytes DATA as well."
#define LIFTS_PROTECTION \
	"The bootloader may have lifted the write protection with that."

static const struct protection_step write_unprotect = {
	ACTION_WRITE_UNPROTECT, "write unprotect", "Write-unprotecting flash",
	"write_unprotect", RESETS_BYTES
};
static const struct protection_step write_protect = {
	ACTION_WRITE_PROTECT, "write protect", "Write-protecting flash",
	"write_protect", RESETS_DATA
};
static const struct protection_step readout_protect = {
	ACTION_READOUT_PROTECT, "readout protect", "Read-Protecting flash",
	"readout_protect", LIFTS_PROTECTION
};
static const struct protection_step readout_unprotect = {
	ACTION_READOUT_UNPROTECT, "readout unprotect",
	"Read-UnProtecting flash", "readout_unprotect", RESETS_BYTES
};

static enum stm32_err protect_units(struct job *job)
{
	uint8_t numbers[UNITS_MOST];
	uint32_t i;

	for (i = 0; i < job->options.unit_count; i++)
		numbers[i] = (uint8_t)(job->options.first_unit + i);
	return stm32_write_protect(job->stm, numbers, i);
}

static enum stm32_err change_protection(struct job *job, enum action action)
{
	if (action == ACTION_WRITE_PROTECT)
		return protect_units(job);
	if (action == ACTION_WRITE_UNPROTECT)
		return stm32_write_unprotect(job->stm);
	if (action == ACTION_READOUT_PROTECT)
		return stm32_readout_protect(job->stm);
	return stm32_readout_unprotect(job->stm,
				       part_mass_erase_ms(&job->part));
}

/* Tests the protection by a read: STM32_REFUSED under readout protection. */
static enum stm32_err try_to_read(struct job *job)
{
	uint8_t bytes[4];

	return stm32_read_memory(job->stm, job->part.flash.start, bytes,
				 sizeof(bytes));
}

/*
 * Called when the device is back without signs of a reset. err is STM32_OK if
 * it sent both ACKs; then only the reset was missed. For readout protection a
 * read is a better test than the ACKs.
 */
static bool took_effect(struct job *job, enum action action,
			enum stm32_err err)
{
	enum stm32_err read;

	if (action == ACTION_WRITE_UNPROTECT ||
	    action == ACTION_WRITE_PROTECT || job->part.flash.start == 0)
		return err == STM32_OK;
	read = try_to_read(job);
	if (action == ACTION_READOUT_PROTECT)
		return read == STM32_REFUSED;
	return read != STM32_REFUSED && err == STM32_OK;
}

/* again: the device may have executed an earlier try. */
static enum exit_status explain_refusal(struct job *job,
					const struct protection_step *step,
					enum stm32_err err, bool again)
{
	if (err != STM32_REFUSED || step->action != ACTION_READOUT_PROTECT)
		return job_session_status(job, err, step->name, FLASH_NOWHERE);
	if (again)
		return STATUS_DONE;
	problem_set(&job->why, "readout protect: refused (NACK); the chip is "
		    "already readout protected");
	return job_fail(job, STATUS_PROTECTED);
}

static enum exit_status try_protection(struct job *job,
				       const struct protection_step *step,
				       bool more, bool again, bool *done)
{
	unsigned settle_ms = RESET_SETTLE_MS;
	enum exit_status status;
	enum stm32_err err;
	bool fresh;

	if (step->action == ACTION_READOUT_UNPROTECT)
		settle_ms += part_mass_erase_ms(&job->part);
	err = change_protection(job, step->action);
	*done = true;
	if (err != STM32_OK && err != STM32_UNCERTAIN)
		return explain_refusal(job, step, err, again);
	if (err == STM32_OK && !more)
		return STATUS_DONE;
	/* The device may have reset before its second ACK was complete. */
	status = come_back(job, settle_ms, err == STM32_OK ? step->name : NULL,
			   &fresh);
	if (status == STATUS_DONE)
		*done = fresh || took_effect(job, step->action, err);
	return status;
}

/* True for Readout Unprotect on an unprotected chip: the hardware erases only
 * when it removes a protection. */
static bool erases_nothing(struct job *job, enum action action)
{
	return action == ACTION_READOUT_UNPROTECT &&
	       job->part.flash.start != 0 && try_to_read(job) == STM32_OK;
}

static void show_besides(const struct job *job,
			 const struct protection_step *step, bool was_open)
{
	if (was_open)
		report_fact("The chip was not readout protected; known "
			    "bootloaders erase nothing then.");
	if (part_has_pairs(&job->part))
		report_fact("%s", step->besides);
	if (step->action == ACTION_READOUT_UNPROTECT &&
	    option_form(job->part.dev.id) == OPTION_HALVES)
		report_fact("Check the option bytes (--option-bytes): an L1 "
			    "was seen with 0 in all of them after this.");
}

static enum exit_status fail_without_reset(struct job *job, const char *name)
{
	problem_set(&job->why, "%s: the chip did not reset itself, so the "
		    "result is unknown; reset it and try again", name);
	return job_fail(job, STATUS_DEVICE);
}

/* more: another action follows, so the session must be reopened. Repeats a
 * command that may have been lost: executing it twice is harmless. */
static enum exit_status do_protection(struct job *job,
				      const struct protection_step *step,
				      bool more)
{
	enum exit_status status;
	bool done = false, was_open;
	unsigned tries;

	was_open = erases_nothing(job, step->action);
	report_fact("%s", step->doing);
	for (tries = 0; !done && tries < PROTECTION_TRIES; tries++) {
		status = try_protection(job, step, more, tries > 0, &done);
		if (status != STATUS_DONE)
			return status;
	}
	if (!done)
		return fail_without_reset(job, step->name);
	report_fact("Done.");
	show_besides(job, step, was_open);
	facts_show_action(step->event);
	return STATUS_DONE;
}

/* True if another action needs the session. */
static bool goes_on(const struct job *job)
{
	return (job->options.actions & ACTION_WRITE) || job->options.go;
}

enum exit_status protection_write_unprotect(struct job *job)
{
	return do_protection(job, &write_unprotect, goes_on(job));
}

enum exit_status protection_readout_unprotect(struct job *job)
{
	return do_protection(job, &readout_unprotect, goes_on(job));
}

enum exit_status protection_readout_protect(struct job *job)
{
	return do_protection(job, &readout_protect, false);
}

/* --- --write-protect --------------------------------------------------------- */

struct protected {
	struct units units;
	bool shown;		/* the bootloader shows the option bytes, so
				 * these are valid: */
	bool before[UNITS_MOST], now[UNITS_MOST];
};

static bool is_asked(const struct job *job, uint32_t unit)
{
	return unit >= job->options.first_unit &&
	       unit - job->options.first_unit < job->options.unit_count;
}

enum exit_status protection_check_units(struct job *job)
{
	const struct options *o = &job->options;
	struct units units;

	if (!units_of(&job->part, &units, &job->why))
		return actions_fail_to_fit(job, STATUS_USAGE);
	if (o->first_unit < units.count &&
	    o->unit_count <= units.count - o->first_unit)
		return STATUS_DONE;
	problem_set(&job->why, "--write-protect %" PRIu32 ":%" PRIu32 ": this "
		    "chip has units 0 to %" PRIu32 ", of %" PRIu32 " page%s "
		    "each", o->first_unit, o->unit_count, units.count - 1,
		    units.pages, units.pages == 1 ? "" : "s");
	return actions_fail_to_fit(job, STATUS_USAGE);
}

/* Reads the protected units from the option bytes. */
static enum exit_status read_protected(struct job *job, struct protected *p,
				       bool out[UNITS_MOST])
{
	struct option_bytes ob;
	enum exit_status status;
	const char *pcrop;

	option_bytes_init(&ob, &job->part);
	status = job_flash_status(job, option_bytes_read(&job->flash, &ob,
							 &job->why));
	if (status != STATUS_DONE)
		return status;
	p->shown = units_protected(&ob, &p->units, out);
	pcrop = units_are_pcrop(&ob);
	if (pcrop == NULL)
		return STATUS_DONE;
	problem_set(&job->why, "--write-protect: %s is 1, so these bits "
		    "protect against reading (PCROP); to change that, give -j, "
		    "then -k, which erases the flash", pcrop);
	return job_fail(job, STATUS_PROTECTED);
}

/* Lists the units that lose their protection as "3, 5 to 7"; "" for none. */
static void list_lost(const struct job *job, const struct protected *p,
		      char *out, size_t size)
{
	uint32_t unit, last;
	size_t at = 0;

	out[0] = '\0';
	for (unit = 0; unit < p->units.count; unit++) {
		if (!p->before[unit] || is_asked(job, unit))
			continue;
		for (last = unit; last + 1 < p->units.count &&
		     p->before[last + 1] && !is_asked(job, last + 1); last++)
			;
		at += (size_t)snprintf(out + at, size - at, "%s%" PRIu32,
				       at != 0 ? ", " : "", unit);
		if (last > unit)
			at += (size_t)snprintf(out + at, size - at,
					       " to %" PRIu32, last);
		unit = last;
	}
}

static void show_units(const struct job *job, const struct protected *p)
{
	const struct options *o = &job->options;
	struct range range = units_range(&job->part, &p->units, o->first_unit,
					 o->unit_count);
	char lost[UNITS_MOST * 6];

	report_fact("Units        : %" PRIu32 " to %" PRIu32 " of 0 to %" PRIu32
		    ", %" PRIu32 " page%s each: 0x%08" PRIx32 "-0x%08" PRIx32,
		    o->first_unit, o->first_unit + o->unit_count - 1,
		    p->units.count - 1, p->units.pages,
		    p->units.pages == 1 ? "" : "s", range.start, range.end);
	list_lost(job, p, lost, sizeof(lost));
	if (!p->shown)
		report_fact("The bootloader replaces the whole list: all other "
			    "units lose their protection.");
	else if (lost[0] != '\0')
		report_fact("The bootloader replaces the whole list: units %s "
			    "lose their protection.", lost);
}

static void emit_units(const struct job *job, const struct protected *p,
		       bool done)
{
	const struct options *o = &job->options;
	struct range range = units_range(&job->part, &p->units, o->first_unit,
					 o->unit_count);
	struct json json;
	uint32_t unit;

	json_begin(&json, "write_protect");
	json_number(&json, "first", o->first_unit);
	json_number(&json, "count", o->unit_count);
	json_number(&json, "units", p->units.count);
	json_number(&json, "unit_pages", p->units.pages);
	json_number(&json, "start", range.start);
	json_number(&json, "end", range.end);
	json_open(&json, "lost", '[');
	for (unit = 0; p->shown && unit < p->units.count; unit++)
		if (p->before[unit] && !is_asked(job, unit))
			json_element(&json, unit);
	json_close(&json, ']');
	json_bool(&json, "done", done);
	json_bool(&json, "checked", done && p->shown);
	json_end(&json);
	report_object(&json);
}

/* Finds the first unit that differs from the request; false: none. */
static bool find_wrong(const struct job *job, const struct protected *p,
		       uint32_t *unit)
{
	for (*unit = 0; p->shown && *unit < p->units.count; ++*unit)
		if (p->now[*unit] != is_asked(job, *unit))
			return true;
	return false;
}

/* Sends a damaged list again: the last list counts. */
static enum exit_status protect_surely(struct job *job, struct protected *p)
{
	enum exit_status status;
	bool done = false, wrong = false;
	uint32_t unit = 0;
	unsigned tries;

	for (tries = 0; (!done || wrong) && tries < PROTECTION_TRIES; tries++) {
		status = try_protection(job, &write_protect, true, tries > 0,
					&done);
		if (status == STATUS_DONE && done)
			status = read_protected(job, p, p->now);
		if (status != STATUS_DONE)
			return status;
		wrong = done && find_wrong(job, p, &unit);
	}
	if (!done)
		return fail_without_reset(job, write_protect.name);
	if (!wrong)
		return STATUS_DONE;
	problem_set(&job->why, "write protect: unit %" PRIu32 ": expected %s, "
		    "read %s, after %u tries", unit,
		    p->now[unit] ? "not protected" : "protected",
		    p->now[unit] ? "protected" : "not protected", tries);
	return job_fail(job, STATUS_DIFFERS);
}

enum exit_status protection_write_protect(struct job *job)
{
	struct protected p = { .shown = false };
	enum exit_status status = protection_check_units(job);

	if (status != STATUS_DONE)
		return status;
	(void)units_of(&job->part, &p.units, &job->why);
	/* after a misread ID, a unit would be other pages */
	status = job_flash_status(job, flash_confirm_part(&job->flash,
							  &job->why));
	if (status == STATUS_DONE)
		status = read_protected(job, &p, p.before);
	if (status != STATUS_DONE)
		return status;
	report_fact("%s", job->options.dry_run ? "Dry run: nothing is changed"
					       : write_protect.doing);
	show_units(job, &p);
	if (!job->options.dry_run)
		status = protect_surely(job, &p);
	if (status != STATUS_DONE)
		return status;
	emit_units(job, &p, !job->options.dry_run);
	if (job->options.dry_run)
		return STATUS_DONE;
	if (!p.shown)
		report_warning("write protect: acknowledged, but not checked: "
			       "the bootloader does not show these option "
			       "bytes");
	report_fact("Done.");
	show_besides(job, &write_protect, false);
	facts_show_action(write_protect.event);
	return STATUS_DONE;
}
