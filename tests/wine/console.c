/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console COMMAND [ARGS...]: runs the command in a console of its own, with
 * the standard output and error of this program. Executes the letters on
 * standard input there: c is Ctrl-C, b is Ctrl-Break, x closes the console, s
 * shuts the system down. Exits with the status of the command. For the tests
 * of the Windows program.
 */
#define _WIN32_WINNT 0x0A00
#define NTDDI_VERSION 0x0A000006	/* Windows 10 1809: pseudo consoles */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

struct console {
	HPCON pseudo;
	HANDLE to, from;	/* this program's ends of its pipes */
};

static bool make_console(struct console *c)
{
	COORD size = { 80, 25 };
	HANDLE in, out;

	if (!CreatePipe(&in, &c->to, NULL, 0) ||
	    !CreatePipe(&c->from, &out, NULL, 0) ||
	    CreatePseudoConsole(size, in, out, 0, &c->pseudo) != S_OK)
		return false;
	CloseHandle(in);
	CloseHandle(out);
	return true;
}

/* Empties a pipe, so that no writer blocks. */
static DWORD WINAPI swallow(void *from)
{
	char bytes[256];
	DWORD n;

	while (ReadFile((HANDLE)from, bytes, sizeof(bytes), &n, NULL))
		;
	return 0;
}

static bool start(const struct console *c, char *command, HANDLE *process)
{
	PROCESS_INFORMATION made;

	STARTUPINFOEXA info = { .StartupInfo = {
		.cb = sizeof(info),
		.dwFlags = STARTF_USESTDHANDLES,
		.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
		.hStdError = GetStdHandle(STD_ERROR_HANDLE),
	} };
	SIZE_T size = 0;

	InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	info.lpAttributeList = malloc(size);
	if (info.lpAttributeList == NULL ||
	    !InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0,
					       &size) ||
	    !UpdateProcThreadAttribute(info.lpAttributeList, 0,
				       PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE,
				       c->pseudo, sizeof(c->pseudo), NULL,
				       NULL) ||
	    !CreateProcessA(NULL, command, NULL, NULL, TRUE,
			    EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
			    &info.StartupInfo, &made))
		return false;
	CloseHandle(made.hThread);
	*process = made.hProcess;
	return true;
}

static int status_of(HANDLE process)
{
	DWORD status = 99;

	WaitForSingleObject(process, INFINITE);
	GetExitCodeProcess(process, &status);
	CloseHandle(process);
	return (int)status;
}

static BOOL WINAPI ignore(DWORD what)
{
	(void)what;
	return TRUE;
}

/* "console !", in the console: sends the event to all its processes. */
static int press_ctrl_c(void)
{
	return SetConsoleCtrlHandler(ignore, TRUE) &&
	       GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) ? 0 : 99;
}

/* Starts a thread in the process, as the system does: Wine has no other way to
 * send these events. */
static HANDLE send_event(HANDLE process, DWORD what)
{
	HMODULE base = GetModuleHandleA("kernelbase.dll");
	FARPROC routine = GetProcAddress(base, "CtrlRoutine");
	LPTHREAD_START_ROUTINE start_at;

	memcpy(&start_at, &routine, sizeof(start_at));
	return CreateRemoteThread(process, NULL, 0, start_at,
				  (void *)(ULONG_PTR)what, 0, NULL);
}

/* Windows ends the process as soon as its handlers have returned; Wine does
 * not, so does it here. A thread that ended with the process has its exit
 * status, which is that of a signal. */
static bool send_end(HANDLE process, DWORD what)
{
	HANDLE thread = send_event(process, what);
	DWORD status;

	if (thread == NULL)
		return false;
	WaitForSingleObject(thread, INFINITE);
	if (GetExitCodeThread(thread, &status) && status < 128)
		TerminateProcess(process, (UINT)STATUS_CONTROL_C_EXIT);
	return true;
}

static bool cause(const struct console *c, HANDLE process, int what)
{
	char command[MAX_PATH + 8];
	HANDLE other;

	if (what == 'b')
		return send_event(process, CTRL_BREAK_EVENT) != NULL;
	if (what == 'x')
		return send_end(process, CTRL_CLOSE_EVENT);
	if (what == 's')
		return send_end(process, CTRL_SHUTDOWN_EVENT);
	GetModuleFileNameA(NULL, command, MAX_PATH);
	strcat(command, " !");
	return start(c, command, &other) && status_of(other) == 0;
}

int main(int argc, char **argv)
{
	struct console c;
	char command[4096] = "";
	HANDLE process;
	int i, what;

	if (argc == 2 && strcmp(argv[1], "!") == 0)
		return press_ctrl_c();
	for (i = 1; i < argc; i++) {
		strcat(command, i > 1 ? " " : "");
		strcat(command, argv[i]);
	}
	if (!make_console(&c) || !start(&c, command, &process)) {
		fprintf(stderr, "console: error %lu\n", GetLastError());
		return 99;
	}
	CreateThread(NULL, 0, swallow, c.from, 0, NULL);
	while ((what = getchar()) != EOF)
		if (what > ' ' && !cause(&c, process, what))
			fprintf(stderr, "console: %c: error %lu\n", what,
				GetLastError());
	return status_of(process);
}
