/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flash as a map of characters, one for each page or group of pages: what
 * a plan does there, or what a comparison found. Pure.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash/part.h"
#include "flash/plan.h"

/* What happens to a page; for a group the highest value counts. */
enum page_fate {
	PAGE_STAYS,
	PAGE_ERASED,
	PAGE_WRITTEN,
	PAGE_DIFFERS,	/* written, because a comparison found a difference */
	PAGE_KEPT,	/* partly kept: read, erased and written back */
	/* results of a comparison: */
	PAGE_OUTSIDE,	/* the image has no bytes there */
	PAGE_SAME,
	PAGE_UNLIKE,
	PAGE_FATES
};

#define PICTURE_LINE 256
#define PICTURE_MOST_LINES 16

struct picture {
	uint8_t *fates;		/* by position of the page */
	uint32_t pages;
	uint32_t count[PAGE_FATES];	/* number of pages with each fate */
	uint32_t group, line;	/* pages per character, and per line */
};

/* Begins a map for a terminal of so many columns; all pages start with this
 * fate. False: out of memory, or the pages are unknown. Otherwise the caller
 * frees picture->fates. */
bool picture_begin(const struct part *part, enum page_fate fate,
		   unsigned columns, struct picture *picture);

/* Sets the fate of every page that overlaps [start, end), unless it is higher
 * already. */
void picture_raise(struct picture *picture, const struct part *part,
		   uint32_t start, uint32_t end, enum page_fate fate);

/* Counts the pages; call before lines or numbers are used. Does nothing if the
 * map was not begun. */
void picture_finish(struct picture *picture);

/* Makes the map of a plan; changed: pages to write were found to differ. */
bool picture_make(const struct plan *plan, const struct part *part,
		  bool changed, unsigned columns, struct picture *picture);

/* Formats line i, "0x08000000  ww.."; false after the last line. */
bool picture_line(const struct picture *picture, const struct part *part,
		  uint32_t i, char out[PICTURE_LINE]);

/* Formats ". stays (120), w written (8)": the fates that occur, with their
 * pages. */
void picture_legend(const struct picture *picture, char out[PICTURE_LINE]);

#endif
