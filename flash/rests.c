/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/rests.h"

/* Checks a page that was not named; the image may have bytes on it. */
static enum flash_err is_blank(const struct run *run, const struct page *page,
			       bool *blank)
{
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err = STM32_OK;
	uint32_t at, n;

	*blank = true;
	for (at = page->start; *blank && at < page->end; at += n) {
		n = run_next_len(run->flash, at, page->end - at);
		if (image_covers(run->image, at, n) != 0)
			continue;
		err = run_read_block(run->flash, at, found, n);
		if (err != STM32_OK)
			return flash_explain(run->flash, err, "read", at,
					     run->why);
		*blank = run_all_equal(found, n, run->flash->part->dev.erased);
	}
	return FLASH_OK;
}

static bool is_other_page(const struct run *run, uint32_t position,
			  struct page *page)
{
	return part_page_at(run->flash->part, position, page) &&
	       !plan_erases(run->plan, run->flash->part, page->start);
}

/* A page that still has data proves that there was no mass erase. */
static enum flash_err check_all(struct run *run)
{
	uint32_t pages = part_page_count(run->flash->part), i;
	enum flash_err err = FLASH_OK;
	bool blank = true, any = false;
	struct page page;

	for (i = 0; i < pages && blank && err == FLASH_OK; i++)
		if (is_other_page(run, i, &page)) {
			any = true;
			err = is_blank(run, &page, &blank);
		}
	run->all_erased = any && blank;
	return err;
}

static bool is_suspected(const struct run *run, uint32_t number)
{
	const struct stm32_rests *rests = stm32_rests(run->flash->stm);

	if (number < sizeof(rests->pages))
		return rests->pages[number];
	return number % 256 == 0 && number / 256 < sizeof(rests->pages) &&
	       rests->pages[number / 256];
}

enum flash_err rests_check(struct run *run)
{
	const struct part *part = run->flash->part;
	const struct stm32_rests *rests = stm32_rests(run->flash->stm);
	uint32_t pages = part_page_count(part), i;
	enum flash_err err = FLASH_OK;
	struct page page;
	bool blank;

	if (!rests->any || !part->size_known || run->plan->erases_all)
		return FLASH_OK;
	run_explain(run->flash, "a list of pages may have been damaged; "
		    "checking the other pages");
	if (rests->all)
		err = check_all(run);
	for (i = 0; i < pages && err == FLASH_OK; i++) {
		if (!is_other_page(run, i, &page) ||
		    !is_suspected(run, page.number))
			continue;
		err = is_blank(run, &page, &blank);
		if (err == FLASH_OK && blank)
			range_add(&run->lost, page.start, page.end);
	}
	return err;
}
