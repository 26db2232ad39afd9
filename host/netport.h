/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ports of the network have in common: a name with a scheme, a
 * connection, and bytes that come late and together.
 */
#ifndef NETPORT_H
#define NETPORT_H

#include "host/socket.h"
#include "port.h"

struct netport {
	struct port base;	/* first, for the cast */
	struct peer peer;
};

/*
 * A connected port of size bytes, which begins with its struct netport. As
 * port_ops.open: PORT_NODEV if the name does not begin with the scheme.
 */
enum port_err netport_open(const struct port_settings *settings,
			   const char *scheme, const struct port_ops *ops,
			   size_t size, struct port **out, struct problem *why);
void netport_close(struct port *port);

/* As those of socket.h, within the limits of a port; what is fatal is said in
 * port->trouble. */
enum port_err netport_receive(struct netport *net, uint8_t *buf, size_t len,
			      int64_t deadline_us, size_t *got);
enum port_err netport_send(struct netport *net, const uint8_t *buf, size_t len);

/* The server did something that took so long, with this beside it. */
void netport_note_round_trip(struct netport *net, int64_t ms);

/* The connection ended before a byte of the device was asked for: *why has what
 * the server said, len bytes. */
void netport_explain_end(const struct netport *net, const char *device,
			 const uint8_t *said, size_t len, struct problem *why);

#endif
