/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports as lines for people, or as one JSON object a line.
 */
#ifndef PORTLIST_H
#define PORTLIST_H

#include "cli/json.h"
#include "host/ports_info.h"

#define PORTLIST_LINE 2048	/* room for the longest line and its end */

/* Of a list, so that its lines align; 0: a column that has nothing. */
struct portlist_columns {
	int name, driver, usb;
};

struct portlist_columns portlist_measure(const struct port_list *list);
/* One port: name, driver, vendor:product and serial number, text. */
void portlist_row(const struct port_info *port,
		  const struct portlist_columns *columns,
		  char out[PORTLIST_LINE]);
/* All that is known, as an object of its own. */
void portlist_json(const struct port_info *port, struct json *json);

#endif
