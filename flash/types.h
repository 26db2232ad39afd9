/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all steps of flash.h share: the chip and its session, and how a step
 * ends.
 */
#ifndef FLASH_TYPES_H
#define FLASH_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "flash/part.h"
#include "flash/watch.h"
#include "parsers/image.h"
#include "problem.h"
#include "stm32.h"

enum flash_err {
	FLASH_OK = 0,
	FLASH_DEVICE,		/* the device refused, or stopped answering */
	FLASH_PROTECTED,	/* read or write protection is in the way */
	FLASH_DIFFERS,		/* memory is not what was written, after all
				 * retries */
	FLASH_TOO_BIG,		/* found out before anything was erased */
	FLASH_STOPPED,		/* the user stopped it */
	FLASH_PORT,		/* the port failed */
	FLASH_GONE,		/* the device did not come back */
	FLASH_NO_MEMORY		/* of the host */
};

enum flash_sums { FLASH_SUMS_UNTRIED, FLASH_SUMS_PROVEN, FLASH_SUMS_NONE };

/* Checksums by code on the chip, see onchip.h. */
struct onchip {
	bool wanted;
	bool boot0_stays;	/* high, whatever resets the chip */
	/* Resets the chip into its bootloader; NULL: nothing can. */
	enum port_err (*enter)(void *ctx, struct problem *why);
	void *ctx;
	/* private */
	bool given_up;
	unsigned runs;
	struct range *same;	/* in order, apart; NULL: none */
	size_t same_count;
};

struct flash {
	struct stm32 *stm;
	const struct part *part;
	const struct watcher *watch;
	unsigned retries;	/* of one block or page; 0: none */
	unsigned repairs;	/* pages erased and written once more */
	bool read_twice;	/* also on a line that shows no sign of noise */
	struct image *lost;	/* set by flash_carry_out() when it fails: what
				 * it had read to be kept, and could not write
				 * back; the caller's to free */
	unsigned lists;		/* private: of pages, erased so far */
	bool disagreed;		/* private: two readings of the same were not the
				 * same */
	bool read_last;		/* private: the last command was a read */
	enum flash_sums sums;	/* private: see sums.h */
	struct onchip onchip;
};

#endif
