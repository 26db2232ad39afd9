/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/leave.h"

#include "flash/stub.h"

#define STUB_TRIES 3

enum stm32_err leave_go(struct stm32 *stm, uint32_t address,
			const struct watcher *watch)
{
	enum stm32_err err = stm32_go(stm, address);

	if (err == STM32_UNCERTAIN && stm32_resync(stm) == STM32_TIMEOUT) {
		watch->warn(watch->ctx, "no answer to Go, and the bootloader "
			    "does not answer any more: taking it for started");
		return STM32_OK;
	}
	if (err == STM32_UNCERTAIN)
		err = stm32_go(stm, address);
	return err;
}

static enum stub_kind stub_for(const struct part *part)
{
	if (part_has(part, DEV_OBL_LAUNCH))
		return STUB_OPTION_LAUNCH;
	if (part->dev.empty_reg != 0)
		return STUB_CLEAR_EMPTY;
	return STUB_RESET;
}

/* RAM can be written twice without harm. */
static enum stm32_err write_ram(struct stm32 *stm, uint32_t address,
				const uint8_t *data, size_t len)
{
	enum stm32_err err = STM32_UNCERTAIN;
	unsigned tries;

	for (tries = 0; err == STM32_UNCERTAIN && tries < STUB_TRIES; tries++)
		err = stm32_write_memory(stm, address, data, len, 0);
	return err;
}

static enum stm32_err upload(struct stm32 *stm, const struct part *part,
			     const struct range *ram)
{
	enum stub_kind kind = stub_for(part);
	bool launch = kind == STUB_OPTION_LAUNCH;
	const struct stub_target target = {
		.base = ram->start,
		.stack = ram->end,
		.reg = launch ? STUB_F0_FLASH_CR : part->dev.empty_reg,
		.bit = launch ? STUB_F0_OBL_LAUNCH : part->dev.empty_bit,
	};
	enum stm32_err err = STM32_OK;
	uint8_t stub[STUB_MAX];
	size_t len = stub_build(kind, &target, stub), at, n;

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
	struct range ram;
	enum stm32_err err;

	if (!part_free_ram(part, &ram))
		return STM32_UNSUPPORTED;
	err = upload(stm, part, &ram);
	return err == STM32_OK ? leave_go(stm, ram.start, watch) : err;
}
