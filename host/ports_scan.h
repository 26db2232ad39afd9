/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the ports of one system are found. Private to ports.c, the back-ends
 * ports_linux.c, ports_bsd.c and ports_w32.c, of which one is linked, and
 * their tests.
 */
#ifndef PORTS_SCAN_H
#define PORTS_SCAN_H

#include "host/ports.h"

/* Adds what this system has, in any order. False: out of memory. */
bool ports_scan(struct port_list *list);

/* The same, looked up in these directories instead of /sys and /dev. Linux. */
bool ports_scan_sysfs(struct port_list *list, const char *sys, const char *dev);
/* The same, by the names in this directory instead of /dev. BSD and macOS. */
bool ports_scan_names(struct port_list *list, const char *dev);

/* Adds a copy. False: out of memory. */
bool ports_add(struct port_list *list, const struct port_info *port);

/* Puts the list in its order. */
void ports_sort(struct port_list *list);

/* Copies a text from the system, without blanks around it, and with ? for
 * control characters; what is too long is cut. */
void ports_text(char *out, size_t size, const char *text);

#endif
