/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 12	/* columns of "0x08000000  " */
#define LEAST 16	/* minimum characters per line; each line is a multiple
			 * of it */

static const struct {
	char mark;
	const char *name;
} fates[PAGE_FATES] = {
	[PAGE_STAYS] = { '.', "stays" },
	[PAGE_ERASED] = { 'e', "erased" },
	[PAGE_WRITTEN] = { 'w', "written" },
	[PAGE_DIFFERS] = { 'd', "differs, written" },
	[PAGE_KEPT] = { 'k', "kept in part, rewritten" },
	[PAGE_OUTSIDE] = { '.', "not compared" },
	[PAGE_SAME] = { '=', "the same" },
	[PAGE_UNLIKE] = { 'd', "differs" },
};

static void raise(struct picture *picture, uint32_t position,
		  enum page_fate fate)
{
	if (picture->fates[position] < fate)
		picture->fates[position] = (uint8_t)fate;
}

void picture_raise(struct picture *picture, const struct part *part,
		   uint32_t start, uint32_t end, enum page_fate fate)
{
	struct page page;

	for (; start < end && part_page_of(part, start, &page) &&
	     page.number < picture->pages; start = page.end)
		raise(picture, page.number, fate);
}

static void raise_pages(struct picture *picture, uint32_t first,
			uint32_t count)
{
	uint32_t i;

	for (i = first; i < picture->pages && i - first < count; i++)
		raise(picture, i, PAGE_ERASED);
}

static void take_step(struct picture *picture, const struct part *part,
		      const struct step *step, bool changed)
{
	switch (step->kind) {
	case STEP_KEEP:
		picture_raise(picture, part, step->start, step->end,
			      PAGE_KEPT);
		break;
	case STEP_ERASE_ALL:
		raise_pages(picture, 0, picture->pages);
		break;
	case STEP_ERASE_PAGES:
		raise_pages(picture, step->first_page, step->page_count);
		break;
	case STEP_WRITE:
		picture_raise(picture, part, step->start, step->end,
			      changed ? PAGE_DIFFERS : PAGE_WRITTEN);
		break;
	case STEP_PROVE:
	case STEP_BLANK:
	case STEP_VERIFY:
	case STEP_SAME:
		break;
	}
}

/* Chooses the pages per character so that the map fits one screen. */
static void lay_out(struct picture *picture, unsigned columns)
{
	uint32_t cells = columns > MARGIN + LEAST ? columns - MARGIN : LEAST;

	if (cells > PICTURE_LINE - MARGIN - 1)
		cells = PICTURE_LINE - MARGIN - 1;
	cells -= cells % LEAST;
	picture->group = (picture->pages + cells * PICTURE_MOST_LINES - 1) /
			 (cells * PICTURE_MOST_LINES);
	picture->line = cells * picture->group;
}

bool picture_begin(const struct part *part, enum page_fate fate,
		   unsigned columns, struct picture *picture)
{
	*picture = (struct picture){ .pages = part_page_count(part) };
	if (picture->pages == 0)
		return false;
	picture->fates = malloc(picture->pages);
	if (picture->fates == NULL)
		return false;
	memset(picture->fates, (int)fate, picture->pages);
	lay_out(picture, columns);
	return true;
}

void picture_finish(struct picture *picture)
{
	uint32_t i;

	for (i = 0; picture->fates != NULL && i < picture->pages; i++)
		picture->count[picture->fates[i]]++;
}

bool picture_make(const struct plan *plan, const struct part *part,
		  bool changed, unsigned columns, struct picture *picture)
{
	size_t i;

	if (!picture_begin(part, PAGE_STAYS, columns, picture))
		return false;
	for (i = 0; i < plan->count; i++)
		take_step(picture, part, &plan->steps[i], changed);
	picture_finish(picture);
	return true;
}

static char mark_of(const struct picture *picture, uint32_t first)
{
	uint32_t i, most = picture->fates[first];

	for (i = first; i < picture->pages && i - first < picture->group; i++)
		most = picture->fates[i] > most ? picture->fates[i] : most;
	return fates[most].mark;
}

bool picture_line(const struct picture *picture, const struct part *part,
		  uint32_t i, char out[PICTURE_LINE])
{
	uint32_t first = i * picture->line, at;
	struct page page;
	size_t n;

	if (first >= picture->pages || !part_page_at(part, first, &page))
		return false;
	n = (size_t)snprintf(out, PICTURE_LINE, "0x%08" PRIx32 "  ",
			     page.start);
	for (at = first; at < picture->pages && at - first < picture->line;
	     at += picture->group)
		out[n++] = mark_of(picture, at);
	out[n] = '\0';
	return true;
}

void picture_legend(const struct picture *picture, char out[PICTURE_LINE])
{
	size_t n = 0;
	unsigned i;

	out[0] = '\0';
	for (i = 0; i < PAGE_FATES; i++) {
		if (picture->count[i] == 0)
			continue;
		n += (size_t)snprintf(out + n, PICTURE_LINE - n,
				      "%s%c %s (%" PRIu32 ")",
				      n > 0 ? ", " : "", fates[i].mark,
				      fates[i].name, picture->count[i]);
	}
}
