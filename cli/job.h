/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of the program, and the ends it may come to. Private to main.c,
 * actions.c and facts.c.
 */
#ifndef JOB_H
#define JOB_H

#include <signal.h>

#include "cli/events.h"
#include "flash/chip.h"
#include "flash/flash.h"
#include "flash/lockout.h"
#include "init.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "flash/part.h"
#include "flash/picture.h"
#include "cli/status.h"
#include "cli/wirings.h"
#include "stm32.h"
#include "flash/watch.h"

/* Of -i auto. */
struct attempt {
	const struct wiring *wiring;	/* NULL: as the board was */
	struct stm32_heard heard;
};

#define MOST_ATTEMPTS 16

struct job {
	struct options options;
	struct inputs inputs;	/* of -w or --compare */
	struct port *port;
	struct lines *lines;
	struct attempt attempts[MOST_ATTEMPTS];
	size_t attempt_count;
	struct stm32_heard heard;	/* of who did not answer */
	struct stm32 *stm;
	struct part part;
	struct chip_identity identity;	/* read without an action */
	struct watcher watch;
	struct flash flash;
	struct problem why;
	struct totals totals;
	bool erasing;
	struct progress erase;	/* the last that was heard of an erase */
	const volatile sig_atomic_t *caught;	/* the signal, or 0 */
};

/* Who watches the engine: counts for the totals, and passes on to report.h. */
struct watcher job_watcher(struct job *job);

/* Prints job->why, once, and returns status. */
enum exit_status job_fail(const struct job *job, enum exit_status status);
/* The exit status of what the engine or the session says, with the message. */
enum exit_status job_flash_status(const struct job *job, enum flash_err err);
enum exit_status job_session_status(struct job *job, enum stm32_err err,
				    const char *what, uint32_t address);

/* Refuses option bytes that cannot be undone; those that lock this bootloader out
 * need --yes. before: see lockout.h. */
enum exit_status job_check_lockout(struct job *job, const struct image *image,
				   const struct image *before);

/* Facts on the file, and on the device, as scripts know them. */
void facts_show_file(const struct input *input);
void facts_show(const struct job *job);
/* What was settled with the bootloader, for --verbose. */
void facts_explain_session(const struct job *job);
/* --dry-run: what would be done, and about how long it would take; without it
 * only the reasons, and the object of --json. */
void facts_show_plan(const struct job *job, const struct plan_request *request,
		     const struct plan *plan);
/* The map and its legend, by report_fact or report_detail; nothing where the
 * pages are not known. */
void facts_show_picture(const struct part *part, const struct picture *picture,
			void (*show)(const char *fmt, ...));
/* "go", "reset", ...: done, for --json. */
void facts_show_action(const char *action);
void facts_show_summary(const struct job *job);

/* -e of more pages than the part has is -e of all. */
void actions_limit_pages(struct job *job);
/* Finds out which part it is. */
enum exit_status actions_identify(struct job *job);
/* What is asked for does not fit the part. Or the part is another one, as what
 * it said was damaged on the way: then that is said. */
enum exit_status actions_fail_to_fit(struct job *job, enum exit_status status);
/* Which one of its kind it is, where that is all that is asked for. */
enum exit_status actions_ask_identity(struct job *job);
/* Everything that the options ask for, in its order. */
enum exit_status actions_do(struct job *job);

#endif
