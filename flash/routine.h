/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that takes checksums of memory on the chip, flash/routine.s, with all
 * that it has to know. It looks to Go like any application, with a vector table
 * in front. Pure: onchip.c places and starts it.
 */
#ifndef ROUTINE_H
#define ROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUTINE_RUNS 32
#define ROUTINE_STORES 2
#define ROUTINE_MOST_PIECES 512	/* 4 KiB of results: also a piece */
#define ROUTINE_MOST_PIECE 4096	/* bytes; the watchdog is fed for each */

/* count pieces of length bytes, a multiple of 4, one behind the other. */
struct routine_run {
	uint32_t start, length, count;
};

struct routine_store {
	uint32_t address, value;
};

struct routine {
	uint32_t base;		/* where it will be; a multiple of 8 */
	uint32_t stack;		/* what Go sets; no stack is used */
	uint32_t nonce;
	uint32_t watchdog;	/* the key register of the IWDG */
	bool bitwise;		/* needs no table, and eight times as long */
	struct routine_run runs[ROUTINE_RUNS];
	size_t run_count;
	/* The way back: stores, then a jump to a vector table; 0: it stays. */
	struct routine_store stores[ROUTINE_STORES];
	size_t store_count;
	uint32_t jump;
};

#define ROUTINE_CODE 160	/* bytes of the longer variant */
#define ROUTINE_MAX (8 + ROUTINE_CODE + 24 + 12 * (ROUTINE_RUNS + 2) + \
		     8 * (ROUTINE_STORES + 1))

/* What one piece gives: a CRC that begins with the nonce, by words, most
 * significant bit first (protocol/crc.h), and the sum of its words. */
struct routine_sums {
	uint32_t crc, sum;
};

/* Where it all is, in RAM: bytes of the image, the table if there is one, the
 * results of each piece, those of the results themselves, and the trailer. */
struct routine_layout {
	uint32_t pieces;
	uint32_t len;		/* of the image, from base on */
	uint32_t table, results, digest, trailer, end;
};

#define ROUTINE_TABLE 1024
#define ROUTINE_SUMS 8
#define ROUTINE_TRAILER 8

void routine_lay_out(const struct routine *routine,
		     struct routine_layout *layout);

/* Writes layout->len bytes to out. Give Go routine->base. */
void routine_build(const struct routine *routine,
		   const struct routine_layout *layout,
		   uint8_t out[ROUTINE_MAX]);

/* The trailer that it leaves. */
void routine_trailer(const struct routine *routine,
		     uint8_t out[ROUTINE_TRAILER]);

/* The same on the host; *sums are { nonce, 0 } before the first byte of a
 * piece. len is a multiple of 4. */
void routine_add(struct routine_sums *sums, const uint8_t *bytes, size_t len);

#endif
