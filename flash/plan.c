/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utils.h"

#define MOST_BLOCK 256	/* bytes of the longest possible write */
#define PROOF_LEN 8	/* bytes read of a unit to prove that it is erased */

/* The state shared by the functions below. */
struct maker {
	const struct plan_request *request;
	const struct part *part;
	struct plan *plan;
	struct problem *why;
	bool *whole;		/* by page position: holds bytes to keep, so it
				 * is erased and written as a unit before the
				 * next one */
	bool failed;		/* out of memory, or the reason in *why */
};

static void add_step(struct maker *m, struct step step)
{
	struct plan *plan = m->plan;
	size_t room = plan->room != 0 ? 2 * plan->room : 64;
	struct step *steps;

	if (plan->steps == NULL || plan->count == plan->room) {
		steps = realloc(plan->steps, room * sizeof(*steps));
		if (steps == NULL) {
			problem_default(m->why, "out of memory");
			m->failed = true;
			return;
		}
		plan->steps = steps;
		plan->room = room;
	}
	plan->steps[plan->count++] = step;
}

/* --- erase ---------------------------------------------------------------- */

static bool whole_flash(const struct maker *m, uint32_t first, uint32_t count)
{
	uint32_t pages = part_page_count(m->part);

	return first == 0 && pages != 0 && count >= pages;
}

static void erase_all(struct maker *m)
{
	m->plan->erases = m->plan->erases_all = true;
	m->plan->pages_erased = part_page_count(m->part);
	add_step(m, (struct step){ .kind = STEP_ERASE_ALL,
				   .page_count = m->plan->pages_erased });
}

/* Checks that the erase command gives these page numbers the same meaning. */
static bool check_pages(struct maker *m, uint32_t first, uint32_t count)
{
	struct page page;

	if (whole_flash(m, first, count) ||
	    (part_page_at(m->part, first + count - 1, &page) &&
	     part_page_sure(m->part, &page)))
		return true;
	problem_set(m->why, "the page numbering of the second bank (from "
		    "0x%08" PRIx32 " on) is not known; use --erase=chip",
		    m->part->sure_end);
	return false;
}

static void note_erased(struct maker *m, uint32_t first, uint32_t count)
{
	m->plan->erases = true;
	memset(m->plan->erased + first, true, count);
}

static void erase_pages(struct maker *m, uint32_t first, uint32_t count)
{
	struct step *last = m->plan->count == 0 ? NULL :
			    &m->plan->steps[m->plan->count - 1];

	if (whole_flash(m, first, count)) {
		erase_all(m);
		return;
	}
	note_erased(m, first, count);
	m->plan->pages_erased += count;
	if (last != NULL && last->kind == STEP_ERASE_PAGES &&
	    last->first_page + last->page_count == first)
		last->page_count += count;
	else
		add_step(m, (struct step){ .kind = STEP_ERASE_PAGES,
					   .first_page = first,
					   .page_count = count });
}

/* Erases exactly the pages that the user named. */
static bool erase_named_pages(struct maker *m)
{
	const struct plan_request *r = m->request;
	uint32_t pages = part_page_count(m->part);

	if (r->page_count == 0)
		return true;
	if (r->first_page >= pages || r->page_count > pages - r->first_page) {
		problem_set(m->why, "page %" PRIu32 " is the last one of this "
			    "part; -s %" PRIu32 " -e %" PRIu32
			    " goes beyond it", pages - 1, r->first_page,
			    r->page_count);
		return false;
	}
	if (!check_pages(m, r->first_page, r->page_count))
		return false;
	erase_pages(m, r->first_page, r->page_count);
	return true;
}

/* True if a byte must be kept: it is outside the image and, if the user
 * limited the job to a range whose pages are erased, outside the range. */
static bool stays(const struct maker *m, uint32_t address)
{
	const struct plan_request *r = m->request;

	if (r->image != NULL && image_covers(r->image, address, 1) != 0)
		return false;
	return r->erase == ERASE_PAGES || !r->has_range ||
	       address < r->range.start || address >= r->range.end;
}

static void keep_rest_of(struct maker *m, const struct page *page)
{
	uint32_t start = page->start, end;

	while (start < page->end) {
		while (start < page->end && !stays(m, start))
			start++;
		for (end = start; end < page->end && stays(m, end); end++)
			;
		if (end > start)
			add_step(m, (struct step){ .kind = STEP_KEEP,
						   .start = start,
						   .end = end });
		start = end;
	}
}

static bool touched(const struct maker *m, const struct page *page)
{
	const struct plan_request *r = m->request;

	if (r->erase == ERASE_PAGES)
		return r->image != NULL &&
		       image_covers(r->image, page->start,
				    page->end - page->start) != 0;
	return page->start < r->range.end && page->end > r->range.start;
}

/* Marks the pages that share a block with this one: more than the page itself
 * only if pages are smaller than a block. */
static void mark_whole(struct maker *m, uint32_t position)
{
	uint32_t block = m->request->block, i;
	struct page page, other;

	part_page_at(m->part, position, &page);
	page.start = round_down(page.start, block);
	page.end = round_up(page.end, block);
	for (i = position; part_page_at(m->part, i, &other) &&
	     other.end > page.start; i--) {
		m->whole[i] = true;
		if (i == 0)
			break;
	}
	for (i = position; part_page_at(m->part, i, &other) &&
	     other.start < page.end; i++)
		m->whole[i] = true;
}

/* Erases the pages of the range, or those that the image touches. Bytes to
 * keep are read before the first erase; pages with kept bytes are left to
 * write_group(). */
static bool erase_touched_pages(struct maker *m)
{
	uint32_t pages = part_page_count(m->part);
	size_t steps;
	struct page page;
	uint32_t i;

	for (i = 0; i < pages; i++) {
		if (!part_page_at(m->part, i, &page) || !touched(m, &page))
			continue;
		if (!check_pages(m, i, 1))
			return false;
		steps = m->plan->count;
		keep_rest_of(m, &page);
		if (m->plan->count > steps)
			mark_whole(m, i);
	}
	for (i = 0; i < pages; i++) {
		if (!part_page_at(m->part, i, &page) || !touched(m, &page))
			m->whole[i] = false;
		else if (m->whole[i])
			note_erased(m, i, 1);
		else
			erase_pages(m, page.number, 1);
	}
	return true;
}

static bool plan_erase(struct maker *m)
{
	const struct plan_request *r = m->request;

	if (r->erase == ERASE_NONE)
		return true;
	if (r->erase == ERASE_CHIP ||
	    (r->erase == ERASE_AUTO && !r->has_pages && !r->has_range)) {
		erase_all(m);
		return true;
	}
	if (m->part->pages == NULL) {
		part_explain_no_pages(m->part, m->why);
		return false;
	}
	return r->has_pages ? erase_named_pages(m) : erase_touched_pages(m);
}

/* Also called for pages of another bank mode. */
static bool is_whole(const struct maker *m, const struct page *page)
{
	struct page ours;

	return part_page_of(m->part, page->start, &ours) &&
	       m->whole[ours.number];
}

/* True if the erase of this page must be proven. Each proof costs a read, so
 * if the erase only serves a write, proves only pages that it uses. */
static bool needs_proof(const struct maker *m, const struct page *page)
{
	const struct range *flash = &m->part->flash;
	const struct image *image = m->request->image;

	if (!plan_erases(m->plan, m->part, page->start) || is_whole(m, page))
		return false;
	return image == NULL || m->request->has_pages ||
	       image_covers(image, flash->start, flash->end - flash->start) ==
	       0 ||
	       image_covers(image, page->start, page->end - page->start) != 0;
}

/* Reads a few bytes of each erased write protection unit. If the pages depend
 * on an unknown bank mode, uses those of the default mode, which show roughly
 * where the units are. */
static void prove_erase(struct maker *m)
{
	struct part part = *m->part;
	uint32_t unit = part.dev.wrp_pages != 0 ? part.dev.wrp_pages : 1;
	uint32_t pages, last = UINT32_MAX, i;
	struct page page;

	if (part.pages == NULL)
		part.pages = part.dev.pages;
	pages = part_page_count(&part);
	for (i = 0; i < pages; i++) {
		if (i / unit == last || !part_page_at(&part, i, &page) ||
		    !needs_proof(m, &page))
			continue;
		last = i / unit;
		add_step(m, (struct step){ .kind = STEP_PROVE,
					   .area = AREA_FLASH,
					   .start = page.start,
					   .end = page.start + PROOF_LEN });
	}
}

bool plan_erases(const struct plan *plan, const struct part *part,
		 uint32_t address)
{
	struct page page;

	return plan->erases_all || (part_page_of(part, address, &page) &&
				    plan->erased[page.number]);
}

/* --- write ----------------------------------------------------------------- */

/* Finds the bytes in [start, end) that are kept; they will be in memory
 * together with the image. */
static bool kept(const struct maker *m, uint32_t start, uint32_t end,
		 uint32_t *first, uint32_t *last)
{
	bool found = false;
	size_t i;

	for (i = 0; i < m->plan->prelude; i++) {
		const struct step *step = &m->plan->steps[i];
		uint32_t from = step->start > start ? step->start : start;
		uint32_t to = step->end < end ? step->end : end;

		if (step->kind != STEP_KEEP || from >= to)
			continue;
		if (!found || from < *first)
			*first = from;
		if (!found || to > *last)
			*last = to;
		found = true;
	}
	return found;
}

static bool in_image(const struct maker *m, uint32_t start, uint32_t end,
		     uint32_t *first, uint32_t *last)
{
	const struct segment *s = image_from(m->request->image, start);
	bool found = false;
	const struct segment *behind = m->request->image->segments +
				       m->request->image->count;

	for (; s != NULL && s < behind && s->start < end; s++) {
		uint64_t to = (uint64_t)s->start + s->len;

		if (!found)
			*first = s->start > start ? s->start : start;
		*last = to < end ? (uint32_t)to : end;
		found = true;
	}
	return found;
}

static void write_block(struct maker *m, uint32_t start, uint32_t end,
			enum area area, bool may_be_blank)
{
	add_step(m, (struct step){ .kind = STEP_WRITE, .start = start,
				   .end = end, .area = area,
				   .may_be_blank = may_be_blank });
	m->plan->write_bytes += end - start;
}

/* Writes one aligned block on erased pages in one packet: padded to the
 * granule at both ends, gaps filled with the erased value; nothing if all of
 * it is erased. */
static void write_erased_block(struct maker *m, uint32_t start, uint32_t end)
{
	const struct dev *dev = &m->part->dev;
	uint32_t first = end, last = start, from, to;
	bool keeps = kept(m, start, end, &from, &to);

	if (keeps) {
		first = from;
		last = to;
	}
	if (in_image(m, start, end, &from, &to)) {
		first = from < first ? from : first;
		last = to > last ? to : last;
	}
	if (first >= last)
		return;
	if (image_all_equal(m->request->image, start, end - start,
			    dev->erased) && !keeps)
		return;
	write_block(m, round_down(first, dev->write_align),
		    round_up(last, dev->write_align), AREA_FLASH, keeps);
}

/* Writes one aligned block on pages that are not erased: granule by granule,
 * as the bytes in between must not be programmed. */
static void write_unerased_block(struct maker *m, uint32_t start, uint32_t end)
{
	uint32_t align = m->part->dev.write_align;
	uint32_t at = start, from;

	while (at < end) {
		while (at < end && image_covers(m->request->image, at, align) == 0)
			at += align;
		from = at;
		while (at < end && image_covers(m->request->image, at, align) != 0)
			at += align;
		if (at == from)
			break;
		if (image_all_equal(m->request->image, from, at - from,
				    m->part->dev.erased))
			add_step(m, (struct step){ .kind = STEP_BLANK,
						   .start = from, .end = at });
		else
			write_block(m, from, at, AREA_FLASH, false);
		m->plan->image_beyond_erase |= m->request->has_pages &&
					       m->request->page_count > 0;
	}
}

/* What happens to the page at an address; *page is that page, or ends at
 * UINT32_MAX if the pages are unknown. */
enum page_fate { FATE_STAYS, FATE_ERASED, FATE_WHOLE };

static enum page_fate fate_of(const struct maker *m, uint32_t address,
			      struct page *page)
{
	bool known = part_page_of(m->part, address, page);

	if (!known)
		page->end = UINT32_MAX;
	if (!m->plan->erases_all &&
	    !(known && m->plan->erased[page->number]))
		return FATE_STAYS;
	return known && m->whole[page->number] ? FATE_WHOLE : FATE_ERASED;
}

/* Returns the end of the pages that are treated like the one at address. */
static uint32_t alike_until(const struct maker *m, uint32_t address,
			    uint32_t end, enum page_fate *fate)
{
	struct page page;

	*fate = fate_of(m, address, &page);
	for (address = page.end; address < end; address = page.end)
		if (fate_of(m, address, &page) != *fate)
			return address;
	return end;
}

/* Writes at most one aligned block; pages may be smaller. group: only the
 * parts on pages done as a unit, or only the rest. */
static void write_flash_block(struct maker *m, uint32_t start, uint32_t end,
			      bool group)
{
	enum page_fate fate;
	uint32_t until;

	for (; start < end; start = until) {
		until = alike_until(m, start, end, &fate);
		if ((fate == FATE_WHOLE) != group)
			continue;
		if (fate == FATE_STAYS)
			write_unerased_block(m, start, until);
		else
			write_erased_block(m, start, until);
	}
}

/* True for the blocks that make a chip start: the one with the image's first
 * byte, where its vector table is, and the first block of the flash. */
static bool is_vector_block(const struct maker *m, uint32_t block,
			    uint32_t image_first)
{
	return block == round_down(image_first, m->request->block) ||
	       block == round_down(m->part->flash.start, m->request->block);
}

static bool has_vectors(const struct maker *m, uint32_t start, uint32_t end,
			uint32_t image_first)
{
	for (; start < end; start += m->request->block)
		if (is_vector_block(m, start, image_first))
			return true;
	return false;
}

static bool flash_data(const struct maker *m, uint32_t *first)
{
	uint32_t last;

	return m->request->image != NULL &&
	       in_image(m, m->part->flash.start, m->part->flash.end, first,
			&last);
}

static void write_flash(struct maker *m, uint32_t image_first, bool vectors)
{
	uint32_t block = m->request->block;
	uint32_t at;

	for (at = round_down(m->part->flash.start, block);
	     at < m->part->flash.end; at += block)
		if (is_vector_block(m, at, image_first) == vectors)
			write_flash_block(m, at, at + block, false);
}

/* Reads the bytes of [start, end) that the image lacks: a write of whole words
 * must not change bytes next to the data. */
static void keep_gaps(struct maker *m, uint32_t start, uint32_t end)
{
	const struct image *image = m->request->image;
	uint32_t from;

	while (start < end) {
		while (start < end && image_covers(image, start, 1) != 0)
			start++;
		from = start;
		while (start < end && image_covers(image, start, 1) == 0)
			start++;
		if (start > from)
			add_step(m, (struct step){ .kind = STEP_KEEP,
						   .start = from,
						   .end = start });
	}
}

/* RAM, option bytes, EEPROM, anything else: whole words, no erase. */
static void write_area(struct maker *m, uint32_t start, uint64_t end,
		       enum area area)
{
	/* On an unknown part this may be flash. On a known one it is not, but
	 * may be registers, where a neighbour must not be written. */
	bool flash = area == AREA_UNKNOWN && !m->part->known;
	uint32_t align = flash ? m->part->dev.write_align : 4;
	uint64_t to;

	start = round_down(start, align);
	end = (end + align - 1) & ~(uint64_t)(align - 1);
	for (; start < end; start = (uint32_t)to) {
		to = (uint64_t)round_down(start, m->request->block) +
		     m->request->block;
		to = to < end ? to : end;
		if (!flash)
			keep_gaps(m, start, (uint32_t)to);
		write_block(m, start, (uint32_t)to, area, false);
	}
}

/* Refuses data that needs several writes, as the second would erase the
 * first. */
static void need_one_write(struct maker *m, size_t since)
{
	uint32_t start = 0, end = 0;
	size_t writes = 0, i;

	for (i = since; i < m->plan->count; i++) {
		const struct step *step = &m->plan->steps[i];

		if (step->kind != STEP_WRITE)
			continue;
		start = writes == 0 ? step->start : start;
		end = step->end;
		writes++;
	}
	if (writes < 2)
		return;
	problem_default(m->why, "option bytes 0x%08" PRIx32 " to 0x%08" PRIx32
			" must be written together, but a frame has room for "
			"only %u bytes (-F)", start, end, m->request->block);
	m->failed = true;
}

/* Every write of option bytes erases all of them first (AN3155, Write Memory).
 * So write the whole area at once, including the current bytes; if the area
 * is too large, only the given bytes. Registers are not affected. Returns the
 * last segment. */
static size_t write_option_bytes(struct maker *m, size_t i)
{
	const struct image *image = m->request->image;
	const struct segment *first = &image->segments[i], *last = first;
	bool registers = part_has(m->part, DEV_OPTION_REGISTERS);
	size_t since = m->plan->count;
	struct range bounds;

	part_area(m->part, first->start, &bounds);
	while (i + 1 < image->count &&
	       image->segments[i + 1].start < bounds.end)
		last = &image->segments[++i];
	if (registers || range_len(&bounds) > MOST_BLOCK)
		write_area(m, first->start, (uint64_t)last->start + last->len,
			   AREA_OPTION_BYTES);
	else
		write_area(m, bounds.start, bounds.end, AREA_OPTION_BYTES);
	if (!registers)
		need_one_write(m, since);
	return i;
}

static void write_others(struct maker *m, bool option_bytes)
{
	const struct image *image = m->request->image;
	size_t i;

	for (i = 0; i < image->count; i++) {
		const struct segment *segment = &image->segments[i];
		enum area area = part_area(m->part, segment->start, NULL);

		if (area == AREA_OPTION_BYTES && option_bytes)
			i = write_option_bytes(m, i);
		else if (area != AREA_OPTION_BYTES && area != AREA_FLASH &&
			 !option_bytes)
			write_area(m, segment->start,
				   (uint64_t)segment->start + segment->len,
				   area);
	}
}

/* --- verify ---------------------------------------------------------------- */

static void verify_range(struct maker *m, uint32_t start, uint32_t end,
			 enum area area)
{
	struct step *last = &m->plan->steps[m->plan->count - 1];

	m->plan->verify_bytes += end - start;
	if (last->kind == STEP_VERIFY && last->end == start &&
	    last->area == area)
		last->end = end;
	else
		add_step(m, (struct step){ .kind = STEP_VERIFY, .start = start,
					   .end = end, .area = area });
}

/* Verifies everything that the steps from `since` on write. */
static void verify_since(struct maker *m, size_t since)
{
	size_t count = m->plan->count, i;

	for (i = since; i < count && !m->failed; i++) {
		const struct step step = m->plan->steps[i];

		/* Kept bytes are in no file of the user: always verify them,
		 * even without -v. */
		if (step.kind == STEP_WRITE ? m->request->verify ||
					      step.may_be_blank
					    : step.kind == STEP_BLANK &&
					      m->request->verify)
			verify_range(m, step.start, step.end, step.area);
	}
}

/* Bytes of the image that are erased and not written; adjacent ones become one
 * step. */
static void verify_blank(struct maker *m, uint32_t start, uint32_t end)
{
	struct plan *plan = m->plan;
	struct step *before = plan->count > 0 ? &plan->steps[plan->count - 1]
					      : NULL;

	if (before != NULL && before->sample && before->end == start)
		before->end = end;
	else
		add_step(m, (struct step){ .kind = STEP_VERIFY, .start = start,
					   .end = end, .area = AREA_FLASH,
					   .sample = true });
	plan->verify_bytes += end - start;
}

/*
 * A mass erase is proven by a sample of each unit that may be protected. An
 * erase by page is not: if the part returns the ID of another, its pages may
 * be smaller than in the table. So verify erased bytes of the image that no
 * write covers.
 */
static void verify_blank_page(struct maker *m, const struct page *page)
{
	uint32_t block = m->request->block, at, end, first, last, from, to;

	for (at = page->start; at < page->end; at = end) {
		end = round_down(at, block) + block;
		end = end < page->end ? end : page->end;
		/* A block with kept bytes is a write, and verified as such. */
		if (image_all_equal(m->request->image, at, end - at,
				    m->part->dev.erased) &&
		    in_image(m, at, end, &first, &last) &&
		    !kept(m, at, end, &from, &to))
			verify_blank(m, first, last);
	}
}

static void verify_blank_pages(struct maker *m)
{
	uint32_t pages = part_page_count(m->part), i;
	struct page page;

	for (i = 0; m->request->verify && i < pages; i++)
		if (part_page_at(m->part, i, &page) && m->plan->erased[i])
			verify_blank_page(m, &page);
}

/* Finds the last page that shares a block with its predecessor. */
static void last_of_group(const struct maker *m, const struct page *first,
			  struct page *last)
{
	uint32_t block = m->request->block;
	struct page next;

	*last = *first;
	while (last->end % block != 0 &&
	       part_page_at(m->part, last->number + 1, &next) &&
	       m->whole[next.number])
		*last = next;
}

/* Writes the blocks of [start, end) that make the chip start, or all others. */
static void write_group_blocks(struct maker *m, uint32_t start, uint32_t end,
			       uint32_t image_first, bool vectors)
{
	size_t since = m->plan->count;
	uint32_t block = m->request->block, next;

	for (; start < end; start = next) {
		next = round_down(start, block) + block;
		if (is_vector_block(m, round_down(start, block), image_first) ==
		    vectors)
			write_flash_block(m, start, next < end ? next : end,
					  true);
	}
	verify_since(m, since);
}

/*
 * Erases, writes and verifies pages with kept bytes before the next group
 * begins, so that a failure can only lose what is kept on these pages. Not
 * interrupted by a stop.
 */
static void write_group(struct maker *m, const struct page *first,
			const struct page *last, uint32_t image_first)
{
	uint32_t count = last->number - first->number + 1;
	size_t since = m->plan->count;

	add_step(m, (struct step){ .kind = STEP_ERASE_PAGES,
				   .first_page = first->number,
				   .page_count = count });
	m->plan->pages_erased += count;
	add_step(m, (struct step){ .kind = STEP_PROVE, .area = AREA_FLASH,
				   .start = first->start,
				   .end = first->start + PROOF_LEN });
	write_group_blocks(m, first->start, last->end, image_first, false);
	write_group_blocks(m, first->start, last->end, image_first, true);
	for (; since < m->plan->count; since++)
		m->plan->steps[since].whole = true;
}

/* vectors: the groups that contain a block that makes the chip start, or the
 * others. */
static void write_groups(struct maker *m, uint32_t image_first, bool vectors)
{
	uint32_t pages = part_page_count(m->part), i, block;
	struct page first, last;

	for (i = 0; i < pages && !m->failed; i = last.number + 1) {
		part_page_at(m->part, i, &first);
		last = first;
		if (!m->whole[i])
			continue;
		last_of_group(m, &first, &last);
		block = m->request->block;
		if (has_vectors(m, round_down(first.start, block), last.end,
				image_first) == vectors)
			write_group(m, &first, &last, image_first);
	}
}

/* Adds checks for the bytes of a write that are not in the image: they are in
 * its frame, and a damaged frame may change them. */
static void check_gaps(struct maker *m, struct step write)
{
	const struct image *image = m->request->image;
	uint32_t start, end;

	for (start = write.start; start < write.end; start = end) {
		bool gap = image_covers(image, start, 1) == 0;

		for (end = start + 1; end < write.end &&
		     (image_covers(image, end, 1) == 0) == gap; end++)
			;
		if (gap)
			add_step(m, (struct step){ .kind = STEP_SAME,
						   .area = AREA_FLASH,
						   .start = start,
						   .end = end });
	}
}

static void check_all_gaps(struct maker *m)
{
	size_t count = m->plan->count, i;

	for (i = 0; i < count && !m->failed; i++) {
		const struct step *step = &m->plan->steps[i];

		if (step->kind == STEP_WRITE && step->area == AREA_FLASH &&
		    !plan_erases(m->plan, m->part, step->start))
			check_gaps(m, *step);
	}
}

static void plan_writes(struct maker *m)
{
	size_t since = m->plan->count;
	uint32_t first = 0;
	bool flash = flash_data(m, &first);

	if (flash)
		write_flash(m, first, false);
	write_others(m, false);
	verify_since(m, since);
	if (flash) {
		write_groups(m, first, false);
		write_groups(m, first, true);
	}
	since = m->plan->count;
	if (flash)
		write_flash(m, first, true);
	write_others(m, true);
	verify_since(m, since);
	if (flash)
		verify_blank_pages(m);
	check_all_gaps(m);
}

/* One flag more than pages, as there may be no pages. */
static bool start_plan(struct maker *m)
{
	size_t pages = (size_t)part_page_count(m->part) + 1;

	m->plan = calloc(1, sizeof(*m->plan));
	m->whole = calloc(pages, sizeof(*m->whole));
	if (m->plan != NULL)
		m->plan->erased = calloc(pages, sizeof(*m->plan->erased));
	if (m->whole != NULL && m->plan != NULL && m->plan->erased != NULL) {
		m->plan->verifies = m->request->verify;
		return true;
	}
	free(m->whole);
	plan_free(m->plan);
	return false;
}

bool plan_make(const struct plan_request *request, const struct part *part,
	       struct plan **out, struct problem *why)
{
	struct maker m = { .request = request, .part = part, .why = why };
	uint32_t first = 0;
	bool ok = true;

	*out = NULL;
	if (!start_plan(&m)) {
		problem_set(why, "out of memory");
		return false;
	}
	if (request->image == NULL || request->erase == ERASE_CHIP ||
	    (!part->known && (request->erase == ERASE_PAGES ||
			      (request->has_pages &&
			       request->page_count > 0))) ||
	    flash_data(&m, &first))
		ok = plan_erase(&m);
	else
		m.plan->erase_unknown = !part->known &&
					request->erase == ERASE_AUTO;
	m.plan->prelude = m.plan->count;
	if (ok && m.plan->erases)
		prove_erase(&m);
	if (ok && request->image != NULL)
		plan_writes(&m);
	free(m.whole);
	if (!ok || m.failed) {
		plan_free(m.plan);
		return false;
	}
	*out = m.plan;
	return true;
}

void plan_describe(const struct step *step, char out[PLAN_STEP_TEXT])
{
	static const char *const verbs[] = {
		[STEP_KEEP] = "keep",
		[STEP_PROVE] = "check erased",
		[STEP_WRITE] = "write",
		[STEP_BLANK] = "leave erased",
		[STEP_VERIFY] = "verify",
		[STEP_SAME] = "check unchanged",
	};

	if (step->kind == STEP_ERASE_ALL)
		snprintf(out, PLAN_STEP_TEXT, "erase everything");
	else if (step->kind == STEP_ERASE_PAGES)
		snprintf(out, PLAN_STEP_TEXT, "erase %" PRIu32 " page%s from "
			 "page %" PRIu32 " on", step->page_count,
			 step->page_count == 1 ? "" : "s", step->first_page);
	else
		snprintf(out, PLAN_STEP_TEXT, "%s 0x%08" PRIx32 "-0x%08" PRIx32,
			 verbs[step->kind], step->start, step->end);
}

void plan_free(struct plan *plan)
{
	if (plan != NULL) {
		free(plan->steps);
		free(plan->erased);
	}
	free(plan);
}
