/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/silicon.h"

#include <string.h>

#include "sim/device.h"
#include "utils.h"

#define L0_HALF_PAGE 64

static uint32_t granule_of(const struct sim *sim)
{
	return sim->dev->granule != 0 ? sim->dev->granule : 4;
}

static bool is_erased(const struct sim *sim, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (bytes[i] != sim->dev->erased)
			return false;
	return true;
}

/* What becomes of a granule that is not erased: the words of F2, F4 and F7
 * lose further bits; half-words of F0, F1 and F3 take zeros only; those with
 * an ECC, and where erased is 0, stay as they are. */
static void program_used(const struct sim *sim, uint8_t *old,
			 const uint8_t *data)
{
	uint32_t granule = granule_of(sim), i;

	if (sim->dev->erased != 0xFF || granule > 4 ||
	    (granule == 2 && (data[0] | data[1]) != 0))
		return;
	for (i = 0; i < granule; i++)
		old[i] &= data[i];
}

/* NULL if the granule was programmed, else why it was not; late: its half-page
 * was programmed by another write. */
static const char *program_granule(struct sim *sim, uint32_t address,
				   const uint8_t *data, size_t len, bool late)
{
	uint32_t granule = granule_of(sim);
	uint8_t *old;

	if (len < granule || address % granule != 0)
		return "part of a granule";
	if (protect_covers(sim, address, address + granule))
		return "write protected";
	if (sim->now_us < sim->flash_busy_us)
		return "the flash is busy";
	old = memory_byte(&sim->memory, address);
	/* Half-words and words may be written again with what they hold; a
	 * larger granule has an ECC that must not be written twice. */
	if (granule <= 4 && memcmp(old, data, granule) == 0)
		return NULL;
	if (late)
		return "part of a half-page";
	if (!is_erased(sim, old, granule)) {
		program_used(sim, old, data);
		return "not erased";
	}
	memcpy(old, data, granule);
	return NULL;
}

/* Of several writes to one half-page of an L0 only the first lands: true if
 * there was one. The others program what they are given. */
static bool is_used_half_page(const struct sim *sim, uint32_t address)
{
	uint32_t half_page = sim->dev->write_align;

	return half_page == L0_HALF_PAGE &&
	       in_range(sim->memory.flash->range, address) &&
	       !is_erased(sim, memory_byte(&sim->memory,
					   round_down(address, half_page)),
			  half_page);
}

static uint64_t program_time(struct sim *sim, uint64_t granules)
{
	uint64_t us = sim->dev->timing != NULL ?
		      granules * sim->dev->timing->program_us : 0;

	sim->stats.program_us += us;
	return us;
}

uint64_t silicon_program(struct sim *sim, uint32_t address,
			 const uint8_t *data, size_t len)
{
	uint32_t granule = granule_of(sim);
	uint64_t tried = 0;
	const char *logged = NULL;
	bool late = is_used_half_page(sim, address);

	journal_add(&sim->journal, "program 0x%08lX+%lu",
		    (unsigned long)address, (unsigned long)len);
	while (len > 0 && in_range(sim->memory.flash->range, address)) {
		size_t part = granule - address % granule;
		const char *refused;

		if (part > len)
			part = len;
		refused = program_granule(sim, address, data, part, late);
		if (refused == NULL)
			sim->stats.granules_programmed++;
		else
			sim->stats.granules_refused++;
		/* one line for a run of them */
		if (refused != NULL && refused != logged)
			journal_add(&sim->journal, "refused 0x%08lX (%s)",
				    (unsigned long)address, refused);
		logged = refused;
		address += (uint32_t)part;
		data += part;
		len -= part;
		tried++;
		if (address % L0_HALF_PAGE == 0)
			late = is_used_half_page(sim, address);
	}
	return program_time(sim, tried);
}

static uint64_t erase_time(struct sim *sim, uint32_t base_ms,
			   uint32_t ms_per_kib, uint32_t bytes)
{
	uint64_t us = 1000 * (base_ms +
			      (uint64_t)ms_per_kib * bytes / 1024);

	sim->stats.erase_us += us;
	return us;
}

static void blank(struct sim *sim, uint32_t start, uint32_t end)
{
	const struct region *flash = sim->memory.flash;

	memset(&flash->bytes[start - flash->range.start], sim->dev->erased,
	       end - start);
}

uint64_t silicon_erase_page(struct sim *sim, uint32_t page)
{
	const struct flash_timing *timing = sim->dev->timing;
	struct range range;

	if (!memory_page(&sim->memory, page, &range))
		return 0;
	if (protect_covers(sim, range.start, range.end)) {
		journal_add(&sim->journal, "refused erase page %lu "
			    "(write protected)", (unsigned long)page);
		return 0;
	}
	journal_add(&sim->journal, "erase page %lu", (unsigned long)page);
	blank(sim, range.start, range.end);
	sim->stats.pages_erased++;
	if (timing == NULL)
		return 0;
	return erase_time(sim, timing->page_erase_ms, timing->erase_ms_per_kib,
			  range.end - range.start);
}

static uint64_t erase_range(struct sim *sim, uint32_t start, uint32_t end)
{
	const struct flash_timing *timing = sim->dev->timing;

	blank(sim, start, end);
	sim->stats.mass_erases++;
	if (timing == NULL)
		return 0;
	return erase_time(sim, timing->mass_erase_ms, timing->mass_ms_per_kib,
			  end - start);
}

uint64_t silicon_erase_bank(struct sim *sim, unsigned bank)
{
	static const char *const names[] = { "mass", "bank 1", "bank 2" };
	struct range range = sim->memory.flash->range;

	if (bank == 1)
		range.end = memory_bank2(&sim->memory);
	else if (bank == 2)
		range.start = memory_bank2(&sim->memory);
	if (protect_covers(sim, range.start, range.end)) {
		journal_add(&sim->journal, "refused erase %s (write protected)",
			    names[bank]);
		return 0;
	}
	journal_add(&sim->journal, "erase %s", names[bank]);
	return erase_range(sim, range.start, range.end);
}

uint64_t silicon_wipe(struct sim *sim)
{
	const struct range *range = &sim->memory.flash->range;

	journal_add(&sim->journal, "erase mass");
	return erase_range(sim, range->start, range->end);
}

uint64_t silicon_option_time(const struct sim *sim)
{
	return sim->dev->timing != NULL ?
	       sim->dev->timing->page_erase_ms * (uint64_t)1000 : 0;
}

uint64_t silicon_program_options(struct sim *sim, uint32_t address,
				 const uint8_t *data, size_t len)
{
	const struct region *area = memory_region(&sim->memory, address);

	journal_add(&sim->journal, "option 0x%08lX+%lu",
		    (unsigned long)address, (unsigned long)len);
	memset(area->bytes, 0xFF, area->range.end - area->range.start);
	silicon_store(sim, address, data, len);
	return silicon_option_time(sim);
}

void silicon_store(struct sim *sim, uint32_t address, const uint8_t *data,
		   size_t len)
{
	const struct region *region = memory_region(&sim->memory, address);
	size_t room = region->range.end - address;

	memcpy(&region->bytes[address - region->range.start], data,
	       len < room ? len : room);
}
