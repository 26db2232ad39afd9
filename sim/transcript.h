/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transcripts: the bytes that pass a port, as lines of text. --trace writes
 * them, the port "replay:FILE" and the tests read them.
 *
 *	> BYTES			the host sends
 *	< BYTES			the device answers
 *	<? BYTES		one of these arrived damaged
 *	W BYTES			I2C: a write transaction
 *	R BYTES			a read transaction that returns this
 *	W- R- W~ R~ W! R!	one without ACK; one with the clock
 *				held too long; one with another failure. For a
 *				read only the number of bytes counts then
 *	line rts 1		the host sets rts, dtr or brk
 *
 * BYTES are in hex; 55x256 is 256 times 55, * is the XOR of the preceding
 * bytes on the line. # begins a comment; "# 12.345 ms" is the time of the end.
 * Consecutive lines of the same kind, > or <, continue each other.
 */
#ifndef SIM_TRANSCRIPT_H
#define SIM_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"
#include "problem.h"

/* Decodes words into out; *len is the number of bytes. False: a word is
 * invalid, or there are more bytes than room. */
bool transcript_bytes(const char *words, uint8_t *out, size_t room,
		      size_t *len);

struct transcript_record {
	enum port_what what;
	bool framed;
	enum port_err err;	/* of a failed framed one, or PORT_PARITY */
	size_t at, len;		/* its bytes in the transcript */
	enum port_line line;
	bool level;
	int64_t at_us;		/* -1: unknown */
	unsigned number;	/* of the line, from 1 */
};

struct transcript {
	struct transcript_record *records;
	size_t count, room;
	uint8_t *bytes;
	size_t byte_count, byte_room;
};

/* On success the caller owns *out (transcript_free); on failure it is empty
 * and *why describes the error, beginning with the number of the line. */
bool transcript_parse(const char *text, struct transcript *out,
		      struct problem *why);
void transcript_free(struct transcript *transcript);

#define TRANSCRIPT_LINE 900	/* a transaction of 258 bytes */

/*
 * Formats the line for the bytes of event from *done on; advances *done, to
 * event->len after the last byte (a line event is done at once). start_us is
 * time 0. Adds no line end.
 */
void transcript_line(const struct port_event *event, int64_t start_us,
		     size_t *done, char out[TRANSCRIPT_LINE]);

#endif
