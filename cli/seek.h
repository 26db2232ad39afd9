/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -i auto: the wiring of the board, found by trying those that are common.
 * Private to main.c.
 */
#ifndef SEEK_H
#define SEEK_H

#include "cli/job.h"

/*
 * As stm32_open(), for job->stm: as the board is, then by each wiring. On
 * success the sequence that led there is that of the options. On failure the
 * lines are left so that an application that was heard runs.
 */
enum stm32_err seek_open(struct job *job, const struct stm32_options *options);

/* What came of each try, after a failure was reported. */
void seek_show(const struct job *job);

#endif
