/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/netport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/serial.h"
#include "utils.h"

#define SHOWN_TEXT 60

enum port_err netport_open(const struct port_settings *settings,
			   const char *scheme, const struct port_ops *ops,
			   size_t size, struct port **out, struct problem *why)
{
	size_t len = strlen(scheme);
	struct socket_name name;
	struct netport *net;
	enum port_err err;

	*out = NULL;
	if (strncmp(settings->device, scheme, len) != 0)
		return PORT_NODEV;
	if (!socket_parse(settings->device + len, settings->device, &name, why))
		return PORT_BAD_SETTINGS;
	err = serial_new(settings, size, out, why);
	if (err != PORT_OK)
		return err;
	net = (struct netport *)*out;
	net->base.ops = ops;
	net->base.caps = PORT_AUTOBAUD | PORT_REMOTE;
	err = socket_connect(&net->peer, &name, settings->device,
			     settings->connect_timeout_ms, why);
	if (err != PORT_OK) {
		free(*out);
		*out = NULL;
		return err;
	}
	netport_note_round_trip(net, net->peer.connect_ms);
	return PORT_OK;
}

void netport_close(struct port *port)
{
	struct netport *net = (struct netport *)port;

	socket_close(&net->peer);
	free(net);
}

enum port_err netport_receive(struct netport *net, uint8_t *buf, size_t len,
			      int64_t deadline_us, size_t *got)
{
	enum port_err err = socket_receive(&net->peer, buf, len, deadline_us,
					   got);

	socket_trouble(&net->base, err);
	return err;
}

enum port_err netport_send(struct netport *net, const uint8_t *buf, size_t len)
{
	unsigned limit_ms = serial_write_limit_ms(&net->base, len) +
			    2 * net->base.round_trip_ms;
	enum port_err err = socket_send(&net->peer, buf, len, clock_us() +
					limit_ms * INT64_C(1000));

	socket_trouble(&net->base, err);
	if (err != PORT_TIMEOUT)
		return err;
	(void)snprintf(net->base.trouble, sizeof(net->base.trouble),
		       "the server accepts no more bytes");
	return PORT_IO;
}

void netport_note_round_trip(struct netport *net, int64_t ms)
{
	port_note_round_trip(&net->base, ms + SOCKET_JITTER_MS);
}

void netport_explain_end(const struct netport *net, const char *device,
			 const uint8_t *said, size_t len, struct problem *why)
{
	char text[SHOWN_TEXT + 1] = "";
	size_t i, at = 0;

	for (i = 0; i < len && at < SHOWN_TEXT; i++)
		if (said[i] >= ' ' && said[i] < 0x7F && said[i] != '"')
			text[at++] = (char)said[i];
	text[at] = '\0';
	problem_set(why, "%s: %s at once%s%s%s; another client may be using "
		    "the port", device, net->base.trouble, at > 0 ? " (\"" : "",
		    text, at > 0 ? "\")" : "");
}
