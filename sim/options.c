/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/options.h"

#include <string.h>

#include "option_table.h"
#include "utils.h"

static uint8_t *word_at(const struct memory *memory, uint32_t address)
{
	if (address % 4 != 0 || memory_byte(memory, address) == NULL)
		return NULL;
	return memory_byte(memory, address + 3) != NULL
	     ? memory_byte(memory, address) : NULL;
}

static void put_word(struct memory *memory, uint32_t address, uint32_t value)
{
	enum option_form form = option_form(memory->dev->id);
	uint8_t *word = word_at(memory, address), *other;

	if (word == NULL)
		return;
	if (form == OPTION_PAIRS)
		value = (value & 0x00FF00FF) | (~value & 0x00FF00FF) << 8;
	if (form == OPTION_HALVES)
		value = (value & 0xFFFF) | ~value << 16;
	put_le32(word, value);
	other = form == OPTION_DOUBLES ? word_at(memory, address + 4) : NULL;
	if (other != NULL)
		put_le32(other, ~value);
}

void options_put_field(struct memory *memory,
		       const struct option_field *field, uint32_t value)
{
	uint32_t mask = option_field_most(field) << field->bit;
	const uint32_t places[2] = { field->read_at, field->write_at };
	const uint8_t *word;
	size_t i;

	for (i = 0; i < ARRAY_LEN(places); i++) {
		word = places[i] != 0 ? word_at(memory, places[i]) : NULL;
		if (word != NULL)
			put_word(memory, places[i], (get_le32(word) & ~mask) |
				 (value << field->bit & mask));
	}
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && strcmp(name + len - n, end) == 0;
}

/* HDP1EN, HDPEN */
static bool is_hide_protection(const char *name)
{
	return strncmp(name, "HDP", 3) == 0 && ends_with(name, "EN");
}

static bool is_clear(const char *name)
{
	static const char *const clear[] = {
		"SECURITY", "TZEN", "SWAP_BANK", "SWAP_BANK_OPT", "OTPL",
		"LOCKBL", "LOCKBL1", "LOCKBL2", "FRF_DIS",
		"SPRMOD", "WPRMOD", "PCROP0",	/* no PCROP */
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(clear); i++)
		if (strcmp(name, clear[i]) == 0)
			return true;
	/* the protected range is from start to end */
	return ends_with(name, "_END") || ends_with(name, "_PEND") ||
	       strstr(name, "AREA_END") != NULL || is_hide_protection(name) ||
	       strstr(name, "SEC_SIZE") != NULL ||
	       strstr(name, "KEYR") != NULL || strncmp(name, "DME", 3) == 0 ||
	       ((ends_with(name, "LOCK") || ends_with(name, "lOCK")) &&
		strncmp(name, "UNLOCK", 6) != 0);
}

/* Finds the key that means "open", for fields of 8 bits. */
static bool open_key(const struct option_field *field, uint32_t *value)
{
	static const struct { char name[14]; uint8_t key; } keys[] = {
		{ "PRODUCT_STATE", 0xED }, { "RDP_level", 0xED },
		{ "NVSTATE", 0xB4 }, { "BOOT_UBE", 0xB4 },
		{ "OEM_PROVD", 0x6A }, { "IROT_SELECT", 0x6A },
		{ "DBG_AUTH", 0x6F }, { "RDP", 0xA5 }, { "RDP", 0xAA },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		*value = keys[i].key;
		if (strncmp(field->name, keys[i].name,
			    sizeof(keys[i].name)) == 0 &&
		    option_value_exists(field, *value))
			return true;
	}
	return false;
}

static uint32_t factory_value(const struct memory *memory,
			      const struct option_field *field)
{
	static const uint8_t unlocked[] = { 0xC3, 0x6A, 0x49 };
	const struct dev *dev = memory->dev;
	uint32_t value;
	size_t i;

	if (open_key(field, &value))
		return value;
	for (i = 0; field->width == 8 && is_clear(field->name) &&
		    i < ARRAY_LEN(unlocked); i++)
		if (field->values[0] != '\0' &&
		    option_value_exists(field, unlocked[i]))
			return unlocked[i];
	if (field->width == 8 && is_hide_protection(field->name))
		return 0xB4;
	if (is_clear(field->name) ||
	    (strstr(field->name, "WRP") != NULL &&
	     option_set_protects(dev->id)))
		return 0;
	if (field->unit != 0 && strstr(field->name, "BOOT") != NULL)
		return ((ends_with(field->name, "ADD1") &&
			 strstr(field->name, "CM4") == NULL
			 ? dev->system_memory[0].start : dev->flash.start) -
			field->base) / field->unit;
	value = option_field_most(field);
	return option_value_exists(field, value) ? value : 0;
}

/* Changes erased option bytes so that nothing is protected or locked, and
 * BOOT0 high starts the bootloader. */
static void write_factory_fields(struct memory *memory)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(memory->dev->id, fields), i;

	for (i = 0; i < count; i++)
		options_put_field(memory, &fields[i],
				  factory_value(memory, &fields[i]));
}

void options_factory(struct memory *memory)
{
	uint8_t *bytes;
	size_t i;

	for (i = 0; i < memory->count; i++) {
		struct region *region = &memory->regions[i];

		if (region->kind == MEMORY_OPTION)
			memset(region->bytes, 0xFF,
			       region->range.end - region->range.start);
	}
	if (!memory_classic_options(memory, &bytes)) {
		write_factory_fields(memory);
		return;
	}
	/* each byte is followed by its complement; the F1 has another key for
	 * "not protected" than later parts */
	for (i = 1; i < MEMORY_CLASSIC_OPTIONS; i += 2)
		bytes[i] = 0x00;
	bytes[0] = memory->dev->erase_command == 0x43 ? 0xA5 : 0xAA;
	bytes[1] = (uint8_t)~bytes[0];
}

static bool find(const struct memory *memory, const char *name,
		 struct option_field *found)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(memory->dev->id, fields), i;

	for (i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0) {
			*found = fields[i];
			return true;
		}
	return false;
}

bool options_get_field(const struct memory *memory,
		       const struct option_field *field, uint32_t *value)
{
	const uint8_t *word = word_at(memory, field->read_at);

	if (word == NULL)
		return false;
	*value = get_le32(word) >> field->bit & option_field_most(field);
	return true;
}

bool options_get(const struct memory *memory, const char *name,
		 uint32_t *value)
{
	struct option_field field;

	return find(memory, name, &field) &&
	       options_get_field(memory, &field, value);
}

void options_put(struct memory *memory, const char *name, uint32_t value)
{
	struct option_field field;

	if (find(memory, name, &field))
		options_put_field(memory, &field, value);
}

void options_regress(struct memory *memory)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(memory->dev->id, fields), i;
	bool halves = option_form(memory->dev->id) == OPTION_HALVES;
	uint32_t ends = 0;

	(void)options_get(memory, "PCROP_RDP", &ends);
	for (i = 0; i < count; i++) {
		const char *name = fields[i].name;

		if (halves && strcmp(name, "RDP") != 0)
			put_word(memory, fields[i].read_at, 0);
		else if (ends && strncmp(name, "PCROP", 5) == 0 &&
			 strcmp(name, "PCROP_RDP") != 0)
			options_put_field(memory, &fields[i],
					  factory_value(memory, &fields[i]));
	}
}

/* The register that shows the value is the one before, unless the table has
 * another one. */
void options_load(struct memory *memory)
{
	struct option_field fields[OPTION_FIELDS];
	size_t count = option_fields(memory->dev->id, fields), i;
	uint8_t *from, *to;

	for (i = 0; i < count; i++) {
		uint32_t at = fields[i].write_at;

		if (at == 0 || at == fields[i].read_at)
			continue;
		from = word_at(memory, at);
		to = word_at(memory, fields[i].read_at != 0 ? fields[i].read_at
							    : at - 4);
		if (from != NULL && to != NULL)
			memcpy(to, from, 4);
	}
}
