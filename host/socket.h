/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream to a server, with deadlines, for the network ports. socket_posix.c
 * and socket_w32.c hold the differences between POSIX and Winsock.
 */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"

#define SOCKET_HOST 256	/* a name of 253 characters, or an address */

struct socket_name {
	char host[SOCKET_HOST];
	char service[12];	/* "1" to "65535" */
};

/* Parses "HOST:PORT" or "[IPv6]:PORT". False: *why has device and the
 * syntax. */
bool socket_parse(const char *text, const char *device,
		  struct socket_name *name, struct problem *why);

#define SOCKET_JITTER_MS 100	/* added by a busy wireless network */

struct peer {
	intptr_t handle;
	unsigned connect_ms;	/* duration of the connect: one round trip to
				 * the server */
};

/* Tries the addresses of the name for at most timeout_ms, not counting the
 * time to resolve the name. On failure *why is set. */
enum port_err socket_connect(struct peer *peer, const struct socket_name *name,
			     const char *device, unsigned timeout_ms,
			     struct problem *why);

/* Receives at least one byte before the deadline. If that has passed
 * already, returns what has arrived. PORT_CLOSED: the server has ended the
 * connection. */
enum port_err socket_receive(const struct peer *peer, uint8_t *buf, size_t len,
			     int64_t deadline_us, size_t *got);

/* Sends all bytes. PORT_TIMEOUT: the server does not accept them. */
enum port_err socket_send(const struct peer *peer, const uint8_t *buf,
			  size_t len, int64_t deadline_us);

/* Waits briefly until the server has received all bytes: closing with unread
 * bytes would discard them. */
void socket_close(struct peer *peer);

/* Sets port->trouble to the reason why the connection failed. */
void socket_trouble(struct port *port, enum port_err err);

/* --- differences between systems ---------------------------------------- */

bool socket_begin(void);	/* call once, before all others */
/* Makes calls non-blocking, sends small pieces at once, and hides the handle
 * from child processes. */
bool socket_prepare(intptr_t handle);
/* Waits until there are bytes or the connection has ended; until it accepts
 * bytes; or until an attempt to connect has ended, well or not. */
enum socket_event { SOCKET_BYTES, SOCKET_SPACE, SOCKET_CONNECTED };
enum port_err socket_wait(intptr_t handle, enum socket_event event,
			  int64_t deadline_us);
bool socket_is_later(void);	/* the last error means "in progress" or
				 * similar */
bool socket_is_gone(void);	/* the last error means that the connection is
				 * lost */
int socket_last_error(void);
const char *socket_text(int error);
const char *socket_resolver_text(int error);
void socket_end(intptr_t handle);

#endif
