/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the cases of cases.c lie in the memory of the board that runs them, from
 * the start of its RAM on; 8 KiB are enough. A record is all of CASE_RAM, with a
 * routine in it, and all of CASE_DATA.
 */
#ifndef CASES_H
#define CASES_H

#define CASE_RAM_SIZE 0x1000	/* the first word is fed as a watchdog */
#define CASE_ROUTINE 0x200
#define CASE_DATA 0x1000
#define CASE_DATA_SIZE 0x800
#define CASE_VECTORS 0x1800	/* where it jumps to in the end */
#define CASE_STACK 0x2000

#endif
