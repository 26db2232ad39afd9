/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the data of a block that was written elsewhere; suspect.h explains the
 * cause. Private to repair.c.
 */
#ifndef MISPLACED_H
#define MISPLACED_H

#include "flash/run.h"

/* Called for a block that is still erased although its write got an ACK: looks
 * for its data on pages that this run has not named. */
enum stm32_err misplaced_look(struct run *run, uint32_t address);

#endif
