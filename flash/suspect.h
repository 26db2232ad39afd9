/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a line that damages bytes may have changed elsewhere. Private to
 * flash.c.
 *
 * The checksums of the protocol are XORs: two changes of the same bit in one
 * frame cancel out. With a changed address the data is written elsewhere; with
 * a changed list of pages another page is erased. The ROM sends an ACK in both
 * cases. The symptom is a missing block, or a page that is not erased. So on a
 * line that has shown errors, checks all that was written or erased, with or
 * without -v; if a block is missing, also the places where its data may be.
 */
#ifndef SUSPECT_H
#define SUSPECT_H

#include "flash/run.h"

/* Call after the last step. FLASH_OK: the line was good, or all data is in its
 * place and nothing is misplaced. */
enum flash_err suspect_check(struct run *run);

#endif
