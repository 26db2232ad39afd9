/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/json.h"

#include <string.h>

#include "tests/unit/t.h"

static void test_members(void)
{
	struct json json;

	t_about("members");
	json_begin(&json, "chip");
	json_string(&json, "name", "F103");
	json_string(&json, "none", NULL);
	json_number(&json, "bytes", UINT64_C(18446744073709551615));
	json_bool(&json, "known", true);
	json_seconds(&json, "seconds", 1.5);
	json_hex(&json, "id", 0x41A, 3);
	json_open(&json, "pages", '[');
	json_open(&json, NULL, '[');
	json_element(&json, 4);
	json_element(&json, 16384);
	json_close(&json, ']');
	json_close(&json, ']');
	json_open(&json, "empty", '{');
	json_close(&json, '}');
	json_bool(&json, "last", false);
	json_end(&json);
	TEXT(json.text, "{\"type\":\"chip\",\"name\":\"F103\",\"none\":null,"
	     "\"bytes\":18446744073709551615,\"known\":true,"
	     "\"seconds\":1.500,\"id\":\"0x41a\",\"pages\":[[4,16384]],"
	     "\"empty\":{},\"last\":false}");
	CHECK(!json.full);
}

/* Texts that a user can type, or names that a file can have. */
static void test_strings(void)
{
	static const struct { const char *text, *json; } cases[] = {
		{ "", "" },
		{ "a\"b\\c/d", "a\\\"b\\\\c/d" },
		{ "\n\t\x01\x1F", "\\u000a\\u0009\\u0001\\u001f" },
		{ "\x7F", "\x7F" },
		{ "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80",
		  "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80" },
		{ "\xE4x", "\\ufffdx" },		/* Latin-1 */
		{ "\xC3", "\\ufffd" },			/* cut short */
		{ "\xE2\x82", "\\ufffd\\ufffd" },
		{ "\xF0\x9F\x98", "\\ufffd\\ufffd\\ufffd" },
		{ "\xC0\xAF", "\\ufffd\\ufffd" },	/* overlong */
		{ "\xE0\x80\xAF", "\\ufffd\\ufffd\\ufffd" },
		{ "\xED\xA0\x80", "\\ufffd\\ufffd\\ufffd" }, /* surrogate */
		{ "\xF4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
		{ "\x80\xFF", "\\ufffd\\ufffd" },
	};
	struct json json;
	char want[100];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t_about(cases[i].json);
		json_begin(&json, "t");
		json_string(&json, "s", cases[i].text);
		json_end(&json);
		snprintf(want, sizeof(want), "{\"type\":\"t\",\"s\":\"%s\"}",
			 cases[i].json);
		TEXT(json.text, want);
	}
}

/* A member without room is dropped entirely; the line stays valid JSON. */
static void test_room(void)
{
	char text[JSON_LINE + 10];
	struct json json;
	size_t len;

	t_about("no room");
	for (len = JSON_LINE - 60; len < JSON_LINE; len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		json_begin(&json, "t");
		json_open(&json, "list", '[');
		json_string(&json, NULL, text);
		json_number(&json, NULL, 7);
		json_close(&json, ']');
		json_bool(&json, "b", true);
		json_end(&json);
		CHECK(strlen(json.text) == json.len);
		CHECK(json.len < JSON_LINE);
		CHECK(json.text[json.len - 1] == '}');
		CHECK(strstr(json.text, ",]") == NULL &&
		      strstr(json.text, ",}") == NULL &&
		      strstr(json.text, "[,") == NULL);
		CHECK(json.full == (strstr(json.text, "\"b\":true") == NULL ||
				    strchr(json.text, 'x') == NULL));
		if (strchr(json.text, 'x') == NULL)
			TEXT(json.text, "{\"type\":\"t\",\"list\":[7],"
			     "\"b\":true}");
	}
}

/* The same for an array with its elements. */
static void test_room_for_array(void)
{
	char text[JSON_LINE + 10];
	struct json json;
	size_t len;

	t_about("no room for an array");
	for (len = JSON_LINE - 60; len < JSON_LINE; len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		json_begin(&json, "t");
		json_string(&json, "s", text);
		json_open(&json, "list", '[');
		json_open(&json, NULL, '{');
		json_number(&json, "n", 7);
		json_close(&json, '}');
		json_close(&json, ']');
		json_end(&json);
		CHECK(json.text[json.len - 1] == '}');
		CHECK((strchr(json.text, '[') == NULL) ==
		      (strchr(json.text, ']') == NULL));
		CHECK(strchr(json.text, '7') == NULL ||
		      strstr(json.text, "\"list\":[{\"n\":7}]") != NULL);
		CHECK(json.full || strchr(json.text, '7') != NULL);
		if (strchr(json.text, 'x') == NULL)
			TEXT(json.text, "{\"type\":\"t\","
			     "\"list\":[{\"n\":7}]}");
	}
}

int main(void)
{
	test_members();
	test_strings();
	test_room();
	test_room_for_array();
	return t_done();
}
