/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the device's own journal with the request: finds commands that were
 * not sent, and bytes and pages that were not named.
 */
#ifndef DEEDS_H
#define DEEDS_H

#include <inttypes.h>

#include "sim/state.h"
#include "tests/fuzz/asked.h"

#define DEEDS_LINE 128

/* True for a command that changes nothing. */
static inline bool deeds_harmless(unsigned opcode)
{
	return opcode <= 0x02 || opcode == 0x06 || opcode == 0x11 ||
	       opcode == 0x50 || opcode == 0x51 || opcode == 0xA1 ||
	       opcode == 0xFA;
}

/* The device has executed no command more often than the host sent it. */
static inline void deeds_check_commands(const struct sim *sim,
					const uint64_t sent[256])
{
	unsigned opcode;

	for (opcode = 0; opcode < 256; opcode++)
		MUST(deeds_harmless(opcode) ||
		     sim_stats(sim)->commands[opcode] <= sent[opcode]);
}

static inline bool deeds_protects(const struct asked *a)
{
	return asked_for(a, ACTION_WRITE_UNPROTECT) ||
	       asked_for(a, ACTION_READOUT_PROTECT) ||
	       asked_for(a, ACTION_READOUT_UNPROTECT);
}

/* True if -S names the option bytes. */
static inline bool deeds_options(const struct asked *a)
{
	return asked_for(a, ACTION_WRITE) && asked_limited(a) &&
	       part_area(&a->job->part, asked_range(a, false).start, NULL) ==
	       AREA_OPTION_BYTES;
}

static inline void deeds_check_program(const struct asked *a, uint32_t start,
				       uint32_t len)
{
	uint32_t i;
	uint8_t byte;

	MUST(asked_for(a, ACTION_WRITE));
	for (i = 0; i < len; i++)
		MUST(asked_byte(a, start + i, &byte) ||
		     asked_pad(a, start + i));
}

static inline void deeds_check_page(const struct asked *a, uint32_t number)
{
	struct page page;

	MUST(part_page_at(&a->job->part, number, &page));
	MUST(asked_erase(a, &page));
}

static inline void deeds_check_line(const struct asked *a, const char *line)
{
	uint32_t start, len;

	if (sscanf(line, "program 0x%" SCNx32 "+%" SCNu32, &start, &len) == 2)
		deeds_check_program(a, start, len);
	else if (sscanf(line, "erase page %" SCNu32, &start) == 1)
		deeds_check_page(a, start);
	else if (strncmp(line, "erase ", 6) == 0)
		MUST(asked_erase_all(a) ||
		     asked_for(a, ACTION_READOUT_UNPROTECT));
	else if (strncmp(line, "option ", 7) == 0)
		MUST(deeds_options(a));
	else if (strncmp(line, "rdp ", 4) == 0 || strncmp(line, "wrp", 3) == 0)
		MUST(deeds_protects(a) || deeds_options(a));
	else if (strncmp(line, "go ", 3) == 0)
		MUST(a->job->options.go || a->job->options.reset);
}

static inline bool deeds_changes(const char *line)
{
	static const char *const kinds[] = {
		"program ", "erase ", "option ", "rdp ", "wrp", "go ",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (strncmp(line, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

static inline void deeds_check(const struct sim *sim, const struct asked *a)
{
	const struct journal *journal = &sim->journal;
	size_t at = 0, end;

	MUST(!journal->incomplete);
	for (; at < journal->len; at = end + 1) {
		char line[DEEDS_LINE];

		for (end = at; journal->text[end] != '\n'; end++)
			;
		(void)snprintf(line, sizeof(line), "%.*s", (int)(end - at),
			       journal->text + at);
		if (!deeds_changes(line))
			continue;
		/* no change is allowed before the part is known */
		MUST(a->job != NULL);
		MUST(!a->job->options.dry_run);
		deeds_check_line(a, line);
	}
}

#endif
