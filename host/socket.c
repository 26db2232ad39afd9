/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/socket.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <netdb.h>
#include <sys/socket.h>
#endif

#include "utils.h"

/* The types of handles and lengths in the system calls. */
#ifdef _WIN32
typedef SOCKET handle_type;
typedef int length_type;
#define SHUT_WR SD_SEND
#else
typedef int handle_type;
typedef size_t length_type;
#endif
#ifndef MSG_NOSIGNAL	/* macOS: see socket_prepare(); Windows has no signal */
#define MSG_NOSIGNAL 0
#endif

#define PARTING_MS 500	/* for bytes on their way at the end */
#define PORT_MOST 65535

/* --- the name ---------------------------------------------------------------- */

bool socket_parse(const char *text, const char *device,
		  struct socket_name *name, struct problem *why)
{
	const char *end = text[0] == '[' ? strchr(text, ']') : strchr(text, ':');
	const char *host = text[0] == '[' ? text + 1 : text;
	const char *colon = end;
	uint32_t number = 0;

	why->text[0] = '\0';
	if (colon != NULL && *colon == ']')
		colon++;
	if (colon == NULL || *colon != ':' || end == host)
		problem_set(why, "%s: not a network port; expected HOST:PORT, "
			    "or [ADDRESS]:PORT for IPv6", device);
	else if (text[0] != '[' && strchr(colon + 1, ':') != NULL)
		problem_set(why, "%s: put an IPv6 address in brackets, as in "
			    "[::1]:2000", device);
	else if (!parse_u32(colon + 1, PORT_MOST, &number) || number == 0)
		problem_set(why, "%s: not a port number after the colon, 1 to "
			    "65535", device);
	else if ((size_t)(end - host) >= sizeof(name->host))
		problem_set(why, "%s: the host name is too long", device);
	if (why->text[0] != '\0')
		return false;
	memcpy(name->host, host, (size_t)(end - host));
	name->host[end - host] = '\0';
	(void)snprintf(name->service, sizeof(name->service), "%" PRIu32,
		       number);
	return true;
}

/* --- the connection ---------------------------------------------------------- */

static int pending_error(intptr_t handle)
{
	int error = 0;
	socklen_t len = sizeof(error);

	/* Winsock has a char * here. */
	if (getsockopt((handle_type)handle, SOL_SOCKET, SO_ERROR, (void *)&error,
		       &len) != 0)
		return socket_last_error();
	return error;
}

/* Tries one address. *error is the reason for PORT_IO. */
static enum port_err try_address(const struct addrinfo *at, int64_t deadline_us,
				 intptr_t *handle, int *error)
{
	enum port_err err = PORT_IO;

	*handle = (intptr_t)socket(at->ai_family, at->ai_socktype,
				   at->ai_protocol);
	if (*handle < 0) {
		*error = socket_last_error();
		return PORT_IO;
	}
	if (socket_prepare(*handle) &&
	    (connect((handle_type)*handle, at->ai_addr, (socklen_t)at->ai_addrlen) == 0 ||
	     socket_is_later()))
		err = socket_wait(*handle, SOCKET_CONNECTED, deadline_us);
	*error = err == PORT_OK ? pending_error(*handle) : socket_last_error();
	if (err == PORT_OK && *error != 0)
		err = PORT_IO;
	if (err != PORT_OK)
		socket_end(*handle);
	return err;
}

/* Tries all addresses; one that does not answer uses at most half of the
 * remaining time. */
static enum port_err try_all(struct peer *peer, const struct addrinfo *list,
			     int64_t deadline_us, int *error)
{
	enum port_err err = PORT_TIMEOUT;
	const struct addrinfo *at;

	for (at = list; at != NULL; at = at->ai_next) {
		int64_t began_us = clock_us();
		int64_t until_us = deadline_us;

		if (at->ai_next != NULL)
			until_us = began_us + (deadline_us - began_us) / 2;
		err = try_address(at, until_us, &peer->handle, error);
		if (err == PORT_OK) {
			peer->connect_ms =
				(unsigned)((clock_us() - began_us) / 1000);
			return PORT_OK;
		}
	}
	return err;
}

enum port_err socket_connect(struct peer *peer, const struct socket_name *name,
			     const char *device, unsigned timeout_ms,
			     struct problem *why)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
					.ai_socktype = SOCK_STREAM };
	int64_t deadline_us = clock_us() + (int64_t)timeout_ms * 1000;
	struct addrinfo *list = NULL;
	enum port_err err;
	int error;

	if (!socket_begin()) {
		problem_set(why, "%s: this system has no network", device);
		return PORT_IO;
	}
	error = getaddrinfo(name->host, name->service, &hints, &list);
	if (error != 0) {
		problem_set(why, "%s: cannot find the host: %s", device,
			    socket_resolver_text(error));
		return PORT_IO;
	}
	err = try_all(peer, list, deadline_us, &error);
	freeaddrinfo(list);
	if (err == PORT_TIMEOUT)
		problem_set(why, "%s: no connection in %u s; check the host, "
			    "the network and the firewall", device,
			    (timeout_ms + 999) / 1000);
	else if (err != PORT_OK)
		problem_set(why, "%s: cannot connect: %s", device,
			    socket_text(error));
	return err;
}

static enum port_err error_of(void)
{
	return socket_is_gone() ? PORT_CLOSED : PORT_IO;
}

enum port_err socket_receive(const struct peer *peer, uint8_t *buf, size_t len,
			     int64_t deadline_us, size_t *got)
{
	*got = 0;
	for (;;) {
		enum port_err err = socket_wait(peer->handle, SOCKET_BYTES,
						deadline_us);
		long long n;	/* large enough for any result of recv() */

		if (err != PORT_OK)
			return err;
		n = recv((handle_type)peer->handle, (void *)buf, (length_type)len, 0);
		if (n == 0)
			return PORT_CLOSED;
		if (n > 0) {
			*got = (size_t)n;
			return PORT_OK;
		}
		if (!socket_is_later())
			return error_of();
	}
}

enum port_err socket_send(const struct peer *peer, const uint8_t *buf,
			  size_t len, int64_t deadline_us)
{
	while (len > 0) {
		enum port_err err;
		long long n = send((handle_type)peer->handle, (const void *)buf,
				   (length_type)len, MSG_NOSIGNAL);

		if (n > 0) {
			buf += n;
			len -= (size_t)n;
			continue;
		}
		if (n < 0 && !socket_is_later())
			return error_of();
		err = socket_wait(peer->handle, SOCKET_SPACE, deadline_us);
		if (err != PORT_OK)
			return err;
	}
	return PORT_OK;
}

void socket_close(struct peer *peer)
{
	int64_t deadline_us = clock_us() + PARTING_MS * INT64_C(1000) +
			      (int64_t)peer->connect_ms * 2000;
	uint8_t rest[512];
	size_t got;

	if (shutdown((handle_type)peer->handle, SHUT_WR) == 0)
		while (clock_us() < deadline_us &&
		       socket_receive(peer, rest, sizeof(rest), deadline_us,
				      &got) == PORT_OK)
			;
	socket_end(peer->handle);
}

void socket_trouble(struct port *port, enum port_err err)
{
	if (err == PORT_CLOSED)
		(void)snprintf(port->trouble, sizeof(port->trouble),
			       "the server has ended the connection");
	else if (err == PORT_IO)
		(void)snprintf(port->trouble, sizeof(port->trouble),
			       "the connection failed: %s",
			       socket_text(socket_last_error()));
}
