/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports there are, shown by report.c.
 */
#ifndef PORTSHOW_H
#define PORTSHOW_H

#include "cli/status.h"

/* --list-ports: all that is known, as a result. None at all is a warning. */
enum exit_status portshow_list(void);

/* The same as hints, after the message that no device is named. */
void portshow_choice(void);

/* The same in short, after the message that this device does not exist: only
 * ports of its kind, and not too many. */
void portshow_others(const char *device);

#endif
