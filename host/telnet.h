/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The telnet layer of rfc2217:// ports: RFC 854, 856, 858, and 2217 for the
 * serial port of the server. Pure: bytes in, bytes out. The server is not
 * trusted: memory and the size of replies are bounded for any input.
 */
#ifndef TELNET_H
#define TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The commands of RFC 2217; the server answers with the number plus 100. */
enum comport {
	COMPORT_SIGNATURE = 0,
	COMPORT_BAUDRATE = 1,
	COMPORT_DATASIZE = 2,
	COMPORT_PARITY = 3,
	COMPORT_STOPSIZE = 4,
	COMPORT_CONTROL = 5,
	COMPORT_LINESTATE = 6,
	COMPORT_LINESTATE_MASK = 10,
	COMPORT_PURGE = 12,
	COMPORT_COMMANDS
};

/* Values of COMPORT_PARITY. */
enum { COMPORT_PARITY_NONE = 1, COMPORT_PARITY_ODD, COMPORT_PARITY_EVEN };

/* Values of COMPORT_CONTROL. */
enum {
	COMPORT_NO_FLOW_CONTROL = 1,
	COMPORT_BREAK_ON = 5, COMPORT_BREAK_OFF,
	COMPORT_DTR_ON = 8, COMPORT_DTR_OFF,
	COMPORT_RTS_ON = 11, COMPORT_RTS_OFF,
	COMPORT_CONTROLS = 19
};

/* Bits of COMPORT_LINESTATE: overrun, parity, framing. */
#define COMPORT_DAMAGE (1 << 1 | 1 << 2 | 1 << 3)
#define COMPORT_PURGE_RECEIVED 1

enum telnet_option { TELNET_BINARY, TELNET_SGA, TELNET_COMPORT, TELNET_OPTIONS };

/* The server's answer about an option: none, yes, no. */
enum telnet_word { TELNET_SILENT, TELNET_YES, TELNET_NO };

#define TELNET_SUB 32		/* bytes kept of a sub-negotiation */
#define TELNET_OPENING 15	/* bytes of telnet_open() */
#define TELNET_REQUEST 14	/* most bytes of a request: four may be FF */
#define TELNET_REPLIES (6 * 256)	/* yes and no for each option, once */

struct telnet {
	enum telnet_word ours[TELNET_OPTIONS];		/* DO, DONT */
	enum telnet_word theirs[TELNET_OPTIONS];	/* WILL, WONT */
	bool answered[COMPORT_COMMANDS];	/* since the request */
	uint32_t answer[COMPORT_COMMANDS];	/* value of that answer */
	bool controls[COMPORT_CONTROLS + 1];	/* answered, for each value of
						 * COMPORT_CONTROL */
	size_t answer_at;	/* number of plain bytes before the last answer
				 * in the same call */
	bool damaged;		/* the server reported lost or damaged bytes;
				 * the reader clears it */
	uint8_t reply[TELNET_REPLIES];	/* to be sent; then set reply_len = 0 */
	size_t reply_len;
	/* Private. */
	enum { TELNET_DATA, TELNET_COMMAND, TELNET_VERB, TELNET_IN_SUB,
	       TELNET_SUB_COMMAND } state;
	uint8_t verb;
	uint8_t sub[TELNET_SUB];
	size_t sub_len;		/* including dropped bytes, at most TELNET_SUB
				 * + 1 */
	bool signed_once;
	uint8_t replied[2][256 / 8];	/* options refused already */
};

void telnet_init(struct telnet *telnet);

/* Stores the start of a session: offers and requests. Returns its length in
 * bytes. */
size_t telnet_open(uint8_t out[TELNET_OPENING]);

/* Decodes bytes from the server in place; returns the number of plain bytes,
 * at most len. */
size_t telnet_decode(struct telnet *telnet, uint8_t *bytes, size_t len);

/* Encodes plain bytes for the server: out has room for 2 * len. Returns the
 * length in bytes. */
size_t telnet_encode(const uint8_t *bytes, size_t len, uint8_t *out);

/* Stores a request, and marks its answer as pending. Returns the length in
 * bytes. */
size_t telnet_request(struct telnet *telnet, enum comport command,
		      uint32_t value, uint8_t out[TELNET_REQUEST]);

#endif
