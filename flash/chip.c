/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/chip.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

#define UID_SPAN 24	/* bytes, including the gaps between the words */
#define UID_TRIES 4	/* until two readings agree */

static void explain(const struct watcher *watch, const char *text)
{
	if (watch != NULL && watch->explain != NULL)
		watch->explain(watch->ctx, text);
}

static bool is_over(enum stm32_err err)
{
	return err == STM32_PORT || err == STM32_STOPPED;
}

/* Splits the read as -F requires. */
static enum stm32_err read_pieces(struct stm32 *stm, uint32_t address,
				  uint8_t *out, size_t len)
{
	size_t most = stm32_max_read(stm), done, n;
	enum stm32_err err = STM32_OK;

	for (done = 0; done < len && err == STM32_OK; done += n) {
		n = len - done < most ? len - done : most;
		err = stm32_read_memory(stm, address + (uint32_t)done,
					out + done, n);
	}
	return err;
}

/*
 * Reads len bytes of a register. Some F4 and L0 ROMs refuse short reads there,
 * but return the aligned block around it: 256 bytes on F4, 128 on L0. It is
 * unknown whether ROMs of other families do the same, and a NACK does not tell
 * whether the address or the length is wrong. So one refusal says nothing
 * about the next length. It is final for its own length: it was asked for
 * twice, as noise causes NACKs (session.c), and it is neither a retry nor a
 * sign of lost bytes. A register that is always refused takes 6 reads without
 * data.
 */
static enum stm32_err read_register(struct stm32 *stm, uint32_t address,
				    uint8_t *out, size_t len)
{
	static const uint32_t blocks[] = { 128, 256 };
	uint8_t block[STM32_MAX_BLOCK];
	enum stm32_err err = read_pieces(stm, address, out, len);
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(blocks) && err != STM32_OK; i++) {
		uint32_t offset = address % blocks[i];

		if (is_over(err) || err == STM32_REFUSED ||
		    blocks[i] > stm32_max_read(stm))
			break;
		err = stm32_read_memory(stm, address - offset, block,
					blocks[i]);
		for (n = 0; err == STM32_OK && n < len; n++)
			out[n] = block[offset + n];
	}
	return err;
}

/* Converts the family's size register to KiB; 0 if invalid. */
static uint32_t decode_size(const struct part *part, uint16_t value)
{
	if (part_has(part, DEV_SIZE_IS_CODE))
		return value < ARRAY_LEN(part->dev.size_codes)
		     ? part->dev.size_codes[value] : 0;
	if (part_has(part, DEV_SIZE_LOW_BYTE))
		return value & 0xFF;
	return value;
}

static enum stm32_err ask_size(struct stm32 *stm, const struct watcher *watch,
			       struct part *part)
{
	uint8_t bytes[2];
	char text[120];
	enum stm32_err err;

	if (part->dev.size_reg == 0)
		return STM32_OK;
	if (part_has(part, DEV_NO_PERIPHERALS)) {
		explain(watch, "this ROM does not show the flash size; "
			"assuming the largest of the family");
		return STM32_OK;
	}
	err = read_register(stm, part->dev.size_reg, bytes, sizeof(bytes));
	if (is_over(err))
		return err;
	if (err != STM32_OK)
		snprintf(text, sizeof(text), "flash size register at 0x%08"
			 PRIx32 ": %s; taking the family's largest",
			 part->dev.size_reg, stm32_strerror(err));
	else if (!part_set_size(part, decode_size(part, get_le16(bytes))))
		snprintf(text, sizeof(text), "flash size register says 0x%04X; "
			 "taking the family's largest", get_le16(bytes));
	else
		return STM32_OK;
	explain(watch, text);
	return STM32_OK;
}

/* Finds out whether one or two banks are in effect, if the pages depend on
 * it. */
static enum stm32_err ask_banks(struct stm32 *stm, const struct watcher *watch,
				struct part *part)
{
	const struct bank_mode *mode = &part->dev.bank_mode;
	enum bank_state state = BANKS_UNKNOWN;
	enum stm32_err err = STM32_OK;
	uint8_t bytes[4];
	bool set;

	if (!part_banks_matter(part))
		return STM32_OK;
	if (part_banks_readable(part)) {
		err = read_register(stm, mode->reg, bytes, sizeof(bytes));
		if (is_over(err))
			return err;
	}
	if (part_banks_readable(part) && err == STM32_OK) {
		set = get_le32(bytes) >> mode->bit & 1;
		state = set == mode->dual_if_set ? BANKS_DUAL : BANKS_SINGLE;
		explain(watch, state == BANKS_DUAL
			? "the option bytes say: two banks"
			: "the option bytes say: one bank");
	} else {
		explain(watch, "the bank mode of this chip cannot be read");
	}
	part_set_banks(part, state);
	return STM32_OK;
}

/* Reads the ROM's own version if some versions have a defect in the erase. */
static enum stm32_err ask_version(struct stm32 *stm, struct part *part)
{
	const struct dev *dev = &part->dev;
	uint8_t id;
	enum stm32_err err;

	if (dev->bootloader_id == 0 ||
	    (dev->erase_one_page.ids[0] == 0 && dev->erase_busy.ids[0] == 0))
		return STM32_OK;
	err = read_register(stm, dev->bootloader_id, &id, 1);
	if (err == STM32_OK)
		part->bootloader_id = id;
	return is_over(err) ? err : STM32_OK;
}

enum stm32_err chip_identify(struct stm32 *stm, const struct dev *dev,
			     bool erases, const struct watcher *watch,
			     struct part *part)
{
	enum stm32_err err = STM32_OK;
	struct dev row;
	uint32_t id;

	/* An unknown ID, or one of a part without flash, may be a damaged
	 * one. */
	if (!dev_find(stm32_info(stm)->id, &row) ||
	    (row.quirks & DEV_OTHER_PROTOCOL))
		err = stm32_confirm_id(stm);
	if (err != STM32_OK)
		return err;
	id = stm32_info(stm)->id;
	if (dev == NULL && dev_find(id, &row))
		dev = &row;
	part_init(part, dev, id);
	if (part->dev.max_transfer != 0)
		stm32_limit_transfer(stm, part->dev.max_transfer);
	err = ask_size(stm, watch, part);
	if (err == STM32_OK)
		err = ask_banks(stm, watch, part);
	if (err == STM32_OK && erases)
		err = ask_version(stm, part);
	return err;
}

/* On L0 and L1, whose erased value is 0, the last word is at a distance from
 * the others. */
static uint32_t word_offset(const struct part *part, size_t i)
{
	return i == 2 && part->dev.erased == 0 ? 0x14 : (uint32_t)(4 * i);
}

/* A reply has no checksum, and the unique ID is printed on labels: reads until
 * two readings agree. */
static enum stm32_err read_surely(struct stm32 *stm, uint32_t address,
				  uint8_t *out, size_t len)
{
	uint8_t again[UID_SPAN];
	enum stm32_err err = read_register(stm, address, out, len);
	unsigned tries;

	for (tries = 0; err == STM32_OK && tries < UID_TRIES; tries++) {
		err = read_register(stm, address, again, len);
		if (err == STM32_OK && memcmp(out, again, len) == 0)
			return STM32_OK;
		memcpy(out, again, len);
	}
	return err == STM32_OK ? STM32_GARBLED : err;
}

static enum stm32_err ask_unique_id(struct stm32 *stm, const struct part *part,
				    struct chip_identity *identity)
{
	uint8_t bytes[UID_SPAN];
	enum stm32_err err = read_surely(stm, part->dev.uid_reg, bytes,
					 word_offset(part, 2) + 4);
	size_t i;

	for (i = 0; err == STM32_OK && i < ARRAY_LEN(identity->words); i++)
		identity->words[i] = get_le32(bytes + word_offset(part, i));
	identity->known = err == STM32_OK;
	return err;
}

enum stm32_err chip_ask_identity(struct stm32 *stm, const struct part *part,
				 struct chip_identity *identity)
{
	enum stm32_err err = STM32_OK;
	uint8_t id;

	*identity = (struct chip_identity){ .bootloader_id =
					    part->bootloader_id };
	if (part_has(part, DEV_NO_PERIPHERALS))
		return STM32_OK;
	if (part->dev.uid_reg != 0)
		err = ask_unique_id(stm, part, identity);
	/* Readout protected: the next read would be refused too. */
	if (is_over(err) || err == STM32_REFUSED)
		return is_over(err) ? err : STM32_OK;
	if (part->dev.bootloader_id == 0 || part->bootloader_id >= 0)
		return STM32_OK;
	err = read_surely(stm, part->dev.bootloader_id, &id, 1);
	if (err == STM32_OK)
		identity->bootloader_id = id;
	return is_over(err) ? err : STM32_OK;
}
