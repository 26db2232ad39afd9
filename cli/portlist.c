/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/portlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "utils.h"

/* A longer entry exceeds its column, and does not widen it for the other
 * lines. */
#define WIDEST 36

#define USB_TEXT (PORTS_TEXT + 16)

static void usb_text(const struct port_info *port, char out[USB_TEXT])
{
	out[0] = '\0';
	if (port->has_usb)
		snprintf(out, USB_TEXT, "%04" PRIx16 ":%04" PRIx16 "%s%s",
			 port->vendor, port->product,
			 port->serial[0] != '\0' ? " " : "", port->serial);
}

static void widen(int *column, const char *text)
{
	size_t len = strlen(text);

	if (len > WIDEST)
		len = WIDEST;
	if ((int)len > *column)
		*column = (int)len;
}

struct portlist_columns portlist_measure(const struct port_list *list)
{
	struct portlist_columns columns = { 0, 0, 0 };
	char usb[USB_TEXT];
	size_t i;

	for (i = 0; i < list->count; i++) {
		usb_text(&list->ports[i], usb);
		widen(&columns.name, list->ports[i].name);
		widen(&columns.driver, list->ports[i].driver);
		widen(&columns.usb, usb);
	}
	return columns;
}

void portlist_row(const struct port_info *port,
		  const struct portlist_columns *columns,
		  char out[PORTLIST_LINE])
{
	char usb[USB_TEXT];
	const struct { const char *text; int width; } cells[] = {
		{ port->name, columns->name },
		{ port->driver, columns->driver },
		{ usb, columns->usb },
		{ port->text, 0 },
	};
	size_t last = ARRAY_LEN(cells) - 1, len = 0, i;

	usb_text(port, usb);
	while (last > 0 && cells[last].text[0] == '\0')
		last--;
	for (i = 0; i < last; i++)
		if (cells[i].width > 0)
			len += (size_t)snprintf(out + len, PORTLIST_LINE - len,
						"%-*s  ", cells[i].width,
						cells[i].text[0] != '\0' ?
						cells[i].text : "-");
	(void)snprintf(out + len, PORTLIST_LINE - len, "%s", cells[last].text);
}

static const char *known(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static void add_id(struct json *json, const char *key, bool has, uint16_t id)
{
	if (has)
		json_hex(json, key, id, 4);
	else
		json_string(json, key, NULL);
}

void portlist_json(const struct port_info *port, struct json *json)
{
	bool i2c = port->kind == PORTS_I2C;

	json_begin(json, "port");
	json_string(json, "kind", i2c ? "i2c" : "serial");
	json_string(json, "name", port->name);
	json_string(json, "driver", known(port->driver));
	add_id(json, "usb_vendor", port->has_usb, port->vendor);
	add_id(json, "usb_product", port->has_usb, port->product);
	json_string(json, "serial", known(port->serial));
	json_string(json, "manufacturer", known(port->manufacturer));
	json_string(json, i2c ? "adapter" : "product", known(port->text));
	json_string(json, "by_id", known(port->by_id));
	json_end(json);
}
