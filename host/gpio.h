/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GPIO lines of the host, one at a time: requested without a change, driven,
 * and restored at the end. Only for Linux; on other systems gpio_none.c
 * reports that there are none.
 */
#ifndef GPIO_H
#define GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "port.h"
#include "problem.h"

/* A plain number: sysfs if the system has it, else a line of gpiochip0. */
#define GPIO_NO_CHIP (-1)

struct gpio_id {
	int chip;		/* N of gpiochipN, or GPIO_NO_CHIP */
	uint32_t line;
};

struct gpio_line;

/* Requests a line without changing it. On success the caller owns *out; on
 * failure *out is NULL and *why says what to do. */
enum port_err gpio_request(const struct gpio_id *id, struct gpio_line **out,
			   struct problem *why);

/* Makes the line an output; high: true is high at the pin. */
enum port_err gpio_set(struct gpio_line *line, bool high, struct problem *why);

/* Restores direction and level. NULL is allowed. */
void gpio_release(struct gpio_line *line);

#endif
