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

/* What becomes of a page; in a group the highest counts. */
enum page_fate {
	PAGE_STAYS,
	PAGE_ERASED,
	PAGE_WRITTEN,
	PAGE_DIFFERS,	/* written, as a comparison found a difference */
	PAGE_KEPT,	/* partly kept: read, erased and written again */
	/* of a comparison */
	PAGE_OUTSIDE,	/* the image has nothing there */
	PAGE_SAME,
	PAGE_UNLIKE,
	PAGE_FATES
};

#define PICTURE_LINE 256
#define PICTURE_MOST_LINES 16

struct picture {
	uint8_t *fates;		/* by position of the page */
	uint32_t pages;
	uint32_t count[PAGE_FATES];	/* pages of each */
	uint32_t group, line;	/* pages of a character, and of a line */
};

/* For a terminal of so many columns; all pages have this fate. False: no
 * memory, or the pages are not known. Else the caller frees picture->fates. */
bool picture_begin(const struct part *part, enum page_fate fate,
		   unsigned columns, struct picture *picture);

/* Every page that has a byte of [start, end), unless its fate is a higher one. */
void picture_raise(struct picture *picture, const struct part *part,
		   uint32_t start, uint32_t end, enum page_fate fate);

/* Counts, before lines and numbers are asked for; nothing if it did not
 * begin. */
void picture_finish(struct picture *picture);

/* All of this for a plan; changed: what is written was found to differ. */
bool picture_make(const struct plan *plan, const struct part *part,
		  bool changed, unsigned columns, struct picture *picture);

/* Line i, "0x08000000  ww..", or false behind the last one. */
bool picture_line(const struct picture *picture, const struct part *part,
		  uint32_t i, char out[PICTURE_LINE]);

/* ". stays (120), w written (8)": those that there are, with their pages. */
void picture_legend(const struct picture *picture, char out[PICTURE_LINE]);

#endif
