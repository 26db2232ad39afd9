/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LEN 512

static bool make_room(struct journal *journal, size_t more)
{
	size_t room = journal->room;
	char *text;

	if (journal->len + more <= room)
		return true;
	while (journal->len + more > room)
		room = room == 0 ? 4096 : room * 2;
	text = realloc(journal->text, room);
	if (text == NULL)
		return false;
	journal->text = text;
	journal->room = room;
	return true;
}

void journal_add(struct journal *journal, const char *fmt, ...)
{
	char line[LINE_MAX_LEN];
	va_list args;
	size_t len;

	if (!journal->wanted)
		return;
	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	len = strlen(line);
	line[len++] = '\n';
	if (!make_room(journal, len)) {
		journal->incomplete = true;
		return;
	}
	memcpy(journal->text + journal->len, line, len);
	journal->len += len;
}

void journal_free(struct journal *journal)
{
	free(journal->text);
	journal->text = NULL;
	journal->len = journal->room = 0;
}
