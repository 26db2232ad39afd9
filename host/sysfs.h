/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking around in sysfs of Linux, Documentation/ABI of the kernel: what is
 * behind a device. The root is handed in, for the tests.
 */
#ifndef SYSFS_H
#define SYSFS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

/* Makes a path. False: it is too long for any file. */
bool sysfs_path(char out[PATH_MAX], const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The text of a file, without the end of its line. False, and out is empty:
 * none is there, or not for us. */
bool sysfs_attribute(const char *dir, const char *name, char *out,
		     size_t size);

/* The last part of what a link points to. False as above. */
bool sysfs_link(const char *dir, const char *name, char *out, size_t size);

/* From a device, a path without links, to what it is plugged into; false at
 * the end, /sys/devices. */
bool sysfs_up(const char *sys, char device[PATH_MAX]);

/* The name of the driver behind a device, such as
 * /sys/class/tty/ttyS0/device; "" where it has none. */
void sysfs_driver(const char *sys, const char *device, char *driver,
		  size_t size);

#endif
