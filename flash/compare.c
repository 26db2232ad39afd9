/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/compare.h"

#include <stdlib.h>
#include <string.h>

#include "flash/onchip.h"
#include "flash/run.h"
#include "flash/sums.h"
#include "utils.h"

#define FEW 16		/* differing ranges with fewer equal bytes between them
			 * are joined */
#define MOST_READS 10	/* of a block that reads differently each time */
#define SMALL 1024	/* bytes; a smaller range is read, not halved further */

struct compare {
	struct flash *flash;
	const struct image *image;
	struct comparison *found;
	uint32_t last;		/* end of the last range */
	uint64_t done, total;
};

static void mark(struct compare *c, uint32_t start, uint32_t end,
		 enum page_fate fate)
{
	if (c->found->picture != NULL)
		picture_raise(c->found->picture, c->flash->part, start, end,
			      fate);
}

static void note(struct compare *c, uint32_t address)
{
	struct comparison *found = c->found;

	found->bytes_differ++;
	mark(c, address, address + 1, PAGE_UNLIKE);
	if (found->count == 0 || address - c->last >= FEW) {
		if (found->count < COMPARE_MOST)
			found->ranges[found->count].start = address;
		found->count++;
	}
	c->last = address + 1;
	if (found->count <= COMPARE_MOST)
		found->ranges[found->count - 1].end = c->last;
}

static void advance(struct compare *c, uint32_t start, uint32_t end)
{
	mark(c, start, end, PAGE_SAME);
	c->done += end - start;
	run_progress(c->flash, STAGE_COMPARE, c->done, c->total, end);
}

/* Reads what differs until two readings agree: noise that shifts a byte and
 * passes the parity is no difference in memory. After errors on the line, also
 * reads twice what is equal. */
static enum stm32_err read_surely(struct flash *flash, uint32_t address,
				  const uint8_t *wanted, uint8_t *out,
				  uint32_t len)
{
	enum stm32_err err = run_read_block(flash, address, out, len);
	uint8_t again[STM32_MAX_BLOCK];
	unsigned tries;

	for (tries = 0; err == STM32_OK && tries < MOST_READS &&
	     (memcmp(out, wanted, len) != 0 || stm32_had_trouble(flash->stm));
	     tries++) {
		err = run_read_block(flash, address, again, len);
		if (err == STM32_OK && memcmp(out, again, len) == 0)
			break;
		memcpy(out, again, len);
	}
	return err;
}

/* The image covers all of [start, end). */
static enum stm32_err by_reading(struct compare *c, uint32_t start,
				 uint32_t end)
{
	uint8_t read[STM32_MAX_BLOCK], wanted[STM32_MAX_BLOCK];
	enum stm32_err err;
	uint32_t n, i, next;
	bool same;

	for (; start < end; start += n) {
		next = onchip_stretch(c->flash, start, end, &same);
		n = next - start;
		if (same) {
			advance(c, start, next);
			c->found->by_checksum = true;
			continue;
		}
		n = run_next_len(c->flash, start, n);
		run_overlay(c->image, start, wanted, n);
		err = read_surely(c->flash, start, wanted, read, n);
		if (err != STM32_OK)
			return err;
		for (i = 0; i < n; i++)
			if (read[i] != wanted[i])
				note(c, start + i);
		advance(c, start, start + n);
	}
	return STM32_OK;
}

/* start and end are multiples of 4. Halves the range while the checksum
 * differs. */
static enum stm32_err by_sum(struct compare *c, uint32_t start, uint32_t end)
{
	uint32_t middle = start + round_down((end - start) / 2, 4);
	enum stm32_err err;
	bool match;

	err = sums_match(c->flash, c->image, start, end, &match);
	if (err != STM32_OK)
		return err;
	if (match) {
		advance(c, start, end);
		return STM32_OK;
	}
	if (end - start <= SMALL)
		return by_reading(c, start, end);
	err = by_sum(c, start, middle);
	return err == STM32_OK ? by_sum(c, middle, end) : err;
}

static enum stm32_err compare_segment(struct compare *c, uint32_t start,
				      uint32_t end)
{
	uint32_t first = round_up(start, 4), last = round_down(end, 4);
	enum stm32_err err;

	if (part_area(c->flash->part, start, NULL) != AREA_FLASH ||
	    first >= last || !sums_usable(c->flash, first, last - first))
		return by_reading(c, start, end);
	c->found->by_checksum = true;
	err = by_reading(c, start, first);
	if (err == STM32_OK)
		err = by_sum(c, first, last);
	return err == STM32_OK ? by_reading(c, last, end) : err;
}

/* Has the chip compare what it can; only the rest is read. */
static enum flash_err image_on_chip(struct flash *flash,
				    const struct image *image,
				    struct problem *why)
{
	struct range *ranges = calloc(image->count + 1, sizeof(*ranges));
	const struct segment *s = image->segments;
	enum flash_err err;
	size_t count = 0, i;

	if (ranges == NULL) {
		problem_set(why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	for (i = 0; i < image->count; i++, s++)
		if (part_area(flash->part, s->start, NULL) == AREA_FLASH)
			ranges[count++] = (struct range){
				s->start, s->start + (uint32_t)s->len
			};
	err = onchip_compare(flash, image, ranges, count, why);
	free(ranges);
	return err;
}

enum flash_err compare_image(struct flash *flash, const struct image *image,
			     struct picture *picture, struct comparison *found,
			     struct problem *why)
{
	struct compare c = { .flash = flash, .image = image, .found = found,
			     .total = image_bytes(image) };
	enum flash_err result = image_on_chip(flash, image, why);
	enum stm32_err err = STM32_OK;
	size_t i;

	*found = (struct comparison){ .bytes = c.total, .picture = picture };
	if (result != FLASH_OK)
		return result;
	run_begin(flash, STAGE_COMPARE, c.total, image_start(image));
	for (i = 0; i < image->count && err == STM32_OK; i++)
		err = compare_segment(&c, image->segments[i].start,
				      image->segments[i].start +
				      (uint32_t)image->segments[i].len);
	onchip_forget(flash);
	return flash_explain(flash, err, "read", image_start(image), why);
}

/* An image without bytes: it means erased memory. */
static const struct image nothing = { .count = 0 };

static enum stm32_err blank_by_sum(struct flash *flash,
				   const struct range *range, bool *blank)
{
	uint32_t start = round_up(range->start, 4);
	uint32_t end = round_down(range->end, 4);

	*blank = false;
	if (start != range->start || end != range->end || start >= end ||
	    !sums_usable(flash, start, end - start))
		return STM32_OK;
	return sums_match(flash, &nothing, start, end, blank);
}

/* Reads up to the first byte that is not erased. */
static enum stm32_err blank_by_reading(struct flash *flash,
				       const struct range *range, bool *blank,
				       uint32_t *first, uint8_t *value)
{
	uint32_t at, n, i, next;
	uint8_t read[STM32_MAX_BLOCK], wanted[STM32_MAX_BLOCK];
	enum stm32_err err;
	bool same;

	memset(wanted, flash->part->dev.erased, sizeof(wanted));
	for (at = range->start; at < range->end; at += n) {
		next = onchip_stretch(flash, at, range->end, &same);
		n = next - at;
		if (same) {
			run_progress(flash, STAGE_COMPARE, next - range->start,
				     range->end - range->start, next);
			continue;
		}
		n = run_next_len(flash, at, n);
		err = read_surely(flash, at, wanted, read, n);
		if (err != STM32_OK)
			return err;
		for (i = 0; i < n; i++) {
			if (read[i] == flash->part->dev.erased)
				continue;
			*first = at + i;
			*value = read[i];
			return STM32_OK;
		}
		run_progress(flash, STAGE_COMPARE, at + n - range->start,
			     range->end - range->start, at + n);
	}
	*blank = true;
	return STM32_OK;
}

enum flash_err compare_blank(struct flash *flash, const struct range *range,
			     bool *blank, uint32_t *first, uint8_t *value,
			     struct problem *why)
{
	enum flash_err result = FLASH_OK;
	enum stm32_err err;

	if (part_area(flash->part, range->start, NULL) == AREA_FLASH)
		result = onchip_compare(flash, &nothing, range, 1, why);
	if (result != FLASH_OK)
		return result;
	run_begin(flash, STAGE_COMPARE, range_len(range), range->start);
	err = blank_by_sum(flash, range, blank);
	if (err == STM32_OK && *blank)
		run_progress(flash, STAGE_COMPARE, range_len(range),
			     range_len(range), range->end);
	else if (err == STM32_OK)
		err = blank_by_reading(flash, range, blank, first, value);
	onchip_forget(flash);
	return flash_explain(flash, err, "read", range->start, why);
}
