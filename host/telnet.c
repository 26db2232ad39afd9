/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/telnet.h"

#include <string.h>

#include "utils.h"

/* RFC 854, and the numbers of the options. */
enum { SE = 240, SB = 250, WILL = 251, WONT = 252, DO = 253, DONT = 254,
       IAC = 255 };
enum { OPTION_COMPORT = 44, FROM_SERVER = 100 };

static const uint8_t options[TELNET_OPTIONS] = {
	[TELNET_BINARY] = 0,
	[TELNET_SGA] = 3,
	[TELNET_COMPORT] = OPTION_COMPORT,
};

static const uint8_t signature[] = "stm32flash";

void telnet_init(struct telnet *telnet)
{
	memset(telnet, 0, sizeof(*telnet));
}

size_t telnet_open(uint8_t out[TELNET_OPENING])
{
	static const uint8_t opening[TELNET_OPENING] = {
		IAC, WILL, 0, IAC, DO, 0, IAC, WILL, 3, IAC, DO, 3,
		IAC, WILL, OPTION_COMPORT,
	};

	memcpy(out, opening, sizeof(opening));
	return sizeof(opening);
}

static void reply(struct telnet *t, const uint8_t *bytes, size_t len)
{
	if (len > sizeof(t->reply) - t->reply_len)
		return;
	memcpy(t->reply + t->reply_len, bytes, len);
	t->reply_len += len;
}

/* Answers an option with a verb, once for each: two ends that confirm each
 * other's confirmations would never stop. */
static void reply_once(struct telnet *t, uint8_t verb, uint8_t option)
{
	const uint8_t bytes[3] = { IAC, verb, option };
	uint8_t *told = &t->replied[verb == DO || verb == DONT][option / 8];
	uint8_t bit = (uint8_t)(1u << option % 8);

	if (*told & bit)
		return;
	*told |= bit;
	reply(t, bytes, sizeof(bytes));
}

/* The opening has requested all options, except that the server also has the
 * serial port option; some servers say it that way. */
static void hear_option(struct telnet *t, uint8_t verb, uint8_t option)
{
	bool of_server = verb == WILL || verb == WONT;
	bool yes = verb == WILL || verb == DO;
	size_t i;

	for (i = 0; i < TELNET_OPTIONS; i++) {
		if (options[i] != option)
			continue;
		if (of_server)
			t->theirs[i] = yes ? TELNET_YES : TELNET_NO;
		else
			t->ours[i] = yes ? TELNET_YES : TELNET_NO;
		if (i == TELNET_COMPORT && verb == WILL)
			reply_once(t, DO, option);
		return;
	}
	if (yes)
		reply_once(t, of_server ? DONT : WONT, option);
}

static void sign(struct telnet *t)
{
	static const uint8_t head[] = { IAC, SB, OPTION_COMPORT,
					COMPORT_SIGNATURE };
	static const uint8_t tail[] = { IAC, SE };

	if (t->signed_once)
		return;
	t->signed_once = true;
	reply(t, head, sizeof(head));
	reply(t, signature, sizeof(signature) - 1);
	reply(t, tail, sizeof(tail));
}

/* Each command has a value of fixed length; another length is no answer. */
static bool read_value(enum comport command, const uint8_t *bytes, size_t len,
		       uint32_t *value)
{
	if (len != (command == COMPORT_BAUDRATE ? 4u : 1u))
		return false;
	*value = len == 4 ? get_be32(bytes) : bytes[0];
	return true;
}

static void hear_sub(struct telnet *t, size_t at)
{
	size_t len = t->sub_len;
	uint32_t value;
	uint8_t command;

	if (len < 2 || len > sizeof(t->sub) || t->sub[0] != OPTION_COMPORT)
		return;
	/* Without a text it is a question; some servers do not add the 100. */
	if (t->sub[1] % FROM_SERVER == COMPORT_SIGNATURE) {
		if (len == 2)
			sign(t);
		return;
	}
	command = (uint8_t)(t->sub[1] - FROM_SERVER);
	if (t->sub[1] < FROM_SERVER || command >= COMPORT_COMMANDS ||
	    !read_value(command, t->sub + 2, len - 2, &value))
		return;
	if (command == COMPORT_LINESTATE) {
		t->damaged |= (value & COMPORT_DAMAGE) != 0;
		return;
	}
	t->answered[command] = true;
	t->answer[command] = value;
	if (command == COMPORT_CONTROL && value <= COMPORT_CONTROLS)
		t->controls[value] = true;
	t->answer_at = at;
}

static void keep(struct telnet *t, uint8_t byte)
{
	if (t->sub_len < sizeof(t->sub))
		t->sub[t->sub_len] = byte;
	if (t->sub_len <= sizeof(t->sub))
		t->sub_len++;
}

/* Handles the byte after an IAC; true if it was an escaped FF. */
static bool hear_command(struct telnet *t, uint8_t byte)
{
	t->state = TELNET_DATA;
	if (byte >= WILL && byte <= DONT) {
		t->verb = byte;
		t->state = TELNET_VERB;
	} else if (byte == SB) {
		t->sub_len = 0;
		t->state = TELNET_IN_SUB;
	}
	return byte == IAC;
}

/* Handles the byte after an IAC in a sub-negotiation; at: position in the
 * plain bytes. A sub-negotiation without an end is ended by any command. */
static void hear_sub_command(struct telnet *t, uint8_t byte, size_t at)
{
	t->state = TELNET_IN_SUB;
	if (byte == IAC) {
		keep(t, byte);
	} else if (byte == SE) {
		hear_sub(t, at);
		t->state = TELNET_DATA;
	} else {
		(void)hear_command(t, byte);
	}
}

size_t telnet_decode(struct telnet *t, uint8_t *bytes, size_t len)
{
	size_t i, out = 0;

	t->answer_at = 0;
	for (i = 0; i < len; i++) {
		uint8_t byte = bytes[i];

		switch (t->state) {
		case TELNET_DATA:
			if (byte == IAC)
				t->state = TELNET_COMMAND;
			else
				bytes[out++] = byte;
			break;
		case TELNET_COMMAND:
			if (hear_command(t, byte))
				bytes[out++] = byte;
			break;
		case TELNET_VERB:
			hear_option(t, t->verb, byte);
			t->state = TELNET_DATA;
			break;
		case TELNET_IN_SUB:
			if (byte == IAC)
				t->state = TELNET_SUB_COMMAND;
			else
				keep(t, byte);
			break;
		case TELNET_SUB_COMMAND:
			hear_sub_command(t, byte, out);
			break;
		}
	}
	return out;
}

size_t telnet_encode(const uint8_t *bytes, size_t len, uint8_t *out)
{
	size_t i, at = 0;

	for (i = 0; i < len; i++) {
		out[at++] = bytes[i];
		if (bytes[i] == IAC)
			out[at++] = IAC;
	}
	return at;
}

size_t telnet_request(struct telnet *t, enum comport command, uint32_t value,
		      uint8_t out[TELNET_REQUEST])
{
	const uint8_t head[] = { IAC, SB, OPTION_COMPORT, (uint8_t)command };
	uint8_t bytes[4] = { (uint8_t)value };
	size_t at = sizeof(head);

	if (command == COMPORT_BAUDRATE)
		put_be32(bytes, value);
	memcpy(out, head, sizeof(head));
	at += telnet_encode(bytes, command == COMPORT_BAUDRATE ? 4 : 1,
			    out + at);
	out[at++] = IAC;
	out[at++] = SE;
	t->answered[command] = false;
	if (command == COMPORT_CONTROL)
		memset(t->controls, 0, sizeof(t->controls));
	return at;
}
