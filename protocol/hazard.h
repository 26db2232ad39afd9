/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that a ROM may take for a command.
 *
 * The count N of a write may be lost on the line, or arrive as a smaller
 * value. Then the ROM sees the end of the frame too early, sends a NACK, and
 * takes what follows for commands: it executes an opcode and its complement in
 * the data. The host knows the data, so it sends such a frame in pieces, with
 * silence between two bytes that would form a dangerous command. A ROM that
 * has left the frame has sent its NACK by then, and at most waits for the
 * second byte.
 *
 * This costs no bytes; of random data one block in forty has such a place.
 * Splitting the data into other blocks would cost many bytes, and would not
 * protect against all values of N.
 */
#ifndef HAZARD_H
#define HAZARD_H

#include <stddef.h>
#include <stdint.h>

/* Returns how many of bytes[0..len) may be sent without a pause, at least
 * `from` (1 or more): up to where an opcode that changes the device is
 * followed by its complement, or all. */
size_t hazard_next(const uint8_t *bytes, size_t len, size_t from);

#endif
