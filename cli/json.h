/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of JSON: an object that grows member by member, RFC 8259. Pure: who
 * prints it is report.c. Every object begins with its "type".
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_LINE 4096

struct json {
	char text[JSON_LINE];	/* a string at any time */
	size_t len;
	bool first;		/* of its array or object: no comma */
	bool full;		/* a member was left out for want of room */
	bool cut;		/* private: the member being added has none */
	unsigned lost;		/* private: arrays and objects without, that are
				 * not closed yet */
};

void json_begin(struct json *json, const char *type);
/* Closes the object: text is whole now. */
void json_end(struct json *json);

/* A member each. A text of NULL is null; bytes that are no UTF-8 become
 * U+FFFD, so that what the user typed cannot break the line. */
void json_string(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
/* With three decimals: seconds. */
void json_seconds(struct json *json, const char *key, double value);
/* "0x410": what people know in hex; at least `digits` of them. */
void json_hex(struct json *json, const char *key, uint32_t value, int digits);

/* An array or object as a member, or with a NULL key as an element. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
/* An element of an array. */
void json_element(struct json *json, uint64_t value);

#endif
