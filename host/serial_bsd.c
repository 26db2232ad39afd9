/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BSDs and macOS, where a speed_t is a plain integer. */
#include "host/serial_tty.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#ifdef __APPLE__
#include <IOKit/serial/ioss.h>
#endif

uint32_t tty_get_rate(int fd)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0 ? (uint32_t)cfgetospeed(&t) : 0;
}

static bool set_termios_rate(int fd, uint32_t rate)
{
	struct termios t;

	return tcgetattr(fd, &t) == 0 && cfsetspeed(&t, rate) == 0 &&
	       tcsetattr(fd, TCSANOW, &t) == 0;
}

bool tty_set_rate(int fd, uint32_t rate, uint32_t *got)
{
#ifdef __APPLE__
	speed_t speed = rate;

	/* Set unlisted rates last: they do not show in termios, which must
	 * hold a listed one. Only a pty refuses. */
	if (set_termios_rate(fd, 9600) &&
	    ioctl(fd, IOSSIOSPEED, &speed) == 0) {
		*got = rate;
		return true;
	}
#endif
	if (!set_termios_rate(fd, rate))
		return false;
	*got = tty_get_rate(fd);
	return true;
}

bool tty_set_low_latency(int fd, bool on)
{
	(void)fd;
	(void)on;
	return false;
}

/* Without a lock by fcntl() as well: here the two kinds exclude each other. */
bool tty_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* By name: /dev/pts/N, /dev/ttys000 on macOS, the old /dev/ttyp0 to ttyT. USB
 * and built-in ports are cu* and ttyU*, tty0*, tty.*, dty*. */
bool tty_is_pty(int fd, const char *name)
{
	(void)fd;
	return starts_with(name, "/dev/pts/") ||
	       (starts_with(name, "/dev/tty") &&
		strchr("pqrstPQRST", name[8]) != NULL && name[8] != '\0');
}

void tty_driver(int fd, char *name, size_t size)
{
	(void)fd;
	(void)size;
	name[0] = '\0';
}

void tty_owner(int fd, const char *device, char *who, size_t size)
{
	(void)fd;
	(void)device;
	(void)size;
	who[0] = '\0';
}
