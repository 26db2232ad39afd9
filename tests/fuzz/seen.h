/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the host knows about the device's memory, byte by byte: from the
 * answers and from its own commands.
 */
#ifndef SEEN_H
#define SEEN_H

#include "tests/fuzz/check.h"

#define SEEN_CELL 256
#define SEEN_BUCKETS 1024
#define SEEN_ERASES 4096

enum {
	SEEN_TOLD = 1,		/* `told` is valid */
	SEEN_FRESH = 2,		/* and the byte has not changed since */
	SEEN_KEPT = 4,		/* `kept` is valid */
	SEEN_PUT = 8,		/* `put` is valid, no erase since */
	SEEN_DONE = 16,		/* and it got its ACK */
	SEEN_RIGHT = 32		/* a read since has found the wanted byte */
};

struct seen_cell {
	struct seen_cell *next;
	uint32_t base;
	uint8_t flags[SEEN_CELL];
	uint8_t told[SEEN_CELL];	/* from the last read */
	uint8_t kept[SEEN_CELL];	/* from the last read before an erase */
	uint8_t put[SEEN_CELL];		/* from the last write */
};

struct seen {
	struct seen_cell *buckets[SEEN_BUCKETS];
	/* Ranges erased at some time, with an ACK. */
	struct { uint32_t start, end; } erased[SEEN_ERASES];
	size_t erases;
};

static inline struct seen_cell *seen_at(struct seen *seen, uint32_t address)
{
	uint32_t base = round_down(address, SEEN_CELL);
	struct seen_cell **at = &seen->buckets[base / SEEN_CELL % SEEN_BUCKETS];

	while (*at != NULL && (*at)->base != base)
		at = &(*at)->next;
	if (*at == NULL) {
		*at = calloc(1, sizeof(**at));
		MUST(*at != NULL);
		(*at)->base = base;
	}
	return *at;
}

static inline void seen_free(struct seen *seen)
{
	size_t i;

	for (i = 0; i < SEEN_BUCKETS; i++) {
		while (seen->buckets[i] != NULL) {
			struct seen_cell *cell = seen->buckets[i];

			seen->buckets[i] = cell->next;
			free(cell);
		}
	}
}

static inline uint8_t seen_flags(struct seen *seen, uint32_t address)
{
	return seen_at(seen, address)->flags[address % SEEN_CELL];
}

static inline void seen_tell(struct seen *seen, uint32_t address, uint8_t byte)
{
	struct seen_cell *cell = seen_at(seen, address);
	uint32_t i = address % SEEN_CELL;

	cell->told[i] = byte;
	cell->flags[i] |= SEEN_TOLD | SEEN_FRESH;
}

static inline void seen_put(struct seen *seen, uint32_t address, uint8_t byte)
{
	struct seen_cell *cell = seen_at(seen, address);
	uint32_t i = address % SEEN_CELL;

	cell->put[i] = byte;
	cell->flags[i] &= (uint8_t)~(SEEN_FRESH | SEEN_DONE | SEEN_RIGHT);
	cell->flags[i] |= SEEN_PUT;
}

static inline void seen_put_done(struct seen *seen, uint32_t address)
{
	seen_at(seen, address)->flags[address % SEEN_CELL] |= SEEN_DONE;
}

static inline void seen_erase_cell(struct seen_cell *cell, uint32_t start,
				   uint32_t end)
{
	uint32_t i;

	for (i = 0; i < SEEN_CELL; i++) {
		if (cell->base + i < start || cell->base + i >= end)
			continue;
		if ((cell->flags[i] & (SEEN_TOLD | SEEN_KEPT)) == SEEN_TOLD) {
			cell->kept[i] = cell->told[i];
			cell->flags[i] |= SEEN_KEPT;
		}
		cell->flags[i] &= SEEN_TOLD | SEEN_KEPT;
	}
}

/* An erase is sent: before the first one, the last read values are the
 * original ones. */
static inline void seen_erase(struct seen *seen, uint32_t start, uint32_t end)
{
	struct seen_cell *cell;
	size_t i;

	for (i = 0; i < SEEN_BUCKETS; i++)
		for (cell = seen->buckets[i]; cell != NULL; cell = cell->next)
			if (cell->base < end && cell->base + SEEN_CELL > start)
				seen_erase_cell(cell, start, end);
}

static inline void seen_erase_done(struct seen *seen, uint32_t start,
				   uint32_t end)
{
	size_t last = seen->erases - 1;

	if (seen->erases > 0 && seen->erased[last].end == start) {
		seen->erased[last].end = end;
		return;
	}
	MUST(seen->erases < SEEN_ERASES);
	seen->erased[seen->erases].start = start;
	seen->erased[seen->erases++].end = end;
}

/* Erased, and not written since. */
static inline bool seen_is_erased(struct seen *seen, uint32_t address)
{
	size_t i;

	if (seen_flags(seen, address) & SEEN_PUT)
		return false;
	for (i = 0; i < seen->erases; i++)
		if (address >= seen->erased[i].start &&
		    address < seen->erased[i].end)
			return true;
	return false;
}

#endif
