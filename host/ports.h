/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports that a device argument can name, and the facts that the system
 * knows about them. Opens none: on many boards opening the port changes RTS
 * and DTR, and so resets the chip.
 */
#ifndef PORTS_H
#define PORTS_H

#include "host/ports_info.h"

/*
 * Sorted: serial ports first, ttyUSB2 before ttyUSB10. An empty list is not an
 * error. False: out of memory, and *list is empty; else call ports_free().
 */
bool ports_list(struct port_list *list);

/* Returns the kind of port that this name means. */
enum ports_kind ports_kind_of(const char *device);

#endif
