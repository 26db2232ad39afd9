/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "utils.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <windows.h>
#endif

void put_be16(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

void put_be32(uint8_t *out, uint32_t value)
{
	put_be16(out, (uint16_t)(value >> 16));
	put_be16(out + 2, (uint16_t)value);
}

void put_le32(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
	out[2] = (uint8_t)(value >> 16);
	out[3] = (uint8_t)(value >> 24);
}

uint16_t get_be16(const uint8_t *in)
{
	return (uint16_t)((unsigned)in[0] << 8 | in[1]);
}

uint32_t get_be32(const uint8_t *in)
{
	return (uint32_t)get_be16(in) << 16 | get_be16(in + 2);
}

uint16_t get_le16(const uint8_t *in)
{
	return (uint16_t)((unsigned)in[1] << 8 | in[0]);
}

uint32_t get_le32(const uint8_t *in)
{
	return (uint32_t)get_le16(in + 2) << 16 | get_le16(in);
}

uint8_t xor_sum(const uint8_t *bytes, size_t len)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum ^= bytes[i];
	return sum;
}

int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool parse_u32_len(const char *text, size_t len, uint32_t max, uint32_t *value)
{
	uint64_t sum = 0;
	int base = 10;
	size_t i = 0;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		i = 2;
	} else if (len > 1 && text[0] == '0') {
		return false;
	}
	if (i == len)
		return false;
	for (; i < len; i++) {
		int digit = hex_digit((unsigned char)text[i]);

		if (digit < 0 || digit >= base)
			return false;
		sum = sum * (unsigned)base + (unsigned)digit;
		if (sum > max)
			return false;
	}
	*value = (uint32_t)sum;
	return true;
}

bool parse_u32(const char *text, uint32_t max, uint32_t *value)
{
	return parse_u32_len(text, strlen(text), max, value);
}

uint32_t round_down(uint32_t value, uint32_t step)
{
	return value & ~(step - 1);
}

uint32_t round_up(uint32_t value, uint32_t step)
{
	return round_down(value + (step - 1), step);
}

#ifdef _WIN32
int64_t clock_us(void)
{
	LARGE_INTEGER ticks, per_second;

	QueryPerformanceFrequency(&per_second);
	QueryPerformanceCounter(&ticks);
	return ticks.QuadPart / per_second.QuadPart * 1000000 +
	       ticks.QuadPart % per_second.QuadPart * 1000000 /
	       per_second.QuadPart;
}

void clock_sleep_ms(unsigned ms)
{
	Sleep(ms);
}
#else
int64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_sleep_ms(unsigned ms)
{
	struct timespec left = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}
#endif

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}
