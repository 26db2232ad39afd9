/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports there are, shown by report.c.
 */
#ifndef PORTSHOW_H
#define PORTSHOW_H

#include <stdbool.h>

/* --list-ports: all that is known, as a result. False: it failed, and that was
 * said; no port at all is no failure. */
bool portshow_list(void);

/* The same as a hint, after the message that no device is named. */
void portshow_choice(void);

/* The same in short, after the message that this device does not exist: only
 * ports of its kind, and not too many. */
void portshow_others(const char *device);

#endif
