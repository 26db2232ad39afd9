/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/transcript.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utils.h"

#define STREAM_WIDTH 16	/* bytes per line */
#define LONGEST_LINE 4096	/* of a transcript that is read */
#define MOST_TIMES 65536

static const char *const line_names[] = {
	[PORT_LINE_RTS] = "rts",
	[PORT_LINE_DTR] = "dtr",
	[PORT_LINE_BREAK] = "brk",
};

static const struct { char mark; enum port_err err; } marks[] = {
	{ '-', PORT_NO_ANSWER }, { '~', PORT_STRETCHED }, { '!', PORT_IO },
};

/* --- writing ---------------------------------------------------------------- */

static char mark_of(enum port_err err)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(marks); i++)
		if (marks[i].err == err)
			return marks[i].mark;
	return '!';
}

static size_t put_verb(const struct port_event *event, char *out, size_t size)
{
	bool to_device = event->what == PORT_TO_DEVICE;

	if (!event->framed)
		return (size_t)snprintf(out, size, "%s", to_device ? ">" :
					event->err == PORT_PARITY ? "<?" : "<");
	if (event->err == PORT_OK)
		return (size_t)snprintf(out, size, to_device ? "W" : "R");
	return (size_t)snprintf(out, size, "%c%c", to_device ? 'W' : 'R',
				mark_of(event->err));
}

/* Adds one byte to a line; a failed read has none to show. */
static size_t put_byte(const struct port_event *event, size_t at, char *out,
		       size_t size)
{
	if (event->what == PORT_FROM_DEVICE && event->framed &&
	    event->err != PORT_OK)
		return (size_t)snprintf(out, size, " 00");
	return (size_t)snprintf(out, size, " %02X", event->bytes[at]);
}

void transcript_line(const struct port_event *event, int64_t start_us,
		     size_t *done, char out[TRANSCRIPT_LINE])
{
	size_t width = event->framed ? event->len : STREAM_WIDTH, len = 0;
	size_t end = event->len - *done < width ? event->len : *done + width;
	int64_t us = event->at_us - start_us;
	bool first = *done == 0;

	if (event->what == PORT_LINE_SET) {
		len = (size_t)snprintf(out, TRANSCRIPT_LINE, "line %s %d",
				       line_names[event->line], event->level);
	} else {
		len = put_verb(event, out, TRANSCRIPT_LINE);
		for (; *done < end; (*done)++)
			len += put_byte(event, *done, out + len,
					TRANSCRIPT_LINE - len);
	}
	if (first)
		(void)snprintf(out + len, TRANSCRIPT_LINE - len,
			       "\t# %" PRId64 ".%03d ms", us / 1000,
			       (int)(us % 1000));
}

/* --- reading ---------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* One word: "5A", "55x256" or "*". */
static bool put_word(const char *word, size_t word_len, uint8_t *out,
		     size_t room, size_t *len)
{
	uint32_t times = 1;
	int high, low;
	uint8_t value;

	if (word_len == 1 && *word == '*') {
		value = xor_sum(out, *len);
	} else {
		high = hex_digit(word[0]);
		low = word_len >= 2 ? hex_digit(word[1]) : -1;
		if (high < 0 || low < 0)
			return false;
		value = (uint8_t)(high << 4 | low);
		if (word_len > 2 && (word[2] != 'x' ||
		    !parse_u32_len(word + 3, word_len - 3, MOST_TIMES, &times)))
			return false;
	}
	if (times > room - *len)
		return false;
	memset(out + *len, value, times);
	*len += times;
	return true;
}

bool transcript_bytes(const char *words, uint8_t *out, size_t room,
		      size_t *len)
{
	size_t n;

	*len = 0;
	for (;;) {
		while (is_blank(*words))
			words++;
		if (*words == '\0' || *words == '\n' || *words == '#')
			return true;
		n = strcspn(words, " \t\r\n#");
		if (!put_word(words, n, out, room, len))
			return false;
		words += n;
	}
}

/* Parses "# 12.345 ms" at the beginning of the comment; returns
 * microseconds. */
static int64_t time_of(const char *line)
{
	const char *at = strchr(line, '#');
	uint32_t ms, us;
	size_t len;

	if (at == NULL || at[1] != ' ')
		return -1;
	at += 2;
	len = strcspn(at, ".");
	if (!parse_u32_len(at, len, UINT32_MAX, &ms) || at[len] == '\0')
		return -1;
	at += len + 1;
	if (strspn(at, "0123456789") != 3 || strncmp(at + 3, " ms", 3) != 0)
		return -1;
	us = (uint32_t)((at[0] - '0') * 100 + (at[1] - '0') * 10 +
			(at[2] - '0'));
	return (int64_t)ms * 1000 + us;
}

/* Parses the verb of a stream line or a bus transaction. */
static bool parse_verb(const char **line, struct transcript_record *record)
{
	const char *at = *line;
	size_t i;

	record->framed = *at == 'W' || *at == 'R';
	if (!record->framed && *at != '>' && *at != '<')
		return false;
	record->what = *at == 'W' || *at == '>' ? PORT_TO_DEVICE
						: PORT_FROM_DEVICE;
	at++;
	if (!record->framed && record->what == PORT_FROM_DEVICE && *at == '?') {
		record->err = PORT_PARITY;
		at++;
	}
	for (i = 0; record->framed && i < ARRAY_LEN(marks); i++)
		if (*at == marks[i].mark) {
			record->err = marks[i].err;
			at++;
			break;
		}
	*line = at;
	return is_blank(*at);
}

/* "line rts 1" */
static bool parse_line_set(const char *line, struct transcript_record *record)
{
	const char *at = line + strcspn(line, " ") + 1;
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(line_names); i++) {
		len = strlen(line_names[i]);
		if (strncmp(at, line_names[i], len) == 0 && at[len] == ' ')
			break;
	}
	if (i == ARRAY_LEN(line_names))
		return false;
	at += len + 1;
	record->what = PORT_LINE_SET;
	record->line = (enum port_line)i;
	record->level = *at == '1';
	return (*at == '0' || *at == '1') &&
	       (at[1] == '\0' || is_blank(at[1]) || at[1] == '#');
}

/* Doubles the array if it is full. */
static bool grow(void **array, size_t *room, size_t needed, size_t each)
{
	size_t more = *room != 0 ? *room : 1024;
	void *bigger;

	while (more < needed)
		more *= 2;
	if (more == *room)
		return true;
	bigger = realloc(*array, more * each);
	if (bigger == NULL)
		return false;
	*array = bigger;
	*room = more;
	return true;
}

static bool make_room(struct transcript *t)
{
	void *records = t->records, *bytes = t->bytes;
	bool ok = grow(&records, &t->room, t->count + 1, sizeof(*t->records));

	t->records = records;
	ok = ok && grow(&bytes, &t->byte_room, t->byte_count + MOST_TIMES, 1);
	t->bytes = bytes;
	return ok;
}

/* Parses a non-empty line into a record with room for its bytes. */
static bool parse_line(const char *line, struct transcript *t,
		       struct transcript_record *record)
{
	if (strncmp(line, "line ", 5) == 0)
		return parse_line_set(line, record);
	return parse_verb(&line, record) &&
	       transcript_bytes(line, t->bytes + t->byte_count,
				t->byte_room - t->byte_count, &record->len);
}

static bool add_record(struct transcript *t, const char *line, unsigned number,
		       struct problem *why)
{
	struct transcript_record *record;

	if (!make_room(t)) {
		problem_set(why, "out of memory");
		return false;
	}
	record = &t->records[t->count];
	*record = (struct transcript_record){ .at = t->byte_count,
					      .at_us = time_of(line),
					      .number = number };
	if (!parse_line(line, t, record)) {
		problem_set(why, "%u: not a line of a trace", number);
		return false;
	}
	t->byte_count += record->len;
	t->count++;
	return true;
}

bool transcript_parse(const char *text, struct transcript *out,
		      struct problem *why)
{
	char line[LONGEST_LINE];
	unsigned number;
	bool ok = true;
	size_t len;

	*out = (struct transcript){ .records = NULL };
	for (number = 1; ok && *text != '\0'; number++) {
		while (is_blank(*text))
			text++;
		len = strcspn(text, "\n");
		if (len >= sizeof(line)) {
			problem_set(why, "%u: the line is too long", number);
			ok = false;
			break;
		}
		memcpy(line, text, len);
		line[len] = '\0';
		if (len > 0 && line[0] != '#')
			ok = add_record(out, line, number, why);
		text += len + (text[len] == '\n');
	}
	if (!ok)
		transcript_free(out);
	return ok;
}

void transcript_free(struct transcript *transcript)
{
	free(transcript->records);
	free(transcript->bytes);
	*transcript = (struct transcript){ .records = NULL };
}
