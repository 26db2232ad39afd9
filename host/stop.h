/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to end a run early: a signal, or its counterpart on Windows. The
 * first one ends the run cleanly, the second one at once.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* Catches signals from now on. The result points to 0 until a signal arrives,
 * then to its number. */
const volatile sig_atomic_t *stop_watch(void);

#endif
