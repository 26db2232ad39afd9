/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/gpio.h"

#include "host/gpio_line.h"

enum port_err gpio_request(const struct gpio_id *id, struct gpio_line **out,
			   struct problem *why)
{
	*out = NULL;
	if (id->chip != GPIO_NO_CHIP)
		return gpio_cdev_request((unsigned)id->chip, id->line, out,
					 why);
	if (gpio_sysfs_exists())
		return gpio_sysfs_request(id->line, out, why);
	return gpio_cdev_request(0, id->line, out, why);
}

enum port_err gpio_set(struct gpio_line *line, bool high, struct problem *why)
{
	return line->ops->set(line, high, why);
}

void gpio_release(struct gpio_line *line)
{
	if (line != NULL)
		line->ops->release(line);
}
