/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/silicon.h"

#include <string.h>

#include "sim/protect.h"
#include "utils.h"

#define L0_HALF_PAGE 64
#define OPTION_BYTES 8	/* classic ones, without the complements */

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

/* Half-words of F0, F1 and F3 can be programmed to zero at any time; unless
 * erased they accept nothing else, not even their own value. */
static bool is_zero_half_word(const struct sim *sim, const uint8_t *data)
{
	return granule_of(sim) == 2 && data[0] == 0 && data[1] == 0;
}

/* Programs another granule that is not erased: words of F2, F4 and F7 lose
 * further bits; granules with an ECC, or whose erased value is 0, do not
 * change. */
static void program_used(const struct sim *sim, uint8_t *old,
			 const uint8_t *data)
{
	uint32_t granule = granule_of(sim), i;

	if (sim->dev->erased != 0xFF || granule != 4)
		return;
	for (i = 0; i < granule; i++)
		old[i] &= data[i];
}

/* Returns NULL if the granule was programmed, else the reason; late: another
 * write has programmed its half-page. */
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
	/* Words may be written again with their own value; a larger granule
	 * has an ECC that must not be written twice. */
	if (granule == 4 && memcmp(old, data, granule) == 0)
		return NULL;
	if (late)
		return "part of a half-page";
	if (!is_erased(sim, old, granule) && !is_zero_half_word(sim, data)) {
		program_used(sim, old, data);
		return "not erased";
	}
	memcpy(old, data, granule);
	return NULL;
}

/* Of several writes to one half-page of an L0 only the first takes effect:
 * true if there was one. Other families program each write. */
static bool is_used_half_page(const struct sim *sim, uint32_t address)
{
	uint32_t half_page = sim->dev->write_align;

	return half_page == L0_HALF_PAGE &&
	       in_range(sim->memory.flash->range, address) &&
	       !is_erased(sim, memory_byte(&sim->memory,
					   round_down(address, half_page)),
			  half_page);
}

static uint64_t granules_time(const struct sim *sim, uint64_t granules)
{
	if (sim->config.program_ns != SIM_UNSET)
		return granules * sim->config.program_ns / 1000;
	return sim->dev->timing != NULL ?
	       granules * sim->dev->timing->program_us : 0;
}

static uint64_t program_time(struct sim *sim, uint64_t granules)
{
	uint64_t us = granules_time(sim, granules);

	sim->stats.program_us += us;
	return us;
}

static void count_granule(struct sim *sim, uint32_t address,
			  const char *refused, const char *logged)
{
	if (refused == NULL)
		sim->stats.granules_programmed++;
	else
		sim->stats.granules_refused++;
	/* one line for consecutive refusals */
	if (refused != NULL && refused != logged)
		journal_add(&sim->journal, "refused 0x%08lX (%s)",
			    (unsigned long)address, refused);
}

/* Returns how many bytes to take next: the granule or, after a refusal, the
 * unit that the ROM programs. */
static size_t next_part(size_t granule_left, size_t done, size_t unit,
			const char *refused)
{
	if (refused == NULL || unit <= granule_left)
		return granule_left;
	return unit - done % unit;
}

uint64_t silicon_program(struct sim *sim, uint32_t address,
			 const uint8_t *data, size_t len, size_t unit)
{
	uint32_t granule = granule_of(sim);
	uint64_t tried = 0;
	const char *logged = NULL;
	bool late = is_used_half_page(sim, address);
	size_t done = 0;

	journal_add(&sim->journal, "program 0x%08lX+%lu",
		    (unsigned long)address, (unsigned long)len);
	while (done < len && in_range(sim->memory.flash->range, address)) {
		size_t part = granule - address % granule;
		const char *refused;

		if (part > len - done)
			part = len - done;
		refused = program_granule(sim, address, data + done, part,
					  late);
		count_granule(sim, address, refused, logged);
		logged = refused;
		part = next_part(part, done, unit, refused);
		address += (uint32_t)part;
		done += part;
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

	if (sim->config.erase_ms != SIM_UNSET)
		us = sim->config.erase_ms * (uint64_t)1000;
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
	if (sim->config.erase_ms != SIM_UNSET)
		return sim->config.erase_ms * (uint64_t)1000;
	return sim->dev->timing != NULL ?
	       sim->dev->timing->page_erase_ms * (uint64_t)1000 : 0;
}

uint64_t silicon_rewrite_options(struct sim *sim,
				 const struct option_byte *list, size_t count)
{
	uint8_t *bytes;
	size_t i;

	if (!memory_classic_options(&sim->memory, &bytes))
		return 0;
	memset(bytes, 0xFF, 2 * (size_t)OPTION_BYTES);
	for (i = 0; i < count; i++) {
		uint8_t *pair = bytes + 2 * (size_t)list[i].index;

		if (pair[0] != 0xFF || pair[1] != 0xFF)
			continue;
		pair[0] = list[i].value;
		pair[1] = (uint8_t)~list[i].value;
	}
	return silicon_option_time(sim) + granules_time(sim, count);
}

/* Uses only the first byte of each pair. */
static uint64_t program_pairs(struct sim *sim, const uint8_t *data, size_t len)
{
	struct option_byte list[OPTION_BYTES];
	size_t count = 0, i;

	for (i = 0; i < len && count < OPTION_BYTES; i += 2, count++)
		list[count] = (struct option_byte){ (uint8_t)count, data[i] };
	return silicon_rewrite_options(sim, list, count);
}

uint64_t silicon_program_options(struct sim *sim, uint32_t address,
				 const uint8_t *data, size_t len)
{
	const struct region *area = memory_region(&sim->memory, address);
	uint8_t *classic;

	journal_add(&sim->journal, "option 0x%08lX+%lu",
		    (unsigned long)address, (unsigned long)len);
	if (sim->kind->rewrites &&
	    memory_classic_options(&sim->memory, &classic))
		return program_pairs(sim, data, len);
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
