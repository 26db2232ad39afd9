/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes that complete a frame of which the device has received a part, and
 * never make its checksum right (AN3155). */
#ifndef FILLERS_H
#define FILLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/types.h"

/* The value of most fillers; see fillers.c. */
#define FILLERS_STEADY 2

/*
 * Makes the fillers for a frame of len bytes, of which `last` was the last one
 * sent. again: for a second time; those of the first time may have arrived.
 * sync_first: the first filler is a 7F, except again.
 */
void fillers_make(const uint8_t *frame, size_t len, uint8_t last,
		  bool sync_first, bool again,
		  uint8_t fillers[static STM32_MAX_FRAME]);

#endif
