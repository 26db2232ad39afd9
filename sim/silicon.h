/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programming and erasing: granules, protection, times. The ROM does not
 * report the refusals, so neither do these functions; they count and log them.
 * Each returns the time in microseconds that the flash was busy.
 */
#ifndef SIM_SILICON_H
#define SIM_SILICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/state.h"

/* unit: if one granule is refused, so are this many bytes from address on;
 * 0: each granule is tried. */
uint64_t silicon_program(struct sim *sim, uint32_t address,
			 const uint8_t *data, size_t len, size_t unit);

/* Ignores a page past the end of the flash. */
uint64_t silicon_erase_page(struct sim *sim, uint32_t page);
/* bank 1 or 2, or 0 for both. Does nothing if a page of it is write
 * protected. */
uint64_t silicon_erase_bank(struct sim *sim, unsigned bank);
/* Erases the whole flash regardless of protection, as removing the readout
 * protection does. */
uint64_t silicon_wipe(struct sim *sim);

/* A classic option byte; the flash adds the complement. */
struct option_byte {
	uint8_t index;		/* number of the pair */
	uint8_t value;
};

/* Erases all option bytes, then programs these. Does not erase the flash when
 * a readout protection ends: silicon_wipe() does. */
uint64_t silicon_rewrite_options(struct sim *sim,
				 const struct option_byte *list, size_t count);
/* The same for bytes that the host writes to the option byte area. */
uint64_t silicon_program_options(struct sim *sim, uint32_t address,
				 const uint8_t *data, size_t len);
/* The time for changing single option bits. */
uint64_t silicon_option_time(const struct sim *sim);

/* EEPROM, RAM, registers: stores the bytes, up to the end of the region that
 * contains address. */
void silicon_store(struct sim *sim, uint32_t address, const uint8_t *data,
		   size_t len);

#endif
