/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes contact with the ROM (AN3155, bootloader code sequence) from any state
 * of the device, and explains a failure by what was received. Private to
 * stm32.c.
 */
#ifndef CONNECT_H
#define CONNECT_H

#include "protocol/session.h"

/*
 * Waits until a ROM that was reset listens, then sends 7F until it answers,
 * for at most timeout_ms. With resume, resynchronises instead of sending 7F.
 * On success the device waits for a command; on failure *why says what was
 * received and what to try.
 */
enum stm32_err connect_sync(struct stm32 *stm, unsigned timeout_ms,
			    bool resume, struct problem *why);

/* Describes what was received when no bootloader answered. */
void connect_heard(const struct stm32 *stm, struct stm32_heard *heard);

/* Explains why the first commands failed after a successful sync. */
void connect_explain(const struct stm32 *stm, enum stm32_err err,
		     struct problem *why);

#endif
