/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device table as text for people, or as one JSON object a line.
 */
#ifndef DEVLIST_H
#define DEVLIST_H

#include "dev_table.h"
#include "cli/json.h"

#define DEVLIST_LINE 200	/* room for the longest line and its end */

/* The lines above the rows: 0 and 1. */
const char *devlist_header(unsigned line);
/* One row: ID, name, flash, RAM, pages, erase, I2C addresses. */
void devlist_row(const struct dev *dev, char out[DEVLIST_LINE]);
/* The same as an object of its own. */
void devlist_json(const struct dev *dev, struct json *json);

#endif
