/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by all steps of flash.h: the chip and its session, and the result of
 * a step.
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
	FLASH_DIFFERS,		/* memory differs from the data after all
				 * retries */
	FLASH_TOO_BIG,		/* detected before anything was erased */
	FLASH_STOPPED,		/* the user stopped the run */
	FLASH_PORT,		/* the port failed */
	FLASH_GONE,		/* the device did not come back */
	FLASH_NO_MEMORY		/* on the host */
};

enum flash_sums { FLASH_SUMS_UNTRIED, FLASH_SUMS_PROVEN, FLASH_SUMS_NONE };

/* Checksums by code on the chip, see onchip.h. */
struct onchip {
	bool wanted;
	bool boot0_stays;	/* BOOT0 stays high across any reset */
	/* Resets the chip into its bootloader; NULL: impossible. */
	enum port_err (*enter)(void *ctx, struct problem *why);
	void *ctx;
	/* private */
	bool given_up;
	unsigned runs;
	struct range *same;	/* sorted, separate; NULL: none */
	size_t same_count;
};

struct flash {
	struct stm32 *stm;
	const struct part *part;
	const struct watcher *watch;
	unsigned retries;	/* of one block or page; 0: none */
	unsigned repairs;	/* pages erased and written again */
	bool read_twice;	/* even if the line shows no sign of noise */
	struct image *lost;	/* set by flash_carry_out() when it fails: kept
				 * bytes that it could not write back; the
				 * caller frees it */
	unsigned lists;		/* private: lists of pages erased so far */
	bool disagreed;		/* private: two readings of the same bytes
				 * differed */
	bool read_last;		/* private: the last command was a read */
	enum flash_sums sums;	/* private: see sums.h */
	struct onchip onchip;
};

#endif
