/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Getting the attention of the ROM: AN3155, bootloader code sequence, from
 * whatever state the device was left in; and saying what was seen when that
 * fails. Private to stm32.c.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include "protocol/session.h"

/*
 * Waits for a ROM that was reset to listen. Sends 7F until it answers, at most
 * timeout_ms; with resume no 7F but a
 * resynchronisation. On success the device waits for a command; on failure
 * *why says what was seen and what to try.
 */
enum stm32_err connect_sync(struct stm32 *stm, unsigned timeout_ms,
			    bool resume, struct problem *why);

/* What was seen when no bootloader answered. */
void connect_heard(const struct stm32 *stm, struct stm32_heard *heard);

/* What it means that the first commands fail although the sync went well. */
void connect_explain(const struct stm32 *stm, enum stm32_err err,
		     struct problem *why);

#endif
