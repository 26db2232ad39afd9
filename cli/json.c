/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "problem.h"

#define ROOM_TO_CLOSE 8	/* brackets after the last member */

static void add(struct json *json, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct json *json, const char *fmt, ...)
{
	size_t left = sizeof(json->text) - ROOM_TO_CLOSE - json->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(json->text + json->len, left, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= left)
		json->cut = true;
	else
		json->len += (size_t)n;
}

/* Returns the length of the UTF-8 character at text, 0 if it is invalid: no
 * overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t utf8_len(const unsigned char *text)
{
	static const struct { unsigned char from, to, low, high, more; } forms[] = {
		{ 0x20, 0x7F, 0, 0, 0 },	{ 0xC2, 0xDF, 0x80, 0xBF, 1 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 2 },	{ 0xE1, 0xEC, 0x80, 0xBF, 2 },
		{ 0xED, 0xED, 0x80, 0x9F, 2 },	{ 0xEE, 0xEF, 0x80, 0xBF, 2 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 3 },	{ 0xF1, 0xF3, 0x80, 0xBF, 3 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 3 },
	};
	size_t i, n;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (text[0] < forms[i].from || text[0] > forms[i].to)
			continue;
		if (forms[i].more > 0 && (text[1] < forms[i].low ||
					  text[1] > forms[i].high))
			return 0;
		for (n = 2; n <= forms[i].more; n++)
			if ((text[n] & 0xC0) != 0x80)
				return 0;
		return (size_t)1 + forms[i].more;
	}
	return 0;
}

/* Escapes one character of a string; returns its length in text. */
static size_t escape(const unsigned char *text, char out[8])
{
	size_t len = utf8_len(text);

	if (*text == '"' || *text == '\\')
		snprintf(out, 8, "\\%c", *text);
	else if (*text < 0x20)
		snprintf(out, 8, "\\u%04x", *text);
	else if (len == 0)
		snprintf(out, 8, "\\ufffd");
	else
		snprintf(out, 8, "%.*s", (int)len, (const char *)text);
	return len != 0 ? len : 1;
}

/* The start of a member, to return to. */
struct mark {
	size_t len;
	bool first;
};

static struct mark begin_member(struct json *json, const char *key)
{
	struct mark mark = { json->len, json->first };

	json->cut = json->lost > 0;
	add(json, "%s", json->first ? "" : ",");
	if (key != NULL)
		add(json, "\"%s\":", key);
	json->first = false;
	return mark;
}

/* Removes a member that does not fit: cut text would be invalid JSON. */
static void end_member(struct json *json, struct mark mark)
{
	if (!json->cut)
		return;
	json->full = true;
	json->len = mark.len;
	json->first = mark.first;
	json->text[json->len] = '\0';
}

void json_begin(struct json *json, const char *type)
{
	json->len = 0;
	json->first = true;
	json->full = false;
	json->lost = 0;
	json_open(json, NULL, '{');
	json_string(json, "type", type);
}

void json_end(struct json *json)
{
	json_close(json, '}');
}

void json_string(struct json *json, const char *key, const char *text)
{
	struct mark mark = begin_member(json, key);
	char piece[8];

	add(json, "%s", text != NULL ? "\"" : "null");
	while (text != NULL && *text != '\0') {
		text += escape((const unsigned char *)text, piece);
		add(json, "%s", piece);
	}
	if (text != NULL)
		add(json, "\"");
	end_member(json, mark);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	struct mark mark = begin_member(json, key);

	add(json, "%" PRIu64, value);
	end_member(json, mark);
}

void json_bool(struct json *json, const char *key, bool value)
{
	struct mark mark = begin_member(json, key);

	add(json, "%s", value ? "true" : "false");
	end_member(json, mark);
}

void json_seconds(struct json *json, const char *key, double value)
{
	struct mark mark = begin_member(json, key);

	add(json, "%.3f", value);
	end_member(json, mark);
}

void json_hex(struct json *json, const char *key, uint32_t value, int digits)
{
	struct mark mark = begin_member(json, key);

	add(json, "\"0x%0*" PRIx32 "\"", digits, value);
	end_member(json, mark);
}

void json_open(struct json *json, const char *key, char bracket)
{
	struct mark mark = begin_member(json, key);

	add(json, "%c", bracket);
	json->first = true;
	end_member(json, mark);
	json->lost += json->cut;
}

void json_close(struct json *json, char bracket)
{
	if (json->lost > 0) {
		json->lost--;
		return;
	}
	if (json->len + 1 < sizeof(json->text)) {	/* room for it is
							 * reserved */
		json->text[json->len++] = bracket;
		json->text[json->len] = '\0';
	}
	json->first = false;
}

void json_element(struct json *json, uint64_t value)
{
	json_number(json, NULL, value);
}
