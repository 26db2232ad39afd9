/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/devlist.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "problem.h"
#include "utils.h"

/* A line that grows; text that does not fit is cut. */
struct line {
	char *text;
	size_t len, room;
};

static void add(struct line *line, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct line *line, const char *fmt, ...)
{
	size_t left = line->room - line->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line->text + line->len, left, fmt, args);
	va_end(args);
	if (n > 0)
		line->len += (size_t)n < left ? (size_t)n : left - 1;
}

/* How to erase the whole flash: by one command, or page by page. */
static const char *erase_text(const struct dev *dev)
{
	if (dev->erase_command == 0)
		return "?";
	if (dev->quirks & DEV_NO_MASS_ERASE)
		return "pages";
	return dev->erase_command == 0x43 ? "0x43" : "0x44";
}

static uint32_t kib(const struct range *range)
{
	return (range->end - range->start) / 1024;
}

static void add_pages(struct line *line, const struct dev *dev,
		      const char *times, const char *between)
{
	const struct page_run *run;

	for (run = dev->pages; run != NULL && run->count != 0; run++)
		add(line, "%s%u%s%" PRIu32, run == dev->pages ? "" : between,
		    run->count, times, run->size);
}

static void add_text_row(struct line *line, const struct dev *dev)
{
	struct line pages = { (char[80]){ "" }, 0, 80 };
	size_t i;

	add_pages(&pages, dev, "x", "+");
	add(line, "0x%-8.3" PRIX32 " %5" PRIu32 " %5" PRIu32 "  %-24s %-5s ",
	    dev->id, kib(&dev->flash), kib(&dev->ram),
	    pages.len != 0 ? pages.text : "-", erase_text(dev));
	for (i = 0; i < ARRAY_LEN(dev->i2c_address); i++)
		if (dev->i2c_address[i] != 0)
			add(line, "%s0x%02X", i > 0 ? "/" : "",
			    dev->i2c_address[i]);
	add(line, "%s %s%s", dev->i2c_address[1] != 0 ? "" :
	    dev->i2c_address[0] != 0 ? "     " : "-        ", dev->name,
	    dev->quirks & DEV_OTHER_PROTOCOL ? " (another protocol)" : "");
}

void devlist_json(const struct dev *dev, struct json *json)
{
	const struct page_run *run;
	size_t i;

	json_begin(json, "device");
	json_hex(json, "id", dev->id, 3);
	json_string(json, "name", dev->name);
	json_number(json, "flash_start", dev->flash.start);
	json_number(json, "flash_bytes", dev->flash.end - dev->flash.start);
	json_number(json, "ram_start", dev->ram.start);
	json_number(json, "ram_end", dev->ram.end);
	json_open(json, "pages", '[');
	for (run = dev->pages; run != NULL && run->count != 0; run++) {
		json_open(json, NULL, '[');
		json_element(json, run->count);
		json_element(json, run->size);
		json_close(json, ']');
	}
	json_close(json, ']');
	json_string(json, "erase", erase_text(dev));
	json_open(json, "i2c", '[');
	for (i = 0; i < ARRAY_LEN(dev->i2c_address); i++)
		if (dev->i2c_address[i] != 0)
			json_element(json, dev->i2c_address[i]);
	json_close(json, ']');
	json_bool(json, "an3155", !(dev->quirks & DEV_OTHER_PROTOCOL));
	json_end(json);
}

const char *devlist_header(unsigned line)
{
	return line == 0 ? "ID         flash   RAM  pages (bytes)            "
			   "erase I2C       part"
			 : "             KiB   KiB";
}

void devlist_row(const struct dev *dev, char out[DEVLIST_LINE])
{
	struct line line = { out, 0, DEVLIST_LINE };

	out[0] = '\0';
	add_text_row(&line, dev);
}
