/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ../../termios.h; macOS only. */
#ifndef BSD_IOSS_H
#define BSD_IOSS_H

#include <sys/ioctl.h>
#include <termios.h>

#define IOSSIOSPEED _IOW('T', 2, speed_t)

#endif
