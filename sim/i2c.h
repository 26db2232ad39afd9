/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device as a slave on an I2C bus, AN4221: what its ROM does between the
 * START and the STOP of each transaction. It waits for one of exactly the
 * right direction and length; what does not suit holds the clock until the
 * ROM gives up and resets the chip.
 */
#ifndef SIM_I2C_H
#define SIM_I2C_H

#include <stdbool.h>
#include <stdint.h>

struct sim;

struct i2c_slave {
	bool stuck;		/* nothing but its own reset helps */
	int64_t gives_up_us;	/* then it resets itself; 0: it waits for the
				 * next command, as long as it takes */
	int64_t first_poll_us;	/* the clock is held until then in spite of a
				 * no-stretch command; 0: not polled yet */
};

/* The protocol version, and whether it has no-stretch commands. */
uint8_t i2c_version(const struct sim *sim);
bool i2c_no_stretch(const struct sim *sim);

#endif
