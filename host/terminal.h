/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a standard stream is: a terminal, and what it can do. One file for each
 * kind of system.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* What stands closed of standard input, output and error is taken, or the next
 * file that is opened would get its number and what is written there. To use
 * it is an error. To be called before anything is opened. */
void terminal_reserve(void);

/* True if the stream is a terminal, on which a line can be drawn anew. */
bool terminal_is(FILE *stream);

/* Its width in characters; 80 where it cannot be known. */
unsigned terminal_columns(FILE *stream);

/* True if it knows the sequence that erases to the end of a line (ECMA-48,
 * EL); makes it so where it has to be asked for. */
bool terminal_can_erase(FILE *stream);

#endif
