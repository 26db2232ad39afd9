/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leaves the bootloader: starts code, and resets the chip, for which there is
 * no command.
 */
#ifndef LEAVE_H
#define LEAVE_H

#include "flash/part.h"
#include "stm32.h"
#include "flash/watch.h"

/*
 * Go to the vector table at address. A Go whose ACK was lost counts as done if
 * the bootloader no longer answers; warns the watcher.
 */
enum stm32_err leave_go(struct stm32 *stm, uint32_t address,
			const struct watcher *watch);

/*
 * Uploads code to the part's free RAM and runs it. The code resets the chip in
 * the way that lets an application start. STM32_UNSUPPORTED: the part leaves
 * no RAM for it.
 */
enum stm32_err leave_by_reset(struct stm32 *stm, const struct part *part,
			      const struct watcher *watch);

#endif
