/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "utils.h"

#define USUAL_COLUMNS 80

void terminal_reserve(void)
{
	/* The wrong direction, so that using the stream fails. */
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	/* open() takes the lowest free number. */
	for (fd = 0; fd < (int)ARRAY_LEN(flags); fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", flags[fd]) != fd)
			return;
}

bool terminal_is(FILE *stream)
{
	return isatty(fileno(stream)) == 1;
}

unsigned terminal_columns(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return USUAL_COLUMNS;
	return size.ws_col;
}

bool terminal_can_erase(FILE *stream)
{
	return terminal_is(stream);
}
