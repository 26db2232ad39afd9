/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space of the simulated chip: which bytes there are, of which
 * kind, and which of them the ROM serves to the host. What programming and
 * erasing do to them is in silicon.h.
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
	MEMORY_OPTION_REGISTER,	/* plain registers instead */
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
	struct region regions[MEMORY_REGIONS];	/* the first that fits counts */
	size_t count;
};

/* As it leaves the factory; config stays in use. False with *why when it does
 * not suit the part; memory_free() is due in either case. */
bool memory_init(struct memory *memory, const struct sim_config *config,
		 struct problem *why);
void memory_free(struct memory *memory);

/* NULL where there is nothing. */
const struct region *memory_region(const struct memory *memory,
				   uint32_t address);
uint8_t *memory_byte(const struct memory *memory, uint32_t address);

/* The ROM lets the host read here: it keeps some RAM to itself. */
bool memory_open(const struct memory *memory, uint32_t address);

/* All of the bytes are open; false for a length that wraps. */
bool memory_open_range(const struct memory *memory, uint32_t address,
		       size_t len);

/* The fitted flash in bytes. */
uint32_t memory_flash_size(const struct memory *memory);

/* The page of this number, false past the end of the fitted flash. */
bool memory_page(const struct memory *memory, uint32_t page,
		 struct range *range);
/* The number of the page that holds a flash address. */
uint32_t memory_page_at(const struct memory *memory, uint32_t address);
/* The address at which bank 2 begins; the end of the flash if there is one
 * bank only. */
uint32_t memory_bank2(const struct memory *memory);

/* Everything volatile is gone. */
void memory_clear_ram(struct memory *memory);
/* The ROM starts: it writes to its own RAM, and so much of that from the base of
 * the RAM on does not keep what it had. */
void memory_clear_ram_of_rom(struct memory *memory, uint32_t from, uint32_t to);
/* The option bytes of the factory. */
void memory_factory_options(struct memory *memory);

/* Whether the option bytes are of the kind that F0, F1 and F3 have: readout
 * protection in byte 0, write protection in bytes 8, 10, 12 and 14. Then
 * *bytes are the 16 of them. */
bool memory_classic_options(const struct memory *memory, uint8_t **bytes);
/* How many of the four write protection bytes the part has. */
unsigned memory_wrp_bytes(const struct memory *memory);

static inline bool in_range(struct range range, uint32_t address)
{
	return address >= range.start && address < range.end;
}

#endif
