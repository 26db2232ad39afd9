/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/terminal.h"

#include <io.h>
#include <windows.h>

#define USUAL_COLUMNS 80

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING	/* since Windows 10 */
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

static HANDLE handle_of(FILE *stream)
{
	return (HANDLE)_get_osfhandle(_fileno(stream));
}

/* The C library reserves 0 to 2 for these, open or not. */
void terminal_reserve(void)
{
}

bool terminal_is(FILE *stream)
{
	DWORD mode;

	return GetConsoleMode(handle_of(stream), &mode) != 0;
}

unsigned terminal_columns(FILE *stream)
{
	CONSOLE_SCREEN_BUFFER_INFO info;

	if (!GetConsoleScreenBufferInfo(handle_of(stream), &info) ||
	    info.srWindow.Right < info.srWindow.Left)
		return USUAL_COLUMNS;
	return (unsigned)(info.srWindow.Right - info.srWindow.Left + 1);
}

bool terminal_can_erase(FILE *stream)
{
	HANDLE handle = handle_of(stream);
	DWORD mode;

	return GetConsoleMode(handle, &mode) &&
	       SetConsoleMode(handle, mode |
			      ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}
