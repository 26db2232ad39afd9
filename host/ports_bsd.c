/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * macOS and the BSDs: the names in /dev of call-out ports, which do not wait
 * for a carrier. Identifying the adapter would need a library: IOKit on macOS,
 * libusb or devinfo elsewhere. OpenBSD and NetBSD also have names for missing
 * ports, which only an open would reveal.
 */
#include "host/ports_scan.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

static const char *const prefixes[] = {
	"cu.",			/* macOS */
	"cuaU", "cuau",		/* FreeBSD: USB, built in; OpenBSD: USB */
	"cua0",			/* OpenBSD: built in */
	"dtyU", "dty0",		/* NetBSD: USB, built in */
};

/* FreeBSD's files for the settings of a port, and ports that macOS uses
 * itself. */
static const char *const no_ports[] = {
	".init", ".lock",
	"cu.Bluetooth-Incoming-Port", "cu.debug-console", "cu.wlan-debug",
};

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool is_port(const char *name)
{
	bool found = false;
	size_t i;

	for (i = 0; i < ARRAY_LEN(prefixes); i++)
		found = found || starts_with(name, prefixes[i]);
	for (i = 0; i < ARRAY_LEN(no_ports); i++)
		found = found && !ends_with(name, no_ports[i]);
	return found;
}

bool ports_scan_names(struct port_list *list, const char *dev)
{
	DIR *dir = opendir(dev);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return true;
	while (ok && (entry = readdir(dir)) != NULL) {
		struct port_info port = { .kind = PORTS_SERIAL };
		char path[PORTS_TEXT];
		int len = snprintf(path, sizeof(path), "%s/%s", dev,
				   entry->d_name);

		if (!is_port(entry->d_name) || len < 0 ||
		    (size_t)len >= sizeof(path))
			continue;
		ports_text(port.name, sizeof(port.name), path);
		ok = ports_add(list, &port);
	}
	(void)closedir(dir);
	return ok;
}

bool ports_scan(struct port_list *list)
{
	return ports_scan_names(list, "/dev");
}
