/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux: reads sysfs, see Documentation/ABI of the kernel. Lists a port if it
 * has hardware and a node in /dev: in a container, sysfs shows ports of the
 * host that cannot be opened.
 */
#include "host/ports_scan.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/sysfs.h"
#include "utils.h"

struct scan {
	struct port_list *list;
	const char *sys, *dev;
};

/* Calls look() with every name in a directory, which may be missing. */
static bool for_each_name(const struct scan *scan, const char *root,
			  const char *below,
			  bool (*look)(const struct scan *, const char *name))
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = NULL;
	bool ok = true;

	if (sysfs_path(path, "%s/%s", root, below))
		dir = opendir(path);
	if (dir == NULL)
		return true;
	while (ok && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ok = look(scan, entry->d_name);
	(void)closedir(dir);
	return ok;
}

static bool read_id(const char *dir, const char *name, uint16_t *id)
{
	char text[8];
	char *end;

	if (!sysfs_attribute(dir, name, text, sizeof(text)))
		return false;
	*id = (uint16_t)strtoul(text, &end, 16);
	return end == text + 4 && *end == '\0';
}

/* Finds the USB device that the port belongs to, if any. */
static void find_usb(const struct scan *scan, const char *device,
		     struct port_info *port)
{
	char at[PATH_MAX];

	if (!sysfs_path(at, "%s", device))
		return;
	do {
		port->has_usb = read_id(at, "idVendor", &port->vendor) &&
				read_id(at, "idProduct", &port->product);
	} while (!port->has_usb && sysfs_up(scan->sys, at));
	if (!port->has_usb)
		return;
	(void)sysfs_attribute(at, "serial", port->serial, sizeof(port->serial));
	(void)sysfs_attribute(at, "manufacturer", port->manufacturer,
			     sizeof(port->manufacturer));
	(void)sysfs_attribute(at, "product", port->text, sizeof(port->text));
}

/*
 * The kernel creates ttyS0 to ttyS3, or more, for hardware that may be
 * missing: such a port has type 0. Older kernels let only root read the type,
 * but there the ports without hardware have the generic driver that does no
 * detection.
 */
static bool is_phantom(const char *tty, const char *driver)
{
	char path[PATH_MAX], type[16];

	if (sysfs_attribute(tty, "type", type, sizeof(type)))
		return strcmp(type, "0") == 0;
	return sysfs_path(path, "%s/type", tty) && access(path, F_OK) == 0 &&
	       strcmp(driver, "serial8250") == 0;
}

/* Finds the node of a device; sysfs writes ! for / in a name. */
static bool find_node(const struct scan *scan, const char *name,
		      struct port_info *port)
{
	char path[PATH_MAX], *c;

	if (!sysfs_path(path, "%s/%s", scan->dev, name) ||
	    strlen(path) >= sizeof(port->name))
		return false;
	for (c = path + strlen(scan->dev); *c != '\0'; c++)
		if (*c == '!')
			*c = '/';
	if (access(path, F_OK) != 0)
		return false;
	ports_text(port->name, sizeof(port->name), path);
	return true;
}

/* Consoles and ptys have no device; a Bluetooth port has one only while it is
 * connected. */
static bool add_tty(const struct scan *scan, const char *name)
{
	struct port_info port = { .kind = PORTS_SERIAL };
	char tty[PATH_MAX], path[PATH_MAX], device[PATH_MAX];

	if (!sysfs_path(tty, "%s/class/tty/%s", scan->sys, name) ||
	    !sysfs_path(path, "%s/device", tty) || !find_node(scan, name, &port))
		return true;
	if (strncmp(name, "rfcomm", 6) == 0) {
		ports_text(port.driver, sizeof(port.driver), "rfcomm");
		return ports_add(scan->list, &port);
	}
	if (realpath(path, device) == NULL)
		return true;
	sysfs_driver(scan->sys, device, port.driver, sizeof(port.driver));
	if (is_phantom(tty, port.driver))
		return true;
	find_usb(scan, device, &port);
	return ports_add(scan->list, &port);
}

/* Lists the buses for which the i2c-dev driver has created a node. */
static bool add_bus(const struct scan *scan, const char *name)
{
	struct port_info port = { .kind = PORTS_I2C };
	char bus[PATH_MAX], path[PATH_MAX], device[PATH_MAX];

	if (!sysfs_path(bus, "%s/class/i2c-dev/%s", scan->sys, name) ||
	    !sysfs_path(path, "%s/device", bus) || !find_node(scan, name, &port))
		return true;
	if (realpath(path, device) != NULL) {
		sysfs_driver(scan->sys, device, port.driver, sizeof(port.driver));
		find_usb(scan, device, &port);
	}
	/* More specific than the product name. */
	(void)sysfs_attribute(bus, "name", port.text, sizeof(port.text));
	return ports_add(scan->list, &port);
}

/* Follows a link to a port. Of several links keeps the first by name, whatever
 * the directory's order. */
static bool note_by_id(const struct scan *scan, const char *name)
{
	char dir[PATH_MAX], link[PATH_MAX], base[PORTS_TEXT], node[PATH_MAX];
	struct port_info *port = scan->list->ports;
	size_t i;

	if (!sysfs_path(dir, "%s/serial/by-id", scan->dev) ||
	    !sysfs_path(link, "%s/%s", dir, name) ||
	    strlen(link) >= sizeof(port->by_id) ||
	    !sysfs_link(dir, name, base, sizeof(base)) ||
	    !sysfs_path(node, "%s/%s", scan->dev, base))
		return true;
	for (i = 0; i < scan->list->count; i++, port++)
		if (strcmp(port->name, node) == 0 &&
		    (port->by_id[0] == '\0' || strcmp(link, port->by_id) < 0))
			ports_text(port->by_id, sizeof(port->by_id), link);
	return true;
}

bool ports_scan_sysfs(struct port_list *list, const char *sys, const char *dev)
{
	const struct scan scan = { list, sys, dev };

	return for_each_name(&scan, sys, "class/tty", add_tty) &&
	       for_each_name(&scan, sys, "class/i2c-dev", add_bus) &&
	       for_each_name(&scan, dev, "serial/by-id", note_by_id);
}

bool ports_scan(struct port_list *list)
{
	return ports_scan_sysfs(list, "/sys", "/dev");
}
