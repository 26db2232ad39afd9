/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains the errors of a session in terms of the job. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdint.h>

#include "flash/types.h"

/* Returns the meaning of a session error for a job; sets *why unless a lower
 * layer has done so. what names the job in the text: "read", "erase". */
#define FLASH_NOWHERE UINT32_MAX	/* the address of a job that has none */
enum flash_err flash_explain(const struct flash *flash, enum stm32_err err,
			     const char *what, uint32_t address,
			     struct problem *why);

#endif
