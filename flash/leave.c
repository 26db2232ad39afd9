/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/leave.h"

#include "flash/stub.h"
#include "flash/vouch.h"

#define STUB_TRIES 3

/* True if the Go may have been executed. An ACK after it may be a letter 'y'
 * from the started program. */
static bool is_open(enum stm32_err err)
{
	return err == STM32_UNCERTAIN || err == STM32_ASTRAY;
}

enum stm32_err leave_go(struct stm32 *stm, uint32_t address,
			const struct watcher *watch)
{
	enum stm32_err err = stm32_go(stm, address);

	if (!is_open(err))
		return err;
	if (stm32_resync(stm) != STM32_TIMEOUT)
		return stm32_go(stm, address);
	watch->warn(watch->ctx, "no answer to Go, and the bootloader no longer "
		    "answers; the program has probably started");
	return STM32_OK;
}

static enum stub_kind stub_for(const struct part *part)
{
	if (part_has(part, DEV_OBL_LAUNCH))
		return STUB_OPTION_LAUNCH;
	if (part->dev.empty_reg != 0)
		return STUB_CLEAR_EMPTY;
	return STUB_RESET;
}

/* Writing RAM twice is harmless. */
static enum stm32_err write_ram(struct stm32 *stm, uint32_t address,
				const uint8_t *data, size_t len)
{
	enum stm32_err err = STM32_UNCERTAIN;
	unsigned tries;

	for (tries = 0; is_open(err) && tries < STUB_TRIES; tries++)
		err = stm32_write_memory(stm, address, data, len, 0);
	return err;
}

static enum stm32_err upload(struct flash *flash, const struct range *ram)
{
	struct stm32 *stm = flash->stm;
	const struct part *part = flash->part;
	enum stub_kind kind = stub_for(part);
	bool launch = kind == STUB_OPTION_LAUNCH;
	const struct stub_target target = {
		.base = ram->start,
		.stack = ram->end,
		.reg = launch ? STUB_F0_FLASH_CR : part->dev.empty_reg,
		.bit = launch ? STUB_F0_OBL_LAUNCH : part->dev.empty_bit,
	};
	uint8_t stub[STUB_MAX];
	size_t len = stub_build(kind, &target, stub), at, n;
	uint32_t end;
	enum stm32_err err = vouch_read(flash, ram->start,
					ram->start + (uint32_t)len, &end);

	for (at = 0; at < len && err == STM32_OK; at += n) {
		n = stm32_max_write(stm);
		n = n < len - at ? n : len - at;
		err = write_ram(stm, ram->start + (uint32_t)at, stub + at, n);
	}
	return err;
}

enum stm32_err leave_by_reset(struct stm32 *stm, const struct part *part,
			      const struct watcher *watch)
{
	struct flash flash = { .stm = stm, .part = part, .watch = watch };
	struct range ram;
	enum stm32_err err;

	if (!part_free_ram(part, &ram))
		return STM32_UNSUPPORTED;
	err = upload(&flash, &ram);
	return err == STM32_OK ? leave_go(stm, ram.start, watch) : err;
}
