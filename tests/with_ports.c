/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked into the program instead of the code that finds the system's ports:
 * TEST_PORTS="12 2" in the environment makes up 12 adapters and 2 I2C buses.
 */
#include <stdio.h>
#include <stdlib.h>

#include "host/ports_scan.h"

static bool add_adapter(struct port_list *list, unsigned number)
{
	struct port_info port = { .kind = PORTS_SERIAL, .has_usb = true,
				  .vendor = 0x0403, .product = 0x6001 };

	snprintf(port.name, sizeof(port.name), "/dev/ttyUSB%u", number);
	snprintf(port.serial, sizeof(port.serial), "\"A\\ %u\"", number);
	snprintf(port.by_id, sizeof(port.by_id), "/dev/serial/by-id/usb-%u",
		 number);
	ports_text(port.driver, sizeof(port.driver), "ftdi_sio");
	ports_text(port.manufacturer, sizeof(port.manufacturer), "FTDI\033[2J");
	ports_text(port.text, sizeof(port.text), "FT232R \302\256 \377");
	return ports_add(list, &port);
}

static bool add_bus(struct port_list *list, unsigned number)
{
	struct port_info port = { .kind = PORTS_I2C };

	snprintf(port.name, sizeof(port.name), "/dev/i2c-%u", number);
	ports_text(port.text, sizeof(port.text), "made up");
	return ports_add(list, &port);
}

/* In reverse order: the caller must sort them. */
bool ports_scan(struct port_list *list)
{
	const char *counts = getenv("TEST_PORTS");
	unsigned adapters = 0, buses = 0;

	if (counts != NULL)
		(void)sscanf(counts, "%u %u", &adapters, &buses);
	while (buses > 0)
		if (!add_bus(list, --buses))
			return false;
	while (adapters > 0)
		if (!add_adapter(list, --adapters))
			return false;
	return true;
}
