/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gaps of writes on pages that are not erased: they are filled with erased
 * bytes, which change nothing, unless the frame arrives damaged. Private to
 * flash.c.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "flash/run.h"

/* Before the first step: reads what they hold into run->beside. */
enum flash_err beside_read(struct run *run);

/* A step of the plan: adds what is different now to run->misplaced. */
enum flash_err beside_check(struct run *run, const struct step *step);

#endif
