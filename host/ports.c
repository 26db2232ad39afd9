/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/ports.h"

#include <string.h>

#include "host/ports_scan.h"

bool ports_list(struct port_list *list)
{
	*list = (struct port_list){ NULL, 0 };
	if (!ports_scan(list)) {
		ports_free(list);
		return false;
	}
	ports_sort(list);
	return true;
}

enum ports_kind ports_kind_of(const char *device)
{
	return strncmp(device, "/dev/i2c", 8) == 0 ||
	       strncmp(device, "i2c-", 4) == 0 ? PORTS_I2C : PORTS_SERIAL;
}
