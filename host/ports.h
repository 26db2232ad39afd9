/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports that a device argument could name, and what the system knows of
 * them. Nothing is opened for that: on many boards an open port moves RTS and
 * DTR, and with them the reset.
 */
#ifndef PORTS_H
#define PORTS_H

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

/*
 * In order: serial ports first, ttyUSB2 before ttyUSB10. None at all is no
 * failure. False: out of memory, and *list is empty; else ports_free().
 */
bool ports_list(struct port_list *list);
void ports_free(struct port_list *list);

/* What kind of port the user means by this name. */
enum ports_kind ports_kind_of(const char *device);

/* The order of the list: below, equal to or above 0, as strcmp(). */
int ports_compare(const struct port_info *a, const struct port_info *b);

#endif
