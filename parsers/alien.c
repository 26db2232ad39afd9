/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files given by mistake: a web page instead of a download, an archive that is
 * still packed. Recognised by their first bytes and refused by name, before a
 * port is opened. None begins like a vector table: as a stack pointer, these
 * bytes are no RAM address.
 */
#include <string.h>

#include "parsers/dfu.h"
#include "parsers/parser.h"
#include "problem.h"
#include "utils.h"

#define AS_RAW "; -f takes it as raw data"
#define UNPACK ", not unpacked yet" AS_RAW

struct kind {
	const char *head;
	uint8_t len;
	bool text;	/* in any case, after blanks and a byte order mark */
	const char *what;
};

static const struct kind kinds[] = {
	{ "<!doctype html", 14, true, "a web page (HTML); did a download "
	  "fail?" },
	{ "<html", 5, true, "a web page (HTML); did a download fail?" },
	{ "<head", 5, true, "a web page (HTML); did a download fail?" },
	{ "404: Not Found", 14, true, "the answer of a web server; did a "
	  "download fail?" },
	{ "<?xml", 5, true, "an XML file" },
	{ "version https://git-lfs.", 24, true, "a Git LFS pointer, not the "
	  "file itself; git lfs pull fetches that" },
	{ "\x1F\x8B\x08", 3, false, "a gzip file" UNPACK },
	{ "PK\3\4", 4, false, "a zip archive" UNPACK },
	{ "\xFD" "7zXZ\0", 6, false, "an xz file" UNPACK },
	{ "7z\xBC\xAF\x27\x1C", 6, false, "a 7z archive" UNPACK },
	{ "\x89PNG\r\n\x1A\n", 8, false, "a PNG picture" AS_RAW },
	{ "%PDF-", 5, false, "a PDF document" AS_RAW },
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static size_t skip_blanks(const uint8_t *head, size_t len)
{
	size_t i = len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	while (i < len && (head[i] == ' ' || head[i] == '\t' ||
			   head[i] == '\r' || head[i] == '\n'))
		i++;
	return i;
}

static bool is_kind(const struct kind *kind, const uint8_t *head, size_t len)
{
	size_t skip = kind->text ? skip_blanks(head, len) : 0, i;

	if (len - skip < kind->len)
		return false;
	if (!kind->text)
		return memcmp(head, kind->head, kind->len) == 0;
	for (i = 0; i < kind->len; i++)
		if (lower(head[skip + i]) != lower((uint8_t)kind->head[i]))
			return false;
	return true;
}

/* True for a byte order mark followed by characters in which every other byte
 * is 0. */
static bool is_utf16(const uint8_t *head, size_t len)
{
	bool big = len >= 4 && head[0] == 0xFE && head[1] == 0xFF;
	size_t i;

	if (len < 4 || (!big && (head[0] != 0xFF || head[1] != 0xFE)))
		return false;
	for (i = 2; i + 1 < len && i < 32; i += 2)
		if (head[big ? i : i + 1] != 0 || head[big ? i + 1 : i] == 0)
			return false;
	return true;
}

static const char *name_of(const uint8_t *head, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (is_kind(&kinds[i], head, len))
			return kinds[i].what;
	if (is_utf16(head, len))
		return "text in UTF-16; save it as plain text (ASCII)";
	if (dfu_has_suffix(head, len))
		return "a DFU file without addresses" AS_RAW
		       ", its suffix of 16 bytes with it";
	return NULL;
}

static bool alien_matches(const uint8_t *head, size_t len)
{
	return name_of(head, len) != NULL;
}

static enum parser_err alien_decode(const uint8_t *text, size_t len,
				    struct image **out, struct problem *why)
{
	*out = NULL;
	problem_set(why, "this is %s", name_of(text, len));
	return PARSER_REFUSED;
}

const struct parser parser_alien = {
	.name = "no firmware",
	.suffixes = "",
	.matches = alien_matches,
	.decode = alien_decode,
};
