/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/wrp.h"

#include <stdio.h>
#include <string.h>

#include "sim/options.h"
#include "utils.h"

#define MOST_AREAS 4
#define MOST_UNITS (SIM_WRP_BYTES * 8u)

struct area {
	char first[OPTION_NAME], last[OPTION_NAME];	/* fields */
	uint32_t most;		/* largest value of either */
	uint32_t page, pages;	/* its bank: first page and number of pages */
};

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && strcmp(name + len - n, end) == 0;
}

/* With two banks, WRP2A and WRP2B count from the first page of bank 2. */
static void place(const struct memory *memory, struct area *area)
{
	uint32_t bank2 = memory_page_at(memory, memory_bank2(memory));
	uint32_t end = memory_page_at(memory, memory->flash->range.end);
	bool second = area->first[3] == '2';

	area->page = second ? bank2 : 0;
	area->pages = (second ? end : bank2) - area->page;
}

/* Finds WRP1A_STRT and WRP1A_END, WRP2B_PSTRT and WRP2B_PEND; takes the first
 * row of each name. */
static size_t find_areas(const struct memory *memory,
			 struct area areas[MOST_AREAS])
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(memory->dev->id, fields), n = 0, i, stem;

	for (i = 0; i < count && n < MOST_AREAS; i++) {
		const char *name = fields[i].name;

		if (strncmp(name, "WRP", 3) != 0 || !ends_with(name, "STRT") ||
		    (n > 0 && strcmp(areas[n - 1].first, name) == 0))
			continue;
		stem = strlen(name) - strlen("STRT");
		memcpy(areas[n].first, name, sizeof(areas[n].first));
		(void)snprintf(areas[n].last, sizeof(areas[n].last), "%.*sEND",
			       (int)stem, name);
		areas[n].most = option_field_most(&fields[i]);
		place(memory, &areas[n++]);
	}
	return n;
}

bool wrp_has_areas(const struct memory *memory)
{
	struct area areas[MOST_AREAS];

	return find_areas(memory, areas) > 0;
}

static void mark(uint8_t *bits, uint32_t unit)
{
	if (unit < MOST_UNITS)
		bits[unit / 8] |= (uint8_t)(1u << unit % 8);
}

static bool is_marked(const uint8_t *bits, uint32_t unit)
{
	return unit < MOST_UNITS && (bits[unit / 8] >> unit % 8 & 1);
}

/* --- areas ------------------------------------------------------------------- */

static void get_area(const struct memory *memory, const struct area *area,
		     uint8_t *bits)
{
	uint32_t first, last;

	if (!options_get(memory, area->first, &first) ||
	    !options_get(memory, area->last, &last))
		return;
	for (; first <= last && first < area->pages; first++)
		mark(bits, area->page + first);
}

/* UNLOCK_1A, if it exists: only removing the readout protection unlocks it. */
static bool is_locked(const struct memory *memory, const struct area *area)
{
	char name[OPTION_NAME];
	uint32_t open;

	(void)snprintf(name, sizeof(name), "UNLOCK_%.*s",
		       (int)strcspn(area->first + 3, "_"), area->first + 3);
	return options_get(memory, name, &open) && open == 0;
}

static void put_area(struct memory *memory, const struct area *area,
		     uint32_t first, uint32_t last)
{
	if (is_locked(memory, area))
		return;
	options_put(memory, area->first, first);
	options_put(memory, area->last, last);
}

/* Finds the next run of units in the pages of the area, from *at on; false:
 * none. */
static bool next_run(const struct area *area, const uint8_t *bits,
		     uint32_t *at, uint32_t *first, uint32_t *last)
{
	uint32_t end = area->page + area->pages;

	while (*at < end && !is_marked(bits, *at))
		++*at;
	if (*at >= end)
		return false;
	*first = *at - area->page;
	while (*at < end && is_marked(bits, *at))
		++*at;
	*last = *at - area->page - 1;
	return true;
}

static bool put_runs(struct memory *memory, const struct area *areas,
		     size_t count, const uint8_t *bits)
{
	uint32_t at = 0, first, last;
	size_t i;

	for (i = 0; i < count; i++) {
		if (i == 0 || areas[i].page != areas[i - 1].page)
			at = areas[i].page;
		if (next_run(&areas[i], bits, &at, &first, &last))
			put_area(memory, &areas[i], first, last);
		else
			put_area(memory, &areas[i], areas[i].most, 0);
		if ((i + 1 == count || areas[i + 1].page != areas[i].page) &&
		    next_run(&areas[i], bits, &at, &first, &last))
			return false;
	}
	return true;
}

void wrp_put_areas(struct memory *memory, const uint8_t *pages, size_t count)
{
	struct area areas[MOST_AREAS];
	size_t n = find_areas(memory, areas), i;

	for (i = 0; i < n; i++)
		if (2 * i + 1 < count)
			put_area(memory, &areas[i], pages[2 * i],
				 pages[2 * i + 1]);
		else
			put_area(memory, &areas[i], areas[i].most, 0);
}

/* --- bits -------------------------------------------------------------------- */

bool wrp_get(const struct memory *memory, uint8_t *bits)
{
	struct option_field fields[OPTION_FIELDS];
	struct area areas[MOST_AREAS];
	size_t n = find_areas(memory, areas), i;
	size_t count = option_protection(memory->dev->id, fields);
	bool set = option_set_protects(memory->dev->id);
	uint32_t value = 0, unit = 0, bit;

	if (n == 0 && count == 0)
		return false;
	memset(bits, 0, SIM_WRP_BYTES);
	for (i = 0; i < n; i++)
		get_area(memory, &areas[i], bits);
	for (i = 0; n == 0 && i < count; i++, unit += bit) {
		bool shown = options_get_field(memory, &fields[i], &value);

		for (bit = 0; bit < fields[i].width; bit++)
			if (shown && (value >> bit & 1) == set)
				mark(bits, unit + bit);
	}
	return true;
}

bool wrp_put(struct memory *memory, const uint8_t *bits)
{
	struct option_field fields[OPTION_FIELDS];
	struct area areas[MOST_AREAS];
	size_t n = find_areas(memory, areas), i;
	size_t count = option_protection(memory->dev->id, fields);
	bool set = option_set_protects(memory->dev->id);
	uint32_t value, unit = 0, bit;

	if (n > 0)
		return put_runs(memory, areas, n, bits);
	for (i = 0; i < count; i++, unit += bit) {
		value = 0;
		for (bit = 0; bit < fields[i].width; bit++)
			if (is_marked(bits, unit + bit) == set)
				value |= UINT32_C(1) << bit;
		options_put_field(memory, &fields[i], value);
	}
	return true;
}
