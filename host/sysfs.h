/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads sysfs of Linux (Documentation/ABI of the kernel) to find the hardware
 * of a device. The root directory is an argument, for the tests.
 */
#ifndef SYSFS_H
#define SYSFS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

/* Formats a path. False: too long for any file. */
bool sysfs_path(char out[PATH_MAX], const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Reads a file without its line end. False with an empty out: the file does
 * not exist or is not readable. */
bool sysfs_attribute(const char *dir, const char *name, char *out,
		     size_t size);

/* Stores the last component of a link's target. False as above. */
bool sysfs_link(const char *dir, const char *name, char *out, size_t size);

/* Moves from a device, a path without links, to the device it is connected to;
 * false at the end, /sys/devices. */
bool sysfs_up(const char *sys, char device[PATH_MAX]);

/* Stores the name of the driver of a device, such as
 * /sys/class/tty/ttyS0/device; "" if it has none. */
void sysfs_driver(const char *sys, const char *device, char *driver,
		  size_t size);

#endif
