/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a run: command line, file, port, entry sequence, connection,
 * part, actions, start or reset, exit sequence. One function per action, one
 * exit.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/devlist.h"
#include "cli/job.h"
#include "flash/leave.h"
#include "parsers/file.h"
#include "cli/portshow.h"
#include "cli/report.h"
#include "cli/seek.h"
#include "cli/wirings.h"
#include "host/stop.h"
#include "host/terminal.h"
#include "utils.h"

#define COMMAND_RETRIES 10
#define AUTO_TIMEOUT_MS 700	/* for each rate of -b auto */
#define CLEAN_TRIES 16

static enum exit_status port_status(enum port_err err)
{
	if (err == PORT_OK)
		return STATUS_DONE;
	return err == PORT_BAD_SETTINGS ? STATUS_USAGE : STATUS_PORT;
}

/* --- the end of a session ------------------------------------------------- */

static bool is_refusal(enum stm32_err err)
{
	return err == STM32_REFUSED || err == STM32_BAD_ADDRESS ||
	       err == STM32_NACK;
}

/* A program cannot start without a vector table. Reads it if the ROM allows
 * that; only warns, as Go may still be right. */
static void look_at_vectors(struct job *job, uint32_t address)
{
	enum area area = part_area(&job->part, address, NULL);
	struct problem odd = { "" };
	uint8_t words[8];

	if ((area != AREA_FLASH && area != AREA_RAM) || address % 4 != 0 ||
	    !place_knows_vectors(&job->part) ||
	    stm32_read_memory(job->stm, address, words, sizeof(words)) !=
	    STM32_OK)
		return;
	if (!place_check_start(words, address, &job->part, &odd))
		report_warning("%s", odd.text);
}

static enum exit_status fail_to_go(struct job *job, enum stm32_err err,
				   uint32_t address)
{
	enum flash_err failure;

	if (is_refusal(err) && part_has(&job->part, DEV_NO_GO))
		problem_set(&job->why, "go refused: this part cannot start an "
			    "application from its bootloader; reset it with "
			    "BOOT0 low");
	else if (err == STM32_BAD_ADDRESS || err == STM32_NACK)
		problem_set(&job->why, "go at 0x%08" PRIx32 ": the address was "
			    "refused (NACK); a vector table has a stack "
			    "pointer and an odd reset address", address);
	failure = flash_explain(&job->flash, err, "go", address, &job->why);
	if (job->options.actions & ACTION_WRITE)
		problem_append(&job->why, "; the write succeeded");
	return job_flash_status(job, failure);
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
		return job_fail(job, STATUS_USAGE);
	}
	look_at_vectors(job, address);
	err = leave_go(job->stm, address, &job->watch);
	if (err != STM32_OK)
		return fail_to_go(job, err, address);
	report_fact("Starting execution at address 0x%08" PRIx32 "... done.",
		    address);
	facts_show_action("go");
	return STATUS_DONE;
}

static enum exit_status do_software_reset(struct job *job)
{
	enum stm32_err err = leave_by_reset(job->stm, &job->part, &job->watch);

	if (err == STM32_UNSUPPORTED) {
		problem_set(&job->why, "-R: the bootloader of this part leaves "
			    "no RAM%s for the reset code; use an exit sequence "
			    "(-i), -g, or the reset button",
			    job->part.dev.ram.end != 0 ? ""
			    : " that is known (--device)");
		return job_fail(job, STATUS_DEVICE);
	}
	if (err != STM32_OK)
		return job_session_status(job, err, "reset",
					  job->part.dev.ram.start);
	report_fact("Resetting device...");
	report_fact("Reset done.");
	facts_show_action("reset");
	if (part_has(&job->part, DEV_EMPTY_CHECK) &&
	    job->part.dev.empty_reg == 0 &&
	    !part_has(&job->part, DEV_OBL_LAUNCH))
		report_warning("if the flash was empty before, every reset "
			       "starts the bootloader until a power cycle; -g "
			       "0 starts the application");
	return STATUS_DONE;
}

static bool wants_exit_sequence(const struct options *o)
{
	return options_reset(o) && o->sequence != NULL &&
	       sequence_has_exit(o->sequence);
}

static void start_pipeline(const struct job *job)
{
	if (!stm32_try_pipeline(job->stm, job->part.flash.start))
		report_warning("--pipeline: the chip or adapter loses bytes "
			       "that are sent before its answers; continuing "
			       "without --pipeline");
}

/* A ROM that passed the trial may still lose a byte later. */
static void tell_pipeline(const struct job *job, bool began)
{
	if (began && !stm32_pipelines(job->stm))
		report_warning("--pipeline: bytes sent before the answers were "
			       "lost during the run; it continued without "
			       "--pipeline");
}

/* A network's latency cannot be changed, but pipelining needs fewer waits. */
static void tell_round_trip(const struct job *job)
{
	unsigned ms = port_long_round_trip_ms(job->port);

	if (ms != 0 && !job->options.pipeline)
		report_warning("%s: each answer takes about %u ms; --pipeline "
			       "waits for fewer of them", job->port->device,
			       ms);
}

static enum exit_status run_session(struct job *job)
{
	enum exit_status status = actions_identify(job);
	bool pipelined;

	if (status == STATUS_DONE)
		status = actions_ask_identity(job);
	if (status == STATUS_DONE) {
		facts_show(job);
		facts_explain_session(job);
	}
	if (status == STATUS_DONE && job->options.pipeline)
		start_pipeline(job);
	pipelined = stm32_pipelines(job->stm);
	if (status == STATUS_DONE)
		status = actions_do(job);
	tell_pipeline(job, pipelined);
	if (job->options.dry_run)
		return status;
	if (status == STATUS_DONE && job->options.go)
		status = do_go(job);
	else if (status == STATUS_DONE && options_reset(&job->options) &&
		 !wants_exit_sequence(&job->options))
		status = do_software_reset(job);
	return status;
}

static enum port_err enter_board(struct job *job)
{
	return sequence_enter(job->options.sequence, job->lines, job->port,
			      &job->why);
}

static enum exit_status run_sequence_entry(struct job *job)
{
	enum port_err err = enter_board(job);

	return err == PORT_OK ? STATUS_DONE : job_fail(job, port_status(err));
}

/* True if several short commands in a row succeed without a retry at this
 * rate. */
static bool is_clean(struct stm32 *stm)
{
	unsigned i;

	for (i = 0; i < CLEAN_TRIES; i++)
		if (stm32_confirm_id(stm) != STM32_OK)
			return false;
	return stm32_counts(stm)->retries == 0;
}

/* -b auto: tries the rates from the fastest down, with a reset before each. */
static enum stm32_err open_fastest(struct job *job,
				   const struct stm32_options *options)
{
	static const uint32_t rates[] = { 921600, 460800, 230400, 115200 };
	struct stm32_options short_options = *options;
	enum stm32_err err;
	size_t i;

	short_options.connect_timeout_ms = AUTO_TIMEOUT_MS;
	for (i = 0; i < ARRAY_LEN(rates) && !*job->caught; i++) {
		if (port_set_baud(job->port, rates[i]) != PORT_OK)
			continue;
		if (enter_board(job) != PORT_OK)
			return STM32_PORT;
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
		report_warning("-b auto: %" PRIu32 " does not work; trying a "
			       "lower rate", rates[i]);
	}
	job->why.text[0] = '\0';
	port_set_baud(job->port, job->options.port.baud);
	if (enter_board(job) != PORT_OK)
		return STM32_PORT;
	return stm32_open(job->port, options, &job->stm, &job->why);
}

static enum stm32_err connect(struct job *job,
			      const struct stm32_options *options)
{
	if (job->options.sequence_auto)
		return seek_open(job, options);
	if (job->options.baud_auto)
		return open_fastest(job, options);
	return stm32_open(job->port, options, &job->stm, &job->why);
}

/* What to try next, depending on what was received. */
static void advise(const struct job *job)
{
	const struct options *o = &job->options;
	enum stm32_sound sound = job->heard.sound;

	if ((job->port->caps & PORT_FRAMED) || o->resume ||
	    sound == STM32_ECHO || sound == STM32_ANSWERS)
		return;
	if (port_has_lines(job->port))
		report_hint("  try -i auto, which tests %s wirings of RTS and "
			    "DTR to BOOT0 and NRST",
			    o->sequence != NULL ? "the other" : "the common");
	if (sound != STM32_SILENCE && !o->knock.wanted)
		report_hint("  try --knock=TEXT@RATE if the application starts "
			    "the bootloader on a text");
}

static enum exit_status connect_failed(struct job *job, enum stm32_err err)
{
	if (err == STM32_PORT)
		return job_fail(job, STATUS_PORT);
	if (job->options.knock.wanted)
		problem_append(&job->why, "; no bootloader answers after "
			       "--knock");
	job_fail(job, STATUS_NO_ANSWER);
	if (job->options.sequence_auto)
		seek_show(job);
	else
		advise(job);
	return STATUS_NO_ANSWER;
}

static enum exit_status connect_and_run(struct job *job)
{
	const struct options *o = &job->options;
	const struct stm32_options options = {
		.connect_timeout_ms = o->port.connect_timeout_ms,
		.resume = o->resume,
		.was_reset = o->sequence != NULL &&
			     sequence_has_entry(o->sequence),
		.max_read = o->max_read,
		.max_frame = o->max_frame,
		.retries = COMMAND_RETRIES,
		.heard = &job->heard,
		.write_retries = o->retries,
		.stop = job->caught,
		.explain = job->watch.explain,
		.wait = job->watch.wait,
		.ctx = job->watch.ctx,
	};
	enum stm32_err err;
	enum exit_status status;

	err = connect(job, &options);
	if (err == STM32_STOPPED)
		return job_flash_status(job, FLASH_STOPPED);
	if (err != STM32_OK)
		return connect_failed(job, err);
	status = run_session(job);
	job->totals.retries = stm32_counts(job->stm)->retries +
			      job->flash.repairs;
	tell_round_trip(job);
	if (port_seems_slow(job->port))
		report_warning("%s: each answer takes about 16 ms, which is "
			       "typical of an FTDI adapter; set its latency "
			       "timer to 1 ms, or try --pipeline",
			       job->port->device);
	stm32_close(job->stm);
	return status;
}

/* --- the board around the session ------------------------------------------ */

static enum exit_status enter(struct job *job)
{
	const struct sequence *sequence = job->options.sequence;
	enum port_err err;

	if (sequence == NULL)
		return STATUS_DONE;
	if (job->port->caps & PORT_RECORDED)
		return run_sequence_entry(job);
	if ((job->port->caps & PORT_SIMULATED) && sequence_has_gpio(sequence)) {
		problem_set(&job->why, "%s: a simulated board has no GPIO "
			    "lines; use rts, dtr or brk", job->port->device);
		return job_fail(job, STATUS_PORT);
	}
	err = lines_request(sequence, &job->lines, &job->why);
	if (err != PORT_OK)
		return job_fail(job, port_status(err));
	return job->options.baud_auto ? STATUS_DONE : run_sequence_entry(job);
}

static enum exit_status knock(struct job *job)
{
	enum port_err err = knock_say(job->port, &job->options.knock,
				      job->caught, &job->why);

	return err == PORT_OK ? STATUS_DONE : job_fail(job, port_status(err));
}

/* Also after failures and signals, so that no board stays in its bootloader. */
static enum exit_status leave(struct job *job, enum exit_status status)
{
	enum port_err err = PORT_OK;

	if ((job->lines != NULL || (job->port->caps & PORT_RECORDED)) &&
	    wants_exit_sequence(&job->options))
		err = sequence_exit(job->options.sequence, job->lines,
				    job->port, &job->why);
	/* Report a port that is gone only once. */
	if (err != PORT_OK && (err != PORT_CLOSED || status != STATUS_PORT))
		job_fail(job, port_status(err));
	if (err != PORT_OK && status == STATUS_DONE)
		status = port_status(err);
	lines_release(job->lines);
	return status;
}

/* Enters, uses and leaves the board. */
static enum exit_status run_on_board(struct job *job)
{
	struct port *port = job->port;
	int64_t began_ms = port_now_ms(port);
	enum exit_status status = enter(job);

	if (status == STATUS_DONE && job->options.knock.wanted)
		status = knock(job);
	if (status == STATUS_DONE)
		status = connect_and_run(job);
	job->totals.seconds = (double)(port_now_ms(port) - began_ms) / 1000;
	status = leave(job, status);
	job->totals.sent = port->sent;
	job->totals.received = port->received;
	if (status == STATUS_DONE && !port_finish(port, &job->why))
		status = job_fail(job, STATUS_PORT);
	if (status == STATUS_DONE)
		facts_show_summary(job);
	return status;
}

static enum exit_status close_trace(struct job *job, enum exit_status status)
{
	const char *file = job->options.trace_file;

	if (report_trace_close())
		return status;
	problem_set(&job->why, "%s: cannot write the trace",
		    file != NULL ? file : "standard error");
	if (status == STATUS_DONE)
		return job_fail(job, STATUS_FILE);
	report_warning("%s", job->why.text);
	return status;
}

/* True if the output is also an input of this run: the file to write, the
 * replayed file, the memory of a simulated chip (each value of sim: may be a
 * name), or the port. */
static bool is_input(const struct job *job, const char *output)
{
	const char *device = job->options.port.device, *at;
	char name[FILENAME_MAX];
	size_t len;

	if (inputs_have(&job->inputs, output))
		return true;
	if (strncmp(device, "replay:", 7) == 0)
		return file_same(device + 7, output);
	if (strncmp(device, "sim:", 4) != 0)
		return file_same(device, output);
	for (at = strchr(device, '='); at != NULL; at = strchr(at, '=')) {
		len = strcspn(++at, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		if (file_same(name, output))
			return true;
	}
	return false;
}

/* Compares the files themselves, as a file can have many names. Called again
 * once the trace exists. */
static enum exit_status check_outputs(struct job *job)
{
	const struct options *o = &job->options;
	const char *trace = o->trace_file;
	const char *read = (o->actions & ACTION_READ) ? o->file : NULL;

	if (trace != NULL && is_input(job, trace))
		problem_set(&job->why, "--trace=%s: is also an input of this "
			    "run", trace);
	else if (read != NULL && is_input(job, read))
		problem_set(&job->why, "-r %s: is also an input of this run",
			    read);
	else if (trace != NULL && read != NULL &&
		 (strcmp(trace, read) == 0 || file_same(trace, read)))
		problem_set(&job->why, "--trace=%s: is also the file of -r",
			    trace);
	else
		return STATUS_DONE;
	return job_fail(job, STATUS_USAGE);
}

static enum exit_status trace_and_run(struct job *job)
{
	enum exit_status status;

	if (!job->options.trace)
		return run_on_board(job);
	if (!report_trace_open(job->options.trace_file, job->port, &job->why))
		return job_fail(job, STATUS_FILE);
	status = check_outputs(job);
	return status == STATUS_DONE ? run_on_board(job) : status;
}

static enum exit_status run_on_port(struct job *job)
{
	enum port_err err = port_open(&job->options.port, &job->port,
				      &job->why);
	enum exit_status status;

	if (err != PORT_OK) {
		status = job_fail(job, port_status(err));
		if (err == PORT_NODEV)
			portshow_others(job->options.port.device);
		return status;
	}
	if (job->why.text[0] != '\0')
		report_warning("%s", job->why.text);
	job->why.text[0] = '\0';
	status = trace_and_run(job);
	port_close(job->port);
	return close_trace(job, status);
}

/* --dry-run with --device: does everything without a port. */
static enum exit_status run_dry(struct job *job)
{
	part_init(&job->part, &job->options.dev, job->options.dev.id);
	actions_limit_pages(job);
	return actions_do(job);
}

/* Loads all files before anything is sent. */
static enum exit_status load_files(struct job *job)
{
	const struct options *o = &job->options;
	enum exit_status status = STATUS_FILE;
	size_t i;

	for (i = 0; i < o->file_count; i++) {
		struct problem remark = { "" };

		if (file_may_wait(o->files[i]))
			report_fact("Waiting for %s",
				    strcmp(o->files[i], "-") == 0
				    ? "standard input" : o->files[i]);
		if (!inputs_load(&job->inputs, o->files[i], o->force_binary,
				 &remark, &status, &job->why))
			return job_fail(job, status);
		facts_show_file(&job->inputs.files[i]);
		if (remark.text[0] != '\0')
			report_warning("%s", remark.text);
	}
	return STATUS_DONE;
}

static enum exit_status run(struct job *job)
{
	const struct options *o = &job->options;
	enum exit_status status = load_files(job);

	if (status != STATUS_DONE)
		return status;
	/* Until here a signal ends the program at once: nothing has changed
	 * yet, and a FIFO may never get a writer. */
	job->caught = stop_watch();
	if (o->port.device == NULL)
		return run_dry(job);
	status = check_outputs(job);
	return status == STATUS_DONE ? run_on_port(job) : status;
}

static void setup_report(const struct options *o)
{
	const struct report_settings settings = {
		.level = o->quiet ? REPORT_QUIET
		       : o->verbose ? REPORT_VERBOSE : REPORT_NORMAL,
		.facts_on_stderr = (o->actions & ACTION_READ) &&
				   strcmp(o->file, "-") == 0,
		.json = o->json && o->mode != OPTIONS_HELP &&
			o->mode != OPTIONS_VERSION,
		.progress_always = o->show_progress == SHOW_ALWAYS,
		.progress_never = o->show_progress == SHOW_NEVER,
		.label = o->label,
	};
	struct json json;

	report_setup(&settings);
	events_program(&json);
	report_result_object(&json);
}

static enum exit_status list_devices(void)
{
	char line[DEVLIST_LINE];
	struct json json;
	struct dev dev;
	size_t i;

	report_result("%s", devlist_header(0));
	report_result("%s", devlist_header(1));
	for (i = 0; dev_at(i, &dev); i++) {
		devlist_row(&dev, line);
		report_result("%s", line);
		devlist_json(&dev, &json);
		report_result_object(&json);
	}
	return STATUS_DONE;
}

static enum exit_status list_wirings(void)
{
	struct json json;
	size_t i;

	for (i = 0; i < wiring_count; i++) {
		const struct wiring *w = &wirings[i];

		report_result("%-24s %-24s %s", w->name, w->boot0,
			      w->sequence);
		report_result("%-24s %s", "", w->nrst);
		json_begin(&json, "wiring");
		json_string(&json, "name", w->name);
		json_string(&json, "sequence", w->sequence);
		json_end(&json);
		report_result_object(&json);
	}
	return STATUS_DONE;
}

static enum exit_status run_mode(struct job *job)
{
	struct problem idle;
	size_t at = 0;

	switch (job->options.mode) {
	case OPTIONS_HELP:
		options_usage(stdout, job->options.help_all);
		return STATUS_DONE;
	case OPTIONS_VERSION:
		report_result("stm32flash " VERSION);
		return STATUS_DONE;
	case OPTIONS_LIST_DEVICES:
		return list_devices();
	case OPTIONS_LIST_PORTS:
		return portshow_list();
	case OPTIONS_LIST_WIRINGS:
		return list_wirings();
	case OPTIONS_RUN:
		break;
	}
	while (options_idle(&job->options, &at, &idle))
		report_warning("%s", idle.text);
	if (job->options.lowered[0] != '\0')
		report_warning("%s", job->options.lowered);
	job->watch = job_watcher(job);
	return run(job);
}

int main(int argc, char **argv)
{
	struct job job = { .port = NULL };
	bool ok;
	enum exit_status status;
	struct json json;

	terminal_reserve();
	ok = options_parse(argc, argv, &job.options, &job.why);
	setup_report(&job.options);
	if (ok) {
		status = run_mode(&job);
	} else {
		status = job_fail(&job, STATUS_USAGE);
		if (job.options.no_device)
			portshow_choice();
		report_hint("usage: stm32flash [options] device; "
			    "-h lists the options");
	}
	inputs_free(&job.inputs);
	options_free(&job.options);
	events_result(&json, status, &job.totals);
	report_result_object(&json);
	if (status == STATUS_DONE && !report_finish())
		status = STATUS_FILE;
	return (int)status;
}
