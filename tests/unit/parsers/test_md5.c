/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/md5.h"
#include "tests/unit/t.h"
#include "utils.h"

static const char *hex(const uint8_t *bytes, size_t len)
{
	static char text[2 * MD5_LEN + 1];
	uint8_t sum[MD5_LEN];
	size_t i;

	md5(bytes, len, sum);
	for (i = 0; i < MD5_LEN; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", sum[i]);
	return text;
}

/* RFC 1321, A.5. */
static void test_vectors(void)
{
	static const struct {
		const char *text, *sum;
	} rows[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz",
		  "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		  "0123456789", "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "1234567890123456789012345678901234567890"
		  "1234567890123456789012345678901234567890",
		  "57edf4a22be3c955ac49da2e2107b67a" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].text);
		TEXT(hex((const uint8_t *)rows[i].text, strlen(rows[i].text)),
		     rows[i].sum);
	}
}

/* Every place where a message can end in a block: the sum of all their sums,
 * as another program has it (Python's hashlib). */
static void test_lengths(void)
{
	uint8_t sums[200 * MD5_LEN], *bytes;
	size_t n, i;

	for (n = 0; n < 200; n++) {
		bytes = malloc(n + 1);
		for (i = 0; i < n; i++)
			bytes[i] = (uint8_t)(i * 7 + n);
		md5(bytes, n, sums + MD5_LEN * n);
		free(bytes);
	}
	t_about("200 lengths");
	TEXT(hex(sums, sizeof(sums)), "0e31983fb09e7f80b96e5ec823d6bb1a");
}

int main(void)
{
	test_vectors();
	test_lengths();
	return t_done();
}
