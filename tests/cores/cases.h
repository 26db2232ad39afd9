/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of the cases of cases.c in the memory of the board that runs
 * them, from the start of its RAM; 8 KiB are enough. A record is all of
 * CASE_RAM, with a routine in it, and all of CASE_DATA.
 */
#ifndef CASES_H
#define CASES_H

#define CASE_RAM_SIZE 0x1000	/* the first word is the watchdog's register */
#define CASE_ROUTINE 0x200
#define CASE_DATA 0x1000
#define CASE_DATA_SIZE 0x800
#define CASE_VECTORS 0x1800	/* the target of its final jump */
#define CASE_STACK 0x2000

#endif
