/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small things every module needs: bytes in wire order, the XOR checksum,
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

/* XOR over len bytes, 0 for none: AN3155, the checksum of every packet. */
uint8_t xor_sum(const uint8_t *bytes, size_t len);

/*
 * The whole of text is a number, decimal or 0x and hex digits, at most max:
 * true and *value set. No sign, no blanks, no suffix; a leading zero is
 * refused, as it would be octal to some readers and decimal to others.
 */
bool parse_u32(const char *text, uint32_t max, uint32_t *value);

/* The same for the len characters at text, which need no end mark. */
bool parse_u32_len(const char *text, size_t len, uint32_t max,
		   uint32_t *value);

/* The value of one hex digit of either case, or -1. */
int hex_digit(int c);

/* Round to a multiple of step, which must be a power of two. */
uint32_t round_down(uint32_t value, uint32_t step);
uint32_t round_up(uint32_t value, uint32_t step);

/* Milliseconds and microseconds of a clock that never goes back. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* Returns not before ms milliseconds have passed, signals or not. */
void clock_sleep_ms(unsigned ms);

#endif
