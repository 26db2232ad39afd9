/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small helpers for every module: bytes in wire order, the XOR checksum,
 * strict numbers, the monotonic clock.
 */
#ifndef UTILS_H
#define UTILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* The wire is big endian, the chip's memory and ELF are little endian. */
void put_be16(uint8_t *out, uint16_t value);
void put_be32(uint8_t *out, uint32_t value);
void put_le32(uint8_t *out, uint32_t value);
uint16_t get_be16(const uint8_t *in);
uint32_t get_be32(const uint8_t *in);
uint16_t get_le16(const uint8_t *in);
uint32_t get_le32(const uint8_t *in);

/* XOR over len bytes, 0 for none: the checksum of every AN3155 packet. */
uint8_t xor_sum(const uint8_t *bytes, size_t len);

/*
 * Parses all of text as a number, decimal or 0x and hex digits, at most max;
 * sets *value and returns true on success. Refuses a sign, blanks, a suffix,
 * and leading zeros, which could be read as octal or as decimal.
 */
bool parse_u32(const char *text, uint32_t max, uint32_t *value);

/* The same for the len characters at text, which need no terminating 0. */
bool parse_u32_len(const char *text, size_t len, uint32_t max,
		   uint32_t *value);

/* The value of one hex digit of either case, or -1. */
int hex_digit(int c);

/* Round to a multiple of step, which must be a power of two. */
uint32_t round_down(uint32_t value, uint32_t step);
uint32_t round_up(uint32_t value, uint32_t step);

/* Milliseconds and microseconds of a monotonic clock. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* Sleeps at least ms milliseconds, even if signals arrive. */
void clock_sleep_ms(unsigned ms);

#endif
