/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows, by the registry: SERIALCOMM has the names of the present ports, and
 * Enum has every device that was ever connected, as Enum\bus\device\instance.
 */
#include "host/ports_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define CONTROL_SET "SYSTEM\\CurrentControlSet\\"
#define KEY_NAME 256	/* Windows' limit, with the terminating 0 */
#define WIDE_TEXT 256

enum level { BUS, DEVICE, INSTANCE, LEVELS };

struct scan {
	struct port_list *list;
	char names[LEVELS][KEY_NAME];	/* of the keys down to this level */
};

/* Texts may be in the user's language; converts them to UTF-8. */
static bool read_text(HKEY key, const wchar_t *below, const wchar_t *name,
		      char *out, size_t size)
{
	wchar_t wide[WIDE_TEXT];
	char text[WIDE_TEXT * 3];
	DWORD bytes = sizeof(wide);

	out[0] = '\0';
	if (RegGetValueW(key, below, name, RRF_RT_REG_SZ, NULL, wide,
			 &bytes) != ERROR_SUCCESS ||
	    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof(text),
				NULL, NULL) == 0)
		return false;
	ports_text(out, size, text);
	return true;
}

static bool add_ports(struct port_list *list, HKEY key)
{
	char value[KEY_NAME], data[KEY_NAME];
	bool ok = true;
	DWORD i;

	for (i = 0; ok; i++) {
		struct port_info port = { .kind = PORTS_SERIAL };
		DWORD len = sizeof(value), bytes = sizeof(data) - 1, type;
		LSTATUS status = RegEnumValueA(key, i, value, &len, NULL,
					       &type, (BYTE *)data, &bytes);

		if (status == ERROR_NO_MORE_ITEMS)
			break;
		if (status != ERROR_SUCCESS || type != REG_SZ)
			continue;
		data[bytes] = '\0';
		ports_text(port.name, sizeof(port.name), data);
		ok = ports_add(list, &port);
	}
	return ok;
}

static struct port_info *find_port(const struct port_list *list,
				   const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (_stricmp(list->ports[i].name, name) == 0)
			return &list->ports[i];
	return NULL;
}

/* A driver lists the devices that it serves now. */
static bool is_there(const struct scan *scan, const char *driver)
{
	char path[KEY_NAME], want[LEVELS * KEY_NAME], got[LEVELS * KEY_NAME];
	char number[16];
	bool found = false;
	HKEY key;
	DWORD i;

	(void)snprintf(want, sizeof(want), "%s\\%s\\%s", scan->names[BUS],
		       scan->names[DEVICE], scan->names[INSTANCE]);
	(void)snprintf(path, sizeof(path), CONTROL_SET "Services\\%s\\Enum",
		       driver);
	if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) !=
	    ERROR_SUCCESS)
		return false;
	for (i = 0; !found; i++) {
		DWORD bytes = sizeof(got);

		(void)snprintf(number, sizeof(number), "%lu", i);
		if (RegGetValueA(key, NULL, number, RRF_RT_REG_SZ, NULL, got,
				 &bytes) != ERROR_SUCCESS)
			break;
		found = _stricmp(got, want) == 0;
	}
	(void)RegCloseKey(key);
	return found;
}

/* Reads the four hex digits after VID_ or PID_, in either case. */
static bool read_id(const char *text, const char *mark, uint16_t *id)
{
	size_t len = strlen(mark);
	char digits[5], *end;

	while (*text != '\0' && _strnicmp(text, mark, len) != 0)
		text++;
	if (*text == '\0')
		return false;
	(void)snprintf(digits, sizeof(digits), "%s", text + len);
	*id = (uint16_t)strtoul(digits, &end, 16);
	return end == digits + 4;
}

/* USB\VID_10C4&PID_EA60\0001; an instance with & is a number that Windows made
 * up. FTDI appends the letter of the port to the serial number:
 * FTDIBUS\VID_0403+PID_6001+A50285BIA\0000. */
static void read_serial(const struct scan *scan, char *out, size_t size)
{
	const char *serial = scan->names[INSTANCE];
	const char *plus = strrchr(scan->names[DEVICE], '+');
	bool ftdi = _stricmp(scan->names[BUS], "FTDIBUS") == 0;

	if (ftdi)
		serial = plus != NULL ? plus + 1 : "";
	if (strchr(serial, '&') != NULL)
		return;
	ports_text(out, size, serial);
	if (ftdi && out[0] != '\0')
		out[strlen(out) - 1] = '\0';
}

/* Removes the port from "USB Serial Port (COM3)". */
static void cut_name(char *text, const char *name)
{
	char end[KEY_NAME];
	size_t len = strlen(text), end_len;

	(void)snprintf(end, sizeof(end), " (%s)", name);
	end_len = strlen(end);
	if (len >= end_len && _stricmp(text + len - end_len, end) == 0)
		text[len - end_len] = '\0';
}

/* Removes the source of the text: "@oem12.inf,%ftdi%;FTDI". */
static void cut_source(char *text)
{
	const char *semicolon = strrchr(text, ';');

	if (text[0] == '@' && semicolon != NULL)
		memmove(text, semicolon + 1, strlen(semicolon + 1) + 1);
}

/* An adapter that was removed may have had the same name: use it until a
 * present one is found. */
static void look_at_instance(const struct scan *scan, HKEY key)
{
	struct port_info info = { .kind = PORTS_SERIAL }, *port;
	const char *device = scan->names[DEVICE];

	if (!read_text(key, L"Device Parameters", L"PortName", info.name,
		       sizeof(info.name)))
		return;
	port = find_port(scan->list, info.name);
	(void)read_text(key, NULL, L"Service", info.driver,
			sizeof(info.driver));
	if (port == NULL ||
	    (port->driver[0] != '\0' && !is_there(scan, info.driver)))
		return;
	(void)read_text(key, NULL, L"FriendlyName", info.text,
			sizeof(info.text));
	cut_name(info.text, info.name);
	(void)read_text(key, NULL, L"Mfg", info.manufacturer,
			sizeof(info.manufacturer));
	cut_source(info.manufacturer);
	info.has_usb = read_id(device, "VID_", &info.vendor) &&
		       read_id(device, "PID_", &info.product);
	if (info.has_usb)
		read_serial(scan, info.serial, sizeof(info.serial));
	*port = info;
}

static void look_below(struct scan *scan, HKEY parent, enum level level)
{
	char *name = scan->names[level];
	DWORD i, len = KEY_NAME;
	HKEY key;

	for (i = 0; RegEnumKeyExA(parent, i, name, &len, NULL, NULL, NULL,
				  NULL) == ERROR_SUCCESS; i++) {
		len = KEY_NAME;
		if (RegOpenKeyExA(parent, name, 0, KEY_READ, &key) !=
		    ERROR_SUCCESS)
			continue;
		if (level == INSTANCE)
			look_at_instance(scan, key);
		else
			look_below(scan, key, level + 1);
		(void)RegCloseKey(key);
	}
}

bool ports_scan(struct port_list *list)
{
	struct scan scan = { .list = list };
	bool ok = true;
	HKEY key;

	if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, "HARDWARE\\DEVICEMAP\\SERIALCOMM",
			  0, KEY_READ, &key) == ERROR_SUCCESS) {
		ok = add_ports(list, key);
		(void)RegCloseKey(key);
	}
	if (ok && list->count > 0 &&
	    RegOpenKeyExA(HKEY_LOCAL_MACHINE, CONTROL_SET "Enum", 0, KEY_READ,
			  &key) == ERROR_SUCCESS) {
		look_below(&scan, key, BUS);
		(void)RegCloseKey(key);
	}
	return ok;
}
