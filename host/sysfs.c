/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/sysfs.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/ports_info.h"

bool sysfs_path(char out[PATH_MAX], const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(out, PATH_MAX, fmt, args);
	va_end(args);
	return len >= 0 && len < PATH_MAX;
}

bool sysfs_attribute(const char *dir, const char *name, char *out,
		     size_t size)
{
	char path[PATH_MAX], text[PORTS_TEXT];
	ssize_t len;
	int fd;

	out[0] = '\0';
	if (!sysfs_path(path, "%s/%s", dir, name))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (len < 0)
		return false;
	text[len] = '\0';
	if (len > 0 && text[len - 1] == '\n')
		text[len - 1] = '\0';
	ports_text(out, size, text);
	return true;
}

bool sysfs_link(const char *dir, const char *name, char *out, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *base;
	ssize_t len;

	out[0] = '\0';
	if (!sysfs_path(path, "%s/%s", dir, name))
		return false;
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	base = strrchr(target, '/');
	ports_text(out, size, base != NULL ? base + 1 : target);
	return true;
}

bool sysfs_up(const char *sys, char device[PATH_MAX])
{
	char root[PATH_MAX], *slash = strrchr(device, '/');
	size_t len;

	if (slash == NULL || realpath(sys, root) == NULL)
		return false;
	*slash = '\0';
	len = strlen(root);
	return strncmp(device, root, len) == 0 && device[len] == '/' &&
	       strchr(device + len + 1, '/') != NULL;
}

/* Since Linux 6.5 two devices of the serial core, on a bus of their own, are
 * between a built-in port and its hardware. */
void sysfs_driver(const char *sys, const char *device, char *driver,
		  size_t size)
{
	char at[PATH_MAX], bus[32];

	driver[0] = '\0';
	if (realpath(device, at) == NULL)
		return;
	do {
		(void)sysfs_link(at, "subsystem", bus, sizeof(bus));
		if (strcmp(bus, "serial-base") != 0 &&
		    sysfs_link(at, "driver", driver, size))
			return;
	} while (sysfs_up(sys, at));
}
