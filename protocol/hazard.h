/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that a ROM may take for a command.
 *
 * Where the count N of a write is lost on the line, or arrives as less, the ROM
 * takes the frame to be over too soon, says NACK, and takes what follows for
 * commands: an opcode and its complement in the data are carried out. The data
 * are known, so a frame is sent in pieces: between two bytes that would change
 * the device the line has to be silent. A ROM that is out of the frame has said
 * NACK by then, and at most waits for the second of them.
 *
 * That costs no byte, and of random data it is one block in forty that has such
 * a place. To cut the data into other blocks costs many, and a few counts are
 * left that N may turn into.
 */
#ifndef HAZARD_H
#define HAZARD_H

#include <stddef.h>
#include <stdint.h>

/* How many of bytes[0..len) may go out at once, when at least `from` of them do
 * (1 or more): up to where an opcode that changes the device is followed by its
 * complement, or all. */
size_t hazard_next(const uint8_t *bytes, size_t len, size_t from);

#endif
