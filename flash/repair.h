/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifies what was written, and repairs it page by page. Private to flash.c.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include "flash/run.h"

/*
 * Erases the pages around a step and writes them again. Writes only the
 * steps that are done, and with `itself` the current one; later steps follow
 * as planned. Only for pages that this run has erased before.
 * FLASH_PROTECTED if the erase had no effect.
 */
enum flash_err repair_pages(struct run *run, const struct step *around,
			    bool itself);

/* An erase of a protected page gets an ACK but has no effect: FLASH_PROTECTED
 * if [start, end) of the step is not erased. */
enum flash_err repair_check_erased(struct run *run, const struct step *around);

/* After the last step: verifies again the pages that were rewritten after
 * their verify, until no repair is needed. */
enum flash_err repair_verify_again(struct run *run);

/* Compares [start, end) of a verify step with the image, and repairs
 * differences, at most flash->retries times per block. */
enum flash_err repair_verify(struct run *run, const struct step *step);

#endif
