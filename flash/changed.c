/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/changed.h"

#include <stdlib.h>
#include <string.h>

#include "flash/onchip.h"
#include "flash/run.h"
#include "flash/sums.h"
#include "utils.h"

struct search {
	struct flash *flash;
	const struct image *image;
	bool *differs;		/* by position of the page */
	bool read_last;		/* no command since the last read, so an extra
				 * byte would still be pending */
	uint64_t done, total;
};

static void mark(struct search *s, uint32_t address)
{
	struct page page;

	if (part_page_of(s->flash->part, address, &page))
		s->differs[page.number] = true;
}

static void advance(struct search *s, uint32_t start, uint32_t end)
{
	s->done += end - start;
	run_progress(s->flash, STAGE_COMPARE, s->done, s->total, end);
}

/* The image covers all of [start, end). */
static enum stm32_err compare_by_reading(struct search *s, uint32_t start,
					 uint32_t end)
{
	uint8_t found[STM32_MAX_BLOCK], wanted[STM32_MAX_BLOCK];
	enum stm32_err err;
	uint32_t n, i, next;
	bool same;

	for (; start < end; start += n) {
		next = onchip_stretch(s->flash, start, end, &same);
		n = next - start;
		if (same) {
			advance(s, start, next);
			continue;
		}
		n = run_next_len(s->flash, start, n);
		err = run_read_block(s->flash, start, found, n);
		s->read_last = true;
		if (err != STM32_OK)
			return err;
		run_overlay(s->image, start, wanted, n);
		for (i = 0; i < n; i++)
			if (found[i] != wanted[i])
				mark(s, start + i);
		advance(s, start, start + n);
	}
	return STM32_OK;
}

/* Returns the page boundary in the middle of [start, end), or end if all is on
 * one page. */
static uint32_t split(const struct search *s, uint32_t start, uint32_t end)
{
	struct page page;

	if (part_page_of(s->flash->part, start + (end - start) / 2, &page) &&
	    page.start > start)
		return page.start;
	if (part_page_of(s->flash->part, start, &page) && page.end < end)
		return page.end;
	return end;
}

/* start and end are multiples of 4. Halves the range while the checksum
 * differs. */
static enum stm32_err compare_by_sum(struct search *s, uint32_t start,
				     uint32_t end)
{
	uint32_t middle = split(s, start, end);
	enum stm32_err err;
	bool match;

	err = sums_match(s->flash, s->image, start, end, &match);
	s->read_last = false;
	if (err != STM32_OK)
		return err;
	if (match || middle == end) {
		if (!match)
			mark(s, start);
		advance(s, start, end);
		return STM32_OK;
	}
	err = compare_by_sum(s, start, middle);
	return err == STM32_OK ? compare_by_sum(s, middle, end) : err;
}

static enum stm32_err compare_segment(struct search *s, uint32_t start,
				      uint32_t end)
{
	uint32_t first = round_up(start, 4), last = round_down(end, 4);
	enum stm32_err err;

	if (first >= last || !sums_usable(s->flash, first, last - first))
		return compare_by_reading(s, start, end);
	err = compare_by_reading(s, start, first);
	if (err == STM32_OK)
		err = compare_by_sum(s, first, last);
	return err == STM32_OK ? compare_by_reading(s, last, end) : err;
}

/* Finds the part of a segment that is in the flash; false: none. */
static bool in_flash(const struct part *part, const struct segment *segment,
		     uint32_t *start, uint32_t *end)
{
	uint64_t behind = (uint64_t)segment->start + segment->len;

	*start = segment->start > part->flash.start ? segment->start
						    : part->flash.start;
	*end = behind < part->flash.end ? (uint32_t)behind : part->flash.end;
	return *start < *end;
}

static enum stm32_err compare_all(struct search *s)
{
	const struct part *part = s->flash->part;
	enum stm32_err err = STM32_OK;
	uint32_t start, end;
	size_t i;

	for (i = 0; i < s->image->count; i++)
		if (in_flash(part, &s->image->segments[i], &start, &end))
			s->total += end - start;
	if (s->total > 0)
		run_begin(s->flash, STAGE_COMPARE, s->total, part->flash.start);
	for (i = 0; i < s->image->count && err == STM32_OK; i++)
		if (in_flash(part, &s->image->segments[i], &start, &end))
			err = compare_segment(s, start, end);
	return err;
}

/* Has the chip compare what it can; only the rest is read. */
static enum flash_err compare_on_chip(struct search *s, struct problem *why)
{
	struct range *ranges = calloc(s->image->count + 1, sizeof(*ranges));
	enum flash_err err = FLASH_NO_MEMORY;
	size_t count = 0, i;

	for (i = 0; ranges != NULL && i < s->image->count; i++)
		if (in_flash(s->flash->part, &s->image->segments[i],
			     &ranges[count].start, &ranges[count].end))
			count++;
	if (ranges != NULL)
		err = onchip_compare(s->flash, s->image, ranges, count, why);
	free(ranges);
	return err;
}

/* A reply has no checksum: on a line with errors a page counts as the same
 * only if two readings say so. */
static enum stm32_err compare_surely(struct search *s)
{
	enum stm32_err err = compare_all(s);

	if (err == STM32_OK && s->read_last)
		err = stm32_await_stray(s->flash->stm);
	if (err != STM32_OK || !stm32_had_trouble(s->flash->stm))
		return err;
	run_explain(s->flash, "errors on the line; comparing again");
	s->done = s->total = 0;
	return compare_all(s);
}

/* Copies what has to be written: everything outside the flash, and the pages
 * that differ. */
static bool copy_changed(const struct search *s, struct image *out,
			 struct changed *found)
{
	const struct segment *segment;
	struct image_clash clash;
	struct page page;
	size_t i;

	for (i = 0; i < s->image->count; i++) {
		uint64_t at, end, next;

		segment = &s->image->segments[i];
		end = (uint64_t)segment->start + segment->len;
		for (at = segment->start; at < end; at = next) {
			bool known = part_page_of(s->flash->part, (uint32_t)at,
						  &page);

			next = known && page.end < end ? page.end : end;
			if (!known || s->differs[page.number]) {
				if (image_add(out, (uint32_t)at, segment->data +
					      (at - segment->start),
					      (size_t)(next - at), 0) !=
				    IMAGE_OK)
					return false;
			} else {
				found->bytes_same += (size_t)(next - at);
			}
		}
	}
	return image_finish(out, &clash) == IMAGE_OK;
}

static void count_pages(const struct search *s, uint32_t pages,
			struct changed *found)
{
	struct page page;
	uint32_t i;

	for (i = 0; i < pages; i++) {
		if (!part_page_at(s->flash->part, i, &page) ||
		    image_covers(s->image, page.start, page.end - page.start) ==
		    0)
			continue;
		found->pages++;
		found->pages_same += !s->differs[i];
	}
}

enum flash_err changed_only(struct flash *flash, struct image **image,
			    struct changed *found, struct problem *why)
{
	uint32_t pages = part_page_count(flash->part);
	struct search s = { .flash = flash, .image = *image };
	struct image *out = image_new();
	enum flash_err result = FLASH_NO_MEMORY;
	enum stm32_err err;

	*found = (struct changed){ 0 };
	s.differs = calloc(pages + 1, sizeof(*s.differs));
	if (out == NULL || s.differs == NULL)
		goto out;
	out->has_addresses = (*image)->has_addresses;
	result = compare_on_chip(&s, why);
	if (result != FLASH_OK)
		goto out;
	err = compare_surely(&s);
	result = flash_explain(flash, err, "read", flash->part->flash.start,
			       why);
	if (result != FLASH_OK)
		goto out;
	count_pages(&s, pages, found);
	found->by_checksum = flash->sums == FLASH_SUMS_PROVEN ||
			     flash->onchip.same_count > 0;
	if (!copy_changed(&s, out, found)) {
		result = FLASH_NO_MEMORY;
		goto out;
	}
	image_free(*image);
	*image = out;
	out = NULL;
out:
	if (result == FLASH_NO_MEMORY)
		problem_set(why, "out of memory");
	onchip_forget(flash);
	free(s.differs);
	image_free(out);
	return result;
}
