/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device table as text, or as JSON, one object per line. */
#ifndef DEVLIST_H
#define DEVLIST_H

#include "dev_table.h"
#include "cli/json.h"

#define DEVLIST_LINE 200	/* the longest line and its end */

/* Returns a heading line: 0 or 1. */
const char *devlist_header(unsigned line);
/* Formats one row: ID, name, flash, RAM, pages, erase, I2C addresses. */
void devlist_row(const struct dev *dev, char out[DEVLIST_LINE]);
/* The same as a JSON object. */
void devlist_json(const struct dev *dev, struct json *json);

#endif
