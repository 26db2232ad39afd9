/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/stop.h"

#include <windows.h>

/* By the numbers of Unix; the first and the last Windows knows too. */
#define NUMBER_INTERRUPT 2
#define NUMBER_HANGUP 1
#define NUMBER_TERMINATE 15

/* The only thing an event changes. */
static volatile sig_atomic_t caught;

/* Is the program to be ended, whatever we say? */
static BOOL is_last(DWORD event)
{
	return event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT;
}

/*
 * Runs in a thread of its own. FALSE is "not ours": the system ends the
 * program at once. A console that is closed, or a session that ends, does so
 * as soon as this returns, whatever it returns: so it does not, and the main
 * thread has the seconds that Windows allows to clean up. When that ends, so
 * does the program, and this thread with it.
 */
static BOOL WINAPI on_event(DWORD event)
{
	BOOL first = caught == 0;

	if (first)
		caught = event == CTRL_CLOSE_EVENT ? NUMBER_HANGUP
		       : is_last(event) ? NUMBER_TERMINATE : NUMBER_INTERRUPT;
	if (is_last(event))
		Sleep(INFINITE);
	return first;
}

const volatile sig_atomic_t *stop_watch(void)
{
	SetConsoleCtrlHandler(on_event, TRUE);
	return &caught;
}
