/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/explain.h"

#include <inttypes.h>
#include <stdio.h>

/* On I2C the adapter tells why there was no answer; on a serial line that
 * worked until now, the cause is mostly a reset or noise. */
static const char *reason(const struct flash *flash, enum stm32_err err)
{
	enum port_err port_err = stm32_port_err(flash->stm);

	if (port_err == PORT_STRETCHED)
		return "; this ROM holds the clock low while it erases or "
		       "writes, longer than the adapter allows; use another "
		       "adapter, or the UART";
	if (port_err == PORT_NO_ANSWER)
		return "; no ACK at its address any more; reset the target "
		       "with BOOT0 high";
	if (err == STM32_GARBLED && port_err == PORT_PARITY)
		return "; check the line, or lower the rate (-b)";
	if (err == STM32_TIMEOUT || err == STM32_GARBLED)
		return "; reset the target with BOOT0 high, or lower the rate "
		       "(-b)";
	return "";
}

enum flash_err flash_explain(const struct flash *flash, enum stm32_err err,
			     const char *what, uint32_t address,
			     struct problem *why)
{
	char where[16] = "";

	if (address != FLASH_NOWHERE)
		snprintf(where, sizeof(where), " at 0x%08" PRIx32, address);
	switch (err) {
	case STM32_OK:
		return FLASH_OK;
	case STM32_STOPPED:
		problem_default(why, "stopped");
		return FLASH_STOPPED;
	case STM32_PORT:
		problem_default(why, "%s: %s%s: %s",
				stm32_port(flash->stm)->device, what, where,
				port_trouble(stm32_port(flash->stm),
					     stm32_port_err(flash->stm)));
		return FLASH_PORT;
	case STM32_REFUSED:
		problem_default(why, "%s refused%s: the chip is readout "
				"protected; -k lifts that and erases "
				"everything", what, where);
		return FLASH_PROTECTED;
	case STM32_BAD_ADDRESS:
		problem_default(why, "%s%s: the address was refused (NACK); "
				"there is no memory, or the bootloader cannot "
				"access it%s", what, where,
				part_has(flash->part, DEV_TRUSTZONE)
				? " (TrustZone)" : "");
		return FLASH_DEVICE;
	case STM32_NACK:
	case STM32_TIMEOUT:
	case STM32_GARBLED:
	case STM32_UNCERTAIN:
	case STM32_ASTRAY:
	case STM32_UNSUPPORTED:
		break;
	}
	problem_default(why, "%s%s: %s%s", what, where,
			stm32_trouble(flash->stm, err), reason(flash, err));
	return FLASH_DEVICE;
}
