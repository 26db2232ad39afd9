/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programming and erasing do to the memories: granules, protection, the
 * time it takes. The ROM reports none of the refusals here; neither do these
 * functions. They count and log them. Each returns the microseconds that the
 * flash was busy.
 */
#ifndef SIM_SILICON_H
#define SIM_SILICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/state.h"

/* unit: so many bytes from address on are given up together, when one of
 * their granules is refused; 0: each granule is tried. */
uint64_t silicon_program(struct sim *sim, uint32_t address,
			 const uint8_t *data, size_t len, size_t unit);

/* A page past the fitted flash is ignored. */
uint64_t silicon_erase_page(struct sim *sim, uint32_t page);
/* bank 1 or 2, or 0 for the whole. Nothing happens when a page of it is write
 * protected. */
uint64_t silicon_erase_bank(struct sim *sim, unsigned bank);
/* The whole flash, whatever is protected: the way out of readout
 * protection. */
uint64_t silicon_wipe(struct sim *sim);

/* A classic option byte; the flash adds its complement. */
struct option_byte {
	uint8_t index;		/* of the pair */
	uint8_t value;
};

/* All option bytes are erased, then these are programmed. The flash is not
 * wiped when a readout protection ends: silicon_wipe() does it. */
uint64_t silicon_rewrite_options(struct sim *sim,
				 const struct option_byte *list, size_t count);
/* The same for what the host writes to the area. */
uint64_t silicon_program_options(struct sim *sim, uint32_t address,
				 const uint8_t *data, size_t len);
/* The time for a change of single option bits. */
uint64_t silicon_option_time(const struct sim *sim);

/* EEPROM, RAM, registers: the bytes up to the end of the region, in which
 * address lies, take the values. */
void silicon_store(struct sim *sim, uint32_t address, const uint8_t *data,
		   size_t len);

#endif
