/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part on the other end: a row of the device table narrowed by what the
 * chip says of itself. Pure: pages, areas and bounds, no wire (chip.h asks).
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
	uint32_t id;		/* what Get ID said */
	struct range flash;	/* what is really there; of the first bank
				 * only, if the second is apart from it */
	bool size_known;	/* the chip told its size */
	bool bank_1_only;	/* bank 2 is elsewhere, and not in flash */
	const struct page_run *pages;	/* of the bank mode in effect, NULL if
					 * not known */
	uint32_t sure_end;	/* page numbers below this address are certain:
				 * bank 2 of a smaller part may keep those of
				 * the largest */
	int bootloader_id;	/* the ROM's version byte, -1 not known */
};

enum area {
	AREA_UNKNOWN,
	AREA_FLASH,
	AREA_RAM,
	AREA_OPTION_BYTES,
	AREA_SYSTEM_MEMORY,
	AREA_EEPROM
};

/* Bytes from start to end. */
uint32_t range_len(const struct range *range);
/* Widens it to [start, end) as well. */
void range_add(struct range *range, uint32_t start, uint32_t end);

/* The part of a row at the family's full size; dev NULL for an unknown ID. */
void part_init(struct part *part, const struct dev *dev, uint32_t id);

/* Narrows the flash to kib KiB. False, and nothing changed, if that is 0 or
 * more than the family has. */
bool part_set_size(struct part *part, uint32_t kib);

/* Says in which bank mode the chip is, after part_set_size(). What depends on a
 * mode that is not known is not known either: pages becomes NULL, or sure_end
 * moves down. */
enum bank_state { BANKS_UNKNOWN, BANKS_SINGLE, BANKS_DUAL };
void part_set_banks(struct part *part, enum bank_state state);
/* True if the mode has to be asked for, and the row says where. */
bool part_banks_matter(const struct part *part);
bool part_banks_readable(const struct part *part);

/* The area that address lies in; *range (may be NULL) is its bounds, empty
 * for AREA_UNKNOWN. */
enum area part_area(const struct part *part, uint32_t address,
		    struct range *range);
/* True for an address that the largest part of the row has and this chip does
 * not. */
bool part_is_behind(const struct part *part, uint32_t address);
/* True if some known area begins in [start, end). */
bool part_area_begins(const struct part *part, uint32_t start, uint32_t end);
const char *area_name(enum area area);	/* "flash", "option bytes", ... */

/* Pages as the erase command numbers them. */
struct page {
	uint32_t number;
	uint32_t start, end;
};
/* How many pages the fitted flash has; 0 if the layout is not known. */
uint32_t part_page_count(const struct part *part);
/* Page by position 0 … part_page_count() - 1, or that holds address. False:
 * there is none. */
bool part_page_at(const struct part *part, uint32_t position,
		  struct page *page);
bool part_page_of(const struct part *part, uint32_t address,
		  struct page *page);

/* Why part_page_count() is 0, and what to do, for the user. */
void part_explain_no_pages(const struct part *part, struct problem *why);

/* True if the erase command is sure to mean this page by its number. */
bool part_page_sure(const struct part *part, const struct page *page);

/* Lowest RAM address for uploaded code, and the end of that RAM. False: all
 * RAM is the bootloader's, or not known. */
bool part_free_ram(const struct part *part, struct range *range);

/* True if the ROM of this part has the defect. */
bool part_has_defect(const struct part *part, const struct dev_defect *defect);
bool part_has(const struct part *part, enum dev_quirk quirk);

/* True where the option bytes are those of F0, F1 and F3: each is followed by
 * its complement, which the hardware makes when the byte is programmed. */
bool part_has_pairs(const struct part *part);

/* Worst case in ms; flash times of the family, generous for unknown parts. */
unsigned part_program_ms(const struct part *part, uint32_t len);
unsigned part_page_erase_ms(const struct part *part, uint32_t page_len);
unsigned part_mass_erase_ms(const struct part *part);

#endif
