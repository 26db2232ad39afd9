/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports that a device argument could name, and what the system knows of
 * them. Nothing is opened for that: on many boards an open port moves RTS and
 * DTR, and with them the reset.
 */
#ifndef PORTS_H
#define PORTS_H

#include "host/ports_info.h"

/*
 * In order: serial ports first, ttyUSB2 before ttyUSB10. None at all is no
 * failure. False: out of memory, and *list is empty; else ports_free().
 */
bool ports_list(struct port_list *list);

/* What kind of port the user means by this name. */
enum ports_kind ports_kind_of(const char *device);

#endif
