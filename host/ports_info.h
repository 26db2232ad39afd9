/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of ports, and what is known of each. Looks for none: see ports.h.
 */
#ifndef PORTS_INFO_H
#define PORTS_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string of USB has at most 126 characters, of up to 3 bytes each. */
#define PORTS_TEXT 384

enum ports_kind { PORTS_SERIAL, PORTS_I2C };

/* A text that is not known is empty. None has control characters: they may go
 * to a terminal as they are. */
struct port_info {
	enum ports_kind kind;
	char name[PORTS_TEXT];		/* the device argument */
	char driver[64];		/* as the system calls it */
	bool has_usb;
	uint16_t vendor, product;	/* of USB, if has_usb */
	char serial[PORTS_TEXT];	/* of the adapter */
	char manufacturer[PORTS_TEXT];
	char text[PORTS_TEXT];		/* product, or name of the I2C adapter */
	char by_id[PORTS_TEXT];		/* a name that stays, whatever else is
					 * plugged in; Linux only */
};

struct port_list {
	struct port_info *ports;
	size_t count;
};

/* Adds a copy. False: out of memory. */
bool ports_add(struct port_list *list, const struct port_info *port);

/* Puts the list in its order. */
void ports_sort(struct port_list *list);

/* Copies a text from the system, without blanks around it, and with ? for
 * control characters; what is too long is cut. */
void ports_text(char *out, size_t size, const char *text);

/* The order of the list: below, equal to or above 0, as strcmp(). */
int ports_compare(const struct port_info *a, const struct port_info *b);

/* The list is empty then. */
void ports_free(struct port_list *list);

#endif
