/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/gpio.h"

#include <stddef.h>

enum port_err gpio_request(const struct gpio_id *id, struct gpio_line **out,
			   struct problem *why)
{
	(void)id;
	*out = NULL;
	problem_set(why, "GPIO lines work on Linux only");
	return PORT_UNSUPPORTED;
}

/* Never called: this system has no lines. */
enum port_err gpio_set(struct gpio_line *line, bool high, struct problem *why)
{
	(void)line;
	(void)high;
	(void)why;
	return PORT_UNSUPPORTED;
}

void gpio_release(struct gpio_line *line)
{
	(void)line;
}
