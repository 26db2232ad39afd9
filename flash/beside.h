/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks the gaps of writes on pages that are not erased. A write sends erased
 * bytes there, which change nothing unless the frame is damaged. Private to
 * flash.c.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "flash/run.h"

/* Before the first step: reads the contents of the gaps into run->beside. */
enum flash_err beside_read(struct run *run);

/* A step of the plan: adds changed bytes to run->misplaced. */
enum flash_err beside_check(struct run *run, const struct step *step);

#endif
