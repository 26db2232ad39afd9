/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/socket.h"

#include <stdio.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include "utils.h"

bool socket_begin(void)
{
	WSADATA data;

	return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}

bool socket_prepare(intptr_t handle)
{
	SOCKET s = (SOCKET)handle;
	u_long no_waiting = 1;
	BOOL on = TRUE;

	return ioctlsocket(s, (long)FIONBIO, &no_waiting) == 0 &&
	       setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (const char *)&on,
			  sizeof(on)) == 0;
}

/*
 * WSAPoll() of older systems does not report a failed connection; select() does,
 * as an exception. Otherwise no exception is waited for: it would be urgent data,
 * which recv() does not return, so the wait for bytes would have no end. And
 * Wine 8's server can break if a socket is in two sets.
 */
// NOLINTNEXTLINE(readability-function-cognitive-complexity): FD_SET is a macro
enum port_err socket_wait(intptr_t handle, enum socket_event event,
			  int64_t deadline_us)
{
	int64_t left_us = deadline_us - clock_us();
	struct timeval timeout;
	fd_set ready, failed;
	int n;

	if (left_us < 0)
		left_us = 0;
	timeout.tv_sec = (long)(left_us / 1000000);
	timeout.tv_usec = (long)(left_us % 1000000);
	FD_ZERO(&ready);
	FD_ZERO(&failed);
	FD_SET((SOCKET)handle, &ready);
	FD_SET((SOCKET)handle, &failed);
	n = select(0, event == SOCKET_BYTES ? &ready : NULL,
		   event != SOCKET_BYTES ? &ready : NULL,
		   event == SOCKET_CONNECTED ? &failed : NULL, &timeout);
	if (n > 0)
		return PORT_OK;
	return n == 0 ? PORT_TIMEOUT : PORT_IO;
}

bool socket_is_later(void)
{
	int error = WSAGetLastError();

	return error == WSAEWOULDBLOCK || error == WSAEINPROGRESS;
}

bool socket_is_gone(void)
{
	int error = WSAGetLastError();

	return error == WSAECONNRESET || error == WSAECONNABORTED ||
	       error == WSAENOTCONN || error == WSAESHUTDOWN;
}

int socket_last_error(void)
{
	return WSAGetLastError();
}

/* The system's own texts may be in any language and code page. */
const char *socket_text(int error)
{
	static const struct { int error; const char *text; } texts[] = {
		{ WSAECONNREFUSED, "connection refused" },
		{ WSAENETUNREACH, "network is unreachable" },
		{ WSAEHOSTUNREACH, "no route to host" },
		{ WSAETIMEDOUT, "connection timed out" },
		{ WSAECONNRESET, "connection reset by peer" },
		{ WSAECONNABORTED, "connection aborted" },
		{ WSAEACCES, "permission denied" },
		{ WSAEADDRNOTAVAIL, "no such address" },
		{ WSAEAFNOSUPPORT, "no such kind of address" },
		{ WSAENETDOWN, "network is down" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].error == error)
			return texts[i].text;
	return "unknown error of the network";
}

const char *socket_resolver_text(int error)
{
	return error == EAI_AGAIN ? "no name server answers"
				  : "no such host is known";
}

void socket_end(intptr_t handle)
{
	int error = WSAGetLastError();

	(void)closesocket((SOCKET)handle);
	WSASetLastError(error);
}
