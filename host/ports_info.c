/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/ports_info.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Compares two numbers of any length, which begin at *a and *b; moves both
 * behind them. */
static int compare_numbers(const char **a, const char **b)
{
	size_t na, nb;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	na = strspn(*a, "0123456789");
	nb = strspn(*b, "0123456789");
	order = na != nb ? (na > nb) - (na < nb) : memcmp(*a, *b, na);
	*a += na;
	*b += nb;
	return order;
}

/* Compares numbers in a name by value: COM3 before COM12. */
static int compare_names(const char *a, const char *b)
{
	const char *whole_a = a, *whole_b = b;
	int order = 0;

	while (order == 0 && *a != '\0' && *b != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			order = compare_numbers(&a, &b);
			continue;
		}
		order = (unsigned char)*a++ - (unsigned char)*b++;
	}
	if (order == 0)
		order = (*a != '\0') - (*b != '\0');
	/* tty01 and tty1 are different names */
	return order != 0 ? order : strcmp(whole_a, whole_b);
}

int ports_compare(const struct port_info *a, const struct port_info *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return compare_names(a->name, b->name);
}

static int compare(const void *a, const void *b)
{
	return ports_compare(a, b);
}

void ports_sort(struct port_list *list)
{
	if (list->count > 1)
		qsort(list->ports, list->count, sizeof(list->ports[0]),
		      compare);
}

bool ports_add(struct port_list *list, const struct port_info *port)
{
	struct port_info *more = realloc(list->ports, (list->count + 1) *
						      sizeof(*more));

	if (more == NULL)
		return false;
	list->ports = more;
	more[list->count++] = *port;
	return true;
}

/* Returns the length of a control character in bytes, else 0: C0, DEL, and C1
 * as UTF-8. */
static size_t control_len(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if (c[0] < 0x20 || c[0] == 0x7F)
		return 1;
	return c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F ? 2 : 0;
}

void ports_text(char *out, size_t size, const char *text)
{
	size_t len = 0, skip;

	text += strspn(text, " \t\r\n");
	while (*text != '\0' && len + 1 < size) {
		skip = control_len(text);
		out[len++] = (char)(skip != 0 ? '?' : *text);
		text += skip != 0 ? skip : 1;
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
}

void ports_free(struct port_list *list)
{
	free(list->ports);
	*list = (struct port_list){ NULL, 0 };
}
