/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of the program, and the ends it may come to. Private to main.c,
 * actions.c and facts.c.
 */
#ifndef JOB_H
#define JOB_H

#include <signal.h>

#include "flash.h"
#include "init.h"
#include "options.h"
#include "part.h"
#include "status.h"
#include "stm32.h"
#include "watch.h"

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
	const volatile sig_atomic_t *caught;	/* the signal, or 0 */
};

/* Prints job->why, once, and returns status. */
enum exit_status job_fail(const struct job *job, enum exit_status status);
/* The exit status of what the engine or the session says, with the message. */
enum exit_status job_flash_status(const struct job *job, enum flash_err err);
enum exit_status job_session_status(struct job *job, enum stm32_err err,
				    const char *what, uint32_t address);

/* Facts on the device, on standard output as scripts know them. */
void facts_show(const struct job *job);
/* --dry-run: what would be done, and about how long it would take. */
void facts_show_plan(const struct job *job, const struct plan *plan);

/* Finds out which part it is. */
enum exit_status actions_identify(struct job *job);
/* Everything that the options ask for, in its order. */
enum exit_status actions_do(struct job *job);

#endif
