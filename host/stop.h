/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wish to end a run before it is done: a signal, or what Windows has in
 * its place. The first one ends the run in order, the second at once.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* Looks out for it from now on. What is pointed to is 0 until somebody wants
 * the end, then the number of the signal. */
const volatile sig_atomic_t *stop_watch(void);

#endif
