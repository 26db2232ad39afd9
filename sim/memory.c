/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/memory.h"

#include <stdlib.h>
#include <string.h>

#include "utils.h"

#define RAM_BASE 0x20000000u
#define RAM_UNKNOWN_SIZE 0x8000u	/* if the table has no RAM */
#define CLASSIC_OPTIONS 0x1FFFF800u
#define CLASSIC_WRP_BYTES 4
#define INFO_BLOCK 256u
#define UID_LEN 24	/* room for the unique ID of L0 and L1, 12 bytes with
			 * gaps */

/* The bootloader ID unless the configuration has one. No defect in the device
 * table has this ID. */
#define PLAIN_BOOTLOADER_ID 0x20

static bool add_region(struct memory *memory, struct range range,
		       enum memory_kind kind, uint8_t fill,
		       struct problem *why)
{
	struct region *region = &memory->regions[memory->count];
	size_t size = range.end - range.start;

	if (range.end <= range.start)
		return true;
	region->bytes = malloc(size);
	if (region->bytes == NULL) {
		problem_set(why, "sim: no memory for %lu bytes",
			    (unsigned long)size);
		return false;
	}
	memset(region->bytes, fill, size);
	region->range = range;
	region->kind = kind;
	if (kind == MEMORY_FLASH)
		memory->flash = region;
	memory->count++;
	return true;
}

/* The RAM of the chip starts at the base; dev->ram is the part that the ROM
 * leaves to the host. */
static struct range whole_ram(const struct dev *dev)
{
	struct range ram = { RAM_BASE, dev->ram.end };

	if (dev->ram.end <= RAM_BASE)
		ram.end = RAM_BASE + RAM_UNKNOWN_SIZE;
	return ram;
}

static bool fitted_flash(const struct sim_config *config, struct range *flash,
			 struct problem *why)
{
	uint32_t largest = config->dev.flash.end - config->dev.flash.start;

	*flash = config->dev.flash;
	if (largest == 0 || config->dev.pages == NULL ||
	    config->dev.quirks & DEV_OTHER_PROTOCOL) {
		problem_set(why, "sim: %s has no flash that this kind of "
			    "bootloader can write", config->dev.name);
		return false;
	}
	if (config->size > largest) {
		problem_set(why, "sim: size=%lu: the largest %s has %lu",
			    (unsigned long)config->size, config->dev.name,
			    (unsigned long)largest);
		return false;
	}
	if (config->size != 0)
		flash->end = flash->start + config->size;
	return true;
}

/*
 * The size register and its neighbours are often outside the ranges in AN2606.
 * Makes the whole block readable: if the ROM refuses a short read, hosts read
 * 128 or 256 aligned bytes.
 */
static bool add_info(struct memory *memory, uint32_t address,
		     struct problem *why)
{
	uint32_t start = round_down(address, INFO_BLOCK);

	if (address == 0 || memory_byte(memory, address) != NULL)
		return true;
	return add_region(memory, (struct range){ start, start + INFO_BLOCK },
			  MEMORY_INFO, 0xFF, why);
}

static bool add_regions(struct memory *memory, const struct sim_config *config,
			struct problem *why)
{
	const struct dev *dev = &config->dev;
	enum memory_kind option = dev->quirks & DEV_OPTION_REGISTERS ?
				  MEMORY_OPTION_REGISTER : MEMORY_OPTION;
	struct range flash;
	bool ok;
	size_t i;

	ok = fitted_flash(config, &flash, why) &&
	     add_region(memory, flash, MEMORY_FLASH, dev->erased, why) &&
	     add_region(memory, whole_ram(dev), MEMORY_RAM, 0, why) &&
	     add_region(memory, dev->eeprom, MEMORY_EEPROM, 0, why);
	for (i = 0; i < ARRAY_LEN(dev->more_ram); i++)
		ok = ok && add_region(memory, dev->more_ram[i], MEMORY_RAM, 0,
				      why);
	for (i = 0; i < ARRAY_LEN(dev->option_bytes); i++)
		ok = ok && add_region(memory, dev->option_bytes[i], option,
				      0xFF, why);
	for (i = 0; i < ARRAY_LEN(dev->system_memory); i++)
		ok = ok && add_region(memory, dev->system_memory[i],
				      MEMORY_SYSTEM, 0, why);
	return ok && add_info(memory, dev->size_reg, why) &&
	       add_info(memory, dev->uid_reg, why) &&
	       add_info(memory, dev->bootloader_id, why);
}

static void poke(struct memory *memory, uint32_t address, uint8_t value)
{
	uint8_t *byte = memory_byte(memory, address);

	if (byte != NULL)
		*byte = value;
}

static uint16_t size_register(const struct memory *memory,
			      const struct sim_config *config)
{
	uint16_t kib = (uint16_t)(memory_flash_size(memory) / 1024);

	if (config->size_register != SIM_UNSET)
		return (uint16_t)config->size_register;
	if (memory->dev->quirks & DEV_SIZE_IS_CODE)
		return kib == memory->dev->size_codes[1] ? 1 : 0;
	if (memory->dev->quirks & DEV_SIZE_LOW_BYTE)
		return (uint16_t)(0xA500 | (kib & 0xFF));
	return kib;
}

/* Writes the facts that are fixed in the factory. */
static void write_facts(struct memory *memory, const struct sim_config *config)
{
	static const char marker[] = "simulated system memory ";
	const struct dev *dev = memory->dev;
	uint16_t size = size_register(memory, config);
	size_t i;
	uint32_t k;

	for (i = 0; i < memory->count; i++) {
		const struct region *region = &memory->regions[i];

		if (region->kind != MEMORY_SYSTEM)
			continue;
		for (k = 0; k < region->range.end - region->range.start; k++)
			region->bytes[k] =
				(uint8_t)marker[k % (sizeof(marker) - 1)];
	}
	if (dev->uid_reg != 0)
		for (k = 0; k < UID_LEN; k++)
			poke(memory, dev->uid_reg + k, (uint8_t)(0x31 + k));
	if (dev->size_reg != 0) {
		poke(memory, dev->size_reg, (uint8_t)size);
		poke(memory, dev->size_reg + 1, (uint8_t)(size >> 8));
	}
	if (dev->bootloader_id != 0)
		poke(memory, dev->bootloader_id,
		     config->bootloader_id != SIM_UNSET ?
		     (uint8_t)config->bootloader_id : PLAIN_BOOTLOADER_ID);
}

bool memory_init(struct memory *memory, const struct sim_config *config,
		 struct problem *why)
{
	struct range last;

	memset(memory, 0, sizeof(*memory));
	memory->dev = &config->dev;
	if (!add_regions(memory, config, why))
		return false;
	if (!memory_page(memory,
			 memory_page_at(memory, memory->flash->range.end - 1),
			 &last) ||
	    last.end != memory->flash->range.end) {
		problem_set(why, "sim: size=%lu: ends inside a page",
			    (unsigned long)config->size);
		return false;
	}
	write_facts(memory, config);
	return true;
}

void memory_free(struct memory *memory)
{
	size_t i;

	for (i = 0; i < memory->count; i++)
		free(memory->regions[i].bytes);
	memory->count = 0;
}

const struct region *memory_region(const struct memory *memory,
				   uint32_t address)
{
	size_t i;

	for (i = 0; i < memory->count; i++)
		if (in_range(memory->regions[i].range, address))
			return &memory->regions[i];
	return NULL;
}

uint8_t *memory_byte(const struct memory *memory, uint32_t address)
{
	const struct region *region = memory_region(memory, address);

	if (region == NULL)
		return NULL;
	return &region->bytes[address - region->range.start];
}

bool memory_peek(const struct memory *memory, uint32_t address, uint8_t *out,
		 size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		const uint8_t *byte = memory_byte(memory, address + (uint32_t)i);

		if (byte == NULL)
			return false;
		out[i] = *byte;
	}
	return true;
}

bool memory_poke(struct memory *memory, uint32_t address, const uint8_t *in,
		 size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t *byte = memory_byte(memory, address + (uint32_t)i);

		if (byte == NULL)
			return false;
		*byte = in[i];
	}
	return true;
}

static bool host_ram(const struct dev *dev, uint32_t address)
{
	size_t i;

	if (dev->quirks & DEV_NO_RAM)
		return false;
	for (i = 0; i < ARRAY_LEN(dev->more_ram); i++)
		if (in_range(dev->more_ram[i], address))
			return true;
	return in_range(dev->ram, address);
}

bool memory_open(const struct memory *memory, uint32_t address)
{
	const struct region *region = memory_region(memory, address);

	if (region == NULL)
		return false;
	if (region->kind == MEMORY_RAM)
		return host_ram(memory->dev, address);
	return region->kind == MEMORY_FLASH ||
	       !(memory->dev->quirks & DEV_NO_PERIPHERALS);
}

bool memory_open_range(const struct memory *memory, uint32_t address,
		       size_t len)
{
	size_t i;

	if (len > UINT32_MAX - address)
		return false;
	for (i = 0; i < len; i++)
		if (!memory_open(memory, address + (uint32_t)i))
			return false;
	return true;
}

uint32_t memory_flash_size(const struct memory *memory)
{
	return memory->flash->range.end - memory->flash->range.start;
}

/* Returns the layout of the bank mode in the option bytes. */
static const struct page_run *layout(const struct memory *memory)
{
	const struct dev *dev = memory->dev;
	const struct bank_mode *mode = &dev->bank_mode;
	const uint8_t *word = mode->reg != 0 ? memory_byte(memory, mode->reg)
					     : NULL;
	bool smaller = memory->flash->range.end < dev->flash.end;
	const struct page_run *other;
	bool set;

	if (word == NULL || (mode->of == BANK_MODE_LARGEST && smaller) ||
	    (mode->of == BANK_MODE_SMALLER && !smaller))
		return dev->pages;
	set = get_le32(word) >> mode->bit & 1;
	other = set == mode->dual_if_set ? dev->pages_dual : dev->pages_single;
	return other != NULL ? other : dev->pages;
}

/* Walks the page runs to the page with this number or, if number is
 * UINT32_MAX, to the page with this address. Returns its number and its
 * range. */
static uint32_t walk_pages(const struct memory *memory, uint32_t number,
			   uint32_t address, struct range *range)
{
	const struct page_run *run;
	uint32_t page = 0, start = memory->dev->flash.start, i;

	for (run = layout(memory); run->count != 0; run++) {
		for (i = 0; i < run->count; i++) {
			range->start = start;
			range->end = start + run->size;
			if (page == number || in_range(*range, address))
				return page;
			start = range->end;
			page++;
		}
	}
	range->start = range->end = UINT32_MAX;
	return page;
}

bool memory_page(const struct memory *memory, uint32_t page,
		 struct range *range)
{
	(void)walk_pages(memory, page, UINT32_MAX, range);
	return range->end <= memory->flash->range.end;
}

uint32_t memory_page_at(const struct memory *memory, uint32_t address)
{
	struct range range;

	return walk_pages(memory, UINT32_MAX, address, &range);
}

uint32_t memory_bank2(const struct memory *memory)
{
	if (!(memory->dev->quirks & DEV_DUAL_BANK))
		return memory->flash->range.end;
	return memory->flash->range.start + memory_flash_size(memory) / 2;
}

void memory_clear_ram(struct memory *memory)
{
	size_t i;

	for (i = 0; i < memory->count; i++) {
		struct region *region = &memory->regions[i];

		if (region->kind == MEMORY_RAM)
			memset(region->bytes, 0,
			       region->range.end - region->range.start);
	}
}

bool memory_classic_options(const struct memory *memory, uint8_t **bytes)
{
	const struct range *options = &memory->dev->option_bytes[0];

	if (memory->dev->quirks & DEV_OPTION_REGISTERS ||
	    options->start != CLASSIC_OPTIONS ||
	    options->end - options->start != MEMORY_CLASSIC_OPTIONS)
		return false;
	*bytes = memory_byte(memory, CLASSIC_OPTIONS);
	return true;
}

unsigned memory_wrp_bytes(const struct memory *memory)
{
	const struct page_run *run;
	unsigned pages = 0, units;

	for (run = memory->dev->pages; run->count != 0; run++)
		pages += run->count;
	if (memory->dev->wrp_pages == 0)
		return CLASSIC_WRP_BYTES;
	units = (pages + memory->dev->wrp_pages - 1) / memory->dev->wrp_pages;
	return units < 8 * CLASSIC_WRP_BYTES ? (units + 7) / 8
					     : CLASSIC_WRP_BYTES;
}

void memory_clear_ram_of_rom(struct memory *memory, uint32_t from, uint32_t to)
{
	const struct dev *dev = memory->dev;
	uint32_t end = dev->ram_safe != 0 ? dev->ram_safe : dev->ram.start;
	uint8_t *ram = memory_byte(memory, RAM_BASE);

	if (end > RAM_BASE + to)
		end = RAM_BASE + to;
	if (ram != NULL && end > RAM_BASE + from)
		memset(ram + from, 0, end - RAM_BASE - from);
}
