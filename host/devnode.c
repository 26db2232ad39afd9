/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/devnode.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>

/* Returns a group that may read and write path, or NULL: dialout, uucp, i2c,
 * ... */
static const char *group_with_access(const char *path)
{
	const struct group *group;
	struct stat st;

	if (stat(path, &st) != 0 || st.st_gid == 0 ||
	    (st.st_mode & (S_IRGRP | S_IWGRP)) != (S_IRGRP | S_IWGRP))
		return NULL;
	group = getgrgid(st.st_gid);
	return group != NULL ? group->gr_name : NULL;
}

static void explain_denied(const char *path, struct problem *why)
{
	const char *group = group_with_access(path);

	if (group != NULL)
		problem_set(why, "%s: permission denied; run `sudo usermod -aG "
			    "%s $USER`, then log in again", path, group);
	else
		problem_set(why, "%s: permission denied; add a udev rule that "
			    "gives it to a group such as dialout", path);
}

static enum port_err explain(const char *path, const char *missing, int error,
			     struct problem *why)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		problem_set(why, "%s: no such device; %s", path, missing);
		return PORT_NODEV;
	case ENXIO:
	case ENODEV:
		problem_set(why, "%s: no hardware behind this name", path);
		return PORT_NODEV;
	case EISDIR:
		problem_set(why, "%s: a directory, not a device", path);
		return PORT_NODEV;
	case EACCES:
	case EPERM:
		explain_denied(path, why);
		return PORT_DENIED;
	case EBUSY:
		problem_set(why, "%s: in use by another program; end it first",
			    path);
		return PORT_BUSY;
	default:
		problem_set(why, "%s: cannot open it: %s", path,
			    strerror(error));
		return PORT_IO;
	}
}

enum port_err devnode_open(const char *path, int flags, const char *missing,
			   int *fd, struct problem *why)
{
	enum port_err err;
	int error;

	do
		*fd = open(path, flags | O_CLOEXEC);
	while (*fd < 0 && errno == EINTR);
	if (*fd >= 0)
		return PORT_OK;
	error = errno;
	err = explain(path, missing, error, why);
	errno = error;
	return err;
}
