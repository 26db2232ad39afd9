/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input from a hostile server for the telnet layer. The result is the same
 * however the input is split, and within bounds; a server of the same kind
 * understands what the layer sends.
 */
#include "tests/fuzz/check.h"

#include "host/telnet.h"

#define MOST 4096

/* Decodes all of it, in pieces of 1 to piece bytes; returns the number of
 * plain bytes. */
static size_t decode(struct telnet *t, const uint8_t *bytes, size_t len,
		     size_t piece, uint8_t *out)
{
	size_t at = 0, plain = 0, n;

	telnet_init(t);
	for (; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		memcpy(out + plain, bytes + at, n);
		n = telnet_decode(t, out + plain, n);
		MUST(n <= piece && t->answer_at <= n);
		MUST(t->reply_len <= sizeof(t->reply));
		plain += n;
		n = len - at < piece ? len - at : piece;
	}
	return plain;
}

/* Replies are refusals of options, DO COM-PORT-OPTION, and one signature: each
 * once, whatever the server sends. */
static void check_replies(const struct telnet *t)
{
	size_t i, subs = 0;

	for (i = 0; i < t->reply_len; ) {
		MUST(t->reply[i] == 0xFF && i + 2 < t->reply_len);
		if (t->reply[i + 1] == 0xFA) {
			subs++;
			i += 4 + sizeof("stm32flash") - 1 + 2;
			continue;
		}
		MUST(t->reply[i + 1] >= 0xFC);
		i += 3;
	}
	MUST(i == t->reply_len && subs <= 1);
}

static void check_same_state(const struct telnet *a, const struct telnet *b)
{
	MUST(memcmp(a->ours, b->ours, sizeof(a->ours)) == 0);
	MUST(memcmp(a->theirs, b->theirs, sizeof(a->theirs)) == 0);
	MUST(memcmp(a->answered, b->answered, sizeof(a->answered)) == 0);
	MUST(memcmp(a->answer, b->answer, sizeof(a->answer)) == 0);
	MUST(memcmp(a->controls, b->controls, sizeof(a->controls)) == 0);
	MUST(a->damaged == b->damaged && a->state == b->state);
	MUST(a->reply_len == b->reply_len);
	MUST(memcmp(a->reply, b->reply, a->reply_len) == 0);
}

/* Encoded bytes contain no command, and decode to the same bytes. */
static void check_encode(const uint8_t *bytes, size_t len)
{
	static uint8_t coded[2 * MOST];
	struct telnet t;
	size_t n = telnet_encode(bytes, len, coded);

	MUST(n <= 2 * len);
	telnet_init(&t);
	MUST(telnet_decode(&t, coded, n) == len);
	MUST(memcmp(coded, bytes, len) == 0);
	MUST(t.state == TELNET_DATA && t.reply_len == 0);
}

static void check_request(const uint8_t *bytes, size_t len)
{
	uint8_t out[TELNET_REQUEST];
	struct telnet t;
	size_t n, i;

	telnet_init(&t);
	for (i = 0; i + 4 < len && i < 40; i += 5) {
		n = telnet_request(&t, bytes[i] % COMPORT_COMMANDS,
				   get_be32(bytes + i + 1), out);
		MUST(n >= 7 && n <= sizeof(out));
		MUST(telnet_decode(&t, out, n) == 0);
		MUST(t.state == TELNET_DATA);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static uint8_t whole[MOST], cut[MOST];
	struct telnet a, b;
	size_t n, piece = len > 0 ? 1u + bytes[0] % 16 : 1;

	if (len > MOST)
		len = MOST;
	n = decode(&a, bytes, len, MOST, whole);
	MUST(decode(&b, bytes, len, piece, cut) == n);
	MUST(memcmp(whole, cut, n) == 0);
	check_same_state(&a, &b);
	check_replies(&a);
	check_encode(bytes, len);
	check_request(bytes, len);
	return 0;
}
