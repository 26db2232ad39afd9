/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream to a server, with deadlines, for the ports of the network. What
 * POSIX and Winsock call by different names is in socket_posix.c and
 * socket_w32.c.
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

/* "HOST:PORT" or "[IPv6]:PORT". False: *why has device and rule. */
bool socket_parse(const char *text, const char *device,
		  struct socket_name *name, struct problem *why);

#define SOCKET_JITTER_MS 100	/* what a busy wireless network adds */

struct peer {
	intptr_t handle;
	unsigned connect_ms;	/* how long the connection took: a round trip
				 * to who accepted it */
};

/* Tries the addresses of the name until timeout_ms have passed; resolving the
 * name takes what the system takes. On failure *why. */
enum port_err socket_connect(struct peer *peer, const struct socket_name *name,
			     const char *device, unsigned timeout_ms,
			     struct problem *why);

/* Some bytes, at least one, before the deadline. If that has passed already:
 * what has come. PORT_CLOSED: the server has ended the connection. */
enum port_err socket_receive(const struct peer *peer, uint8_t *buf, size_t len,
			     int64_t deadline_us, size_t *got);

/* All of them. PORT_TIMEOUT: the server does not take them. */
enum port_err socket_send(const struct peer *peer, const uint8_t *buf,
			  size_t len, int64_t deadline_us);

/* Waits for a moment until the server has what was sent: a close with bytes
 * unread would have it thrown away. */
void socket_close(struct peer *peer);

/* Why the connection is of no use any more, for the user. */
void socket_trouble(struct port *port, enum port_err err);

/* --- what the systems differ in --------------------------------------------- */

bool socket_begin(void);	/* once, before all else */
/* Calls do not wait, small pieces go out at once, children do not get it. */
bool socket_prepare(intptr_t handle);
/* Until it can be written, or read, or an error is there to be seen. */
enum port_err socket_wait(intptr_t handle, bool to_write, int64_t deadline_us);
bool socket_is_later(void);	/* the last error: "in progress" and the like */
bool socket_is_gone(void);	/* or: there is no connection any more */
int socket_last_error(void);
const char *socket_text(int error);
const char *socket_resolver_text(int error);
void socket_end(intptr_t handle);

#endif
