/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erases after which part of a list was left over: what they may have erased
 * instead of the named pages. Private to flash.c.
 */
#ifndef RESTS_H
#define RESTS_H

#include "flash/run.h"

/* Sets run->all_erased and run->lost unless the memory proves that nothing
 * else was erased. */
enum flash_err rests_check(struct run *run);

#endif
