/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports as text, or as JSON, one object per line. */
#ifndef PORTLIST_H
#define PORTLIST_H

#include "cli/json.h"
#include "host/ports_info.h"

#define PORTLIST_LINE 2048	/* the longest line and its end */

/* Column widths of a list, in characters; 0: the column is empty. */
struct portlist_columns {
	int name, driver, usb;
};

struct portlist_columns portlist_measure(const struct port_list *list);
/* Formats one port: name, driver, vendor:product and serial number, text. */
void portlist_row(const struct port_info *port,
		  const struct portlist_columns *columns,
		  char out[PORTLIST_LINE]);
/* Everything known about a port, as a JSON object. */
void portlist_json(const struct port_info *port, struct json *json);

#endif
