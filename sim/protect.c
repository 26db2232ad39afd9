/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/protect.h"

#include <stdio.h>
#include <string.h>

#include "sim/options.h"
#include "sim/wrp.h"

/* F0, F1 and F3: 32 write protection bits in bytes 8, 10, 12 and 14; 0 is
 * protected. */
#define CLASSIC_WRP(unit) (8 + (unit) / 8 * 2)
#define CLASSIC_UNITS 32u

/* Keys in the readout protection byte; any other value is level 1. */
#define KEY_F1 0xA5
#define KEY_LEVEL_0 0xAA
#define KEY_LEVEL_2 0xCC

bool protect_unit(const struct protection *protection, unsigned unit)
{
	return protection->wrp[unit / 8] >> (unit % 8) & 1;
}

void protect_mark(uint8_t *bits, unsigned unit)
{
	bits[unit / 8] |= (uint8_t)(1u << (unit % 8));
}

static bool any_unit(const struct protection *protection)
{
	size_t i;

	for (i = 0; i < SIM_WRP_BYTES; i++)
		if (protection->wrp[i] != 0)
			return true;
	return false;
}

uint8_t protect_key(const struct sim *sim, uint8_t level)
{
	if (level == 0)
		return sim->dev->erase_command == 0x43 ? KEY_F1 : KEY_LEVEL_0;
	return level == 2 ? KEY_LEVEL_2 : 0x00;
}

void protect_set_readout(struct sim *sim, uint8_t level)
{
	uint8_t *bytes;

	sim->protection.rdp = level;
	options_put(&sim->memory, "RDP", protect_key(sim, level));
	if (!memory_classic_options(&sim->memory, &bytes))
		return;
	bytes[0] = protect_key(sim, level);
	bytes[1] = (uint8_t)~bytes[0];
}

bool protect_set_units(struct sim *sim, const uint8_t *bits)
{
	uint8_t *bytes;
	unsigned unit;

	memcpy(sim->protection.wrp, bits, SIM_WRP_BYTES);
	if (!memory_classic_options(&sim->memory, &bytes))
		return wrp_put(&sim->memory, bits);
	for (unit = 0; unit < CLASSIC_UNITS; unit += 8) {
		bytes[CLASSIC_WRP(unit)] = (uint8_t)~bits[unit / 8];
		bytes[CLASSIC_WRP(unit) + 1] = bits[unit / 8];
	}
	return true;
}

/* Does not check the numbers; the set replaces the one before. On parts with
 * areas the bytes are their first and last pages, as in ST's Open
 * Bootloader. */
void protect_by_command(struct sim *sim, const uint8_t *units, size_t count)
{
	uint8_t bits[SIM_WRP_BYTES] = { 0 };
	size_t i;

	if (wrp_has_areas(&sim->memory)) {
		wrp_put_areas(&sim->memory, units, count);
		return;
	}
	for (i = 0; i < count; i++)
		protect_mark(bits, units[i]);
	(void)protect_set_units(sim, bits);
}

bool protect_init(struct sim *sim, struct problem *why)
{
	protect_set_readout(sim, (uint8_t)sim->config.rdp);
	if (protect_set_units(sim, sim->config.wrp))
		return true;
	problem_set(why, "sim: wrp=: more ranges than this part protects");
	return false;
}

static uint8_t level_of(const struct sim *sim, uint8_t key)
{
	if (key == protect_key(sim, 0))
		return 0;
	/* the F1 has no level 2 */
	return key == KEY_LEVEL_2 && protect_key(sim, 0) != KEY_F1 ? 2 : 1;
}

static void load_classic(struct sim *sim, const uint8_t *bytes)
{
	struct protection *protection = &sim->protection;
	unsigned unit;

	protection->rdp = level_of(sim, bytes[0]);
	memset(protection->wrp, 0, sizeof(protection->wrp));
	for (unit = 0; unit < CLASSIC_UNITS; unit += 8)
		protection->wrp[unit / 8] = (uint8_t)~bytes[CLASSIC_WRP(unit)];
}

static void log_changes(struct sim *sim, const struct protection *before)
{
	const struct protection *now = &sim->protection;
	char text[SIM_WRP_BYTES * 8 * 4 + 1];
	size_t len = 0;
	unsigned unit;

	if (before->rdp != now->rdp)
		journal_add(&sim->journal, "rdp %u", now->rdp);
	if (memcmp(before->wrp, now->wrp, sizeof(now->wrp)) == 0)
		return;
	text[0] = '\0';
	for (unit = 0; unit < SIM_WRP_BYTES * 8; unit++)
		if (protect_unit(now, unit))
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						" %02X", unit);
	journal_add(&sim->journal, "wrp%s", len != 0 ? text : " none");
}

void protect_load(struct sim *sim)
{
	struct protection *protection = &sim->protection;
	uint8_t *bytes;
	uint32_t key;

	options_load(&sim->memory);
	if (memory_classic_options(&sim->memory, &bytes)) {
		load_classic(sim, bytes);
	} else {
		(void)wrp_get(&sim->memory, protection->wrp);
		if (options_get(&sim->memory, "RDP", &key))
			protection->rdp = level_of(sim, (uint8_t)key);
	}
	log_changes(sim, &sim->protection_logged);
	sim->protection_logged = *protection;
}

void protect_sample_empty(struct sim *sim)
{
	const uint8_t *flash = sim->memory.flash->bytes;
	size_t i;

	sim->protection.empty = true;
	for (i = 0; i < 4; i++)
		if (flash[i] != sim->dev->erased)
			sim->protection.empty = false;
}

/* The last of the 32 bits covers all remaining pages: F1 and F3 parts with
 * more than 32 units. */
static unsigned unit_of(const struct sim *sim, uint32_t page)
{
	uint32_t pages = sim->dev->wrp_pages == 0 ||
			 wrp_has_areas(&sim->memory) ? 1 : sim->dev->wrp_pages;
	uint32_t unit = page / pages, last = SIM_WRP_BYTES * 8 - 1;
	uint8_t *bytes;

	if (memory_classic_options(&sim->memory, &bytes))
		last = CLASSIC_UNITS - 1;
	return unit < last ? unit : last;
}

bool protect_covers(const struct sim *sim, uint32_t start, uint32_t end)
{
	struct range range;
	uint32_t page;

	if (!any_unit(&sim->protection))
		return false;
	page = memory_page_at(&sim->memory, start);
	for (; memory_page(&sim->memory, page, &range); page++) {
		if (range.start >= end)
			return false;
		if (protect_unit(&sim->protection, unit_of(sim, page)))
			return true;
	}
	return false;
}
