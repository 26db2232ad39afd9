/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the ports of one system. Private to ports.c, to the back-ends
 * ports_linux.c, ports_bsd.c and ports_w32.c (one of them is linked), and to
 * their tests.
 */
#ifndef PORTS_SCAN_H
#define PORTS_SCAN_H

#include "host/ports_info.h"

/* Adds the ports of this system, in any order. False: out of memory. */
bool ports_scan(struct port_list *list);

/* The same, with these directories instead of /sys and /dev. Linux. */
bool ports_scan_sysfs(struct port_list *list, const char *sys, const char *dev);
/* The same, with the names in this directory instead of /dev. BSD and macOS. */
bool ports_scan_names(struct port_list *list, const char *dev);

#endif
