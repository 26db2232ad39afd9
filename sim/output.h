/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes that the device sends, with their order and times. */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdint.h>

#include "sim/state.h"

/* The device works for us microseconds; later output is sent after that. */
void output_work(struct sim *sim, uint64_t us);

/* Sends one byte to the host, now or when the work is done. */
void output_send(struct sim *sim, uint8_t byte);

/* Sends one byte that the wire echoes, now. */
void output_echo(struct sim *sim, uint8_t byte);

/* Ends a transaction on the I2C bus: the bytes sent since the last call. */
void output_end(struct sim *sim);

#endif
