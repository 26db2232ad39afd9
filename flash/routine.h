/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that computes checksums of memory on the chip (flash/routine.s), with
 * its parameters. It has a vector table in front, so that Go starts it like an
 * application. Pure: onchip.c uploads and starts it.
 */
#ifndef ROUTINE_H
#define ROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUTINE_RUNS 32
#define ROUTINE_STORES 2
#define ROUTINE_MOST_PIECES 512	/* their results, 4 KiB, fit one piece: the
				 * digest is the checksum of that */
#define ROUTINE_MOST_PIECE 4096	/* bytes; the watchdog is reset after each */

/* count adjacent pieces of length bytes each, a multiple of 4. */
struct routine_run {
	uint32_t start, length, count;
};

struct routine_store {
	uint32_t address, value;
};

struct routine {
	uint32_t base;		/* address of the image; a multiple of 8 */
	uint32_t stack;		/* the stack pointer for Go; the code uses no
				 * stack */
	uint32_t nonce;
	uint32_t watchdog;	/* address of the IWDG key register */
	bool bitwise;		/* without a table; takes eight times as long */
	struct routine_run runs[ROUTINE_RUNS];
	size_t run_count;
	/* The way back: stores, then a jump to a vector table. jump 0: after
	 * the stores, the code waits for a reset. */
	struct routine_store stores[ROUTINE_STORES];
	size_t store_count;
	uint32_t jump;
};

#define ROUTINE_CODE 160	/* bytes of the longer variant */
#define ROUTINE_MAX (8 + ROUTINE_CODE + 24 + 12 * (ROUTINE_RUNS + 2) + \
		     8 * (ROUTINE_STORES + 1))

/* The result for one piece: a CRC that begins with the nonce, by words, most
 * significant bit first (protocol/crc.h), and the sum of its words. */
struct routine_sums {
	uint32_t crc, sum;
};

/* Offsets in RAM: the image, the table if there is one, the results of each
 * piece, the digest of the results, and the trailer. */
struct routine_layout {
	uint32_t pieces;
	uint32_t len;		/* of the image in bytes */
	uint32_t table, results, digest, trailer, end;
};

#define ROUTINE_TABLE 1024
#define ROUTINE_SUMS 8
#define ROUTINE_TRAILER 8

void routine_lay_out(const struct routine *routine,
		     struct routine_layout *layout);

/* Writes layout->len bytes to out. Pass routine->base to Go. */
void routine_build(const struct routine *routine,
		   const struct routine_layout *layout,
		   uint8_t out[ROUTINE_MAX]);

/* Computes the trailer that the code leaves behind. */
void routine_trailer(const struct routine *routine,
		     uint8_t out[ROUTINE_TRAILER]);

/* Computes the same on the host; initialise *sums with { nonce, 0 } for each
 * piece. len is a multiple of 4. */
void routine_add(struct routine_sums *sums, const uint8_t *bytes, size_t len);

#endif
