/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcp://HOST:PORT: the raw bytes of a remote serial port. The server sets
 * rate, format and lines.
 */
#include "host/netport.h"
#include "host/serial.h"
#include "utils.h"

#include <stdio.h>

#define SETTLE_MS 1000	/* longest time for bytes that the server still holds */

static enum port_err tcp_read(struct port *port, uint8_t *buf, size_t len,
			      unsigned timeout_ms, size_t *got)
{
	struct netport *net = (struct netport *)port;
	int64_t deadline_us = clock_us() + (int64_t)timeout_ms * 1000;

	*got = 0;
	while (*got < len) {
		size_t n;
		enum port_err err = netport_receive(net, buf + *got, len - *got,
						    deadline_us, &n);

		if (err != PORT_OK)
			return err;
		*got += n;
	}
	return PORT_OK;
}

static enum port_err tcp_write(struct port *port, const uint8_t *buf,
			       size_t len)
{
	return netport_send((struct netport *)port, buf, len);
}

/* Reads and drops bytes until none arrives for quiet_ms, for at most most_ms.
 * Keeps the first bytes in said. */
static enum port_err drop(struct netport *net, unsigned quiet_ms,
			  unsigned most_ms, uint8_t *said, size_t size,
			  size_t *said_len)
{
	int64_t end_us = clock_us() + most_ms * INT64_C(1000);
	enum port_err err = PORT_OK;
	uint8_t bytes[512];
	size_t n, i;

	*said_len = 0;
	while (err == PORT_OK && clock_us() < end_us) {
		err = netport_receive(net, bytes, sizeof(bytes), clock_us() +
				      quiet_ms * INT64_C(1000), &n);
		for (i = 0; i < n && *said_len < size; i++)
			said[(*said_len)++] = bytes[i];
	}
	return err == PORT_TIMEOUT ? PORT_OK : err;
}

static enum port_err tcp_flush(struct port *port)
{
	uint8_t said[1];
	size_t len;

	return drop((struct netport *)port, 0, SOCKET_JITTER_MS, said, 0, &len);
}

/* A telnet server begins with an offer or a request: IAC, a verb, an option. */
static bool is_telnet(const uint8_t *said, size_t len)
{
	return len >= 3 && said[0] == 0xFF && said[1] >= 0xFB &&
	       said[1] <= 0xFE;
}

static enum port_err tcp_open(const struct port_settings *settings,
			      struct port **out, struct problem *why)
{
	uint8_t said[80];
	size_t len;
	struct netport *net;
	enum port_err err = netport_open(settings, "tcp://", &tcp_port_ops,
					 sizeof(*net), out, why);

	if (err != PORT_OK)
		return err;
	net = (struct netport *)*out;
	serial_describe(*out, settings->baud, &settings->mode);
	(void)snprintf((*out)->text, sizeof((*out)->text),
		       "rate and format of the server");
	err = drop(net, net->base.round_trip_ms, SETTLE_MS, said, sizeof(said),
		   &len);
	if (err != PORT_OK) {
		netport_explain_end(net, settings->device, said, len, why);
	} else if (is_telnet(said, len)) {
		problem_set(why, "%s: the server speaks telnet; use "
			    "rfc2217://%s", settings->device,
			    settings->device + sizeof("tcp://") - 1);
		err = PORT_UNSUPPORTED;
	}
	if (err != PORT_OK) {
		netport_close(*out);
		*out = NULL;
	}
	return err;
}

const struct port_ops tcp_port_ops = {
	.name = "tcp",
	.open = tcp_open,
	.close = netport_close,
	.flush = tcp_flush,
	.read = tcp_read,
	.write = tcp_write,
};
