/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_COLUMNS 80

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
