/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocol/types.h"

const char *stm32_strerror(enum stm32_err err)
{
	switch (err) {
	case STM32_OK:		return "no error";
	case STM32_REFUSED:	return "the command was refused (NACK)";
	case STM32_BAD_ADDRESS:	return "the address was refused (NACK)";
	case STM32_NACK:	return "refused (NACK)";
	case STM32_TIMEOUT:	return "no answer";
	case STM32_GARBLED:	return "invalid answer";
	case STM32_UNCERTAIN:	return "no answer, so the result is unknown";
	case STM32_ASTRAY:	return "the device executed a damaged frame";
	case STM32_UNSUPPORTED:	return "this bootloader has no such command";
	case STM32_STOPPED:	return "stopped";
	case STM32_PORT:	return "the port failed";
	}
	return "unknown bootloader error";
}
