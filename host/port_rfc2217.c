/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rfc2217://HOST:PORT: a remote serial port with its rate, format and lines,
 * over telnet.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/netport.h"
#include "host/serial.h"
#include "host/telnet.h"
#include "utils.h"

#define ANSWER_MS 1000	/* of a server, in addition to the round trip */
#define SEND_BLOCK 256
#define SCHEME "rfc2217://"

struct rfc2217 {
	struct netport net;	/* first, for the cast */
	struct telnet telnet;
	uint8_t plain[4096];	/* received and not yet read: from at to len */
	size_t at, len;
	bool purges;		/* the server answers PURGE-DATA */
	bool in_doubt;		/* bytes may still arrive that are no longer
				 * expected */
};

/* --- bytes ------------------------------------------------------------------- */

static size_t held(const struct rfc2217 *r)
{
	return r->len - r->at;
}

static enum port_err send_replies(struct rfc2217 *r)
{
	size_t len = r->telnet.reply_len;

	r->telnet.reply_len = 0;
	return len > 0 ? netport_send(&r->net, r->telnet.reply, len) : PORT_OK;
}

/* Receives whatever the server sends next. Bytes without room are lost and
 * reported as damaged. A completed purge ends what came before it. */
static enum port_err fill(struct rfc2217 *r, int64_t deadline_us)
{
	bool purged = r->telnet.answered[COMPORT_PURGE];
	uint8_t bytes[512];
	enum port_err err;
	size_t n;

	err = netport_receive(&r->net, bytes, sizeof(bytes), deadline_us, &n);
	if (err != PORT_OK)
		return err;
	n = telnet_decode(&r->telnet, bytes, n);
	memmove(r->plain, r->plain + r->at, held(r));
	r->len = held(r);
	r->at = 0;
	if (n > sizeof(r->plain) - r->len) {
		n = sizeof(r->plain) - r->len;
		r->telnet.damaged = true;
	}
	memcpy(r->plain + r->len, bytes, n);
	if (!purged && r->telnet.answered[COMPORT_PURGE])
		r->at = r->len + (r->telnet.answer_at < n ? r->telnet.answer_at
							  : n);
	r->len += n;
	return send_replies(r);
}

static enum port_err rfc2217_read(struct port *port, uint8_t *buf, size_t len,
				  unsigned timeout_ms, size_t *got)
{
	struct rfc2217 *r = (struct rfc2217 *)port;
	int64_t deadline_us = clock_us() + (int64_t)timeout_ms * 1000;
	enum port_err err = PORT_OK;

	*got = 0;
	for (;;) {
		size_t n = len - *got < held(r) ? len - *got : held(r);

		memcpy(buf + *got, r->plain + r->at, n);
		*got += n;
		r->at += n;
		if (*got == len || err != PORT_OK)
			break;
		err = fill(r, deadline_us);
		/* Commands without data must not extend the wait. */
		if (err == PORT_OK && held(r) == 0 && clock_us() > deadline_us)
			err = PORT_TIMEOUT;
	}
	if (err == PORT_OK && r->telnet.damaged)
		err = PORT_PARITY;
	r->telnet.damaged = false;
	r->in_doubt |= err != PORT_OK && timeout_ms > 0;
	return err;
}

static enum port_err rfc2217_write(struct port *port, const uint8_t *buf,
				   size_t len)
{
	struct rfc2217 *r = (struct rfc2217 *)port;
	uint8_t out[2 * SEND_BLOCK];
	enum port_err err = PORT_OK;

	while (len > 0 && err == PORT_OK) {
		size_t n = len < SEND_BLOCK ? len : SEND_BLOCK;

		err = netport_send(&r->net, out, telnet_encode(buf, n, out));
		buf += n;
		len -= n;
	}
	return err;
}

/* --- requests ---------------------------------------------------------------- */

static int64_t answer_deadline_us(const struct rfc2217 *r)
{
	return clock_us() +
	       (ANSWER_MS + 2 * r->net.base.round_trip_ms) * INT64_C(1000);
}

static enum port_err request(struct rfc2217 *r, enum comport command,
			     uint32_t value)
{
	uint8_t bytes[TELNET_REQUEST];
	size_t len = telnet_request(&r->telnet, command, value, bytes);

	return netport_send(&r->net, bytes, len);
}

static const char *request_name(enum comport command)
{
	static const char *const names[COMPORT_COMMANDS] = {
		[COMPORT_BAUDRATE] = "SET-BAUDRATE",
		[COMPORT_DATASIZE] = "SET-DATASIZE",
		[COMPORT_PARITY] = "SET-PARITY",
		[COMPORT_STOPSIZE] = "SET-STOPSIZE",
		[COMPORT_CONTROL] = "SET-CONTROL",
		[COMPORT_PURGE] = "PURGE-DATA",
	};

	return names[command];
}

static enum port_err await(struct rfc2217 *r, enum comport command,
			   const bool *answered, const bool *or_answered)
{
	int64_t began_us = clock_us(), deadline_us = answer_deadline_us(r);
	enum port_err err = PORT_OK;

	while (err == PORT_OK && !*answered && !*or_answered) {
		err = fill(r, deadline_us);
		if (err == PORT_OK && clock_us() > deadline_us)
			err = PORT_TIMEOUT;
	}
	if (err == PORT_OK)
		netport_note_round_trip(&r->net,
					(clock_us() - began_us) / 1000);
	else if (err == PORT_TIMEOUT)
		(void)snprintf(r->net.base.trouble,
			       sizeof(r->net.base.trouble),
			       "the server does not answer %s",
			       request_name(command));
	return err;
}

static enum port_err await_answer(struct rfc2217 *r, enum comport command)
{
	const bool *answered = &r->telnet.answered[command];

	return await(r, command, answered, answered);
}

/* Discards everything that the server and the network still hold. */
static enum port_err purge(struct rfc2217 *r)
{
	enum port_err err = request(r, COMPORT_PURGE, COMPORT_PURGE_RECEIVED);

	if (err == PORT_OK)
		err = await_answer(r, COMPORT_PURGE);
	if (err != PORT_TIMEOUT)
		return err;
	r->purges = false;
	r->net.base.trouble[0] = '\0';
	r->at = r->len = 0;
	return PORT_OK;
}

/* A purge takes a round trip, so do it only after an error; otherwise nothing
 * is on its way. */
static enum port_err rfc2217_flush(struct port *port)
{
	struct rfc2217 *r = (struct rfc2217 *)port;
	int64_t end_us = clock_us() + SOCKET_JITTER_MS * INT64_C(1000);
	enum port_err err = PORT_OK;

	while (err == PORT_OK && clock_us() < end_us) {
		err = fill(r, 0);
		r->in_doubt |= held(r) > 0;
		r->at = r->len = 0;
	}
	r->telnet.damaged = false;
	if (err != PORT_OK && err != PORT_TIMEOUT)
		return err;
	if (!r->in_doubt || !r->purges)
		return PORT_OK;
	r->in_doubt = false;
	return purge(r);
}

static enum port_err rfc2217_set_line(struct port *port, enum port_line line,
				      bool level)
{
	static const uint8_t values[][2] = {	/* off, on */
		[PORT_LINE_RTS] = { COMPORT_RTS_OFF, COMPORT_RTS_ON },
		[PORT_LINE_DTR] = { COMPORT_DTR_OFF, COMPORT_DTR_ON },
		[PORT_LINE_BREAK] = { COMPORT_BREAK_OFF, COMPORT_BREAK_ON },
	};
	struct rfc2217 *r = (struct rfc2217 *)port;
	const bool *done = &r->telnet.controls[values[line][level]];
	const bool *refused = &r->telnet.controls[values[line][!level]];
	enum port_err err = request(r, COMPORT_CONTROL, values[line][level]);

	if (err == PORT_OK)
		err = await(r, COMPORT_CONTROL, done, refused);
	return err == PORT_OK && !*done ? PORT_UNSUPPORTED : err;
}

static enum port_err rfc2217_set_baud(struct port *port, uint32_t baud)
{
	struct rfc2217 *r = (struct rfc2217 *)port;
	const uint32_t *got = &r->telnet.answer[COMPORT_BAUDRATE];
	enum port_err err = request(r, COMPORT_BAUDRATE, baud);

	if (err == PORT_OK)
		err = await_answer(r, COMPORT_BAUDRATE);
	if (err != PORT_OK)
		return err;
	if (!serial_rate_near(baud, *got)) {
		err = request(r, COMPORT_BAUDRATE, port->baud);
		if (err == PORT_OK)
			err = await_answer(r, COMPORT_BAUDRATE);
		return err == PORT_OK ? PORT_UNSUPPORTED : err;
	}
	serial_describe(port, baud, &port->mode);
	return PORT_OK;
}

/* --- the mode ---------------------------------------------------------------- */

static uint32_t parity_value(char parity)
{
	return parity == 'e' ? COMPORT_PARITY_EVEN
	     : parity == 'o' ? COMPORT_PARITY_ODD : COMPORT_PARITY_NONE;
}

/* Requests in the order of RFC 2217: rate, data bits, parity, stop bits. */
static enum port_err request_mode(struct rfc2217 *r,
				  const struct serial_mode *mode)
{
	enum port_err err = request(r, COMPORT_DATASIZE, mode->data_bits);

	if (err == PORT_OK)
		err = request(r, COMPORT_PARITY, parity_value(mode->parity));
	if (err == PORT_OK)
		err = request(r, COMPORT_STOPSIZE, mode->stop_bits);
	return err;
}

/* Reads the mode that the server reports; an unknown parity or length becomes
 * a value that no mode has. */
static enum port_err await_mode(struct rfc2217 *r, struct serial_mode *mode)
{
	const uint32_t *answer = r->telnet.answer;
	uint32_t parity;
	enum port_err err = await_answer(r, COMPORT_DATASIZE);

	if (err == PORT_OK)
		err = await_answer(r, COMPORT_PARITY);
	if (err == PORT_OK)
		err = await_answer(r, COMPORT_STOPSIZE);
	if (err != PORT_OK)
		return err;
	parity = answer[COMPORT_PARITY];
	*mode = (struct serial_mode){
		.data_bits = (uint8_t)answer[COMPORT_DATASIZE],
		.parity = parity == COMPORT_PARITY_NONE ? 'n' :
			  parity == COMPORT_PARITY_ODD ? 'o' :
			  parity == COMPORT_PARITY_EVEN ? 'e' : '?',
		.stop_bits = (uint8_t)answer[COMPORT_STOPSIZE],
	};
	return PORT_OK;
}

static bool same_mode(const struct serial_mode *a, const struct serial_mode *b)
{
	return a->data_bits == b->data_bits && a->parity == b->parity &&
	       a->stop_bits == b->stop_bits;
}

static enum port_err rfc2217_set_mode(struct port *port,
				      const struct serial_mode *mode)
{
	struct rfc2217 *r = (struct rfc2217 *)port;
	struct serial_mode got;
	enum port_err err = request_mode(r, mode);

	if (err == PORT_OK)
		err = await_mode(r, &got);
	if (err != PORT_OK)
		return err;
	if (!same_mode(mode, &got))
		return PORT_UNSUPPORTED;
	serial_describe(port, port->baud, mode);
	return PORT_OK;
}

/* --- opening ----------------------------------------------------------------- */

static bool is_comport(const struct telnet *t)
{
	return t->ours[TELNET_COMPORT] == TELNET_YES ||
	       t->theirs[TELNET_COMPORT] == TELNET_YES;
}

static bool is_negotiated(const struct telnet *t)
{
	return (is_comport(t) || t->ours[TELNET_COMPORT] == TELNET_NO) &&
	       t->ours[TELNET_BINARY] != TELNET_SILENT &&
	       t->theirs[TELNET_BINARY] != TELNET_SILENT;
}

static enum port_err negotiate(struct rfc2217 *r,
			       const struct port_settings *settings,
			       struct problem *why)
{
	const struct telnet *t = &r->telnet;
	const char *device = settings->device;
	int64_t began_us = clock_us();
	int64_t deadline_us = began_us +
			      settings->connect_timeout_ms * INT64_C(1000);
	uint8_t opening[TELNET_OPENING];
	enum port_err err = netport_send(&r->net, opening, telnet_open(opening));

	while (err == PORT_OK && !is_negotiated(t) && clock_us() < deadline_us)
		err = fill(r, deadline_us);
	if (err != PORT_OK && err != PORT_TIMEOUT) {
		netport_explain_end(&r->net, device, r->plain, r->len, why);
		return err;
	}
	if (!is_comport(t)) {
		problem_set(why, "%s: the server %s RFC 2217 (telnet "
			    "COM-PORT-OPTION); use tcp://%s, and set rate and "
			    "mode at the server", device,
			    t->ours[TELNET_COMPORT] == TELNET_NO ? "refuses"
			    : "does not answer to",
			    device + sizeof(SCHEME) - 1);
		return PORT_UNSUPPORTED;
	}
	netport_note_round_trip(&r->net, (clock_us() - began_us) / 1000);
	if (t->ours[TELNET_BINARY] != TELNET_YES ||
	    t->theirs[TELNET_BINARY] != TELNET_YES)
		problem_set(why, "%s: the server does not confirm binary "
			    "transfer; if 0D bytes change, use tcp://", device);
	return PORT_OK;
}

static enum port_err server_failed(const struct rfc2217 *r, enum port_err err,
				   const char *device, struct problem *why)
{
	problem_set(why, "%s: %s", device, port_trouble(&r->net.base, err));
	return err;
}

/* Sends all requests at once: one round trip. */
static enum port_err request_settings(struct rfc2217 *r,
				      const struct port_settings *settings)
{
	static const struct serial_mode as_it_is = { 0 };
	enum port_err err = request(r, COMPORT_BAUDRATE, settings->baud);

	if (err == PORT_OK && settings->baud != 0)
		err = request_mode(r, &settings->mode);
	else if (err == PORT_OK)
		err = request_mode(r, &as_it_is);
	if (err == PORT_OK)
		err = request(r, COMPORT_CONTROL, COMPORT_NO_FLOW_CONTROL);
	if (err == PORT_OK)
		err = request(r, COMPORT_LINESTATE_MASK, COMPORT_DAMAGE);
	return err;
}

static enum port_err configure(struct rfc2217 *r,
			       const struct port_settings *settings,
			       struct problem *why)
{
	const char *device = settings->device;
	const struct serial_mode *want = &settings->mode;
	const uint32_t *baud = &r->telnet.answer[COMPORT_BAUDRATE];
	struct serial_mode mode;
	enum port_err err = request_settings(r, settings);

	if (err == PORT_OK)
		err = await_answer(r, COMPORT_BAUDRATE);
	if (err == PORT_OK)
		err = await_mode(r, &mode);
	if (err != PORT_OK)
		return server_failed(r, err, device, why);
	if (settings->baud != 0 && !serial_rate_near(settings->baud, *baud)) {
		problem_set(why, "%s: -b %" PRIu32 ": the server does not "
			    "support this rate; it has %" PRIu32, device,
			    settings->baud, *baud);
		return PORT_UNSUPPORTED;
	}
	if (settings->baud != 0 && !same_mode(want, &mode)) {
		problem_set(why, "%s: the server did not set %u%c%u, it has "
			    "%u%c%u; most bootloaders need even parity", device,
			    want->data_bits, want->parity, want->stop_bits,
			    mode.data_bits, mode.parity, mode.stop_bits);
		return PORT_UNSUPPORTED;
	}
	serial_describe(&r->net.base, settings->baud != 0 ? settings->baud
							  : *baud, &mode);
	r->purges = true;
	err = purge(r);
	return err == PORT_OK ? PORT_OK : server_failed(r, err, device, why);
}

static enum port_err rfc2217_open(const struct port_settings *settings,
				  struct port **out, struct problem *why)
{
	struct rfc2217 *r;
	enum port_err err = netport_open(settings, SCHEME, &rfc2217_port_ops,
					 sizeof(*r), out, why);

	if (err != PORT_OK)
		return err;
	r = (struct rfc2217 *)*out;
	telnet_init(&r->telnet);
	err = negotiate(r, settings, why);
	if (err == PORT_OK)
		err = configure(r, settings, why);
	if (err != PORT_OK) {
		netport_close(*out);
		*out = NULL;
	}
	return err;
}

const struct port_ops rfc2217_port_ops = {
	.name = "rfc2217",
	.open = rfc2217_open,
	.close = netport_close,
	.flush = rfc2217_flush,
	.read = rfc2217_read,
	.write = rfc2217_write,
	.set_line = rfc2217_set_line,
	.set_baud = rfc2217_set_baud,
	.set_mode = rfc2217_set_mode,
};
