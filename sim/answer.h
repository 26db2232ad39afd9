/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answers of the ROM, and the faults that damage them. */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/state.h"

/* True if the command's fault is of this kind and due in this phase. */
bool answer_fault_is(const struct rom *rom, enum sim_fault_kind kind);

/* Send one byte of an answer, or a whole answer, which is one transaction on
 * I2C. */
void answer_byte(struct sim *sim, uint8_t byte);
void answer_bytes(struct sim *sim, const uint8_t *bytes, size_t len);
void answer_ack(struct sim *sim);

/* Sends no answer: after a bus error the handler of the ROM resets the chip. */
void answer_crash(struct sim *sim);

#endif
