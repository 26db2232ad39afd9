/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of ports, with the facts about each. ports.h fills it. */
#ifndef PORTS_INFO_H
#define PORTS_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A USB string has at most 126 characters, of up to 3 bytes each. */
#define PORTS_TEXT 384

enum ports_kind { PORTS_SERIAL, PORTS_I2C };

/* An unknown text is empty. No text has control characters, so all can be
 * printed on a terminal. */
struct port_info {
	enum ports_kind kind;
	char name[PORTS_TEXT];		/* the device argument */
	char driver[64];		/* the system's name for it */
	bool has_usb;
	uint16_t vendor, product;	/* of USB, if has_usb */
	char serial[PORTS_TEXT];	/* serial number of the adapter */
	char manufacturer[PORTS_TEXT];
	char text[PORTS_TEXT];		/* product, or name of the I2C adapter */
	char by_id[PORTS_TEXT];		/* a name that does not depend on other
					 * devices; Linux only */
};

struct port_list {
	struct port_info *ports;
	size_t count;
};

/* Adds a copy. False: out of memory. */
bool ports_add(struct port_list *list, const struct port_info *port);

/* Sorts the list. */
void ports_sort(struct port_list *list);

/* Copies a text from the system: strips blanks around it, replaces control
 * characters by ?, and cuts what is too long. */
void ports_text(char *out, size_t size, const char *text);

/* Compares two ports for the order of the list, as strcmp() does. */
int ports_compare(const struct port_info *a, const struct port_info *b);

/* Frees and empties the list. */
void ports_free(struct port_list *list);

#endif
