/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "flash/onchip.h"
#include "flash/repair.h"
#include "flash/run.h"

#define ERASE_TRIES 3
#define MOST_LOOKED_AT 3	/* pages of one list on a bad line */
#define SLOWER 10
#define SLOWEST_MS 60000	/* a mass erase of 2 MiB on the slowest parts */

/* Waits until the device answers again, so that a flash slower than its
 * datasheet still works; the flash of many clones is. */
static enum stm32_err wait_until_free(struct flash *flash)
{
	struct port *port = stm32_port(flash->stm);
	int64_t give_up = port_now_ms(port) + SLOWEST_MS;
	enum stm32_err err = stm32_resync(flash->stm);

	while (err == STM32_TIMEOUT && port_now_ms(port) < give_up) {
		run_explain(flash, "no answer yet; waiting longer");
		err = stm32_resync(flash->stm);
	}
	return err == STM32_OK || err == STM32_TIMEOUT ? STM32_UNCERTAIN : err;
}

/* Returns the timeout of the next try: not shorter, and at most what any flash
 * needs. */
static unsigned longer(unsigned work_ms, bool last)
{
	unsigned more = last || work_ms > SLOWEST_MS / SLOWER
		      ? SLOWEST_MS : work_ms * SLOWER;

	return more > work_ms ? more : work_ms;
}

/* Sends one list, and repeats it if the result is unknown: erasing erased
 * pages is harmless. The ACK was lost or late, so each try waits longer. An
 * ACK after a list that was completed with filler bytes may be for other,
 * unknown pages; for a mass erase that makes no difference. */
static enum stm32_err erase_list(struct flash *flash, const uint16_t *pages,
				 size_t count, unsigned work_ms)
{
	enum stm32_err err = STM32_UNCERTAIN;
	unsigned tries;

	onchip_forget(flash);
	for (tries = 1; err == STM32_UNCERTAIN && tries <= ERASE_TRIES;
	     tries++) {
		err = pages == NULL ? stm32_erase_all(flash->stm, work_ms)
				    : stm32_erase_pages(flash->stm, pages,
							count, work_ms);
		if (err == STM32_UNCERTAIN)
			err = wait_until_free(flash);
		if (err == STM32_ASTRAY && pages == NULL)
			err = STM32_UNCERTAIN;
		work_ms = longer(work_ms, tries + 1 == ERASE_TRIES);
	}
	return err;
}

/* Returns the number of pages in the next list: on a line known to be bad as
 * few as in the first list. Some ROMs mishandle lists of several pages, in
 * both banks or in bank 2. */
static uint32_t next_list(const struct flash *flash, uint32_t count)
{
	bool extended = stm32_has(flash->stm, CMD_EXTENDED_ERASE);
	uint32_t most = (uint32_t)stm32_max_pages(flash->stm);

	if (part_has_defect(flash->part, &flash->part->dev.erase_one_page))
		return 1;
	if (stm32_port(flash->stm)->caps & PORT_FRAMED)
		return count < most ? count : most;
	return plan_list_len(stm32_had_changes(flash->stm) ? 0 : flash->lists,
			     most, count, !extended);
}

/* Some ROMs also send the ACK before the flash is ready. */
static void wait_for_erase(const struct flash *flash, unsigned work_ms)
{
	const struct dev *dev = &flash->part->dev;

	if (!part_has_defect(flash->part, &dev->erase_one_page) &&
	    !part_has_defect(flash->part, &dev->erase_busy))
		return;
	run_explain(flash, "this ROM's version acknowledges an erase too "
		    "early: waiting");
	port_sleep_ms(stm32_port(flash->stm), work_ms);
}

enum flash_err run_check_pages(const struct run *run, uint32_t first,
			       uint32_t count)
{
	uint32_t most = stm32_last_page(run->flash->stm), i;
	struct page page = { 0, 0, 0 };

	for (i = 0; i < count; i++) {
		part_page_at(run->flash->part, first + i, &page);
		if (page.number > most) {
			problem_set(run->why, "this bootloader's Erase command "
				    "cannot erase page %" PRIu32 ", only up to %"
				    PRIu32 "; use --erase=chip",
				    page.number, most);
			return FLASH_DEVICE;
		}
		if (!part_page_sure(run->flash->part, &page)) {
			problem_set(run->why, "the page at 0x%08" PRIx32 " is "
				    "not erased: the page numbering of the "
				    "second bank is not known; use "
				    "--erase=chip", page.start);
			return FLASH_DEVICE;
		}
	}
	return FLASH_OK;
}

/* Erases the pages of one command. */
static enum flash_err erase_some(struct run *run, uint32_t first,
				 uint32_t count)
{
	struct flash *flash = run->flash;
	uint16_t list[STM32_MAX_PAGES];
	struct page page = { 0, 0, 0 };
	uint32_t start = 0, i;
	unsigned work_ms = 0;
	enum stm32_err err;

	for (i = 0; i < count; i++) {
		part_page_at(flash->part, first + i, &page);
		start = i == 0 ? page.start : start;
		list[i] = (uint16_t)page.number;
		work_ms += part_page_erase_ms(flash->part,
					      page.end - page.start);
	}
	err = erase_list(flash, list, count, work_ms);
	if (err != STM32_OK)
		return flash_explain(flash, err, "erase", start, run->why);
	wait_for_erase(flash, work_ms);
	run->erased += count;
	if (run->repairs == 0)
		run_progress(flash, STAGE_ERASE, run->erased,
			     run->plan->pages_erased, page.end);
	return FLASH_OK;
}

/* Moves block->start to the first block of the page that has data, or to the
 * end of a blank page. A page taken for blank is not erased, so two readings
 * must agree. */
static enum flash_err find_data(const struct run *run, struct step *block,
				uint32_t end)
{
	const struct part *part = run->flash->part;
	uint8_t found[STM32_MAX_BLOCK];
	enum stm32_err err = STM32_OK;
	uint32_t n;

	for (; block->start < end; block->start = block->end) {
		n = run_next_len(run->flash, block->start, end - block->start);
		block->end = block->start + n;
		err = run_read_surely(run->flash, block->start, found, n);
		if (err != STM32_OK ||
		    !run_all_equal(found, n, part->dev.erased))
			break;
	}
	return flash_explain(run->flash, err, "read", block->start, run->why);
}

/* The pages of one list, and for each the block that had data before. */
struct looked_at {
	uint32_t first, count;
	struct step blocks[MOST_LOOKED_AT];
};

static enum flash_err look(const struct run *run, struct looked_at *pages,
			   bool *blank)
{
	enum flash_err err = FLASH_OK;
	struct page page = { 0, 0, 0 };
	uint32_t i;

	*blank = true;
	for (i = 0; i < pages->count && err == FLASH_OK; i++) {
		struct step *block = &pages->blocks[i];

		part_page_at(run->flash->part, pages->first + i, &page);
		*block = (struct step){ .kind = STEP_PROVE, .area = AREA_FLASH,
					.start = page.start };
		err = find_data(run, block, page.end);
		*blank = *blank && block->start == page.end;
	}
	return err;
}

/* FLASH_PROTECTED: a page is unchanged. */
static enum flash_err look_again(struct run *run,
				 const struct looked_at *pages)
{
	enum flash_err err = FLASH_OK;
	struct page page = { 0, 0, 0 };
	uint32_t i;

	for (i = 0; i < pages->count && err == FLASH_OK; i++) {
		part_page_at(run->flash->part, pages->first + i, &page);
		if (pages->blocks[i].start == page.end)
			continue;
		err = repair_check_erased(run, &pages->blocks[i]);
		if (err == FLASH_PROTECTED)
			range_add(&run->unerased, page.start, page.end);
	}
	return err;
}

/*
 * For a line that damages bytes. The checksum of a list is an XOR: two changes
 * of the same bit cancel out, and another page is erased instead. So do not
 * erase blank pages, where that would not show; of the others, check the
 * blocks that had data again.
 */
static enum flash_err erase_surely(struct run *run, uint32_t first,
				   uint32_t count)
{
	struct looked_at pages = { .first = first, .count = count };
	unsigned tries;
	bool blank;
	enum flash_err err = look(run, &pages, &blank);

	if (err == FLASH_OK && blank)
		run->erased += count;
	if (err != FLASH_OK || blank)
		return err;
	for (tries = 1; ; tries++) {
		err = erase_some(run, first, count);
		if (err == FLASH_OK)
			err = look_again(run, &pages);
		if (err != FLASH_PROTECTED || tries == ERASE_TRIES)
			return err;
		run_explain(run->flash, "a page was not erased; retrying");
		run->why->text[0] = '\0';
		run->erased -= count;
	}
}

/* Pages after the end of a flash of unknown size cannot be checked. A mass
 * erase cannot hit a wrong page. */
static bool has_to_look(const struct run *run)
{
	const struct flash *flash = run->flash;

	return flash->part->size_known && !run->plan->erases_all &&
	       stm32_had_changes(flash->stm) &&
	       !(stm32_port(flash->stm)->caps & PORT_FRAMED);
}

enum flash_err run_erase_pages(struct run *run, uint32_t first, uint32_t count)
{
	enum flash_err err = run_check_pages(run, first, count);
	uint32_t n;

	run->lists = true;
	for (; count > 0 && err == FLASH_OK; first += n, count -= n) {
		n = next_list(run->flash, count);
		err = n <= MOST_LOOKED_AT && has_to_look(run)
		    ? erase_surely(run, first, n)
		    : erase_some(run, first, n);
		run->flash->lists++;
	}
	return err;
}

/* A ROM with Erase, not Extended Erase, sends an ACK for a mass erase whose
 * last byte was damaged, and erases nothing. So on a line that damages bytes,
 * erase twice. */
static enum stm32_err mass_erase(struct flash *flash)
{
	unsigned work_ms = part_mass_erase_ms(flash->part);
	enum stm32_err err = erase_list(flash, NULL, 0, work_ms);

	if (err != STM32_OK || !stm32_had_changes(flash->stm) ||
	    stm32_has(flash->stm, CMD_EXTENDED_ERASE))
		return err;
	run_explain(flash, "the mass erase may have failed; retrying");
	return erase_list(flash, NULL, 0, work_ms);
}

enum flash_err run_erase_all(struct run *run)
{
	struct flash *flash = run->flash;
	uint32_t pages = part_page_count(flash->part);
	enum stm32_err err = STM32_NACK;

	if (!part_has(flash->part, DEV_NO_MASS_ERASE))
		err = mass_erase(flash);
	if (err == STM32_OK) {
		wait_for_erase(flash, part_mass_erase_ms(flash->part));
		run->erased = pages;
	}
	if (err == STM32_OK && run->repairs == 0)
		run_progress(flash, STAGE_ERASE, pages, pages,
			     flash->part->flash.end);
	if (err == STM32_NACK && pages == 0)
		problem_set(run->why, "mass erase: refused (NACK), and the "
			    "pages of this part are not known; name the part "
			    "it resembles (--device)");
	if (err != STM32_NACK || pages == 0)
		return flash_explain(flash, err, "mass erase",
				     flash->part->flash.start, run->why);
	run_explain(flash, "no mass erase on this part; erasing page by page");
	return run_erase_pages(run, 0, pages);
}
