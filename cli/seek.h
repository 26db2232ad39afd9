/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -i auto: finds the wiring of the board by trying the common ones. Private to
 * main.c.
 */
#ifndef SEEK_H
#define SEEK_H

#include "cli/job.h"

/*
 * As stm32_open(), for job->stm: first with the lines unchanged, then with
 * each wiring. On success the options have the sequence that worked. On
 * failure the lines are left so that an application that was heard runs.
 */
enum stm32_err seek_open(struct job *job, const struct stm32_options *options);

/* Shows the result of each try, after the message of a failure. */
void seek_show(const struct job *job);

#endif
