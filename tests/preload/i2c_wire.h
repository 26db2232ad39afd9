/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One I2C transaction between recorder.so and the program that emulates the
 * devices on the bus: a request and a reply, each a packet on a local
 * SOCK_SEQPACKET socket. */
#ifndef I2C_WIRE_H
#define I2C_WIRE_H

#include <stdint.h>

/* As in the kernel's i2c-dev. */
#define I2C_WIRE_MAX 8192

struct i2c_request {
	uint8_t read;		/* 1: the host reads len bytes */
	uint8_t address;	/* 7 bits */
	uint16_t len;
	uint32_t timeout_ms;	/* how long the adapter waits for the clock */
	uint8_t bytes[I2C_WIRE_MAX];	/* to write */
};

struct i2c_reply {
	int32_t error;		/* an errno, 0: all bytes were transferred */
	uint8_t bytes[I2C_WIRE_MAX];	/* that were read */
};

#endif
