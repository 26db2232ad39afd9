/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a run: command line, file, port, entry sequence, connection,
 * part, actions in their order, start or reset, exit sequence. One function per
 * action, one way out.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "changed.h"
#include "chip.h"
#include "devlist.h"
#include "file.h"
#include "flash.h"
#include "init.h"
#include "leave.h"
#include "options.h"
#include "report.h"
#include "status.h"
#include "utils.h"

#define RESET_SETTLE_MS 1000
#define COMMAND_RETRIES 10
#define AUTO_TIMEOUT_MS 700	/* of one rate of -b auto */
#define CLEAN_TRIES 16

struct job {
	struct options options;
	struct image *image;	/* of -w; NULL otherwise */
	struct port *port;
	struct lines *lines;
	struct stm32 *stm;
	struct part part;
	struct watcher watch;
	struct flash flash;
	struct problem why;
};

/* The only thing a signal changes. */
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

/* The first signal ends the run in order, the second at once. */
static void watch_signals(void)
{
#ifdef _WIN32
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
#else
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = (int)SA_RESETHAND };
	size_t i;

	for (i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
#endif
}

static enum exit_status fail(const struct job *job, enum exit_status status)
{
	report_error("%s", job->why.text);
	return status;
}

static enum exit_status port_status(enum port_err err)
{
	if (err == PORT_OK)
		return STATUS_DONE;
	return err == PORT_BAD_SETTINGS ? STATUS_USAGE : STATUS_PORT;
}

/* The exit status of what the engine says; the message is in job->why. */
static enum exit_status flash_status(const struct job *job, enum flash_err err)
{
	switch (err) {
	case FLASH_OK:		return STATUS_DONE;
	case FLASH_DEVICE:	return fail(job, STATUS_DEVICE);
	case FLASH_PROTECTED:	return fail(job, STATUS_PROTECTED);
	case FLASH_DIFFERS:	return fail(job, STATUS_DIFFERS);
	case FLASH_PORT:	return fail(job, STATUS_PORT);
	case FLASH_NO_MEMORY:	return fail(job, STATUS_DEVICE);
	case FLASH_STOPPED:	break;
	}
	report_error("%s (signal %d)", job->why.text[0] != '\0'
		     ? job->why.text : "stopped", (int)caught);
	return (enum exit_status)(STATUS_SIGNAL + (int)caught);
}

static enum exit_status session_status(struct job *job, enum stm32_err err,
				       const char *what, uint32_t address)
{
	return flash_status(job, flash_explain(&job->flash, err, what, address,
					       &job->why));
}

/* --- facts ------------------------------------------------------------------ */

/* "20KiB", "512b": as scripts know them. */
static const char *size_text(uint32_t bytes, char *out, size_t len)
{
	if (bytes >= 1024)
		snprintf(out, len, "%" PRIu32 "KiB", bytes / 1024);
	else
		snprintf(out, len, "%" PRIu32 "b", bytes);
	return out;
}

static uint32_t range_len(const struct range *range)
{
	return range->end - range->start;
}

static void show_part(const struct part *part)
{
	const struct dev *dev = part->dev;
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

static void show_facts(const struct job *job)
{
	const struct stm32_info *info = stm32_info(job->stm);
	const struct dev *own = dev_find(info->id);

	report_fact("Interface %s: %s", job->port->ops->name, job->port->text);
	report_fact("Version      : 0x%02x", info->version);
	report_fact("Option 1     : 0x%02x", info->option1);
	report_fact("Option 2     : 0x%02x", info->option2);
	report_fact("Device ID    : 0x%04" PRIx32 " (%s)", info->id,
		    own != NULL ? own->name : "unknown");
	if (job->options.dev != NULL && job->options.dev != own)
		report_fact("taken for    : 0x%03" PRIx32 " (%s)",
			    job->options.dev->id, job->options.dev->name);
	if (part_has(&job->part, DEV_NOT_IN_AN2606))
		report_detail("this part is not in AN2606: its row is from "
			      "other sources, and less sure");
	if (job->part.known)
		show_part(&job->part);
	else
		report_fact("- not in the table: give ranges (-S), or the part "
			    "it resembles (--device)");
}

static enum exit_status identify(struct job *job)
{
	enum stm32_err err = chip_identify(job->stm, job->options.dev,
					   &job->watch, &job->part);

	job->flash = (struct flash){ .stm = job->stm, .part = &job->part,
				     .watch = &job->watch,
				     .retries = job->options.retries };
	if (err != STM32_OK)
		return session_status(job, err, "identify", 0);
	if (!part_has(&job->part, DEV_OTHER_PROTOCOL))
		return STATUS_DONE;
	problem_set(&job->why, "product ID 0x%03" PRIx32 ", %s: this ROM "
		    "speaks another protocol", job->part.id,
		    job->part.dev->name);
	return fail(job, STATUS_DEVICE);
}

/* --- actions ---------------------------------------------------------------- */

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
	return flash_status(job, err);
}

static enum exit_status do_read(struct job *job)
{
	enum exit_status status;
	struct image *image;
	struct file_out file;
	struct range range;

	if (!place_range(&job->options.target, &job->part, &range, &job->why))
		return fail(job, STATUS_USAGE);
	if (!file_create(job->options.file, &file, &job->why))
		return fail(job, STATUS_FILE);
	report_fact("Memory read");
	status = read_range(job, &range, &image);
	if (status != STATUS_DONE)
		file_abandon(&file);
	else if (!file_commit(&file, job->options.format, image, &job->why))
		status = fail(job, STATUS_FILE);
	image_free(image);
	return status;
}

/* --dry-run: what would be done, and about how long it would take. */
static void show_plan(const struct job *job, const struct plan *plan)
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
	plan_cost(plan, &job->part, STM32_MAX_BLOCK, &cost);
	report_fact("Dry run: nothing is changed");
	report_fact("Keep         : %" PRIu32 " bytes", cost.bytes_kept);
	report_fact("Erase        : %" PRIu32 " of %" PRIu32 " pages%s",
		    plan->pages_erased, part_page_count(&job->part),
		    plan->erases && plan->pages_erased ==
		    part_page_count(&job->part) ? ", all at once" : "");
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

static enum exit_status carry_out(struct job *job,
				  const struct plan_request *request,
				  struct image *image)
{
	struct plan *plan;
	enum exit_status status;

	if (!plan_make(request, &job->part, &plan, &job->why))
		return fail(job, STATUS_USAGE);
	if (plan->erase_unknown)
		report_warning("the pages of this part are not known: nothing "
			       "is erased before the write");
	if (plan->image_beyond_erase)
		report_warning("the image reaches beyond the pages that -e "
			       "erases");
	if (job->options.dry_run) {
		show_plan(job, plan);
		plan_free(plan);
		return STATUS_DONE;
	}
	if (plan->erases)
		report_fact("Erasing memory");
	status = flash_status(job, flash_carry_out(&job->flash, plan, image,
						   &job->why));
	plan_free(plan);
	return status;
}

static bool page_aligned(const struct part *part, const struct range *range)
{
	struct page first, last;

	return part_page_of(part, range->start, &first) &&
	       part_page_of(part, range->end - 1, &last) &&
	       first.start == range->start && last.end == range->end;
}

/* The pages that -s and -e name; -e 0 and a lone -s mean something else. */
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
		return fail(job, STATUS_USAGE);
	if (target->has_address && part_page_count(&job->part) == 0) {
		part_explain_no_pages(&job->part, &job->why);
		return fail(job, STATUS_USAGE);
	}
	if (target->has_address && !page_aligned(&job->part, &request.range)) {
		problem_set(&job->why, "-S: 0x%08" PRIx32 " to 0x%08" PRIx32
			    " are not whole pages of flash",
			    request.range.start, request.range.end);
		return fail(job, STATUS_USAGE);
	}
	return carry_out(job, &request, NULL);
}

/* --changed: takes out of the image what is in the flash already. */
static enum exit_status leave_out_the_same(struct job *job)
{
	struct changed found;
	enum exit_status status;

	if (job->stm == NULL || job->part.pages == NULL) {
		problem_set(&job->why, "--changed needs %s",
			    job->stm == NULL ? "the device to compare with"
			    : "pages that are known (--device)");
		return fail(job, STATUS_USAGE);
	}
	status = flash_status(job, changed_only(&job->flash, &job->image,
						&found, &job->why));
	if (status == STATUS_DONE)
		report_fact("%" PRIu32 " of %" PRIu32 " pages differ; %zu bytes "
			    "are there already (by %s)",
			    found.pages - found.pages_same, found.pages,
			    found.bytes_same, found.by_checksum ? "checksum"
							       : "reading");
	return status;
}

static enum exit_status do_write(struct job *job)
{
	const struct options *o = &job->options;
	struct plan_request request = {
		.erase = o->erase,
		.verify = o->verify,
		.block = job->stm != NULL ? stm32_max_write(job->stm)
					  : STM32_MAX_BLOCK,
	};
	struct problem notice = { "" };
	enum exit_status status;

	if (!place_image(&job->image, &o->target, &job->part, &notice, &status,
			 &job->why))
		return fail(job, status);
	if (notice.text[0] != '\0')
		report_fact("%s", notice.text);
	if (!place_check_vectors(job->image, &job->part, &notice))
		report_warning("%s", notice.text);
	request.image = job->image;
	request_pages(&o->target, &request);
	request.has_range = target_is_limited(&o->target);
	if (request.has_range) {
		struct target range = o->target;

		range.has_page_count = false;
		if (!range.has_len && part_area(&job->part, range.address,
						NULL) == AREA_UNKNOWN) {
			range.has_len = range.has_address;
			range.len = (uint32_t)image_bytes(job->image);
		}
		if (!place_range(&range, &job->part, &request.range,
				 &job->why))
			return fail(job, STATUS_USAGE);
	}
	if (request.block < job->part.dev->write_align) {
		problem_set(&job->why, "-F: this part is written by %u bytes, "
			    "the frame has room for %u",
			    job->part.dev->write_align, request.block);
		return fail(job, STATUS_USAGE);
	}
	if (o->changed) {
		request.erase = ERASE_PAGES;
		status = leave_out_the_same(job);
		if (status != STATUS_DONE || image_bytes(job->image) == 0)
			return status;
		request.image = job->image;
	}
	report_fact("Write to memory");
	return carry_out(job, &request, job->image);
}

static enum exit_status do_crc(struct job *job)
{
	struct range range;
	uint32_t crc;
	enum exit_status status;

	if (!place_range(&job->options.target, &job->part, &range, &job->why))
		return fail(job, STATUS_USAGE);
	report_fact("CRC computation");
	status = flash_status(job, flash_crc(&job->flash, range.start,
					     range_len(&range), &crc,
					     &job->why));
	if (status == STATUS_DONE)
		report_result("CRC(0x%08" PRIx32 "-0x%08" PRIx32 ") = 0x%08"
			      PRIx32, range.start, range.end, crc);
	return status;
}

/* After a command that ends in a reset: connects again. The session that
 * comes back may be of a chip that says more of itself than before. */
static enum exit_status come_back(struct job *job, unsigned settle_ms)
{
	bool fresh;
	enum stm32_err err = stm32_reconnect(job->stm, settle_ms, &fresh,
					     &job->why);

	if (err == STM32_STOPPED || err == STM32_PORT)
		return session_status(job, err, "reconnect", 0);
	if (err != STM32_OK)
		return fail(job, STATUS_NO_ANSWER);
	if (!fresh) {
		problem_set(&job->why, "the device did not reset itself; "
			    "nothing was changed");
		return fail(job, STATUS_DEVICE);
	}
	return identify(job);
}

struct protection_step {
	enum action action;
	const char *name, *doing;
};

static const struct protection_step write_unprotect = {
	ACTION_WRITE_UNPROTECT, "write unprotect", "Write-unprotecting flash"
};
static const struct protection_step readout_protect = {
	ACTION_READOUT_PROTECT, "readout protect", "Read-protecting flash"
};
static const struct protection_step readout_unprotect = {
	ACTION_READOUT_UNPROTECT, "readout unprotect",
	"Read-unprotecting flash"
};

static enum stm32_err change_protection(struct job *job, enum action action)
{
	if (action == ACTION_WRITE_UNPROTECT)
		return stm32_write_unprotect(job->stm);
	if (action == ACTION_READOUT_PROTECT)
		return stm32_readout_protect(job->stm);
	return stm32_readout_unprotect(job->stm,
				       part_mass_erase_ms(&job->part));
}

/* more: something follows in this run, so the session has to come back. */
static enum exit_status do_protection(struct job *job,
				      const struct protection_step *step,
				      bool more)
{
	unsigned settle_ms = RESET_SETTLE_MS;
	enum exit_status status = STATUS_DONE;
	enum stm32_err err;

	if (step->action == ACTION_READOUT_UNPROTECT)
		settle_ms += part_mass_erase_ms(&job->part);
	report_fact("%s", step->doing);
	err = change_protection(job, step->action);
	if (err == STM32_REFUSED && step->action == ACTION_READOUT_PROTECT) {
		problem_set(&job->why, "readout protect: refused (NACK); the "
			    "chip is readout protected already");
		return fail(job, STATUS_PROTECTED);
	}
	if (err != STM32_OK && err != STM32_UNCERTAIN)
		return session_status(job, err, step->name, 0);
	/* The device may have reset before its second ACK was out. */
	if (more || err == STM32_UNCERTAIN)
		status = come_back(job, settle_ms);
	if (status == STATUS_DONE)
		report_fact("Done.");
	return status;
}

static enum exit_status do_actions(struct job *job)
{
	unsigned a = job->options.actions;
	bool write = a & ACTION_WRITE;
	enum exit_status status = STATUS_DONE;

	if (a & ACTION_WRITE_UNPROTECT)
		status = do_protection(job, &write_unprotect,
				       write || job->options.go);
	if (status == STATUS_DONE && (a & ACTION_READOUT_UNPROTECT))
		status = do_protection(job, &readout_unprotect,
				       write || job->options.go);
	if (status == STATUS_DONE && (a & ACTION_READ))
		status = do_read(job);
	if (status == STATUS_DONE && (a & ACTION_ERASE))
		status = do_erase(job);
	if (status == STATUS_DONE && write)
		status = do_write(job);
	if (status == STATUS_DONE && (a & ACTION_CRC))
		status = do_crc(job);
	if (status == STATUS_DONE && (a & ACTION_READOUT_PROTECT))
		status = do_protection(job, &readout_protect, false);
	return status;
}

/* --- the end of a session ---------------------------------------------------- */

static bool is_refusal(enum stm32_err err)
{
	return err == STM32_REFUSED || err == STM32_BAD_ADDRESS ||
	       err == STM32_NACK;
}

static enum exit_status do_go(struct job *job)
{
	uint32_t address = job->options.go_address;
	enum stm32_err err;

	if (address == 0)
		address = job->part.flash.start;
	if (address == 0) {
		problem_set(&job->why, "-g 0: the flash start of product ID "
			    "0x%03" PRIx32 " is not known; give the address, "
			    "or the part it resembles (--device)",
			    job->part.id);
		return fail(job, STATUS_USAGE);
	}
	err = leave_go(job->stm, address, &job->watch);
	if (is_refusal(err) && part_has(&job->part, DEV_NO_GO))
		problem_set(&job->why, "go refused: this part cannot start an "
			    "application from its bootloader; reset it with "
			    "BOOT0 low");
	if (err != STM32_OK)
		return session_status(job, err, "go", address);
	report_fact("Starting execution at address 0x%08" PRIx32 "... done.",
		    address);
	return STATUS_DONE;
}

static enum exit_status do_software_reset(struct job *job)
{
	enum stm32_err err = leave_by_reset(job->stm, &job->part, &job->watch);

	if (err == STM32_UNSUPPORTED) {
		problem_set(&job->why, "-R: this part leaves no RAM%s for the "
			    "code that resets it; use an exit sequence (-i), "
			    "-g, or the reset button",
			    job->part.dev->ram.end != 0 ? ""
			    : " that is known (--device)");
		return fail(job, STATUS_DEVICE);
	}
	if (err != STM32_OK)
		return session_status(job, err, "reset", job->part.dev->ram.start);
	report_fact("Resetting device... done.");
	if (part_has(&job->part, DEV_EMPTY_CHECK) &&
	    job->part.dev->empty_reg == 0 &&
	    !part_has(&job->part, DEV_OBL_LAUNCH))
		report_warning("if the flash was empty before, this part starts "
			       "its bootloader again until it is powered off; "
			       "-g starts the application");
	return STATUS_DONE;
}

/* Not after -g, nor where the device resets itself at the end: a change of
 * protection that nothing follows. */
static bool wants_reset(const struct options *o)
{
	unsigned a = o->actions;

	if (!o->reset || o->go || (a & ACTION_READOUT_PROTECT))
		return false;
	return (a & ACTION_WRITE) || !(a & (ACTION_READOUT_UNPROTECT |
					    ACTION_WRITE_UNPROTECT));
}

static bool wants_exit_sequence(const struct options *o)
{
	return wants_reset(o) && o->sequence != NULL &&
	       sequence_has_exit(o->sequence);
}

static void start_pipeline(const struct job *job)
{
	if (!stm32_try_pipeline(job->stm, job->part.flash.start))
		report_warning("--pipeline: this chip or adapter does not take "
			       "bytes ahead of its answers; one at a time, as "
			       "usual");
}

static enum exit_status run_session(struct job *job)
{
	enum exit_status status = identify(job);

	if (status == STATUS_DONE)
		show_facts(job);
	if (status == STATUS_DONE && job->options.pipeline)
		start_pipeline(job);
	if (status == STATUS_DONE)
		status = do_actions(job);
	if (job->options.dry_run)
		return status;
	if (status == STATUS_DONE && job->options.go)
		status = do_go(job);
	else if (status == STATUS_DONE && wants_reset(&job->options) &&
		 !wants_exit_sequence(&job->options))
		status = do_software_reset(job);
	return status;
}

static enum exit_status run_sequence_entry(struct job *job)
{
	enum port_err err = sequence_enter(job->options.sequence, job->lines,
					   job->port, &job->why);

	return err == PORT_OK ? STATUS_DONE : fail(job, port_status(err));
}

/* Whether small talk at this rate goes well at once, again and again. */
static bool is_clean(struct stm32 *stm)
{
	unsigned i;

	for (i = 0; i < CLEAN_TRIES; i++)
		if (stm32_confirm_id(stm) != STM32_OK)
			return false;
	return stm32_counts(stm)->retries == 0;
}

/* -b auto: from the fastest plausible rate down, each after a reset. */
static enum stm32_err open_fastest(struct job *job,
				   const struct stm32_options *options)
{
	static const uint32_t rates[] = { 921600, 460800, 230400, 115200 };
	struct stm32_options short_options = *options;
	enum stm32_err err;
	size_t i;

	short_options.connect_timeout_ms = AUTO_TIMEOUT_MS;
	for (i = 0; i < ARRAY_LEN(rates) && !caught; i++) {
		if (port_set_baud(job->port, rates[i]) != PORT_OK ||
		    run_sequence_entry(job) != STATUS_DONE)
			continue;
		err = stm32_open(job->port, &short_options, &job->stm,
				 &job->why);
		if (err == STM32_OK && is_clean(job->stm)) {
			report_fact("Rate         : %" PRIu32, rates[i]);
			return STM32_OK;
		}
		stm32_close(job->stm);
		job->stm = NULL;
		if (err == STM32_PORT)
			return err;
		report_warning("-b auto: %" PRIu32 " does not work here; "
			       "trying less", rates[i]);
	}
	job->why.text[0] = '\0';
	port_set_baud(job->port, job->options.port.baud);
	if (run_sequence_entry(job) != STATUS_DONE)
		return STM32_PORT;
	return stm32_open(job->port, options, &job->stm, &job->why);
}

static enum exit_status connect_and_run(struct job *job)
{
	const struct options *o = &job->options;
	const struct stm32_options options = {
		.connect_timeout_ms = o->connect_timeout_ms,
		.resume = o->resume,
		.max_read = o->max_read,
		.max_frame = o->max_frame,
		.retries = COMMAND_RETRIES,
		.write_retries = o->retries,
		.stop = &caught,
		.explain = job->watch.explain,
		.ctx = job->watch.ctx,
	};
	enum stm32_err err;
	enum exit_status status;

	err = o->baud_auto ? open_fastest(job, &options)
			   : stm32_open(job->port, &options, &job->stm,
					&job->why);
	if (err == STM32_STOPPED)
		return flash_status(job, FLASH_STOPPED);
	if (err != STM32_OK)
		return fail(job, err == STM32_PORT ? STATUS_PORT
						   : STATUS_NO_ANSWER);
	status = run_session(job);
	stm32_close(job->stm);
	return status;
}

/* --- the board around the session -------------------------------------------- */

static enum exit_status enter(struct job *job)
{
	const struct sequence *sequence = job->options.sequence;
	enum port_err err;

	if (sequence == NULL)
		return STATUS_DONE;
	if ((job->port->caps & PORT_SIMULATED) && sequence_has_gpio(sequence)) {
		problem_set(&job->why, "%s: a simulated board has no GPIO "
			    "lines; rts, dtr and brk it has",
			    job->port->device);
		return fail(job, STATUS_PORT);
	}
	err = lines_request(sequence, &job->lines, &job->why);
	if (err != PORT_OK)
		return fail(job, port_status(err));
	return job->options.baud_auto ? STATUS_DONE : run_sequence_entry(job);
}

/* After failures and signals too: a board is not left in its bootloader. */
static enum exit_status leave(struct job *job, enum exit_status status)
{
	enum port_err err = PORT_OK;

	if (job->lines != NULL && wants_exit_sequence(&job->options))
		err = sequence_exit(job->options.sequence, job->lines,
				    job->port, &job->why);
	if (err != PORT_OK) {
		report_error("%s", job->why.text);
		if (status == STATUS_DONE)
			status = port_status(err);
	}
	lines_release(job->lines);
	return status;
}

static enum exit_status run_on_port(struct job *job)
{
	enum port_err err = port_open(&job->options.port, &job->port,
				      &job->why);
	enum exit_status status;

	if (err != PORT_OK)
		return fail(job, port_status(err));
	if (job->why.text[0] != '\0')
		report_warning("%s", job->why.text);
	job->why.text[0] = '\0';
	if (job->options.trace &&
	    !report_trace_open(job->options.trace_file, &job->port->tap,
			       &job->why)) {
		port_close(job->port);
		return fail(job, STATUS_FILE);
	}
	status = enter(job);
	if (status == STATUS_DONE)
		status = connect_and_run(job);
	status = leave(job, status);
	port_close(job->port);
	if (!report_trace_close() && status == STATUS_DONE) {
		report_error("%s: the trace could not be written",
			     job->options.trace_file);
		status = STATUS_FILE;
	}
	return status;
}

/* --dry-run with --device: all without a port. */
static enum exit_status run_dry(struct job *job)
{
	part_init(&job->part, job->options.dev, job->options.dev->id);
	return do_actions(job);
}

static enum exit_status run(struct job *job)
{
	const struct options *o = &job->options;
	const struct parser *parser;

	if (o->actions & ACTION_WRITE) {
		if (!file_load(o->file, o->force_binary, &job->image, &parser,
			       &job->why))
			return fail(job, STATUS_FILE);
		report_fact("Using Parser : %s", parser->name);
		if (image_bytes(job->image) == 0) {
			problem_set(&job->why, "%s: no data in this file",
				    o->file);
			return fail(job, STATUS_FILE);
		}
		if (job->image->has_addresses)
			report_fact("Location     : 0x%" PRIx32,
				    image_start(job->image));
		report_fact("Size         : %zu", image_bytes(job->image));
	}
	return o->port.device != NULL ? run_on_port(job) : run_dry(job);
}

static void setup_report(const struct options *o)
{
	const struct report_settings settings = {
		.level = o->quiet ? REPORT_QUIET
		       : o->verbose ? REPORT_VERBOSE : REPORT_NORMAL,
		.facts_on_stderr = (o->actions & ACTION_READ) &&
				   strcmp(o->file, "-") == 0,
		.progress_always = o->show_progress == SHOW_ALWAYS,
		.progress_never = o->show_progress == SHOW_NEVER,
	};

	report_setup(&settings);
}

static void list_devices(bool json)
{
	char line[DEVLIST_LINE];
	const struct dev *dev;
	size_t i;

	if (!json)
		report_result("%s", devlist_header());
	for (i = 0; (dev = dev_at(i)) != NULL; i++) {
		devlist_row(dev, json, line);
		report_result("%s", line);
	}
}

int main(int argc, char **argv)
{
	struct job job = { .image = NULL };
	enum exit_status status = STATUS_DONE;

	if (!options_parse(argc, argv, &job.options, &job.why)) {
		status = fail(&job, STATUS_USAGE);
		options_hint(stderr);
	} else if (job.options.mode == OPTIONS_HELP) {
		options_usage(stdout);
	} else if (job.options.mode == OPTIONS_VERSION) {
		puts("stm32flash " VERSION);
	} else if (job.options.mode == OPTIONS_LIST_DEVICES) {
		list_devices(job.options.json);
	} else {
		setup_report(&job.options);
		if (job.options.lowered[0] != '\0')
			report_warning("%s", job.options.lowered);
		job.watch = report_watcher(job.options.verify);
		watch_signals();
		status = run(&job);
	}
	image_free(job.image);
	options_free(&job.options);
	if (!report_finish() && status == STATUS_DONE)
		status = STATUS_FILE;
	return (int)status;
}
