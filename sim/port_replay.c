/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "replay:FILE" as a port: plays back a transcript, such as --trace writes.
 * The host must send the recorded bytes; then the device answers with the
 * recorded bytes at the recorded times. Time is simulated.
 */
#include "port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/file.h"
#include "sim/transcript.h"

#define PREFIX "replay:"
#define DEFAULT_BAUD 57600
/* The replay's clock excludes the computing time of the host. */
#define SLACK_US 5000
#define SHOWN_BYTES 8	/* of two sequences that differ */

struct replay {
	struct port base;
	struct transcript transcript;
	size_t at;		/* next record */
	size_t used;		/* its bytes that have passed */
	int64_t now_us;
};

static struct replay *of(struct port *port)
{
	return (struct replay *)port;
}

/* NULL at the end. */
static const struct transcript_record *next_record(const struct replay *r)
{
	return r->at < r->transcript.count ? &r->transcript.records[r->at]
					   : NULL;
}

static void pass(struct replay *r, size_t len)
{
	const struct transcript_record *record = &r->transcript.records[r->at];

	if (record->at_us > r->now_us)
		r->now_us = record->at_us;
	r->used += len;
	if (r->used < record->len)
		return;
	r->at++;
	r->used = 0;
}

static void hex_text(const uint8_t *bytes, size_t len, char *out, size_t size)
{
	size_t i, at = 0;

	out[0] = '\0';
	for (i = 0; i < len && i < SHOWN_BYTES; i++)
		at += (size_t)snprintf(out + at, size - at, " %02X", bytes[i]);
	if (len > SHOWN_BYTES)
		(void)snprintf(out + at, size - at, " ...");
}

/* Reports that the host deviates from the recording. */
static enum port_err departs(struct replay *r, const char *verb,
			     const uint8_t *bytes, size_t len)
{
	const struct transcript_record *record = next_record(r);
	char text[3 * SHOWN_BYTES + 8];

	hex_text(bytes, len, text, sizeof(text));
	if (record == NULL)
		snprintf(r->base.trouble, sizeof(r->base.trouble),
			 "the trace ends here; this run has %s%s", verb, text);
	else
		snprintf(r->base.trouble, sizeof(r->base.trouble),
			 "line %u of the trace differs; this run has %s%s",
			 record->number, verb, text);
	return PORT_CLOSED;
}

/* --- a stream --------------------------------------------------------------- */

static enum port_err stream_read(struct replay *r, uint8_t *buf, size_t len,
				 unsigned timeout_ms, size_t *got)
{
	int64_t deadline_us = r->now_us + (int64_t)timeout_ms * 1000;
	enum port_err err = PORT_OK;

	for (*got = 0; *got < len;) {
		const struct transcript_record *record = next_record(r);
		size_t n = len - *got;

		if (record == NULL || record->what != PORT_FROM_DEVICE ||
		    record->at_us > deadline_us + SLACK_US)
			break;
		if (n > record->len - r->used)
			n = record->len - r->used;
		memcpy(buf + *got, r->transcript.bytes + record->at + r->used,
		       n);
		*got += n;
		if (record->err != PORT_OK)
			err = record->err;
		pass(r, n);
	}
	if (*got == len)
		return err;
	if (deadline_us > r->now_us)
		r->now_us = deadline_us;
	return PORT_TIMEOUT;
}

static enum port_err stream_write(struct replay *r, const uint8_t *buf,
				  size_t len)
{
	while (len > 0) {
		const struct transcript_record *record = next_record(r);
		size_t n = len;

		if (record == NULL || record->what != PORT_TO_DEVICE)
			return departs(r, ">", buf, len);
		if (n > record->len - r->used)
			n = record->len - r->used;
		if (memcmp(r->transcript.bytes + record->at + r->used, buf,
			   n) != 0)
			return departs(r, ">", buf, len);
		buf += n;
		len -= n;
		pass(r, n);
	}
	return PORT_OK;
}

/* --- a bus ------------------------------------------------------------------ */

static enum port_err bus_write(struct replay *r, const uint8_t *bytes,
			       size_t len)
{
	const struct transcript_record *record = next_record(r);
	enum port_err err;

	if (record == NULL || record->what != PORT_TO_DEVICE ||
	    record->len != len ||
	    memcmp(r->transcript.bytes + record->at, bytes, len) != 0)
		return departs(r, "W", bytes, len);
	err = record->err;
	pass(r, len);
	return err;
}

static enum port_err bus_read(struct replay *r, uint8_t *buf, size_t len,
			      size_t *got)
{
	const struct transcript_record *record = next_record(r);
	enum port_err err;

	*got = 0;
	if (record == NULL || record->what != PORT_FROM_DEVICE ||
	    record->len != len)
		return departs(r, "R", NULL, 0);
	err = record->err;
	if (err == PORT_OK) {
		memcpy(buf, r->transcript.bytes + record->at, len);
		*got = len;
	}
	pass(r, len);
	return err;
}

/* --- the port --------------------------------------------------------------- */

static enum port_err replay_read(struct port *port, uint8_t *buf, size_t len,
				 unsigned timeout_ms, size_t *got)
{
	if (port->caps & PORT_FRAMED)
		return bus_read(of(port), buf, len, got);
	return stream_read(of(port), buf, len, timeout_ms, got);
}

static enum port_err replay_write(struct port *port, const uint8_t *buf,
				  size_t len)
{
	if (port->caps & PORT_FRAMED)
		return bus_write(of(port), buf, len);
	return stream_write(of(port), buf, len);
}

/* Discarded bytes were not recorded. */
static enum port_err replay_flush(struct port *port)
{
	(void)port;
	return PORT_OK;
}

/* A handwritten transcript may omit the lines. */
static enum port_err replay_set_line(struct port *port, enum port_line line,
				     bool level)
{
	struct replay *r = of(port);
	const struct transcript_record *record = next_record(r);

	if (record == NULL || record->what != PORT_LINE_SET)
		return PORT_OK;
	if (record->line != line || record->level != level)
		return departs(r, "a change of a line", NULL, 0);
	pass(r, 0);
	return PORT_OK;
}

static enum port_err replay_set_baud(struct port *port, uint32_t baud)
{
	port->baud = baud;
	return PORT_OK;
}

static enum port_err replay_set_mode(struct port *port,
				     const struct serial_mode *mode)
{
	port->mode = *mode;
	port->bits_per_byte = port_mode_bits(mode);
	return PORT_OK;
}

/* A run that ends before the recording does is another run. */
static bool replay_finish(struct port *port, struct problem *why)
{
	const struct transcript_record *record = next_record(of(port));

	if (record == NULL)
		return true;
	problem_set(why, "%s: line %u of the trace was not reached; give the "
		    "same options and files", port->device, record->number);
	return false;
}

static int64_t replay_now_us(struct port *port)
{
	return of(port)->now_us;
}

static void replay_sleep_ms(struct port *port, unsigned ms)
{
	of(port)->now_us += (int64_t)ms * 1000;
}

static void replay_close(struct port *port)
{
	transcript_free(&of(port)->transcript);
	free(port);
}

static void configure(struct replay *r, const struct port_settings *settings)
{
	const struct transcript *t = &r->transcript;

	r->base.ops = &replay_port_ops;
	r->base.caps = PORT_SIMULATED | PORT_RECORDED;
	snprintf(r->base.text, sizeof(r->base.text), "%zu lines", t->count);
	if (t->count > 0 && t->records[0].framed) {
		r->base.caps |= PORT_FRAMED;
		return;
	}
	r->base.caps |= PORT_AUTOBAUD;
	r->base.baud = settings->baud != 0 ? settings->baud : DEFAULT_BAUD;
	r->base.mode = settings->mode;
	r->base.bits_per_byte = port_mode_bits(&settings->mode);
}

/* False: *why describes the error in the file. */
static bool read_transcript(const char *file, struct transcript *out,
			    struct problem *why)
{
	struct problem detail = { "" };
	uint8_t *text = NULL;
	size_t len;
	bool ok;

	if (!file_read(file, &text, &len, why))
		return false;
	ok = transcript_parse((const char *)text, out, &detail);
	if (!ok)
		problem_set(why, "%s:%s", file, detail.text);
	free(text);
	return ok;
}

static enum port_err replay_open(const struct port_settings *settings,
				 struct port **out, struct problem *why)
{
	struct replay *r;

	*out = NULL;
	if (strncmp(settings->device, PREFIX, strlen(PREFIX)) != 0)
		return PORT_NODEV;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return PORT_IO;
	if (!read_transcript(settings->device + strlen(PREFIX), &r->transcript,
			     why)) {
		free(r);
		return PORT_IO;
	}
	configure(r, settings);
	*out = &r->base;
	return PORT_OK;
}

const struct port_ops replay_port_ops = {
	.name = "replay",
	.open = replay_open,
	.close = replay_close,
	.flush = replay_flush,
	.read = replay_read,
	.write = replay_write,
	.set_line = replay_set_line,
	.set_baud = replay_set_baud,
	.set_mode = replay_set_mode,
	.finish = replay_finish,
	.now_us = replay_now_us,
	.sleep_ms = replay_sleep_ms,
};
