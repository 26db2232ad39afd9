/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connects and identifies the ROM: Get, Get Version and Get ID in the forms of
 * ST's ROMs and others. Private to stm32.c.
 */
#ifndef IDENTIFY_H
#define IDENTIFY_H

#include "protocol/session.h"

/* Fills stm->info. On failure *why says what was received and what to try. */
enum stm32_err identify_device(struct stm32 *stm, unsigned timeout_ms,
			       bool resume, struct problem *why);
/* Repeats Get ID until two replies agree. */
enum stm32_err identify_again(struct stm32 *stm);
/* See stm32_check_step(). */
enum stm32_err identify_step(struct stm32 *stm);

#endif
