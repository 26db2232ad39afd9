/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes that a command line allows to write, and the pages it allows to
 * erase, computed without plan.c and place.c. For a job whose part is known.
 */
#ifndef ASKED_H
#define ASKED_H

#include "cli/job.h"
#include "flash/stub.h"
#include "tests/fuzz/check.h"

#define DUMMY_LEN 32	/* bytes of the write that a part loses */

struct asked {
	const struct job *job;	/* NULL until the part is known */
	const struct image *image;	/* as in the file */
};

static inline bool asked_for(const struct asked *a, enum action action)
{
	return (a->job->options.actions & (unsigned)action) != 0;
}

static inline bool range_has(const struct range *range, uint32_t address)
{
	return address >= range->start && address < range->end;
}

static inline bool asked_limited(const struct asked *a)
{
	const struct target *t = &a->job->options.target;

	return t->has_address || t->has_first_page;
}

/* The range of -S, or from -s on, for a job that reached the write. */
static inline struct range asked_range(const struct asked *a, bool count_pages)
{
	const struct target *t = &a->job->options.target;
	struct range range = a->job->part.flash;
	struct page page;

	if (t->has_address) {
		(void)part_area(&a->job->part, t->address, &range);
		range.start = t->address;
		if (t->has_len)
			range.end = t->address + t->len;
		else if (range.end == 0)	/* the length of the file */
			range.end = t->address +
				    (uint32_t)image_bytes(a->image);
	} else if (t->has_first_page) {
		if (part_page_at(&a->job->part, t->first_page, &page))
			range.start = page.start;
		if (count_pages && t->has_page_count && t->page_count > 0 &&
		    part_page_at(&a->job->part,
				 t->first_page + t->page_count - 1, &page))
			range.end = page.end;
	}
	return range;
}

/* Returns the offset from the image's addresses to the final ones. */
static inline uint32_t asked_shift(const struct asked *a)
{
	const struct range *flash = &a->job->part.flash;

	if (!a->image->has_addresses)
		return asked_range(a, false).start;
	if (image_start(a->image) != 0 ||
	    image_end(a->image) > flash->end - flash->start ||
	    part_area(&a->job->part, 0, NULL) != AREA_UNKNOWN)
		return 0;
	return flash->start;
}

/* Finds the byte that the user wants at an address; false: none. */
static inline bool asked_byte(const struct asked *a, uint32_t address,
			      uint8_t *byte)
{
	struct range range = asked_range(a, false);

	if (!asked_for(a, ACTION_WRITE) ||
	    (asked_limited(a) && !range_has(&range, address)))
		return false;
	return image_copy(a->image, address - asked_shift(a), byte, 1, 0) == 1;
}

static inline bool asked_touches(const struct asked *a, uint32_t start,
				 uint32_t end)
{
	struct range range = asked_range(a, false);

	if (!asked_for(a, ACTION_WRITE))
		return false;
	if (asked_limited(a)) {
		start = start > range.start ? start : range.start;
		end = end < range.end ? end : range.end;
	}
	return start < end &&
	       image_covers(a->image, start - asked_shift(a), end - start) != 0;
}

static inline bool asked_page(const struct asked *a, uint32_t number)
{
	const struct target *t = &a->job->options.target;

	return number >= t->first_page &&
	       number - t->first_page < t->page_count;
}

static inline bool asked_erase_for_write(const struct asked *a,
					 const struct page *page)
{
	const struct options *o = &a->job->options;
	struct range range = asked_range(a, true);

	if (o->erase == ERASE_CHIP)
		return true;
	if (o->erase == ERASE_NONE ||
	    !asked_touches(a, a->job->part.flash.start, a->job->part.flash.end))
		return false;
	if (o->changed || o->erase == ERASE_PAGES)
		return asked_touches(a, page->start, page->end);
	if (o->target.has_page_count)
		return asked_page(a, page->number);
	return !asked_limited(a) ||
	       (page->start < range.end && page->end > range.start);
}

static inline bool asked_erase(const struct asked *a, const struct page *page)
{
	const struct target *t = &a->job->options.target;
	struct range range = asked_range(a, true);

	if (asked_for(a, ACTION_WRITE))
		return asked_erase_for_write(a, page);
	if (!asked_for(a, ACTION_ERASE))
		return false;
	if (t->has_page_count)
		return asked_page(a, page->number);
	return !asked_limited(a) ||
	       (page->start >= range.start && page->end <= range.end);
}

/* For a part whose pages are unknown. */
static inline bool asked_erase_unknown(const struct asked *a)
{
	const struct options *o = &a->job->options;
	const struct range *flash = &a->job->part.flash;

	if (o->erase != ERASE_AUTO || o->changed || asked_limited(a) ||
	    o->target.has_page_count)
		return o->erase == ERASE_CHIP;
	return asked_for(a, ACTION_ERASE) ||
	       asked_touches(a, flash->start, flash->end);
}

static inline bool asked_erase_all(const struct asked *a)
{
	uint32_t pages = part_page_count(&a->job->part), i;
	struct page page;

	if (pages == 0)
		return asked_erase_unknown(a);
	for (i = 0; i < pages; i++)
		if (!part_page_at(&a->job->part, i, &page) ||
		    !asked_erase(a, &page))
			return false;
	return true;
}

static inline bool asked_erase_at(const struct asked *a, uint32_t address)
{
	struct page page;

	if (part_page_count(&a->job->part) == 0)
		return range_has(&a->job->part.flash, address) &&
		       asked_erase_unknown(a);
	return part_page_of(&a->job->part, address, &page) &&
	       asked_erase(a, &page);
}

/* True for bytes written next to the image: the rest of a word or granule, of
 * an erased page, of the option bytes. */
static inline bool asked_pad(const struct asked *a, uint32_t address)
{
	struct range bounds;
	enum area area = part_area(&a->job->part, address, &bounds);
	uint32_t align = a->job->part.dev.write_align;
	uint32_t start = round_down(address, align > 4 ? align : 4);

	if (area == AREA_FLASH && asked_erase_at(a, address))
		return true;
	if (area == AREA_OPTION_BYTES)
		return asked_touches(a, bounds.start, bounds.end);
	return asked_touches(a, start, start + (align > 4 ? align : 4));
}

/* True if the rest of the pages must be kept. */
static inline bool asked_keep(const struct asked *a)
{
	const struct options *o = &a->job->options;

	return asked_for(a, ACTION_WRITE) && !o->target.has_page_count &&
	       (o->changed || o->erase == ERASE_PAGES);
}

/* Allowed writes to RAM: a write to lose, and the reset code, in pieces. */
static inline bool asked_ram(const struct asked *a, uint32_t address,
			     const uint8_t *data, size_t len)
{
	struct range ram;
	size_t i, zeros = 0;

	if (!part_free_ram(&a->job->part, &ram) || address < ram.start)
		return false;
	for (i = 0; i < len; i++)
		zeros += data[i] == 0;
	return (a->job->options.reset &&
		address - ram.start + len <= STUB_MAX) ||
	       (part_has(&a->job->part, DEV_READ_AFTER_WRITE_LOSS) &&
		address == ram.start && len == DUMMY_LEN && zeros == len);
}

#endif
