/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening a device node of a Unix system, with a text for every way in which
 * that fails.
 */
#ifndef DEVNODE_H
#define DEVNODE_H

#include "port.h"
#include "problem.h"

/*
 * As open(2) with flags and O_CLOEXEC: on success the caller owns *fd; on
 * failure *fd is -1, errno is the system's and *why says what to do. missing
 * ends the text about a name that does not exist: "is it plugged in?".
 */
enum port_err devnode_open(const char *path, int flags, const char *missing,
			   int *fd, struct problem *why);

#endif
