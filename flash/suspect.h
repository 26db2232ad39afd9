/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a line that changes bytes may have done elsewhere. Private to flash.c.
 *
 * The checksums of the protocol are XORs: two changes of the same bit in one
 * frame pass. Of an address it is another place that is written then, of a list
 * of pages another page that is erased, and the ROM acknowledges. It shows as a
 * block that is missing, or a page that is full. So on a line that has shown
 * errors all that was written or erased is looked at, with -v or without; and
 * where a block is missing, the places that its data may have gone to.
 */
#ifndef SUSPECT_H
#define SUSPECT_H

#include "flash/run.h"

/* Behind the last step. FLASH_OK: the line was good, or all is where it has to
 * be and nothing is where it should not. */
enum flash_err suspect_check(struct run *run);

#endif
