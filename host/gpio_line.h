/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two kernel interfaces to a GPIO line on Linux, for gpio.c. */
#ifndef GPIO_LINE_H
#define GPIO_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "port.h"
#include "problem.h"

/* The consumer that gpioinfo shows. */
#define GPIO_CONSUMER "stm32flash"

struct gpio_line;

struct gpio_line_ops {
	enum port_err (*set)(struct gpio_line *, bool high, struct problem *);
	void (*release)(struct gpio_line *);	/* frees the line */
};

/* Embedded first in the struct of each interface. */
struct gpio_line {
	const struct gpio_line_ops *ops;
};

/* The old interface, by number. */
bool gpio_sysfs_exists(void);
enum port_err gpio_sysfs_request(uint32_t number, struct gpio_line **out,
				 struct problem *why);

/* The character device, by chip and line. */
enum port_err gpio_cdev_request(unsigned chip, uint32_t offset,
				struct gpio_line **out, struct problem *why);

#endif
