/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbers of Linux's newer ioctls use all 32 bits. glibc takes them as a
 * long, musl as the int that POSIX has; the kernel gets the same bits.
 */
#ifndef LINUX_IOCTL_H
#define LINUX_IOCTL_H

#include <stdint.h>
#include <sys/ioctl.h>

static inline int linux_ioctl(int fd, uint32_t request, void *data)
{
#ifdef __GLIBC__
	return ioctl(fd, request, data);
#else
	return ioctl(fd, (int)request, data);
#endif
}

#endif
