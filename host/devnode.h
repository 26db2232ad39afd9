/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a device node on a Unix system, with a message for each kind of
 * failure.
 */
#ifndef DEVNODE_H
#define DEVNODE_H

#include "port.h"
#include "problem.h"

/*
 * As open(2) with flags and O_CLOEXEC: on success the caller owns *fd; on
 * failure *fd is -1, errno is set and *why says what to do. missing ends the
 * message if the name does not exist: "is it plugged in?".
 */
enum port_err devnode_open(const char *path, int flags, const char *missing,
			   int *fd, struct problem *why);

#endif
