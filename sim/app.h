/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The application: whatever runs when the ROM does not. Code is interpreted
 * in slices, when the host uses the device; it sees the memories, a serial
 * port, and registers that remember what was written to them. Or the
 * configuration has one in its place, which repeats a text, or enters the ROM
 * when it receives one. A reset it asks for by state_ask().
 */
#ifndef SIM_APP_H
#define SIM_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/state.h"

/* It is one of the configuration: it talks, or waits for a knock, or both. */
bool app_is_made_up(const struct sim *sim);

/* Runs the code whose vector table is here, after a reset. */
void app_start(struct sim *sim, uint32_t vector_table);
/* The same after Go: what the ROM has used is as it leaves it. */
void app_start_by_go(struct sim *sim, uint32_t vector_table);

/* One slice, if there is something to run and room for what it says. */
void app_run(struct sim *sim);

/* The host sets this rate. */
void app_hear_rate(struct sim *sim, uint32_t baud);

/* A byte from the host. */
void app_receive(struct sim *sim, uint8_t byte);

#endif
