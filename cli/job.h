/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of the program, and its exit statuses. Private to main.c, actions.c
 * and facts.c.
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

/* One try of -i auto. */
struct attempt {
	const struct wiring *wiring;	/* NULL: the lines unchanged */
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
	struct stm32_heard heard;	/* when connecting failed */
	struct stm32 *stm;
	struct part part;
	struct chip_identity identity;	/* of a run without actions */
	struct watcher watch;
	struct flash flash;
	struct problem why;
	struct totals totals;
	bool erasing;
	struct progress erase;	/* last progress of an erase */
	const volatile sig_atomic_t *caught;	/* number of the signal, or 0 */
};

/* Returns the watcher of the engine: updates the totals and passes on to
 * report.h. */
struct watcher job_watcher(struct job *job);

/* Prints job->why, once, and returns status. */
enum exit_status job_fail(const struct job *job, enum exit_status status);
/* Print the message of an engine or session error, and return its exit
 * status. */
enum exit_status job_flash_status(const struct job *job, enum flash_err err);
enum exit_status job_session_status(struct job *job, enum stm32_err err,
				    const char *what, uint32_t address);

/* Refuses option bytes that cannot be undone; those that lock out the
 * bootloader need --yes. before: see lockout.h. */
enum exit_status job_check_lockout(struct job *job, const struct image *image,
				   const struct image *before);

/* Print the facts about the file and the device, in the format of 0.7. */
void facts_show_file(const struct input *input);
void facts_show(const struct job *job);
/* Prints how the session with the bootloader works, for --verbose. */
void facts_explain_session(const struct job *job);
/* --dry-run: prints the plan and an estimate of its time. Without --dry-run
 * prints only the reasons, and the --json object. */
void facts_show_plan(const struct job *job, const struct plan_request *request,
		     const struct plan *plan);
/* Prints the map and its legend by report_fact() or report_detail(); nothing
 * if the page layout is unknown. */
void facts_show_picture(const struct part *part, const struct picture *picture,
			void (*show)(const char *fmt, ...));
/* Reports a completed action for --json: "go", "reset", ... */
void facts_show_action(const char *action);
void facts_show_summary(const struct job *job);

/* Turns -e of more pages than the part has into a mass erase. */
void actions_limit_pages(struct job *job);
/* Identifies the part. */
enum exit_status actions_identify(struct job *job);
/* Reports that the request does not fit the part, or that damaged replies have
 * made it look like another part. */
enum exit_status actions_fail_to_fit(struct job *job, enum exit_status status);
/* Reads the identity of this chip if that is all that is asked for. */
enum exit_status actions_ask_identity(struct job *job);
/* Does all actions in their order. */
enum exit_status actions_do(struct job *job);

#endif
