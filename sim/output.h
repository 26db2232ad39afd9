/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the device sends, in which order and when. */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdint.h>

#include "sim/state.h"

/* The device works for so long; what it sends comes after that. */
void output_work(struct sim *sim, uint64_t us);

/* One byte to the host, now or when the work is done. */
void output_send(struct sim *sim, uint8_t byte);

/* One byte that the wire hands back, now. */
void output_echo(struct sim *sim, uint8_t byte);

/* The bytes sent since the last call are one transaction on an I2C bus. */
void output_end(struct sim *sim);

#endif
