/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The application: whatever runs when the ROM does not. Code is interpreted
 * in slices, when the host uses the device; it sees the memories, a serial
 * port, and registers that remember what was written to them. Or the
 * configuration has one in its place, which repeats a text, or enters the ROM
 * when it receives one.
 */
#ifndef SIM_APP_H
#define SIM_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/thumb.h"

struct sim;

#define APP_REGISTERS 256
#define APP_LINE_MAX 120
#define APP_RECEIVE_MAX 64

struct app {
	struct thumb cpu;
	bool idle;		/* nothing will change any more */
	bool by_go;		/* the ROM has started it, not a reset */
	bool timed;		/* it was uploaded: it runs no faster than the
				 * chip would */
	int64_t began_us;
	uint32_t step_ns;	/* that an instruction takes */
	const char *reset;	/* the code asked for one: event for the log */
	bool option_load;	/* with new option bytes */
	bool jump;		/* no reset: it jumped to the ROM */
	struct {
		uint32_t address, value;
	} registers[APP_REGISTERS];	/* what was written, nothing else */
	size_t register_count;
	uint8_t received[APP_RECEIVE_MAX];
	size_t received_count;
	char line[APP_LINE_MAX];	/* of its output, for the log */
	size_t line_len;
	int64_t chatter_us;	/* when the text is said next */
	size_t knocked;		/* bytes of the knock that came so far */
};

/* It is one of the configuration: it talks, or waits for a knock, or both. */
bool app_is_made_up(const struct sim *sim);

/* Runs the code whose vector table is here, after a reset. */
void app_start(struct sim *sim, uint32_t vector_table);
/* The same after Go: what the ROM has used is as it leaves it. */
void app_start_by_go(struct sim *sim, uint32_t vector_table);
/* What was uploaded runs on until now. */
void app_catch_up(struct sim *sim);

/* One slice, if there is something to run and room for what it says. */
void app_run(struct sim *sim);

/* The host sets this rate. */
void app_hear_rate(struct sim *sim, uint32_t baud);

/* A byte from the host. */
void app_receive(struct sim *sim, uint8_t byte);

#endif
