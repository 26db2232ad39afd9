/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the network ports: a name with a scheme, a connection, and bytes
 * that arrive late and in groups.
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
 * Opens a connected port of size bytes, which begins with its struct netport.
 * As port_ops.open: PORT_NODEV if the name does not begin with the scheme.
 */
enum port_err netport_open(const struct port_settings *settings,
			   const char *scheme, const struct port_ops *ops,
			   size_t size, struct port **out, struct problem *why);
void netport_close(struct port *port);

/* As in socket.h, within the limits of a port; a fatal error is described in
 * port->trouble. */
enum port_err netport_receive(struct netport *net, uint8_t *buf, size_t len,
			      int64_t deadline_us, size_t *got);
enum port_err netport_send(struct netport *net, const uint8_t *buf, size_t len);

/* Records the round trip of a request to the server, in ms. */
void netport_note_round_trip(struct netport *net, int64_t ms);

/* Explains that the connection ended before the device was used: *why quotes
 * len bytes that the server sent. */
void netport_explain_end(const struct netport *net, const char *device,
			 const uint8_t *said, size_t len, struct problem *why);

#endif
