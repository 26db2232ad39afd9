/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connected part: a row of the device table, narrowed by the facts that
 * the chip provides. Pure: pages, areas and bounds, no I/O (chip.h reads the
 * chip).
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stdint.h>

#include "dev_table.h"
#include "problem.h"

struct part {
	struct dev dev;		/* for an unknown ID a row without ranges */
	bool known;		/* false: the ID is in no row */
	uint32_t id;		/* as returned by Get ID */
	struct range flash;	/* the flash of this chip; only bank 1 if bank
				 * 2 is not adjacent */
	bool size_known;	/* the chip provided its size */
	bool bank_1_only;	/* bank 2 is elsewhere, outside `flash` */
	const struct page_run *pages;	/* in the bank mode in effect; NULL:
					 * unknown */
	uint32_t sure_end;	/* page numbers below this address are certain;
				 * bank 2 of a smaller part may have the
				 * numbers of the largest part */
	int bootloader_id;	/* the ROM's version byte, -1: unknown */
};

enum area {
	AREA_UNKNOWN,
	AREA_FLASH,
	AREA_RAM,
	AREA_OPTION_BYTES,
	AREA_SYSTEM_MEMORY,
	AREA_EEPROM
};

/* Returns the length in bytes. */
uint32_t range_len(const struct range *range);
/* Widens the range to include [start, end). */
void range_add(struct range *range, uint32_t start, uint32_t end);

/* Initialises a part with the full size of its family; dev NULL: unknown ID. */
void part_init(struct part *part, const struct dev *dev, uint32_t id);

/* Limits the flash to kib KiB. False, without a change, if kib is 0 or more
 * than the family has. */
bool part_set_size(struct part *part, uint32_t kib);

/* Sets the bank mode; call after part_set_size(). If the mode is unknown, what
 * depends on it is too: pages becomes NULL, or sure_end is lowered. */
enum bank_state { BANKS_UNKNOWN, BANKS_SINGLE, BANKS_DUAL };
void part_set_banks(struct part *part, enum bank_state state);
/* True if the bank mode has to be read; true if the row says where. */
bool part_banks_matter(const struct part *part);
bool part_banks_readable(const struct part *part);

/* Returns the area that contains address; *range (may be NULL) gets its
 * bounds, empty for AREA_UNKNOWN. */
enum area part_area(const struct part *part, uint32_t address,
		    struct range *range);
/* True for an address that the largest part of the row has and this chip
 * lacks. */
bool part_is_behind(const struct part *part, uint32_t address);
/* True if a known area begins in [start, end). */
bool part_area_begins(const struct part *part, uint32_t start, uint32_t end);
const char *area_name(enum area area);	/* "flash", "option bytes", ... */

/* A page with the number that the erase command uses. */
struct page {
	uint32_t number;
	uint32_t start, end;
};
/* Returns the number of pages of this chip; 0 if the layout is unknown. */
uint32_t part_page_count(const struct part *part);
/* Find a page by its position, 0 to part_page_count() - 1, or by an address in
 * it. False: no such page. */
bool part_page_at(const struct part *part, uint32_t position,
		  struct page *page);
bool part_page_of(const struct part *part, uint32_t address,
		  struct page *page);

/* Tells the user why part_page_count() is 0, and what to do. */
void part_explain_no_pages(const struct part *part, struct problem *why);

/* True if the page's number certainly means this page to the erase command. */
bool part_page_sure(const struct part *part, const struct page *page);

/* Sets *range to the RAM for uploaded code. False: the bootloader uses all
 * RAM, or the RAM is unknown. */
bool part_free_ram(const struct part *part, struct range *range);

/* True if the ROM of this part has the defect. */
bool part_has_defect(const struct part *part, const struct dev_defect *defect);
bool part_has(const struct part *part, enum dev_quirk quirk);

/* True for the option bytes of F0, F1 and F3: each is followed by its
 * complement, which the hardware generates when the byte is programmed. */
bool part_has_pairs(const struct part *part);

/* Worst case in ms: flash times of the family; higher for unknown parts. */
unsigned part_program_ms(const struct part *part, uint32_t len);
unsigned part_page_erase_ms(const struct part *part, uint32_t page_len);
unsigned part_mass_erase_ms(const struct part *part);

#endif
