/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cost of a plan on the line and in the flash. */
#include "flash/plan.h"

#include "utils.h"

#define MOST_BLOCK 256		/* bytes of one read */
#define WORD 4
#define PAGES_PER_LIST 100	/* of one erase */

/* Less than a word, and seven bytes, are read as the whole words around them:
 * their N would be an opcode, see protocol/count.h. */
static uint32_t read_len(uint32_t at, uint32_t len)
{
	return len < WORD || len == 7
	     ? round_up(at + len, WORD) - round_down(at, WORD) : len;
}

/* AN3155, Read Memory: 9 bytes out and 3 ACKs for each block; no block crosses
 * a 256-byte boundary. */
static void add_reads(struct plan_cost *cost, const struct step *step,
		      unsigned block)
{
	uint32_t at = step->start, n;

	while (at < step->end) {
		n = MOST_BLOCK - at % MOST_BLOCK;
		n = n < block ? n : block;
		n = n < step->end - at ? n : step->end - at;
		cost->to_device += 9;
		cost->from_device += 3 + read_len(at, n);
		cost->waits += 3;
		at += n;
	}
}

/* AN3155, Erase and Extended Erase: the command, then count, pages, XOR. */
static void add_erase(struct plan_cost *cost, const struct part *part,
		      uint32_t pages)
{
	bool one_byte = part->dev.erase_command == 0x43;

	cost->to_device += 2 + (one_byte ? 2 + (uint64_t)pages
					 : 3 + 2 * (uint64_t)pages);
	cost->from_device += 2;
	cost->waits += 2;
}

/*
 * The checksum of a list is an XOR: two changes of the same bit cancel out,
 * and another page is erased. A shorter list makes that less likely, so on a
 * line of unknown quality the first lists are the shortest: 1, 2, 4, 8 pages.
 *
 * By Erase (43) a list of one page is 00, the page, and the page again.
 * Prefixed by FF it would be a mass erase, so no list has one page if it can
 * have two.
 */
uint32_t plan_list_len(unsigned lists, uint32_t most, uint32_t count,
		       bool one_byte)
{
	uint32_t len = one_byte ? 2 : 1;

	for (; lists > 0 && len < most; lists--)
		len *= 2;
	if (most > count)
		most = count;
	if (len > most)
		len = most;
	if (one_byte && count - len == 1 && most > 2)
		len = len > 2 ? len - 1 : len + 1;
	return len;
}

static void add_page_erase(struct plan_cost *cost, const struct part *part,
			   uint32_t first, uint32_t count)
{
	uint32_t most = part_has_defect(part, &part->dev.erase_one_page)
			? 1 : PAGES_PER_LIST;
	struct page page;
	bool one_byte = part->dev.erase_command == 0x43;
	uint32_t i, n;

	for (i = 0; i < count; i += n) {
		n = plan_list_len(cost->lists++, most, count - i, one_byte);
		add_erase(cost, part, n);
	}
	for (i = 0; i < count; i++)
		if (part_page_at(part, first + i, &page))
			cost->flash_ms += part_page_erase_ms(part, page.end -
								   page.start);
}

static void add_mass_erase(struct plan_cost *cost, const struct part *part)
{
	if (part_has(part, DEV_NO_MASS_ERASE)) {
		add_page_erase(cost, part, 0, part_page_count(part));
		return;
	}
	add_erase(cost, part, 0);
	cost->flash_ms += part_mass_erase_ms(part);
}

static void add_step_cost(struct plan_cost *cost, const struct part *part,
			  const struct step *step, unsigned block)
{
	uint32_t len = step->end - step->start;

	switch (step->kind) {
	case STEP_KEEP:
		cost->bytes_kept += len;
		/* twice, as a read has no checksum */
		add_reads(cost, step, block);
		add_reads(cost, step, block);
		break;
	case STEP_PROVE:
		add_reads(cost, step, block);
		break;
	case STEP_ERASE_ALL:
		add_mass_erase(cost, part);
		break;
	case STEP_ERASE_PAGES:
		add_page_erase(cost, part, step->first_page, step->page_count);
		break;
	case STEP_WRITE:
		cost->writes++;
		cost->bytes_written += len;
		cost->to_device += 2 + 5 + 2 + (uint64_t)len;
		cost->from_device += 3;
		cost->waits += 3;
		cost->flash_ms += part_program_ms(part, len);
		break;
	case STEP_BLANK:
		break;
	case STEP_SAME:
		/* before and after */
		add_reads(cost, step, block);
		add_reads(cost, step, block);
		break;
	case STEP_VERIFY:
		cost->bytes_verified += len;
		add_reads(cost, step, block);
		break;
	}
}

void plan_cost(const struct plan *plan, const struct part *part,
	       unsigned block, struct plan_cost *cost)
{
	size_t i;

	*cost = (struct plan_cost){ 0 };
	for (i = 0; i < plan->count; i++)
		add_step_cost(cost, part, &plan->steps[i], block);
}
