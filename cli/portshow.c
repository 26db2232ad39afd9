/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/portshow.h"

#include "cli/portlist.h"
#include "host/ports.h"
#include "cli/report.h"

#define SHORT_LIST 8

#define CHECK_IT "is the adapter plugged in, and its driver loaded?"

/* Passes text and objects; report.c shows what the user asked for. */
static void show(const struct port_list *list)
{
	struct portlist_columns columns = portlist_measure(list);
	char line[PORTLIST_LINE];
	struct json json;
	size_t i;

	for (i = 0; i < list->count; i++) {
		portlist_row(&list->ports[i], &columns, line);
		report_result("%s", line);
		if (list->ports[i].by_id[0] != '\0')
			report_result("    %s", list->ports[i].by_id);
		portlist_json(&list->ports[i], &json);
		report_result_object(&json);
	}
}

enum exit_status portshow_list(void)
{
	struct port_list list;

	if (!ports_list(&list)) {
		report_failure(STATUS_DEVICE, "out of memory for the list of "
			       "ports");
		return STATUS_DEVICE;
	}
	if (list.count == 0)
		report_warning("no serial port or I2C bus found: " CHECK_IT);
	show(&list);
	ports_free(&list);
	return STATUS_DONE;
}

/* Indented, as they belong to the message before. */
static void hint(const struct port_list *list, size_t most, bool by_id)
{
	struct portlist_columns columns = portlist_measure(list);
	char line[PORTLIST_LINE];
	size_t i;

	report_hint("  ports found:");
	for (i = 0; i < list->count && i < most; i++) {
		portlist_row(&list->ports[i], &columns, line);
		report_hint("    %s", line);
		if (by_id && list->ports[i].by_id[0] != '\0')
			report_hint("        %s", list->ports[i].by_id);
	}
	if (i < list->count)
		report_hint("    and %zu more: --list-ports", list->count - i);
}

void portshow_choice(void)
{
	struct port_list list;

	if (!ports_list(&list))
		return;
	if (list.count == 0)
		report_hint("  no serial port or I2C bus found: " CHECK_IT);
	else
		hint(&list, list.count, true);
	ports_free(&list);
}

/* The list is sorted by kind. */
static struct port_list of_kind(const struct port_list *list,
				enum ports_kind kind)
{
	struct port_list part = { list->ports, 0 };
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->ports[i].kind == kind && part.count++ == 0)
			part.ports = &list->ports[i];
	return part;
}

void portshow_others(const char *device)
{
	enum ports_kind kind = ports_kind_of(device);
	struct port_list list, part;

	if (!ports_list(&list))
		return;
	part = of_kind(&list, kind);
	if (part.count == 0)
		report_hint("  no %s found", kind == PORTS_I2C ? "I2C bus"
							     : "serial port");
	else
		hint(&part, SHORT_LIST, false);
	ports_free(&list);
}
