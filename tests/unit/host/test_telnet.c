/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The telnet layer, one claim per row: bytes from the server, the plain bytes,
 * and the reply. */
#include "host/telnet.h"

#include "tests/unit/t.h"
#include "utils.h"

#define BYTES_OF(text) text, sizeof(text) - 1

static const struct {
	const char *about;
	const char *in;
	size_t in_len;
	const char *plain;
	size_t plain_len;
	const char *reply;
	size_t reply_len;
} rows[] = {
	{ "plain bytes", BYTES_OF("y\x1F\r\n"), BYTES_OF("y\x1F\r\n"),
	  BYTES_OF("") },
	{ "a doubled FF", BYTES_OF("\xFF\xFFy\xFF\xFF"),
	  BYTES_OF("\xFFy\xFF"), BYTES_OF("") },
	{ "commands without a value", BYTES_OF("a\xFF\xF1" "b\xFF\xF9"),
	  BYTES_OF("ab"), BYTES_OF("") },
	{ "an unknown option is refused, once",
	  BYTES_OF("\xFF\xFB\x01\xFF\xFD\x18\xFF\xFB\x01"), BYTES_OF(""),
	  BYTES_OF("\xFF\xFE\x01\xFF\xFC\x18") },
	{ "what is off already is not confirmed",
	  BYTES_OF("\xFF\xFC\x01\xFF\xFE\x18"), BYTES_OF(""), BYTES_OF("") },
	{ "the server offers its serial port",
	  BYTES_OF("\xFF\xFB\x2C\xFF\xFB\x2C"), BYTES_OF(""),
	  BYTES_OF("\xFF\xFD\x2C") },
	{ "it asks who we are, again and again",
	  BYTES_OF("\xFF\xFA\x2C\x64\xFF\xF0\xFF\xFA\x2C\x00\xFF\xF0"),
	  BYTES_OF(""), BYTES_OF("\xFF\xFA\x2C\0stm32flash\xFF\xF0") },
	{ "it says who it is", BYTES_OF("\xFF\xFA\x2C\x64me\xFF\xF0"),
	  BYTES_OF(""), BYTES_OF("") },
	{ "a sub-negotiation longer than there is room",
	  BYTES_OF("\xFF\xFA\x2C\x64" "0123456789012345678901234567890123456789"
		   "0123456789\xFF\xF0y"), BYTES_OF("y"), BYTES_OF("") },
	{ "one without an end is ended by the next command",
	  BYTES_OF("\xFF\xFA\x2C\x65\xFF\xFB\x01y"), BYTES_OF("y"),
	  BYTES_OF("\xFF\xFE\x01") },
};

static void test_rows(void)
{
	struct telnet t;
	uint8_t bytes[128];
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].about);
		telnet_init(&t);
		memcpy(bytes, rows[i].in, rows[i].in_len);
		n = telnet_decode(&t, bytes, rows[i].in_len);
		if (EQUAL(n, rows[i].plain_len))
			BYTES(bytes, rows[i].plain, n);
		if (EQUAL(t.reply_len, rows[i].reply_len))
			BYTES(t.reply, rows[i].reply, t.reply_len);
	}
}

static void hear(struct telnet *t, const char *bytes, size_t len)
{
	uint8_t copy[64];

	memcpy(copy, bytes, len);
	(void)telnet_decode(t, copy, len);
}

static void test_answers(void)
{
	struct telnet t;
	uint8_t out[TELNET_REQUEST];

	t_about("answers");
	telnet_init(&t);
	EQUAL(telnet_request(&t, COMPORT_BAUDRATE, 0xFF00FFFF, out), 13);
	BYTES(out, "\xFF\xFA\x2C\x01\xFF\xFF\x00\xFF\xFF\xFF\xFF\xFF\xF0", 13);
	hear(&t, BYTES_OF("ab\xFF\xFA\x2C\x65\0\0\xE1\0\xFF\xF0" "c"));
	CHECK(t.answered[COMPORT_BAUDRATE]);
	EQUAL(t.answer[COMPORT_BAUDRATE], 57600);
	EQUAL(t.answer_at, 2);
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x67\x03\x03\xFF\xF0"));
	CHECK(!t.answered[COMPORT_PARITY]);	/* too long */
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x03\x03\xFF\xF0"));
	CHECK(!t.answered[COMPORT_PARITY]);	/* the number of a client */
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x67\x03\xFF\xF0"));
	CHECK(t.answered[COMPORT_PARITY]);
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x69\x08\xFF\xF0"));
	CHECK(t.controls[COMPORT_DTR_ON] && !t.controls[COMPORT_DTR_OFF]);
	EQUAL(telnet_request(&t, COMPORT_CONTROL, COMPORT_DTR_OFF, out), 7);
	CHECK(!t.controls[COMPORT_DTR_ON]);
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x69\xC8\xFF\xF0"));
	CHECK(!t.damaged);
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x6A\x60\xFF\xF0"));
	CHECK(!t.damaged);			/* buffers empty */
	hear(&t, BYTES_OF("\xFF\xFA\x2C\x6A\x64\xFF\xF0"));
	CHECK(t.damaged);			/* plus a parity error */
}

static void test_options(void)
{
	struct telnet t;

	t_about("what the server says of options");
	telnet_init(&t);
	hear(&t, BYTES_OF("\xFF\xFD\x2C\xFF\xFB\x00\xFF\xFE\x00\xFF\xFC\x03"));
	EQUAL(t.ours[TELNET_COMPORT], TELNET_YES);
	EQUAL(t.theirs[TELNET_COMPORT], TELNET_SILENT);
	EQUAL(t.theirs[TELNET_BINARY], TELNET_YES);
	EQUAL(t.ours[TELNET_BINARY], TELNET_NO);
	EQUAL(t.theirs[TELNET_SGA], TELNET_NO);
	EQUAL(t.reply_len, 0);
}

int main(void)
{
	test_rows();
	test_answers();
	test_options();
	return t_done();
}
