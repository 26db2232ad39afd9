/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "devlist.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "problem.h"
#include "utils.h"

/* A line that grows, and is cut where it is full. */
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

/* How everything is erased: by one command, or page by page. */
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

static void add_json_row(struct line *line, const struct dev *dev)
{
	const char *comma = "";
	size_t i;

	add(line, "{\"type\":\"device\",\"id\":\"0x%03" PRIX32 "\",\"name\":"
	    "\"%s\",\"flash_start\":%" PRIu32 ",\"flash_bytes\":%" PRIu32
	    ",\"ram_start\":%" PRIu32 ",\"ram_end\":%" PRIu32, dev->id,
	    dev->name, dev->flash.start, dev->flash.end - dev->flash.start,
	    dev->ram.start, dev->ram.end);
	add(line, ",\"pages\":[");
	if (dev->pages != NULL && dev->pages->count != 0) {
		add(line, "[");
		add_pages(line, dev, ",", "],[");
		add(line, "]");
	}
	add(line, "],\"erase\":\"%s\",\"i2c\":[", erase_text(dev));
	for (i = 0; i < ARRAY_LEN(dev->i2c_address); i++) {
		if (dev->i2c_address[i] == 0)
			continue;
		add(line, "%s%u", comma, dev->i2c_address[i]);
		comma = ",";
	}
	add(line, "],\"an3155\":%s}",
	    dev->quirks & DEV_OTHER_PROTOCOL ? "false" : "true");
}

const char *devlist_header(void)
{
	return "ID         flash   RAM  pages (bytes)            erase I2C       "
	       "part\n             KiB   KiB";
}

void devlist_row(const struct dev *dev, bool json, char out[DEVLIST_LINE])
{
	struct line line = { out, 0, DEVLIST_LINE };

	out[0] = '\0';
	if (json)
		add_json_row(&line, dev);
	else
		add_text_row(&line, dev);
}
