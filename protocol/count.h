/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counts that a Read Memory may send.
 *
 * Some ROMs send an ACK for an address that they do not serve, and then wait
 * for a command (seen on the F103, protocol 2.2, and the F051, 3.1). The next
 * two bytes from the host are N and its complement, which looks like a
 * command: reading 131 bytes there sends 82 7D, Readout Protect.
 *
 * So never send an N that is the opcode of any ROM. These two bytes are all
 * that is sent before the next answer. That is either the NACK of the ROM for
 * an unknown opcode, so the address was refused; or the ACK before the data. A
 * write has no such phase: see flash/vouch.h.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>
#include <stddef.h>

/* True if N of a read of len bytes, 1 to 256, is an opcode of some ROM, or of
 * this one: listed has the opcodes that Get returned. */
bool count_is_opcode(const bool listed[256], size_t len);

/*
 * Returns the number of bytes for the first of two reads of len bytes, 4 to
 * 256, such that both counts are safe; len if one read is safe. 0: impossible,
 * so read the bytes around them too.
 */
size_t count_first(const bool listed[256], size_t len);

#endif
