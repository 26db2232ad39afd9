/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identifies the chip: the row of its product ID, narrowed by its flash size
 * register and other facts that it provides.
 */
#ifndef CHIP_H
#define CHIP_H

#include "flash/part.h"
#include "stm32.h"
#include "flash/watch.h"

/*
 * Fills *part from the connected device. dev is the row that the user demands;
 * NULL: the row of the product ID. An ID in no row gives an unknown part,
 * which is not an error. Facts that a protected or unusual chip does not
 * provide stay at the family's maximum, with an explanation to the watcher.
 * STM32_OK unless the port failed or the user stopped the run.
 *
 * erases: true for a job that erases; then part->bootloader_id is read if some
 * ROM versions have a defect in the erase.
 */
enum stm32_err chip_identify(struct stm32 *stm, const struct dev *dev,
			     bool erases, const struct watcher *watch,
			     struct part *part);

/* The 96-bit unique ID as three words, and the version byte of the ROM. A fact
 * that the chip does not provide is not an error; STM32_OK unless the port
 * failed or the user stopped the run. */
struct chip_identity {
	bool known;		/* words is valid */
	uint32_t words[3];
	int bootloader_id;	/* -1: unknown */
};
enum stm32_err chip_ask_identity(struct stm32 *stm, const struct part *part,
				 struct chip_identity *identity);

#endif
