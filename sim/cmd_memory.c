/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/cmd.h"

#include <string.h>

#include "sim/answer.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/silicon.h"
#include "utils.h"

/* Bytes that a write loses at its beginning: STM32H72x. */
#define LOST_BYTES 32
#define SHORT_READ 128

/* The ROM may serve missing flash as well. */
static enum memory_kind kind_at(const struct sim *sim, uint32_t address)
{
	const struct region *region = memory_region(&sim->memory, address);

	return region != NULL ? region->kind : MEMORY_FLASH;
}

/* The ROM checks only the first address. */
static bool is_served(const struct sim *sim, uint32_t address)
{
	const struct region *region = memory_region(&sim->memory, address);

	if (region == NULL)
		return sim->kind->serves_largest &&
		       in_range(sim->dev->flash, address);
	if (sim->kind->spares_last && address == region->range.end - 1 &&
	    (region->kind == MEMORY_SYSTEM || region->kind == MEMORY_OPTION))
		return false;
	return memory_open(&sim->memory, address);
}

/* True if an access to these bytes is a bus error: there is nothing after the
 * flash and the RAM. For the other areas that is unknown. */
static bool faults(const struct sim *sim, uint32_t address, size_t len)
{
	enum memory_kind kind = kind_at(sim, address);

	if (!sim->kind->faults || (kind != MEMORY_FLASH && kind != MEMORY_RAM))
		return false;
	return memory_byte(&sim->memory, address) == NULL ||
	       memory_byte(&sim->memory, address + (uint32_t)len - 1) == NULL;
}

enum verdict cmd_take_read_address(struct sim *sim)
{
	sim->rom.address = get_be32(sim->rom.packet);
	return is_served(sim, sim->rom.address) ? TAKEN : REFUSED_ADDRESS;
}

static bool read_hangs(const struct sim *sim, enum memory_kind kind)
{
	if (memory_open_range(&sim->memory, sim->rom.address, sim->rom.count))
		return false;
	if (sim->config.read_end == SIM_ANY_END_HANGS)
		return true;
	return kind == MEMORY_FLASH &&
	       (sim->config.read_end == SIM_READ_END_HANGS ||
		sim->dev->quirks & DEV_READ_END_HANGS);
}

enum verdict cmd_take_read_count(struct sim *sim)
{
	enum memory_kind kind = kind_at(sim, sim->rom.address);

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
	bool fault = faults(sim, sim->rom.address, sim->rom.count);
	uint32_t i;

	for (i = 0; i < sim->rom.count; i++) {
		const uint8_t *byte = memory_byte(&sim->memory,
						  sim->rom.address + i);

		if (byte == NULL && fault) {
			answer_crash(sim);
			return;
		}
		answer_byte(sim, byte != NULL ? *byte : 0x00);
	}
	output_end(sim);
}

/* Go */

/* Word 0 of the table must be a stack in RAM: the first push goes below that
 * address. */
static bool valid_stack(const struct sim *sim, uint32_t table)
{
	const struct region *region;
	uint8_t word[4];
	uint32_t sp;

	if (!memory_peek(&sim->memory, table, word, sizeof(word)))
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
	state_ask(sim, REQUEST_GO, NULL);
	sim->request.address = address;
}

/* Write Memory */

static bool is_read_only(enum memory_kind kind)
{
	return kind == MEMORY_SYSTEM || kind == MEMORY_INFO;
}

enum verdict cmd_take_write_address(struct sim *sim)
{
	uint32_t address = get_be32(sim->rom.packet);

	sim->rom.address = address;
	sim->rom.resets = false;
	if (!is_served(sim, address) ||
	    (is_read_only(kind_at(sim, address)) && !sim->kind->ignores))
		return REFUSED_ADDRESS;
	return TAKEN;
}

/* Read-only memory, or option bytes unless the write begins at their start. */
static bool is_ignored(const struct sim *sim, enum memory_kind kind)
{
	uint32_t address = sim->rom.address;

	if (!sim->kind->ignores)
		return false;
	return is_read_only(kind) ||
	       (kind == MEMORY_OPTION && address !=
		memory_region(&sim->memory, address)->range.start);
}

static void write_flash(struct sim *sim, const uint8_t *data, size_t len)
{
	uint32_t address = sim->rom.address;
	size_t lost = 0;

	if (sim->dev->quirks & DEV_READ_AFTER_WRITE_LOSS &&
	    sim->rom.loss == LOSS_READ)
		lost = len < LOST_BYTES ? len : LOST_BYTES;
	sim->rom.loss = LOSS_WROTE;
	if (lost != 0)
		journal_add(&sim->journal, "lost 0x%08lX+%lu (write after "
			    "read)", (unsigned long)address,
			    (unsigned long)lost);
	if (lost < len)
		output_work(sim, silicon_program(sim,
						 address + (uint32_t)lost,
						 data + lost, len - lost,
						 sim->kind->words ? 4 : 0));
}

static void write_options(struct sim *sim, const uint8_t *data, size_t len)
{
	sim->rom.resets = !(sim->dev->quirks & DEV_OPTION_NO_RESET);
	output_work(sim, silicon_program_options(sim, sim->rom.address, data,
						 len));
}

/* The ROM writes words. The last one is completed with the old contents of the
 * buffer, or as the notes ask the host to. */
static size_t fill_up(struct sim *sim, enum memory_kind kind, size_t len)
{
	if (sim->kind->words)
		return (len + 3) / 4 * 4;
	for (; kind == MEMORY_FLASH && len % 4 != 0; len++)
		sim->rom.buffer[len] = 0xFF;
	return len;
}

static void write_memory(struct sim *sim, enum memory_kind kind, size_t len)
{
	const uint8_t *data = sim->rom.buffer;

	if (kind == MEMORY_FLASH) {
		write_flash(sim, data, len);
		return;
	}
	sim->rom.loss = LOSS_NONE;
	journal_add(&sim->journal, "store 0x%08lX+%lu",
		    (unsigned long)sim->rom.address, (unsigned long)len);
	silicon_store(sim, sim->rom.address, data, len);
	if (kind == MEMORY_OPTION_REGISTER)
		options_load(&sim->memory);
}

enum verdict cmd_take_write_data(struct sim *sim)
{
	enum memory_kind kind = kind_at(sim, sim->rom.address);
	size_t len = sim->rom.packet[0] + 1u;

	if (sim->config.multiple_nack && len % 4 != 0)
		return REFUSED;
	if (is_ignored(sim, kind))
		return TAKEN;
	if (kind == MEMORY_OPTION) {
		sim->rom.loss = LOSS_NONE;
		write_options(sim, sim->rom.buffer, len);
		return TAKEN;
	}
	if (sim->kind->aligned && sim->rom.address % 2 != 0)
		return FAULTED;
	len = fill_up(sim, kind, len);
	write_memory(sim, kind, len);
	return faults(sim, sim->rom.address, len) ? FAULTED : TAKEN;
}

void cmd_finish_write(struct sim *sim)
{
	if (sim->rom.resets)
		state_ask(sim, REQUEST_OPTION_LOAD, "reset");
}
