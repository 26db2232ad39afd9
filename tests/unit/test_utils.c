/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes, numbers and the clock; the CRC; texts of problems. */
#include "utils.h"

#include <stdlib.h>

#include "protocol/crc.h"
#include "problem.h"
#include "tests/unit/t.h"

#define KIB_BYTES 1024

static void test_bytes(void)
{
	static const uint8_t in[] = { 0x80, 0xFE, 0x7F, 0x01 };
	uint8_t out[6] = { 0xAA, 0, 0, 0, 0, 0xAA };

	t_about("bytes");
	EQUAL(get_be16(in), 0x80FE);
	EQUAL(get_le16(in), 0xFE80);
	EQUAL(get_be32(in), 0x80FE7F01);
	EQUAL(get_le32(in), 0x017FFE80);
	/* the top bit must not be taken for a sign */
	EQUAL(get_le32((const uint8_t *)"\xFF\xFF\xFF\xFF"), 0xFFFFFFFF);
	EQUAL(get_be32((const uint8_t *)"\xFF\xFF\xFF\xFF"), 0xFFFFFFFF);
	put_be32(out + 1, 0x80FE7F01);
	BYTES(out, "\xAA\x80\xFE\x7F\x01\xAA", 6);
	put_le32(out + 1, 0x80FE7F01);
	BYTES(out, "\xAA\x01\x7F\xFE\x80\xAA", 6);
	put_be16(out + 1, 0xFFFE);
	BYTES(out, "\xAA\xFF\xFE\xFE\x80\xAA", 6);
}

/* Checksums from frames of AN3155 sessions. */
static void test_xor_sum(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint8_t sum;
	} cases[] = {
		{ "", 0, 0x00 },
		{ "\x7F", 1, 0x7F },
		{ "\x08\x00\x01\x00", 4, 0x09 },
		{ "\x08\x01\xFF\xF0", 4, 0x06 },
		{ "\x1F\xFF\xF7\xE0", 4, 0xF7 },
		{ "\x20\x00\x10\x00", 4, 0x30 },
		{ "\x03\x11\x22\x33\x44", 5, 0x47 },
		{ "\x07\x00\x50\x00\x20\x09\x00\x00\x08", 9, 0x76 },
		{ "\x00\x02\x00\x05\x00\x06\x01\x00", 8, 0x00 },
		{ "\x01\x03\x04", 3, 0x06 },
		{ "\xFF\xFF", 2, 0x00 },
	};
	size_t i;

	t_about("xor_sum");
	for (i = 0; i < ARRAY_LEN(cases); i++)
		EQUAL(xor_sum((const uint8_t *)cases[i].bytes, cases[i].len),
		      cases[i].sum);
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		uint32_t max;
		bool ok;
		uint32_t value;
	} cases[] = {
		{ "0", UINT32_MAX, true, 0 },
		{ "0x0", UINT32_MAX, true, 0 },
		{ "0x00000010", UINT32_MAX, true, 16 },
		{ "0x08000000", UINT32_MAX, true, 0x08000000 },
		{ "0XfFfFfFfF", UINT32_MAX, true, UINT32_MAX },
		{ "4294967295", UINT32_MAX, true, UINT32_MAX },
		{ "4294967296", UINT32_MAX, false, 0 },	/* one too many */
		{ "0x100000000", UINT32_MAX, false, 0 },
		{ "0x1ffffffff", UINT32_MAX, false, 0 },
		/* 2^64 and 2^64 + 1 must not wrap to 0 and 1 */
		{ "18446744073709551616", UINT32_MAX, false, 0 },
		{ "18446744073709551617", UINT32_MAX, false, 0 },
		{ "0x10000000000000001", UINT32_MAX, false, 0 },
		{ "99999999999999999999999999", UINT32_MAX, false, 0 },
		{ "10", 10, true, 10 },
		{ "11", 10, false, 0 },
		{ "0", 0, true, 0 },
		{ "1", 0, false, 0 },
		{ "", UINT32_MAX, false, 0 },
		{ "0x", UINT32_MAX, false, 0 },
		{ "x1", UINT32_MAX, false, 0 },
		{ "-1", UINT32_MAX, false, 0 },	/* strtoul would wrap it */
		{ "+1", UINT32_MAX, false, 0 },
		{ " 1", UINT32_MAX, false, 0 },
		{ "1 ", UINT32_MAX, false, 0 },
		{ "1\n", UINT32_MAX, false, 0 },
		{ "12k", UINT32_MAX, false, 0 },
		{ "1.0", UINT32_MAX, false, 0 },
		{ "1e3", UINT32_MAX, false, 0 },
		{ "ff", UINT32_MAX, false, 0 },
		{ "0xfg", UINT32_MAX, false, 0 },
		{ "0x0x1", UINT32_MAX, false, 0 },
		{ "0x-1", UINT32_MAX, false, 0 },
		/* octal or decimal: ambiguous */
		{ "010", UINT32_MAX, false, 0 },
		{ "00", UINT32_MAX, false, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t value = 0xDEADBEEF;

		t_about(cases[i].text);
		EQUAL(parse_u32(cases[i].text, cases[i].max, &value),
		      cases[i].ok);
		/* a refused number leaves the old value */
		EQUAL(value, cases[i].ok ? cases[i].value : 0xDEADBEEF);
	}
}

/* Reads exactly len characters; a sanitizer detects more. */
static void test_number_in_text(void)
{
	char *text = malloc(3);
	uint32_t value = 0;

	t_about("parse_u32_len");
	if (!CHECK(text != NULL))
		return;
	memcpy(text, "128", 3);
	CHECK(parse_u32_len(text, 3, UINT32_MAX, &value));
	EQUAL(value, 128);
	CHECK(parse_u32_len(text, 2, UINT32_MAX, &value));
	EQUAL(value, 12);
	CHECK(!parse_u32_len(text, 0, UINT32_MAX, &value));
	memcpy(text, "0x1", 3);
	CHECK(parse_u32_len(text, 3, UINT32_MAX, &value));
	EQUAL(value, 1);
	CHECK(!parse_u32_len(text, 2, UINT32_MAX, &value));
	CHECK(parse_u32_len(text, 1, UINT32_MAX, &value));
	EQUAL(value, 0);
	free(text);
}

static void test_hex_digit(void)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";
	int c, digit;

	t_about("hex_digit");
	for (c = -1; c < 256; c++) {
		for (digit = 15; digit >= 0; digit--)
			if (c == lower[digit] || c == upper[digit])
				break;
		EQUAL(hex_digit(c), digit);
	}
}

static void test_round(void)
{
	static const struct {
		uint32_t value, step, down, up;
	} cases[] = {
		{ 0, 4, 0, 0 },
		{ 1, 1, 1, 1 },
		{ 1, 4, 0, 4 },
		{ 4, 4, 4, 4 },
		{ 255, 256, 0, 256 },
		{ 257, 256, 256, 512 },
		{ 0x08000001, 32, 0x08000000, 0x08000020 },
		{ 0xFFFFFF01, 256, 0xFFFFFF00, 0 },	/* end of the address
							 * space */
	};
	size_t i;

	t_about("round");
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		EQUAL(round_down(cases[i].value, cases[i].step), cases[i].down);
		EQUAL(round_up(cases[i].value, cases[i].step), cases[i].up);
	}
}

static void test_clock(void)
{
	int64_t us = clock_us(), ms = clock_ms();

	t_about("clock");
	CHECK(us > 0);
	CHECK(ms >= us / 1000);
	CHECK(ms - us / 1000 < 1000);
	clock_sleep_ms(20);
	CHECK(clock_us() - us >= 20 * 1000);
	CHECK(clock_ms() >= ms + 19);	/* rounded down, both */
	us = clock_us();
	clock_sleep_ms(0);
	CHECK(clock_us() >= us);
	CHECK(clock_us() - us < 10 * 1000 * 1000);
}

/* --- CRC ------------------------------------------------------------------ */

static uint32_t crc_of(const void *bytes, size_t len)
{
	return crc_update(CRC_INIT, bytes, len);
}

static uint32_t crc_of_many(uint8_t value, size_t len)
{
	uint8_t block[KIB_BYTES];
	uint32_t crc = CRC_INIT;
	size_t done;

	memset(block, value, sizeof(block));
	for (done = 0; done < len; done += sizeof(block))
		crc = crc_update(crc, block, sizeof(block));
	return crc;
}

static void test_crc_vectors(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t crc;
	} cases[] = {
		{ "", 0, 0xFFFFFFFF },
		{ "\x00\x00\x00\x00", 4, 0xC704DD7B },
		{ "\xFF\xFF\xFF\xFF", 4, 0x00000000 },
		{ "\x01\x02\x03\x04", 4, 0x1DABE74F },
		{ "STM32FLASH!!", 12, 0x20A9564B },
		{ "12345678", 8, 0xFEFC54F9 },
		{ "abcde\xFF\xFF\xFF", 8, 0x60214584 },
		{ "abcde\x00\x00\x00", 8, 0x16D2D84B },
		{ "\x00\x50\x00\x20\x09\x00\x00\x08", 8, 0x8B9358F8 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].bytes);
		EQUAL(crc_of(cases[i].bytes, cases[i].len), cases[i].crc);
	}
	t_about("1 KiB and 64 KiB");
	EQUAL(crc_of_many(0xFF, KIB_BYTES), 0xD000A3E2);
	EQUAL(crc_of_many(0x00, KIB_BYTES), 0x8B0A5208);
	EQUAL(crc_of_many(0xFF, 64 * KIB_BYTES), 0x8D812A84);
}

static void test_crc_chain(void)
{
	uint8_t bytes[257], reply[5];
	uint32_t crc = CRC_INIT;
	size_t i;

	t_about("00..FF");
	for (i = 0; i < 256; i++)
		bytes[i] = (uint8_t)i;
	EQUAL(crc_of(bytes, 256), 0xB7EC66F4);
	/* splitting at any word gives the same result */
	for (i = 0; i <= 256; i += 4) {
		crc = crc_update(CRC_INIT, bytes, i);
		EQUAL(crc_update(crc, bytes + i, 256 - i), 0xB7EC66F4);
	}
	/* as the ROM returns it for Get Checksum */
	put_be32(reply, 0xB7EC66F4);
	reply[4] = xor_sum(reply, 4);
	BYTES(reply, "\xB7\xEC\x66\xF4\xC9", 5);
	/* the bytes need not be aligned */
	memmove(bytes + 1, bytes, 256);
	EQUAL(crc_of(bytes + 1, 256), 0xB7EC66F4);
}

/* --- problems --------------------------------------------------------------- */

static void test_problem(void)
{
	struct problem why = { "" };
	struct {
		struct problem why;
		char behind[4];
	} cut = { { "" }, "end" };
	char longer[sizeof(why.text) + 100];

	t_about("problem");
	problem_default(&why, "at 0x%08X", 0x08000000u);
	TEXT(why.text, "at 0x08000000");
	problem_default(&why, "later");
	TEXT(why.text, "at 0x08000000");
	problem_set(&why, "%s", "replaced");
	TEXT(why.text, "replaced");
	problem_set(NULL, "not wanted: %s", "to know");
	problem_default(NULL, "not wanted: %s", "to know");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	problem_set(&cut.why, "%s", longer);
	EQUAL(strlen(cut.why.text), sizeof(cut.why.text) - 1);
	TEXT(cut.behind, "end");
}

int main(void)
{
	test_bytes();
	test_xor_sum();
	test_numbers();
	test_number_in_text();
	test_hex_digit();
	test_round();
	test_clock();
	test_crc_vectors();
	test_crc_chain();
	test_problem();
	return t_done();
}
