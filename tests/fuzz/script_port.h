/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port to a script: the device sends the bytes of the fuzzing engine,
 * whatever it receives. Time is simulated.
 *
 * FE is an escape: FE FE is that byte, FE with a small number an error of the
 * port, with any other number a silence of that length (in steps of 8 ms).
 * After the end of the script there is silence or, if `babbles`, a byte every
 * 40 ms.
 */
#ifndef SCRIPT_PORT_H
#define SCRIPT_PORT_H

#include "port.h"
#include "tests/fuzz/check.h"

#define SCRIPT_ESCAPE 0xFE
#define SCRIPT_BABBLE_MS 40
/* Longer than any wait without a write, and than any run. */
#define SCRIPT_WAIT_MS (120 * 1000)
#define SCRIPT_RUN_MS (3600 * 1000)
#define SCRIPT_BYTE_US 100

struct script_port {
	struct port base;
	const uint8_t *bytes;
	size_t len, at;
	bool babbles;
	int64_t now_us, wrote_us, silent_us;
	enum port_err error;	/* returned once */
	bool gone;		/* then this without end */
};

static inline struct script_port *script_of(struct port *port)
{
	return (struct script_port *)port;
}

static inline void script_escape(struct script_port *p, uint8_t what)
{
	static const enum port_err errors[] = {
		PORT_IO, PORT_NO_ANSWER, PORT_STRETCHED, PORT_CLOSED
	};

	if (what >= ARRAY_LEN(errors)) {
		p->silent_us = p->now_us + what * INT64_C(8000);
		return;
	}
	p->error = errors[what];
	p->gone |= p->error == PORT_CLOSED;
}

/* Finds the next byte of the device, and its time; false: none. */
static inline bool script_next(struct script_port *p, uint8_t *byte,
			       int64_t *due_us)
{
	while (p->error == PORT_OK && p->at + 1 < p->len &&
	       p->bytes[p->at] == SCRIPT_ESCAPE &&
	       p->bytes[p->at + 1] != SCRIPT_ESCAPE) {
		script_escape(p, p->bytes[p->at + 1]);
		p->at += 2;
	}
	*due_us = (p->silent_us > p->now_us ? p->silent_us : p->now_us) +
		  SCRIPT_BYTE_US;
	if (p->at < p->len) {
		*byte = p->bytes[p->at];
		return true;
	}
	*byte = 'x';
	*due_us += SCRIPT_BABBLE_MS * INT64_C(1000);
	return p->babbles;
}

static inline enum port_err script_fail(struct script_port *p)
{
	enum port_err error = p->gone ? PORT_CLOSED : p->error;

	p->error = PORT_OK;
	return error;
}

static inline enum port_err script_read(struct port *port, uint8_t *buf,
					size_t len, unsigned timeout_ms,
					size_t *got)
{
	struct script_port *p = script_of(port);
	int64_t deadline_us = p->now_us + timeout_ms * INT64_C(1000), due_us;
	uint8_t byte;

	MUST(p->now_us - p->wrote_us < SCRIPT_WAIT_MS * INT64_C(1000));
	*got = 0;
	while (*got < len) {
		bool comes = script_next(p, &byte, &due_us);
		enum port_err error = script_fail(p);

		if (error != PORT_OK)
			return error;
		if (!comes || due_us > deadline_us) {
			p->now_us = deadline_us;
			return PORT_TIMEOUT;
		}
		p->now_us = due_us;
		p->at += byte == SCRIPT_ESCAPE && p->at + 1 < p->len ? 2
		       : p->at < p->len;
		buf[(*got)++] = byte;
	}
	return PORT_OK;
}

static inline enum port_err script_write(struct port *port, const uint8_t *buf,
					 size_t len)
{
	struct script_port *p = script_of(port);

	(void)buf;
	MUST(p->now_us < SCRIPT_RUN_MS * INT64_C(1000));
	p->now_us += (int64_t)len * SCRIPT_BYTE_US;
	p->wrote_us = p->now_us;
	return p->gone ? PORT_CLOSED : PORT_OK;
}

static inline enum port_err script_flush(struct port *port)
{
	return script_of(port)->gone ? PORT_CLOSED : PORT_OK;
}

static inline int64_t script_now_us(struct port *port)
{
	return script_of(port)->now_us;
}

static inline void script_sleep_ms(struct port *port, unsigned ms)
{
	script_of(port)->now_us += ms * INT64_C(1000);
}

static inline void script_init(struct script_port *p, bool framed,
			       const uint8_t *bytes, size_t len)
{
	static const struct port_ops ops = {
		.name = "script", .flush = script_flush, .read = script_read,
		.write = script_write, .now_us = script_now_us,
		.sleep_ms = script_sleep_ms,
	};

	*p = (struct script_port){
		.base = { .ops = &ops, .device = "script",
			  .caps = framed ? PORT_FRAMED : PORT_AUTOBAUD,
			  .bits_per_byte = 11, .text = "addr 0x41" },
		.bytes = bytes, .len = len,
	};
}

#endif
