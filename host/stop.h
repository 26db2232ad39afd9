/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wish to end a run before it is done: a signal, or what Windows has in
 * its place. The first one ends the run in order, the second at once.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* Catches signals from now on. The result points to 0 until a signal asks for
 * the end, then to its number. */
const volatile sig_atomic_t *stop_watch(void);

#endif
