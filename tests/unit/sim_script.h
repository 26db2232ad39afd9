/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a transcript (sim/transcript.h) against a simulated device. The bytes
 * of "<" are everything answered since the line before; between two "> BYTES"
 * 1 ms passes. Additional lines:
 *
 *	>p BYTES		sent with wrong parity bits
 *	= ADDRESS BYTES		expect these bytes in memory
 *	poke ADDRESS BYTES	store these bytes in memory
 *	state NAME		expect this result of sim_state()
 *	stat NAME NUMBER	expect this counter of sim_stats()
 *	wait MS			let time pass
 *	took US			expect the last answer this long after the
 *				request
 *	patience MS		the I2C adapter waits this long for the clock
 *				from now on
 *
 * At the end no answer may be left over.
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "sim/transcript.h"
#include "tests/unit/t.h"

#define SCRIPT_BYTES 4096

struct script {
	struct sim *sim;
	int64_t now_us, sent_us, answered_us;
	int64_t patience_us;
	uint8_t address;	/* of the device on I2C */
	uint8_t bytes[SCRIPT_BYTES];	/* of the line */
	size_t len;
	char where[160];
};

/* Parses the rest of a line that strtok() splits. */
static inline bool script_bytes(struct script *s)
{
	const char *rest = strtok(NULL, "");

	return transcript_bytes(rest != NULL ? rest : "", s->bytes,
				sizeof(s->bytes), &s->len);
}

static inline bool script_address(uint32_t *address)
{
	const char *word = strtok(NULL, " \t");

	*address = word != NULL ? (uint32_t)strtoul(word, NULL, 16) : 0;
	return word != NULL;
}

static inline void script_show(const char *title, const uint8_t *bytes,
			       size_t len)
{
	size_t i;

	printf("  %s", title);
	for (i = 0; i < len && i < 40; i++)
		printf(" %02X", bytes[i]);
	printf(len > 40 ? " ... (%zu)\n" : "\n", len);
}

static inline void script_expect(struct script *s)
{
	uint8_t got[SCRIPT_BYTES] = { 0 }, byte;
	size_t len = 0;
	int64_t due_us;
	bool same;

	while (len < SCRIPT_BYTES && sim_peek(s->sim, &byte, &due_us)) {
		got[len++] = byte;
		s->answered_us = due_us;
		if (due_us > s->now_us)
			s->now_us = due_us;
		sim_sent(s->sim);
	}
	same = len == s->len && memcmp(got, s->bytes, len) == 0;
	if (CHECK(same))
		return;
	script_show("expected", s->bytes, s->len);
	script_show("answered", got, len);
}

static inline void script_send(struct script *s, bool parity_ok)
{
	size_t i;

	for (i = 0; i < s->len; i++) {
		s->now_us += 1000;
		sim_receive(s->sim, s->bytes[i], parity_ok, s->now_us);
	}
	s->sent_us = s->now_us;
}

static inline void script_transact(struct script *s, const char *verb)
{
	static const char marks[] = { '\0', '-', '~' };
	uint8_t bytes[SCRIPT_BYTES];
	struct sim_transaction t = { .read = verb[0] == 'R',
				     .address = s->address, .bytes = bytes,
				     .len = s->len, .now_us = s->now_us,
				     .patience_us = s->patience_us };
	enum sim_bus result;

	memcpy(bytes, s->bytes, s->len);
	result = sim_transact(s->sim, &t);
	CHECK(t.end_us >= t.now_us);
	s->now_us = t.end_us;
	if (!EQUAL(marks[result], verb[1]) || result != SIM_BUS_OK || !t.read)
		return;
	if (CHECK(memcmp(bytes, s->bytes, s->len) == 0))
		return;
	script_show("expected", s->bytes, s->len);
	script_show("answered", bytes, s->len);
}

static inline void script_memory(struct script *s, uint32_t address)
{
	uint8_t got[SCRIPT_BYTES];

	if (CHECK(sim_peek_memory(s->sim, address, got, s->len)))
		BYTES(got, s->bytes, s->len);
}

static inline void script_state(const struct script *s, const char *name)
{
	static const char *const names[] = {
		"unsynced", "ready", "busy", "application", "hung"
	};

	TEXT(names[sim_state(s->sim)], name);
}

static inline void script_stat(const struct script *s, const char *name,
			       const char *number)
{
	const struct sim_stats *stats = sim_stats(s->sim);
	const struct {
		const char *name;
		uint64_t value;
	} known[] = {
		{ "in", stats->bytes_in }, { "out", stats->bytes_out },
		{ "turnarounds", stats->turnarounds },
		{ "pages", stats->pages_erased },
		{ "mass", stats->mass_erases },
		{ "programmed", stats->granules_programmed },
		{ "refused", stats->granules_refused },
		{ "resets", stats->resets },
		{ "stores", stats->reset_stores },
		{ "faults", stats->faults },
		{ "writes", stats->commands[0x31] },
		{ "polls", stats->busy_polls },
		{ "transactions", stats->transactions },
		{ "program_us", stats->program_us },
		{ "erase_us", stats->erase_us },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0) {
			EQUAL(known[i].value, strtoll(number, NULL, 10));
			return;
		}
	t_check(false, "no such counter", __FILE__, __LINE__);
}

static inline void script_settings(struct script *s, const char *verb)
{
	const char *first = strtok(NULL, " \t"), *second;
	int line;

	if (!CHECK(first != NULL))
		return;
	second = strtok(NULL, " \t");
	if (strcmp(verb, "state") == 0) {
		script_state(s, first);
	} else if (strcmp(verb, "wait") == 0) {
		s->now_us += strtol(first, NULL, 10) * INT64_C(1000);
	} else if (strcmp(verb, "patience") == 0) {
		s->patience_us = strtol(first, NULL, 10) * INT64_C(1000);
	} else if (strcmp(verb, "took") == 0) {
		EQUAL(s->answered_us - s->sent_us, strtol(first, NULL, 10));
	} else if (!CHECK(second != NULL)) {
		return;
	} else if (strcmp(verb, "stat") == 0) {
		script_stat(s, first, second);
	} else if (CHECK(strcmp(verb, "line") == 0)) {
		line = strcmp(first, "rts") == 0 ? PORT_LINE_RTS
		     : strcmp(first, "dtr") == 0 ? PORT_LINE_DTR
						 : PORT_LINE_BREAK;
		sim_line(s->sim, line, second[0] == '1', s->now_us);
	}
}

static inline void script_line(struct script *s, char *line)
{
	const char *verb = strtok(line, " \t");
	uint32_t address;

	if (verb == NULL)
		return;
	if (strcmp(verb, ">") == 0) {
		if (CHECK(script_bytes(s)))
			script_send(s, true);
	} else if (strcmp(verb, ">p") == 0) {
		if (CHECK(script_bytes(s)))
			script_send(s, false);
	} else if (strcmp(verb, "<") == 0) {
		if (CHECK(script_bytes(s)))
			script_expect(s);
	} else if (verb[0] == 'W' || verb[0] == 'R') {
		if (CHECK(script_bytes(s)))
			script_transact(s, verb);
	} else if (strcmp(verb, "=") == 0) {
		if (CHECK(script_address(&address)) && CHECK(script_bytes(s)))
			script_memory(s, address);
	} else if (strcmp(verb, "poke") == 0) {
		if (CHECK(script_address(&address)) && CHECK(script_bytes(s)))
			CHECK(sim_poke_memory(s->sim, address, s->bytes,
					      s->len));
	} else {
		script_settings(s, verb);
	}
}

/* Runs only these lines. */
static inline void script_lines(struct script *s, const char *name,
				const char *text)
{
	char line[1024];
	unsigned number = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		number++;
		(void)snprintf(s->where, sizeof(s->where), "%.80s, line %u: "
			       "%.*s", name, number, len < 40 ? (int)len : 40,
			       text);
		t_about(s->where);
		if (!CHECK(len < sizeof(line)))
			return;
		memcpy(line, text, len);
		line[len] = '\0';
		line[strcspn(line, "#")] = '\0';
		script_line(s, line);
		text += len + (text[len] == '\n');
	}
}

/* The device keeps its state. */
static inline void script_continue(struct script *s, const char *name,
				   const char *text)
{
	script_lines(s, name, text);
	s->len = 0;
	(void)snprintf(s->where, sizeof(s->where), "%.80s: at the end", name);
	t_about(s->where);
	script_expect(s);
}

static inline bool script_open(struct script *s, const char *name,
			       const char *spec)
{
	struct sim_config config;
	struct problem why = { "" };

	memset(s, 0, sizeof(*s));
	s->patience_us = 60 * INT64_C(1000000);
	t_about(name);
	if (!CHECK(sim_parse(spec, &config, &why))) {
		printf("  %s\n", why.text);
		return false;
	}
	s->address = (uint8_t)config.i2c_address;
	s->sim = sim_new(&config, &why);
	if (!CHECK(s->sim != NULL))
		printf("  %s\n", why.text);
	return s->sim != NULL;
}

static inline void script_close(struct script *s)
{
	struct problem why = { "" };

	if (!CHECK(sim_free(s->sim, &why)))
		printf("  %s\n", why.text);
}

static inline void script_run(const char *name, const char *spec,
			      const char *text)
{
	struct script s;

	if (!script_open(&s, name, spec))
		return;
	script_continue(&s, name, text);
	script_close(&s);
}

#endif
