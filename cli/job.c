/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/job.h"

#include "cli/report.h"

#define SOON_MS 500

/* Each stage counts from 0; if a stage runs again, as in a repair, the last
 * value counts. */
static void count(struct totals *totals, const struct progress *p)
{
	switch (p->stage) {
	case STAGE_KEEP:	totals->kept = p->done; break;
	case STAGE_ERASE:	totals->pages_erased = p->done; break;
	case STAGE_WRITE:	totals->written = p->done; break;
	case STAGE_VERIFY:	totals->verified = p->done; break;
	case STAGE_READ:	totals->read = p->done; break;
	case STAGE_COMPARE:	totals->compared = p->done; break;
	case STAGE_CRC:
	case STAGE_CHECK:
	case STAGE_CONNECT:
	case STAGES:		break;
	}
}

static void note_progress(void *ctx, const struct progress *progress)
{
	struct job *job = ctx;

	count(&job->totals, progress);
	job->erasing = progress->stage == STAGE_ERASE && !progress->last;
	if (progress->stage == STAGE_ERASE)
		job->erase = *progress;
	report_progress(progress, job->options.verify);
}

/* Called while an erase runs, which reports no progress, or while an answer is
 * late. */
static void note_wait(void *ctx, unsigned waited_ms, unsigned at_most_ms)
{
	struct job *job = ctx;
	struct progress p = job->erase;

	if (!job->erasing) {
		p = (struct progress){ .stage = STAGE_CONNECT };
		/* No line if the device answers soon, or for --json. */
		if (waited_ms < SOON_MS || job->options.json)
			return;
	}
	if (job->erasing && *job->caught)
		report_warning("stopping after the erase; Ctrl-C again aborts "
			       "it");
	p.first = p.last = false;
	p.at_ms = port_now_ms(job->port);
	p.waited_ms = waited_ms;
	p.at_most_ms = at_most_ms;
	report_progress(&p, false);
}

static void note_explanation(void *ctx, const char *text)
{
	(void)ctx;
	report_detail("%s", text);
}

static void note_warning(void *ctx, const char *text)
{
	(void)ctx;
	report_warning("%s", text);
}

struct watcher job_watcher(struct job *job)
{
	return (struct watcher){ .progress = note_progress,
				 .wait = note_wait,
				 .explain = note_explanation,
				 .warn = note_warning, .ctx = job };
}

enum exit_status job_fail(const struct job *job, enum exit_status status)
{
	report_failure(status, "%s", job->why.text);
	return status;
}

enum exit_status job_flash_status(const struct job *job, enum flash_err err)
{
	enum exit_status status;

	switch (err) {
	case FLASH_OK:		return STATUS_DONE;
	case FLASH_DEVICE:	return job_fail(job, STATUS_DEVICE);
	case FLASH_PROTECTED:	return job_fail(job, STATUS_PROTECTED);
	case FLASH_DIFFERS:	return job_fail(job, STATUS_DIFFERS);
	case FLASH_PORT:	return job_fail(job, STATUS_PORT);
	case FLASH_GONE:	return job_fail(job, STATUS_NO_ANSWER);
	case FLASH_NO_MEMORY:	return job_fail(job, STATUS_DEVICE);
	case FLASH_TOO_BIG:	return job_fail(job, STATUS_FILE);
	case FLASH_STOPPED:	break;
	}
	status = (enum exit_status)(STATUS_SIGNAL + (int)*job->caught);
	report_failure(status, "%s (signal %d)", job->why.text[0] != '\0'
		       ? job->why.text : "stopped", (int)*job->caught);
	return status;
}

enum exit_status job_session_status(struct job *job, enum stm32_err err,
				    const char *what, uint32_t address)
{
	return job_flash_status(job, flash_explain(&job->flash, err, what,
						   address, &job->why));
}

enum exit_status job_check_lockout(struct job *job, const struct image *image,
				   const struct image *before)
{
	struct problem what = { "" };
	enum lockout lockout = lockout_check(&job->part, image, before, &what);

	if (lockout == LOCKOUT_NONE)
		return STATUS_DONE;
	if (lockout == LOCKOUT_BOOT && job->options.yes) {
		report_warning("option bytes: %s", what.text);
		return STATUS_DONE;
	}
	problem_set(&job->why, lockout == LOCKOUT_BOOT
		    ? "option bytes: %s; give --yes to write them anyway"
		    : "option bytes: %s; this cannot be undone, so it is "
		      "refused", what.text);
	return job_fail(job, STATUS_USAGE);
}
