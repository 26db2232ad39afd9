/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the data of a block went that is not where it was written: suspect.h
 * tells why that can be. Private to repair.c.
 */
#ifndef MISPLACED_H
#define MISPLACED_H

#include "flash/run.h"

/* A block of a write that was acknowledged is still erased: looks for its data
 * in pages that this run has not named. */
enum stm32_err misplaced_look(struct run *run, uint32_t address);

#endif
