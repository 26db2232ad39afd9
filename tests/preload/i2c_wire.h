/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One I2C transaction between recorder.so and whoever plays the devices on
 * the bus: a request and a reply, a packet each on a SOCK_SEQPACKET socket of
 * this machine. */
#ifndef I2C_WIRE_H
#define I2C_WIRE_H

#include <stdint.h>

/* As the kernel's i2c-dev. */
#define I2C_WIRE_MAX 8192

struct i2c_request {
	uint8_t read;		/* 1: the host wants len bytes */
	uint8_t address;	/* 7 bits */
	uint16_t len;
	uint32_t timeout_ms;	/* what the adapter waits for the clock */
	uint8_t bytes[I2C_WIRE_MAX];	/* of a write */
};

struct i2c_reply {
	int32_t error;		/* an errno, 0: all of it was transferred */
	uint8_t bytes[I2C_WIRE_MAX];	/* of a read */
};

#endif
