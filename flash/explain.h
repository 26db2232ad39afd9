/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The errors of a session in the words of a job.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdint.h>

#include "flash/types.h"

/* What an error of the session means for a job; fills *why unless a layer
 * below has. what is the job, for the text: "read", "erase". */
#define FLASH_NOWHERE UINT32_MAX	/* the address of a job that has none */
enum flash_err flash_explain(const struct flash *flash, enum stm32_err err,
			     const char *what, uint32_t address,
			     struct problem *why);

#endif
