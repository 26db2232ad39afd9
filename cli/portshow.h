/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The available ports, printed by report.c. */
#ifndef PORTSHOW_H
#define PORTSHOW_H

#include "cli/status.h"

/* --list-ports: prints all that is known, as a result; warns if there are
 * none. */
enum exit_status portshow_list(void);

/* The same as hints, after the message that no device is given. */
void portshow_choice(void);

/* A short form, after the message that the device does not exist: only ports
 * of the same kind, and not too many. */
void portshow_others(const char *device);

#endif
