/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the chip what it is: the row of its product ID, narrowed by its flash
 * size register and what else it tells.
 */
#ifndef CHIP_H
#define CHIP_H

#include "flash/part.h"
#include "stm32.h"
#include "flash/watch.h"

/*
 * Fills *part from the connected device. dev is the row the user insists on,
 * or NULL for the one of the product ID; an ID in no row gives an unknown
 * part, which is no error. What a protected or odd chip does not tell stays at
 * the family's maximum, and is explained. STM32_OK unless the port failed or
 * the user stopped it.
 *
 * erases: for a job that does, so part->bootloader_id is needed where some
 * versions of the ROM have a defect in that.
 */
enum stm32_err chip_identify(struct stm32 *stm, const struct dev *dev,
			     bool erases, const struct watcher *watch,
			     struct part *part);

/* The 96 bits that no other chip has, as three words, and the version byte of
 * the ROM. What the chip does not tell is not known, and no error; STM32_OK
 * unless the port failed or the user stopped it. */
struct chip_identity {
	bool known;		/* the words are */
	uint32_t words[3];
	int bootloader_id;	/* -1 not known */
};
enum stm32_err chip_ask_identity(struct stm32 *stm, const struct part *part,
				 struct chip_identity *identity);

#endif
