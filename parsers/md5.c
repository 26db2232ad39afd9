/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/md5.h"

#include <string.h>

#include "utils.h"

#define BLOCK 64	/* bytes */
#define LENGTH_AT 56	/* of the last block: bits of the message, 64-bit */

/* 2^32 times the absolute value of sin(i), i from 1: RFC 1321, 3.4. */
static const uint32_t sines[64] = {
	0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE,
	0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
	0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE,
	0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
	0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA,
	0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
	0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED,
	0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
	0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C,
	0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
	0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05,
	0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
	0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039,
	0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
	0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1,
	0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
};

/* Four for each round. */
static const uint8_t shifts[4][4] = {
	{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 },
	{ 6, 10, 15, 21 },
};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* F, G, H and I of the RFC; the first two written shorter. */
static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return d ^ (b & (c ^ d));
	case 1:
		return c ^ (d & (b ^ c));
	case 2:
		return b ^ c ^ d;
	}
	return c ^ (b | ~d);
}

/* The word of the block that step i takes. */
static unsigned word_of(unsigned i)
{
	static const uint8_t factor[4] = { 1, 5, 3, 7 }, add[4] = { 0, 1, 5, 0 };

	return (factor[i / 16] * i + add[i / 16]) % 16;
}

static void take_block(uint32_t state[4], const uint8_t *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], sum;
	unsigned i;

	for (i = 0; i < 64; i++) {
		sum = a + mix(i / 16, b, c, d) + sines[i] +
		      get_le32(block + (size_t)4 * word_of(i));
		a = d;
		d = c;
		c = b;
		b += rotate(sum, shifts[i / 16][i % 4]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

void md5(const uint8_t *bytes, size_t len, uint8_t sum[MD5_LEN])
{
	uint32_t state[4] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476 };
	uint64_t bits = (uint64_t)len * 8;
	uint8_t last[2 * BLOCK] = { 0 };
	size_t left, i;

	for (left = len; left >= BLOCK; left -= BLOCK, bytes += BLOCK)
		take_block(state, bytes);
	if (left > 0)
		memcpy(last, bytes, left);
	last[left] = 0x80;
	i = left < LENGTH_AT ? LENGTH_AT : BLOCK + LENGTH_AT;
	put_le32(last + i, (uint32_t)bits);
	put_le32(last + i + 4, (uint32_t)(bits >> 32));
	take_block(state, last);
	if (i > BLOCK)
		take_block(state, last + BLOCK);
	for (i = 0; i < 4; i++)
		put_le32(sum + 4 * i, state[i]);
}
