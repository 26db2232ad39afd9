/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If the line adds a byte to a list of pages, a part of the list is left over
 * after the erase, and other pages may be erased. Finds out which. Private to
 * flash.c.
 */
#ifndef RESTS_H
#define RESTS_H

#include "flash/run.h"

/* Sets run->all_erased and run->lost unless the memory proves that nothing
 * else was erased. */
enum flash_err rests_check(struct run *run);

#endif
