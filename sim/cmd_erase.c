/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/cmd.h"

#include "sim/output.h"
#include "sim/silicon.h"
#include "utils.h"

bool cmd_defect_applies(const struct sim *sim,
			const struct dev_defect *defect)
{
	uint32_t id = sim->config.bootloader_id;
	size_t i;

	for (i = 0; i < ARRAY_LEN(defect->ids) && defect->ids[i] != 0; i++)
		if (id == defect->ids[i])
			return true;
	return false;
}

static bool in_bank2(const struct sim *sim, uint32_t page)
{
	struct range range;

	return memory_page(&sim->memory, page, &range) &&
	       range.start >= memory_bank2(&sim->memory);
}

/* The flash is busy; the ACK waits for it, except in a ROM with the defect. */
static void wait_for_erase(struct sim *sim, uint64_t us, bool bank2)
{
	const struct dev_defect *defect = &sim->dev->erase_busy;

	if (cmd_defect_applies(sim, defect) && (bank2 || !defect->bank2_only))
		sim->flash_busy_us = sim->now_us + (int64_t)us;
	else
		output_work(sim, us);
}

/* Erases the pages of a list, each number with width bytes. */
static void erase_pages(struct sim *sim, const uint8_t *list, size_t count,
			size_t width)
{
	const struct dev_defect *defect = &sim->dev->erase_one_page;
	bool one_page = cmd_defect_applies(sim, defect);
	bool done_one = false, any_bank2 = false;
	uint64_t us = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		uint32_t page = width == 1 ? list[i] : get_be16(list + 2 * i);
		bool bank2 = in_bank2(sim, page);
		bool defective = one_page && (bank2 || !defect->bank2_only);

		/* that ROM erases only the first of them */
		if (defective && done_one)
			continue;
		done_one = done_one || defective;
		any_bank2 = any_bank2 || bank2;
		us += silicon_erase_page(sim, page);
	}
	wait_for_erase(sim, us, any_bank2);
}

static enum verdict erase_bank(struct sim *sim, unsigned bank)
{
	if (bank == 0 && sim->dev->quirks & DEV_NO_MASS_ERASE)
		return REFUSED;
	if (bank != 0 && (!(sim->dev->quirks & DEV_DUAL_BANK) ||
			  cmd_defect_applies(sim, &sim->dev->no_bank_erase)))
		return REFUSED;
	wait_for_erase(sim, silicon_erase_bank(sim, bank), bank == 2);
	return TAKEN;
}

enum verdict cmd_take_pages8(struct sim *sim)
{
	const uint8_t *packet = sim->rom.packet;

	if (packet[0] == 0xFF)
		return erase_bank(sim, 0);
	erase_pages(sim, packet + 1, packet[0] + 1u, 1);
	return TAKEN;
}

static enum verdict special_erase(struct sim *sim, uint16_t code)
{
	switch (code) {
	case 0xFFFF:	return erase_bank(sim, 0);
	case 0xFFFE:	return erase_bank(sim, 1);
	case 0xFFFD:	return erase_bank(sim, 2);
	}
	return REFUSED;
}

enum verdict cmd_take_pages16(struct sim *sim)
{
	const uint8_t *packet = sim->rom.packet;
	uint16_t number = get_be16(packet);

	if (number >= ROM_SPECIAL_ERASE)
		return special_erase(sim, number);
	erase_pages(sim, packet + 2, number + 1u, 2);
	return TAKEN;
}

enum verdict cmd_take_page_count(struct sim *sim)
{
	uint16_t number = get_be16(sim->rom.packet);

	if (number >= ROM_SPECIAL_ERASE)
		return special_erase(sim, number) == TAKEN ? TAKEN_ALL
							   : REFUSED;
	sim->rom.count = 2 * (number + 1u);
	return TAKEN;
}

enum verdict cmd_take_page_list(struct sim *sim)
{
	erase_pages(sim, sim->rom.packet, sim->rom.count / 2, 2);
	return TAKEN;
}
