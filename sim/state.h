/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct sim, for the files of the simulated device only. They
 * stand on each other in this order, and each includes only what is above it:
 *
 *	spec, thumb, journal		what is wanted; a processor; the log
 *	kind, faults, memory, options, wrp, watchdog, board, uart
 *					parts that know themselves only
 *	state				all parts together, and who runs
 *	protect, silicon, store		the chip, and the files that keep it
 *	output				what the device sends, and when
 *	answer, cmd_*, commands, rom	the bootloader
 *	app				the code that runs instead of it
 *	device				time, input, resets
 *	i2c				the device on a bus
 */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev_table.h"
#include "sim/board.h"
#include "sim/command.h"
#include "sim/faults.h"
#include "sim/journal.h"
#include "sim/kind.h"
#include "sim/memory.h"
#include "sim/sim.h"
#include "sim/spec.h"
#include "sim/thumb.h"
#include "sim/uart.h"
#include "sim/watchdog.h"

enum sim_mode {
	MODE_ROM,
	MODE_APP,
	MODE_HUNG,		/* locked up, until a reset */
	MODE_HELD		/* NRST is held */
};

/*
 * What the ROM or the application asks for. device.c does it when they have
 * returned: neither starts the other one.
 */
enum request_kind {
	REQUEST_NONE,
	REQUEST_RESET,
	REQUEST_OPTION_LOAD,	/* a reset that takes the "flash is empty" flag
				 * anew as well */
	REQUEST_ROM,		/* the ROM begins anew without a reset */
	REQUEST_SPOILT_ROM,	/* and measures a wrong rate */
	REQUEST_GO		/* the application runs */
};

struct request {
	enum request_kind kind;
	const char *event;	/* of a reset or the ROM: for the log */
	uint32_t address;	/* of Go: the vector table */
	int64_t at_us;		/* when it was asked for */
};

struct protection {
	uint8_t rdp;			/* readout protection level 0 to 2 */
	uint8_t wrp[SIM_WRP_BYTES];	/* a bit per unit */
	bool empty;	/* the first flash word was blank when last sampled */
};

/* What the device has sent and the host has not read. A host that never reads loses
 * what does not fit, as it would in its system's buffer. */
#define OUTPUT_MAX 4096

struct output_byte {
	uint8_t byte;
	bool ends;		/* I2C: the last one of a transaction */
	bool polled;		/* I2C: BUSY is answered until it is due */
	bool flipped;		/* noise changed a bit of it */
	int64_t due_us;
};

struct output {
	struct output_byte bytes[OUTPUT_MAX];
	size_t head, count;
};

enum rom_phase {
	ROM_AUTOBAUD,	/* measures the first byte, which must be 7F */
	ROM_OPCODE,
	ROM_COMPLEMENT,
	ROM_PACKET
};

struct rom {
	enum rom_phase phase;
	int64_t measures_until_us;	/* it still measures the first byte */
	bool spoilt;		/* by what was left of the session before */
	uint8_t opcode;
	bool sliding;		/* behind a refusal, see struct rom_kind */
	bool unlocked;		/* the access command was given */

	/* The command and its packet so far. */
	const struct command *command;
	size_t stage;		/* 0: the opcode, 1...: waits for that packet */
	const struct sim_fault *fault;
	bool silenced, garbled;	/* by the fault */
	uint8_t packet[ROM_PACKET_MAX];	/* what is longer is not kept */
	size_t received;
	uint8_t sum;		/* XOR of all of it */
	uint8_t buffer[ROM_BLOCK_MAX];	/* of the data, with what is left of
				 * earlier ones */

	/* What the packets said. */
	uint32_t address;
	uint32_t count;
	uint32_t init;
	enum { LOSS_NONE, LOSS_WROTE, LOSS_READ } loss; /* writes that follow
				 * a read lose bytes */
	bool resets;		/* the write was one of option bytes */
};

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

struct i2c_slave {
	bool stuck;		/* nothing but its own reset helps */
	int64_t gives_up_us;	/* then it resets itself; 0: it waits for the
				 * next command, as long as it takes */
	int64_t first_poll_us;	/* the clock is held until then in spite of a
				 * no-stretch command; 0: not polled yet */
};

struct sim {
	struct sim_config config;
	const struct dev *dev;
	const struct rom_kind *kind;
	enum sim_mode mode;
	struct request request;
	int64_t now_us;		/* the latest time anybody told */
	int64_t busy_us;	/* until then it works on what it got */
	int64_t awake_us;	/* until then the ROM starts up */
	int64_t flash_busy_us;	/* an erase goes on behind an early ACK */
	struct board board;
	bool listening;		/* it got bytes since it last answered */
	struct memory memory;
	struct protection protection, protection_logged;
	struct watchdog watchdog;
	struct rom rom;
	struct uart uart;
	struct i2c_slave i2c;
	struct app app;
	struct faults faults;
	struct journal journal;
	struct output output;
	struct sim_stats stats;
};

/* Locks up: nothing but a reset helps. */
void state_hang(struct sim *sim, const char *reason);

/* The ROM or the application asks for this, now. */
void state_ask(struct sim *sim, enum request_kind kind, const char *event);

#endif
