/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries a plan out on the device: keep, erase, write, verify, repair; reads
 * memory and takes its checksum. Knows no options and no files.
 */
#ifndef FLASH_H
#define FLASH_H

#include <stdint.h>

#include "parsers/image.h"
#include "flash/part.h"
#include "flash/plan.h"
#include "problem.h"
#include "stm32.h"
#include "flash/watch.h"

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
	bool ram_vouched;	/* private: see vouch.h */
	bool read_last;		/* private: the last command was a read */
	enum flash_sums sums;	/* private: see sums.h */
	struct onchip onchip;
};

/* Reads [start, start + len) into out. */
enum flash_err flash_read(struct flash *flash, uint32_t start, uint8_t *out,
			  uint32_t len, struct problem *why);

/* Where the flash ends on a chip that does not tell its size; else, and if
 * that is not behind start, *end stays. */
enum flash_err flash_find_end(struct flash *flash, uint32_t start,
			      uint32_t *end, struct problem *why);

/*
 * Does all steps of plan, in order. image is what has to be in memory in the
 * end; what the plan keeps is added to it. A write whose fate is not known is
 * settled by looking at the memory: no granule is programmed twice.
 */
enum flash_err flash_carry_out(struct flash *flash, const struct plan *plan,
			       struct image *image, struct problem *why);

/* Asks once more for all that the part follows from; nothing of that has a
 * checksum. FLASH_DEVICE: the chip does not say the same again. */
enum flash_err flash_confirm_part(const struct flash *flash,
				  struct problem *why);

/* CRC of [start, start + len), both multiples of 4, as the chip's CRC unit
 * counts: by the ROM where that is proven to work, else by reading. */
enum flash_err flash_crc(struct flash *flash, uint32_t start, uint32_t len,
			 uint32_t *crc, struct problem *why);

/* What an error of the session means for a job; fills *why unless a layer
 * below has. what is the job, for the text: "read", "erase". */
#define FLASH_NOWHERE UINT32_MAX	/* the address of a job that has none */
enum flash_err flash_explain(const struct flash *flash, enum stm32_err err,
			     const char *what, uint32_t address,
			     struct problem *why);

#endif
