/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/stop.h"

#include <windows.h>

/* The numbers of Unix; Windows also defines the first and the last. */
#define NUMBER_INTERRUPT 2
#define NUMBER_HANGUP 1
#define NUMBER_TERMINATE 15

/* The only variable that an event changes. */
static volatile sig_atomic_t caught;

/* True if Windows ends the program in any case. */
static BOOL is_last(DWORD event)
{
	return event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT;
}

/*
 * Runs in a thread of its own. FALSE is "not handled": the system ends the
 * program at once. For a closed console or a session that ends, it does so as
 * soon as this function returns, whatever the result. So do not return: then
 * the main thread has the few seconds that Windows allows to clean up. When it
 * ends, so does the program, including this thread.
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
