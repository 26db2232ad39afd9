/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Erases behind which something was left over: what they may have erased in
 * place of what was named. Private to flash.c.
 */
#ifndef RESTS_H
#define RESTS_H

#include "flash/run.h"

/* Sets run->all_erased and run->lost, where what is in memory does not show that
 * it was not so. */
enum flash_err rests_check(struct run *run);

#endif
