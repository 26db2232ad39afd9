/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/cmd.h"

#include <string.h>

#include "sim/device.h"
#include "sim/silicon.h"
#include "utils.h"

/* Writes that lose their beginning lose this much: STM32H72x. */
#define LOST_BYTES 32
#define SHORT_READ 128

enum verdict cmd_take_read_address(struct sim *sim)
{
	sim->rom.address = get_be32(sim->rom.packet);
	if (!memory_open(&sim->memory, sim->rom.address))
		return REFUSED_ADDRESS;
	return TAKEN;
}

static bool read_hangs(const struct sim *sim, enum memory_kind kind)
{
	if (memory_open_range(&sim->memory, sim->rom.address, sim->rom.count))
		return false;
	if (sim->config.strict)
		return true;
	return kind == MEMORY_FLASH &&
	       (sim->config.read_end_hangs ||
		sim->dev->quirks & DEV_READ_END_HANGS);
}

enum verdict cmd_take_read_count(struct sim *sim)
{
	enum memory_kind kind =
		memory_region(&sim->memory, sim->rom.address)->kind;

	sim->rom.count = sim->rom.packet[0] + 1u;
	if (sim->config.short_read_nack && sim->rom.count < SHORT_READ &&
	    kind != MEMORY_FLASH && kind != MEMORY_RAM)
		return REFUSED;
	if (read_hangs(sim, kind))
		return LOCKED_UP;
	if (kind == MEMORY_FLASH && sim->rom.loss == LOSS_WROTE)
		sim->rom.loss = LOSS_READ;
	return TAKEN;
}

void cmd_finish_read(struct sim *sim)
{
	uint32_t i;

	for (i = 0; i < sim->rom.count; i++) {
		const uint8_t *byte = memory_byte(&sim->memory,
						  sim->rom.address + i);

		rom_answer(sim, byte != NULL ? *byte : 0x00);
	}
	device_end_answer(sim);
}

/* Go */

/* Word 0 of the table must be a stack in RAM: the address behind it is the
 * first that is pushed below. */
static bool valid_stack(const struct sim *sim, uint32_t table)
{
	const struct region *region;
	uint8_t word[4];
	uint32_t sp;

	if (!sim_peek_memory(sim, table, word, sizeof(word)))
		return false;
	sp = get_le32(word);
	region = memory_region(&sim->memory, sp - 1);
	return sp % 4 == 0 && region != NULL && region->kind == MEMORY_RAM;
}

enum verdict cmd_take_go_address(struct sim *sim)
{
	uint32_t address = get_be32(sim->rom.packet);
	const struct region *region = memory_region(&sim->memory, address);

	sim->rom.address = address;
	if (region == NULL || !memory_open(&sim->memory, address) ||
	    (region->kind != MEMORY_FLASH && region->kind != MEMORY_RAM) ||
	    sim->dev->quirks & DEV_NO_GO)
		return REFUSED_ADDRESS;
	return valid_stack(sim, address) ? TAKEN : REFUSED_ADDRESS;
}

void cmd_finish_go(struct sim *sim)
{
	uint32_t address = sim->rom.address;

	journal_add(&sim->journal, "go 0x%08lX", (unsigned long)address);
	rom_start(&sim->rom, false);
	app_start(sim, address);
	/* a stub that only resets does so at once */
	app_run(sim);
}

/* Write Memory */

enum verdict cmd_take_write_address(struct sim *sim)
{
	const struct region *region;

	sim->rom.address = get_be32(sim->rom.packet);
	region = memory_region(&sim->memory, sim->rom.address);
	if (!memory_open(&sim->memory, sim->rom.address) ||
	    region->kind == MEMORY_SYSTEM || region->kind == MEMORY_INFO)
		return REFUSED_ADDRESS;
	return TAKEN;
}

static void write_flash(struct sim *sim, uint8_t *data, size_t len)
{
	uint32_t address = sim->rom.address;
	size_t lost = 0;

	/* the ROM programs words and fills the last one up */
	while (len % 4 != 0)
		data[len++] = 0xFF;
	if (sim->dev->quirks & DEV_READ_AFTER_WRITE_LOSS &&
	    sim->rom.loss == LOSS_READ)
		lost = len < LOST_BYTES ? len : LOST_BYTES;
	sim->rom.loss = LOSS_WROTE;
	if (lost != 0)
		journal_add(&sim->journal, "lost 0x%08lX+%lu (write after "
			    "read)", (unsigned long)address,
			    (unsigned long)lost);
	if (lost < len)
		device_work(sim, silicon_program(sim,
						 address + (uint32_t)lost,
						 data + lost, len - lost));
}

enum verdict cmd_take_write_data(struct sim *sim)
{
	enum memory_kind kind =
		memory_region(&sim->memory, sim->rom.address)->kind;
	size_t len = sim->rom.packet[0] + 1u;
	uint8_t data[256];

	if (sim->config.multiple_nack && len % 4 != 0)
		return REFUSED;
	memcpy(data, sim->rom.packet + 1, len);
	if (kind == MEMORY_FLASH) {
		write_flash(sim, data, len);
		return TAKEN;
	}
	sim->rom.loss = LOSS_NONE;
	if (kind == MEMORY_OPTION) {
		device_work(sim, silicon_program_options(sim, sim->rom.address,
							 data, len));
		return TAKEN;
	}
	journal_add(&sim->journal, "store 0x%08lX+%lu",
		    (unsigned long)sim->rom.address, (unsigned long)len);
	silicon_store(sim, sim->rom.address, data, len);
	return TAKEN;
}

void cmd_finish_write(struct sim *sim)
{
	if (memory_region(&sim->memory, sim->rom.address)->kind ==
	    MEMORY_OPTION && !(sim->dev->quirks & DEV_OPTION_NO_RESET))
		device_reset(sim, "reset", true);
}
