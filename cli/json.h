/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of JSON: an object that grows member by member, RFC 8259. Prints
 * nothing; report.c does. Every object begins with its "type".
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_LINE 4096

struct json {
	char text[JSON_LINE];	/* terminated at any time */
	size_t len;
	bool first;		/* of its array or object: no comma before it */
	bool full;		/* a member was dropped for lack of room */
	bool cut;		/* private: the current member does not fit */
	unsigned lost;		/* private: open arrays and objects that did
				 * not fit */
};

void json_begin(struct json *json, const char *type);
/* Closes the object and completes text. */
void json_end(struct json *json);

/* Add one member. A NULL string becomes null; bytes that are not UTF-8 become
 * U+FFFD, so that user input cannot break the line. */
void json_string(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
/* In seconds, with three decimals. */
void json_seconds(struct json *json, const char *key, double value);
/* "0x410", with at least `digits` digits: for numbers usually given in hex. */
void json_hex(struct json *json, const char *key, uint32_t value, int digits);

/* Open and close an array or object, as a member or, if key is NULL, as an
 * element. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
/* Adds an element to an array. */
void json_element(struct json *json, uint64_t value);

#endif
