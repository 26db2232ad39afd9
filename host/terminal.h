/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The properties of a standard stream as a terminal. One source file for each
 * kind of system.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Opens standard input, output and error if they are closed; otherwise the
 * next file opened would get such a number, and receive output meant for the
 * stream. Using a stream opened here fails. Call it before anything is
 * opened. */
void terminal_reserve(void);

/* True if the stream is a terminal, on which a line can be redrawn. */
bool terminal_is(FILE *stream);

/* Returns its width in characters; 80 if unknown. */
unsigned terminal_columns(FILE *stream);

/* True if the terminal supports the sequence that erases to the end of the
 * line (ECMA-48, EL); enables it if necessary. */
bool terminal_can_erase(FILE *stream);

#endif
