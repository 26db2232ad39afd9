/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor with a little memory, for tests that run code: flash, which
 * faults on a store, RAM, and registers, which are functions of the test.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/thumb.h"

struct machine_memory {
	uint32_t base;
	size_t len;	/* 0: no such memory */
	uint8_t *bytes;
};

struct machine {
	struct thumb cpu;
	struct machine_memory flash, ram;
	/* For every other address; false is a bus fault. NULL: always a
	 * fault. */
	bool (*load)(struct machine *, uint32_t address, uint32_t *value);
	bool (*store)(struct machine *, uint32_t address, uint32_t value);
};

static inline uint8_t *machine_at(const struct machine_memory *memory,
				  uint32_t address, unsigned size)
{
	uint32_t offset = address - memory->base;

	if (offset >= memory->len || size > memory->len - offset)
		return NULL;
	return memory->bytes + offset;
}

static inline bool machine_load(void *ctx, uint32_t address, unsigned size,
				uint32_t *value)
{
	struct machine *machine = ctx;
	const uint8_t *at = machine_at(&machine->ram, address, size);
	unsigned i;

	if (at == NULL)
		at = machine_at(&machine->flash, address, size);
	if (at == NULL)
		return machine->load != NULL &&
		       machine->load(machine, address, value);
	*value = 0;
	for (i = 0; i < size; i++)
		*value |= (uint32_t)at[i] << 8 * i;
	return true;
}

static inline bool machine_store(void *ctx, uint32_t address, unsigned size,
				 uint32_t value)
{
	struct machine *machine = ctx;
	uint8_t *at = machine_at(&machine->ram, address, size);
	unsigned i;

	if (at == NULL && machine_at(&machine->flash, address, size) != NULL)
		return false;
	if (at == NULL)
		return machine->store != NULL &&
		       machine->store(machine, address, value);
	for (i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * i);
	return true;
}

/* Connects the processor; does not change its registers. */
static inline void machine_wire(struct machine *machine)
{
	machine->cpu.bus = (struct thumb_bus){
		.load = machine_load, .store = machine_store, .ctx = machine
	};
}

#endif
