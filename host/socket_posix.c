/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "utils.h"

bool socket_begin(void)
{
	return true;
}

bool socket_prepare(intptr_t handle)
{
	int fd = (int)handle, on = 1;

#ifdef SO_NOSIGPIPE	/* macOS, which has no MSG_NOSIGNAL */
	(void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
#endif
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
	       setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0;
}

enum port_err socket_wait(intptr_t handle, enum socket_event event,
			  int64_t deadline_us)
{
	for (;;) {
		struct pollfd p = {
			.fd = (int)handle,
			.events = event == SOCKET_BYTES ? POLLIN : POLLOUT,
		};
		int64_t left_ms = (deadline_us - clock_us() + 999) / 1000;
		int n;

		if (left_ms < 0)
			left_ms = 0;
		n = poll(&p, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
		if (n > 0)
			return PORT_OK;
		if (n == 0 && left_ms == 0)
			return PORT_TIMEOUT;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return PORT_IO;
	}
}

bool socket_is_later(void)
{
	return errno == EINPROGRESS || errno == EAGAIN || errno == EINTR;
}

bool socket_is_gone(void)
{
	return errno == ECONNRESET || errno == EPIPE || errno == ENOTCONN;
}

int socket_last_error(void)
{
	return errno;
}

const char *socket_text(int error)
{
	return strerror(error);
}

const char *socket_resolver_text(int error)
{
	return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
}

void socket_end(intptr_t handle)
{
	int error = errno;

	(void)close((int)handle);
	errno = error;
}
