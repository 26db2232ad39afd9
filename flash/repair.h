/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifying what was written, and mending it page by page. Private to flash.c.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include "flash/run.h"

/*
 * Erases the pages around a step and writes again what was on them; the steps
 * of the plan that are still to come are left to come, `itself` includes the
 * one in hand. Only pages that this run has erased before. FLASH_PROTECTED if
 * the erase had no effect.
 */
enum flash_err repair_pages(struct run *run, const struct step *around,
			    bool itself);

/* A protected page acknowledges an erase and ignores it: FLASH_PROTECTED
 * if [start, end) of the step is not erased. */
enum flash_err repair_check_erased(struct run *run, const struct step *around);

/* Behind the last step: verifies once more what the plan verifies of pages that
 * were erased and written again since, until none had to be. */
enum flash_err repair_verify_again(struct run *run);

/* Compares [start, end) of a verify step with the image, and mends what
 * differs, at most flash->retries times a block. */
enum flash_err repair_verify(struct run *run, const struct step *step);

#endif
