/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parsers/record.h"

#include <stdio.h>
#include <string.h>

#include "problem.h"
#include "utils.h"

#define CTRL_Z 0x1A	/* end of a text file in CP/M and DOS */
#define MANY 8		/* digits or letters: no raw data begins with so many */
#define LEAST_RECORD 9	/* characters after the mark of the shortest record */
#define FIRST_LINES 1024	/* bytes, more than a dozen records */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_line_end(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static size_t byte_order_mark(const uint8_t *bytes, size_t len)
{
	return len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

void record_open(struct record_text *text, const uint8_t *bytes, size_t len,
		 struct problem *why)
{
	size_t skip = byte_order_mark(bytes, len);

	while (len > skip && (bytes[len - 1] == 0 || bytes[len - 1] == CTRL_Z ||
			      is_blank(bytes[len - 1]) ||
			      is_line_end(bytes[len - 1])))
		len--;
	*text = (struct record_text){ .why = why };
	if (len > skip) {
		text->next = bytes + skip;
		text->end = bytes + len;
	}
}

/* Takes one line without its end; it may be empty. */
static void take_line(struct record_text *text, struct record_line *line)
{
	const uint8_t *p = text->next;

	line->text = p;
	while (p < text->end && !is_line_end(*p))
		p++;
	line->len = (size_t)(p - line->text);
	if (p + 1 < text->end && p[0] == '\r' && p[1] == '\n')
		p++;
	text->next = p < text->end ? p + 1 : p;
	text->line++;
}

static void trim(struct record_line *line)
{
	while (line->len > 0 && is_blank(line->text[0])) {
		line->text++;
		line->len--;
	}
	while (line->len > 0 && is_blank(line->text[line->len - 1]))
		line->len--;
}

static size_t hex_digits(const uint8_t *head, size_t len, size_t i)
{
	size_t start = i;

	while (i < len && hex_digit(head[i]) >= 0)
		i++;
	return i - start;
}

/* True for a comment line. ':' and ';' differ in one bit: a record with a
 * damaged mark is no comment. */
static bool is_remark(const struct record_line *line)
{
	const uint8_t *p = line->text;

	if (line->len >= 2 && p[0] == '/' && p[1] == '/')
		return true;
	return (p[0] == '#' || p[0] == ';') &&
	       (line->len <= LEAST_RECORD ||
		hex_digits(p, line->len, 1) != line->len - 1);
}

bool record_next(struct record_text *text, struct record_line *line)
{
	while (text->next < text->end) {
		take_line(text, line);
		trim(line);
		if (line->len > 0 && !is_remark(line))
			return true;
	}
	return false;
}

/* Formats a character for a message. */
static const char *shown(uint8_t c, char out[8])
{
	bool printable = c > ' ' && c < 0x7F;

	(void)snprintf(out, 8, printable ? "'%c'" : "0x%02X", c);
	return out;
}

enum parser_err record_no_mark(struct record_text *text,
			       const struct record_line *line,
			       const char *expected)
{
	char found[8];

	problem_set(text->why, "%u: expected %s at the start of a record, read "
		    "%s%s", text->line, expected, shown(line->text[0], found),
		    text->line == 1 ? "; -f takes any file as raw data" : "");
	return PARSER_DAMAGED;
}

enum parser_err record_no_end(struct record_text *text, const char *wanted)
{
	if (text->line == 0)
		problem_set(text->why, "1: the file has no records");
	else
		problem_set(text->why, "%u: the file ends without %s; the file "
			    "may be cut short", text->line, wanted);
	return PARSER_DAMAGED;
}

enum parser_err record_after_end(struct record_text *text, unsigned end_line)
{
	problem_set(text->why, "%u: data after the end record of line %u",
		    text->line, end_line);
	return PARSER_DAMAGED;
}

enum parser_err record_bytes(struct record_text *text,
			     const struct record_line *line, size_t skip,
			     uint8_t out[RECORD_MAX], size_t *count)
{
	const uint8_t *digits = line->text + skip;
	size_t i, n = line->len - skip;
	char found[8];

	for (i = 0; i < n; i++) {
		int digit = hex_digit(digits[i]);

		if (digit < 0) {
			problem_set(text->why, "%u: %s is not a hex digit",
				    text->line, shown(digits[i], found));
			return PARSER_DAMAGED;
		}
		if (i / 2 >= RECORD_MAX)
			continue;
		if (i % 2 == 0)
			out[i / 2] = (uint8_t)(digit << 4);
		else
			out[i / 2] |= (uint8_t)digit;
	}
	*count = n / 2;
	if (n % 2 == 0 && n > 0 && n / 2 <= RECORD_MAX)
		return PARSER_OK;
	problem_set(text->why, "%u: the record has %u hex digits, %s",
		    text->line, (unsigned)n, n % 2 != 0 ? "an odd number" :
		    n == 0 ? "so the line is cut short" : "too many");
	return PARSER_DAMAGED;
}

unsigned record_sum(const uint8_t *bytes, size_t len)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i++)
		sum += bytes[i];
	return sum;
}

enum parser_err record_checksum(struct record_text *text, uint8_t sum,
				uint8_t said)
{
	if (sum == said)
		return PARSER_OK;
	problem_set(text->why, "%u: checksum: expected %02X, read %02X",
		    text->line, sum, said);
	return PARSER_DAMAGED;
}

bool record_put(struct parser_sink *sink, const char *mark,
		const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	char text[2 * RECORD_MAX + 1];
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		text[n++] = digits[bytes[i] >> 4];
		text[n++] = digits[bytes[i] & 0xF];
	}
	text[n++] = '\n';
	return sink->put(sink->ctx, mark, strlen(mark)) &&
	       sink->put(sink->ctx, text, n);
}

/* Returns how many characters from i on are text of a line. */
static size_t readable(const uint8_t *head, size_t len, size_t i)
{
	size_t start = i;

	while (i < len && (is_blank(head[i]) ||
			   (head[i] > ' ' && head[i] < 0x7F)))
		i++;
	return i - start;
}

/* Returns the length of the mark at i, or 0. */
static size_t mark_at(const uint8_t *head, size_t len, size_t i, char mark,
		      bool digit)
{
	if (i >= len || (head[i] != (uint8_t)mark &&
			 (!digit || head[i] != (uint8_t)(mark | 0x20))))
		return 0;
	if (!digit)
		return 1;
	return i + 1 < len && head[i + 1] >= '0' && head[i + 1] <= '9' ? 2 : 0;
}

/* True for the mark followed only by text, up to the end of the line or for
 * some length. */
static bool readable_record(const uint8_t *head, size_t len, size_t i,
			    char mark, bool digit)
{
	size_t n = mark_at(head, len, i, mark, digit);
	size_t end = i + n + readable(head, len, i + n);

	if (n == 0)
		return false;
	return end - i > MANY || end == len || is_line_end(head[end]);
}

static bool record_line_at(const uint8_t *head, size_t len, size_t i,
			   char mark, bool digit)
{
	size_t n;

	if (i > 0 && !is_line_end(head[i - 1]))
		return false;
	n = mark_at(head, len, i, mark, digit);
	return n > 0 && hex_digits(head, len, i + n) >= MANY;
}

/* Returns the first line that is neither blank nor a comment. */
static size_t behind_remarks(const uint8_t *head, size_t len, size_t i)
{
	struct record_text text = { .next = head + i, .end = head + len };
	struct record_line line;

	return record_next(&text, &line) ? (size_t)(line.text - head) : len;
}

bool record_matches(const uint8_t *head, size_t len, char mark, bool digit)
{
	size_t i = byte_order_mark(head, len), end;

	while (i < len && (is_blank(head[i]) || is_line_end(head[i])))
		i++;
	if (readable_record(head, len, i, mark, digit))
		return true;
	i = behind_remarks(head, len, i);
	end = len - i < FIRST_LINES ? len : i + FIRST_LINES;
	for (; i < end; i++) {
		if (record_line_at(head, len, i, mark, digit))
			return true;
	}
	return false;
}
