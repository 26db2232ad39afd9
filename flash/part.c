/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/part.h"

#include <inttypes.h>

#include "utils.h"

#define H7_ONE_BANK_KIB 128
#define PAIRS_START 0x1FFFF800	/* RM0008, RM0091, RM0316: option bytes */
#define PAIRS_LEN 16

/* Assumed for an unknown part: slower than any known flash. */
static const struct flash_timing unknown_timing = {
	.program_us = 1000,
	.page_erase_ms = 4000,
	.mass_erase_ms = 32000,
};

static const struct dev unknown_dev = {
	.name = "unknown",
	.granule = 4,
	.write_align = 32,	/* the largest alignment of any part */
	.erased = 0xFF,
	.timing = &unknown_timing,
};

uint32_t range_len(const struct range *range)
{
	return range->end - range->start;
}

void range_add(struct range *range, uint32_t start, uint32_t end)
{
	if (range->start == range->end)
		*range = (struct range){ start, end };
	if (start < range->start)
		range->start = start;
	if (end > range->end)
		range->end = end;
}

void part_init(struct part *part, const struct dev *dev, uint32_t id)
{
	*part = (struct part){
		.dev = dev != NULL ? *dev : unknown_dev,
		.known = dev != NULL,
		.id = id,
		.bootloader_id = -1,
	};
	part->flash = part->dev.flash;
	part->pages = part->dev.pages;
	part->sure_end = part->flash.end;
}

bool part_set_size(struct part *part, uint32_t kib)
{
	const struct range *most = &part->dev.flash;

	if (kib == 0 || kib > (most->end - most->start) / 1024)
		return false;
	/* RM0433: bank 2 stays at the address that it has in the largest part.
	 * The parts with one sector have one bank. */
	if (part_has(part, DEV_H7_BANKS) && kib > H7_ONE_BANK_KIB &&
	    kib < (most->end - most->start) / 1024) {
		part->bank_1_only = true;
		kib /= 2;
	}
	part->flash.end = most->start + kib * 1024;
	part->sure_end = part->flash.end;
	part->size_known = true;
	return true;
}

static bool is_smaller(const struct part *part)
{
	return part->flash.end < part->dev.flash.end;
}

bool part_banks_matter(const struct part *part)
{
	const struct dev *dev = &part->dev;

	return part_has(part, DEV_DUAL_BANK) &&
	       !part_has(part, DEV_BANKS_ADJOIN) &&
	       !part_has(part, DEV_H7_BANKS) &&
	       (is_smaller(part) || dev->pages_single != NULL ||
		dev->pages_dual != NULL);
}

bool part_banks_readable(const struct part *part)
{
	const struct bank_mode *mode = &part->dev.bank_mode;

	if (mode->reg == 0 || mode->of == BANK_MODE_ANY)
		return mode->reg != 0;
	return is_smaller(part) == (mode->of == BANK_MODE_SMALLER);
}

void part_set_banks(struct part *part, enum bank_state state)
{
	const struct dev *dev = &part->dev;

	if (!part_banks_matter(part))
		return;
	if (state == BANKS_UNKNOWN &&
	    (dev->pages_single != NULL || dev->pages_dual != NULL))
		part->pages = NULL;
	else if (state == BANKS_SINGLE && dev->pages_single != NULL)
		part->pages = dev->pages_single;
	else if (state == BANKS_DUAL && dev->pages_dual != NULL)
		part->pages = dev->pages_dual;
	if (state != BANKS_SINGLE && is_smaller(part))
		part->sure_end = part->flash.start +
				 (part->flash.end - part->flash.start) / 2;
}

void part_explain_no_pages(const struct part *part, struct problem *why)
{
	if (part->known)
		problem_set(why, "the pages of this chip depend on an option "
			    "byte that cannot be read; use --erase=chip");
	else
		problem_set(why, "product ID 0x%03" PRIx32 " is not known, so "
			    "its pages are not known either; name the part it "
			    "resembles (--device), or use --erase=chip",
			    part->id);
}

bool part_page_sure(const struct part *part, const struct page *page)
{
	return page->end <= part->sure_end;
}

static bool within(const struct range *range, uint32_t address)
{
	return address >= range->start && address < range->end;
}

static bool within_any(const struct range *ranges, size_t count,
		       uint32_t address, struct range *found)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (within(&ranges[i], address)) {
			*found = ranges[i];
			return true;
		}
	}
	return false;
}

enum area part_area(const struct part *part, uint32_t address,
		    struct range *range)
{
	const struct dev *dev = &part->dev;
	struct range ignored = { 0, 0 };
	struct range *found = range != NULL ? range : &ignored;

	if (within_any(&part->flash, 1, address, found))
		return AREA_FLASH;
	if (within_any(&dev->ram, 1, address, found) ||
	    within_any(dev->more_ram, ARRAY_LEN(dev->more_ram), address, found))
		return AREA_RAM;
	if (within_any(dev->option_bytes, ARRAY_LEN(dev->option_bytes),
		       address, found))
		return AREA_OPTION_BYTES;
	if (within_any(dev->system_memory, ARRAY_LEN(dev->system_memory),
		       address, found))
		return AREA_SYSTEM_MEMORY;
	if (within_any(&dev->eeprom, 1, address, found))
		return AREA_EEPROM;
	*found = (struct range){ 0, 0 };
	return AREA_UNKNOWN;
}

bool part_is_behind(const struct part *part, uint32_t address)
{
	return part->size_known && !part->bank_1_only &&
	       address >= part->flash.end && address < part->dev.flash.end;
}

static bool begins_in(const struct range *ranges, size_t count,
		      uint32_t start, uint32_t end)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ranges[i].start < ranges[i].end &&
		    ranges[i].start >= start && ranges[i].start < end)
			return true;
	return false;
}

bool part_area_begins(const struct part *part, uint32_t start, uint32_t end)
{
	const struct dev *dev = &part->dev;

	return begins_in(&part->flash, 1, start, end) ||
	       begins_in(&dev->ram, 1, start, end) ||
	       begins_in(dev->more_ram, ARRAY_LEN(dev->more_ram), start, end) ||
	       begins_in(dev->option_bytes, ARRAY_LEN(dev->option_bytes),
			 start, end) ||
	       begins_in(dev->system_memory, ARRAY_LEN(dev->system_memory),
			 start, end) ||
	       begins_in(&dev->eeprom, 1, start, end);
}

const char *area_name(enum area area)
{
	switch (area) {
	case AREA_UNKNOWN:	return "unknown area";
	case AREA_FLASH:	return "flash";
	case AREA_RAM:		return "RAM";
	case AREA_OPTION_BYTES:	return "option bytes";
	case AREA_SYSTEM_MEMORY: return "system memory";
	case AREA_EEPROM:	return "data EEPROM";
	}
	return "unknown area";
}

/* Finds the page at want_position, or the page with want_address; the caller
 * sets the other one to an impossible value. Sets *count to the number of
 * pages up to the end of the flash. */
static bool find_page(const struct part *part, uint32_t want_position,
		      uint32_t want_address, struct page *page,
		      uint32_t *count)
{
	const struct page_run *run = part->pages;
	uint32_t start = part->flash.start, end = part->flash.end;
	uint32_t position = 0;

	for (; run != NULL && run->count != 0 && start < end; run++) {
		uint32_t pages = (end - start + run->size - 1) / run->size;
		uint32_t i = want_position - position;

		if (pages > run->count)
			pages = run->count;
		if (i >= pages)
			i = (want_address - start) / run->size;
		if (i < pages) {
			start += i * run->size;
			*page = (struct page){ position + i, start,
					       start + run->size };
			/* a sector that the chip has only in part */
			if (page->end > end)
				page->end = end;
			return true;
		}
		start += pages * run->size;
		position += pages;
	}
	*count = position;
	return false;
}

uint32_t part_page_count(const struct part *part)
{
	struct page page;
	uint32_t count = 0;

	find_page(part, UINT32_MAX, part->flash.start - 1, &page, &count);
	return count;
}

bool part_page_at(const struct part *part, uint32_t position,
		  struct page *page)
{
	uint32_t count;

	return find_page(part, position, part->flash.start - 1, page, &count);
}

bool part_page_of(const struct part *part, uint32_t address,
		  struct page *page)
{
	uint32_t count;

	return within(&part->flash, address) &&
	       find_page(part, UINT32_MAX, address, page, &count);
}

bool part_free_ram(const struct part *part, struct range *range)
{
	const struct dev *dev = &part->dev;

	*range = dev->ram;
	if (dev->ram_safe != 0)
		range->start = dev->ram_safe;
	return !part_has(part, DEV_NO_RAM) && range->start < range->end;
}

bool part_has_defect(const struct part *part, const struct dev_defect *defect)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(defect->ids) && defect->ids[i] != 0; i++)
		if (defect->ids[i] == part->bootloader_id)
			return true;
	return false;
}

bool part_has(const struct part *part, enum dev_quirk quirk)
{
	return (part->dev.quirks & (uint32_t)quirk) != 0;
}

bool part_has_pairs(const struct part *part)
{
	const struct range *options = &part->dev.option_bytes[0];

	return options->start == PAIRS_START &&
	       range_len(options) == PAIRS_LEN &&
	       !part_has(part, DEV_OPTION_REGISTERS);
}

static const struct flash_timing *timing_of(const struct part *part)
{
	return part->dev.timing != NULL ? part->dev.timing : &unknown_timing;
}

unsigned part_program_ms(const struct part *part, uint32_t len)
{
	uint32_t granule = part->dev.granule != 0 ? part->dev.granule : 4;
	uint32_t granules = (len + granule - 1) / granule;

	return granules * timing_of(part)->program_us / 1000 + 1;
}

unsigned part_page_erase_ms(const struct part *part, uint32_t page_len)
{
	const struct flash_timing *timing = timing_of(part);

	return timing->page_erase_ms +
	       page_len / 1024 * timing->erase_ms_per_kib;
}

unsigned part_mass_erase_ms(const struct part *part)
{
	const struct flash_timing *timing = timing_of(part);
	uint32_t len = part->flash.end - part->flash.start;

	return timing->mass_erase_ms + len / 1024 * timing->mass_ms_per_kib;
}
