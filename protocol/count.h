/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which counts a Read Memory may send.
 *
 * Some ROMs acknowledge an address that they do not serve and go back to wait
 * for a command (seen on the F103, protocol 2.2, and the F051, 3.1). The next
 * two bytes of the host are N and its complement, which is what a command
 * looks like: reading 131 bytes there sends 82 7D, Readout Protect.
 *
 * So no N goes out that is the opcode of any ROM. A command needs its opcode,
 * and the two bytes are all that is sent before the next answer: the NACK that
 * a ROM has for an opcode it does not know, which says that the address was
 * refused, or the ACK in front of the data. A write has no such phase: see
 * flash/vouch.h.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether N of a read of len bytes, 1 to 256, is the opcode of some ROM, or of
 * this one: listed are those that Get returned. */
bool count_is_opcode(const bool listed[256], size_t len);

/*
 * How many bytes the first read of len bytes, 4 to 256, takes: all of them, or
 * fewer, and then the rest is a safe count too. 0: there is no such way, so
 * bytes around them have to be read.
 */
size_t count_first(const bool listed[256], size_t len);

#endif
