/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The application: the code that runs when the ROM does not. It is interpreted
 * in slices when the host uses the device. It has the memories, a serial port,
 * and registers that keep the values written to them. The configuration can
 * replace it by one that repeats a text, or that enters the ROM when it receives
 * a text. It requests a reset by state_ask().
 */
#ifndef SIM_APP_H
#define SIM_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/state.h"

/* True for an application of the configuration: it sends a text, waits for a
 * knock, or both. */
bool app_is_made_up(const struct sim *sim);

/* Runs the code of this vector table, after a reset. */
void app_start(struct sim *sim, uint32_t vector_table);
/* The same after Go: registers used by the ROM keep its values. */
void app_start_by_go(struct sim *sim, uint32_t vector_table);

/* Runs one slice, if there is code to run and room for its output. */
void app_run(struct sim *sim);

/* The host sets this rate. */
void app_hear_rate(struct sim *sim, uint32_t baud);

/* Receives a byte from the host. */
void app_receive(struct sim *sim, uint8_t byte);

#endif
