/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space of the simulated chip: the memories, their kinds, and the
 * parts that the ROM lets the host access. silicon.h programs and erases them.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev_table.h"
#include "problem.h"
#include "sim/spec.h"

enum memory_kind {
	MEMORY_FLASH,
	MEMORY_RAM,
	MEMORY_OPTION,		/* option bytes; a write resets the chip */
	MEMORY_OPTION_REGISTER,	/* registers instead of option bytes */
	MEMORY_SYSTEM,		/* the ROM itself */
	MEMORY_EEPROM,		/* data memory, written without an erase */
	MEMORY_INFO		/* size register, unique ID: read only */
};

struct region {
	struct range range;
	enum memory_kind kind;
	uint8_t *bytes;
};

/* RAM, 3 more, flash, 3 options, 2 system, EEPROM, 3 information blocks */
#define MEMORY_REGIONS 14

struct memory {
	const struct dev *dev;
	const struct region *flash;
	struct region regions[MEMORY_REGIONS];	/* the first match counts */
	size_t count;
};

/* Initialises the memories as delivered, except the option bytes:
 * options_factory(). config must stay valid. False with *why if it does not
 * fit the part; call memory_free() in either case. */
bool memory_init(struct memory *memory, const struct sim_config *config,
		 struct problem *why);
void memory_free(struct memory *memory);

/* NULL if there is no memory. */
const struct region *memory_region(const struct memory *memory,
				   uint32_t address);
uint8_t *memory_byte(const struct memory *memory, uint32_t address);

/* Copy bytes out or in, up to the first missing one; then false. */
bool memory_peek(const struct memory *memory, uint32_t address, uint8_t *out,
		 size_t len);
bool memory_poke(struct memory *memory, uint32_t address, const uint8_t *in,
		 size_t len);

/* True if the ROM lets the host read here: it keeps some RAM for itself. */
bool memory_open(const struct memory *memory, uint32_t address);

/* True if all of the bytes are accessible; false if the range wraps. */
bool memory_open_range(const struct memory *memory, uint32_t address,
		       size_t len);

/* The size of this chip's flash in bytes. */
uint32_t memory_flash_size(const struct memory *memory);

/* Finds the page of this number; false past the end of the flash. */
bool memory_page(const struct memory *memory, uint32_t page,
		 struct range *range);
/* Returns the number of the page that contains a flash address. */
uint32_t memory_page_at(const struct memory *memory, uint32_t address);
/* Returns the start of bank 2; the end of the flash if there is only one
 * bank. */
uint32_t memory_bank2(const struct memory *memory);

/* Clears all volatile memory. */
void memory_clear_ram(struct memory *memory);
/* The ROM starts: overwrites the RAM that it uses, from and to as offsets from
 * the base. */
void memory_clear_ram_of_rom(struct memory *memory, uint32_t from, uint32_t to);

/* True for the option bytes of F0, F1 and F3: readout protection in byte 0,
 * write protection in bytes 8, 10, 12 and 14. Sets *bytes to the
 * MEMORY_CLASSIC_OPTIONS bytes. */
#define MEMORY_CLASSIC_OPTIONS 16
bool memory_classic_options(const struct memory *memory, uint8_t **bytes);
/* Returns how many of the four write protection bytes the part has. */
unsigned memory_wrp_bytes(const struct memory *memory);

static inline bool in_range(struct range range, uint32_t address)
{
	return address >= range.start && address < range.end;
}

#endif
