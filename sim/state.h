/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct sim, only for the files of the simulated device. They
 * are layers in this order; each includes only files above it:
 *
 *	spec, thumb, journal		configuration; a processor; the log
 *	kind, faults, memory, options, wrp, watchdog, board, uart
 *					independent parts
 *	state				all parts together, and the mode
 *	protect, silicon, store		the chip, and its files
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
	MODE_HUNG,		/* locked up until a reset */
	MODE_HELD		/* NRST is held low */
};

/*
 * A request of the ROM or the application. device.c executes it after they
 * have returned, so neither starts the other one.
 */
enum request_kind {
	REQUEST_NONE,
	REQUEST_RESET,
	REQUEST_OPTION_LOAD,	/* a reset that also samples the "flash is
				 * empty" flag */
	REQUEST_ROM,		/* the ROM restarts without a reset */
	REQUEST_SPOILT_ROM,	/* and measures a wrong rate */
	REQUEST_GO		/* start the application */
};

struct request {
	enum request_kind kind;
	const char *event;	/* for a reset or the ROM: text for the log */
	uint32_t address;	/* for Go: the vector table */
	int64_t at_us;		/* time of the request */
};

struct protection {
	uint8_t rdp;			/* readout protection level 0 to 2 */
	uint8_t wrp[SIM_WRP_BYTES];	/* one bit per unit */
	bool empty;	/* the first flash word was blank when last sampled */
};

/* Bytes that the device has sent and the host has not read. If the host never
 * reads, bytes that do not fit are lost, as in the buffer of a system. */
#define OUTPUT_MAX 4096

struct output_byte {
	uint8_t byte;
	bool ends;		/* I2C: last one of a transaction */
	bool polled;		/* I2C: BUSY is sent until it is due */
	bool flipped;		/* noise changed one bit of it */
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
	int64_t measures_until_us;	/* still measures the first byte */
	bool spoilt;		/* by what the session before has left */
	uint8_t opcode;
	bool sliding;		/* after a refusal, see struct rom_kind */
	bool unlocked;		/* the access command was received */

	/* The command and its packet so far. */
	const struct command *command;
	size_t stage;		/* 0: waits for the opcode, 1...: for that
				 * packet */
	const struct sim_fault *fault;
	bool silenced, garbled;	/* by the fault */
	uint8_t packet[ROM_PACKET_MAX];	/* longer packets are not stored
					 * entirely */
	size_t received;
	uint8_t sum;		/* XOR of all bytes */
	uint8_t buffer[ROM_BLOCK_MAX];	/* of the data, including remainders of
					 * earlier ones */

	/* Values from the packets. */
	uint32_t address;
	uint32_t count;
	uint32_t init;
	enum { LOSS_NONE, LOSS_WROTE, LOSS_READ } loss; /* writes after a read
							 * lose bytes */
	bool resets;		/* option bytes were written */
};

#define APP_REGISTERS 256
#define APP_LINE_MAX 120
#define APP_RECEIVE_MAX 64

struct app {
	struct thumb cpu;
	bool idle;		/* nothing can change any more */
	bool by_go;		/* started by the ROM, not by a reset */
	bool timed;		/* uploaded code: runs no faster than the chip
				 * would */
	int64_t began_us;
	uint32_t step_ns;	/* duration of an instruction */
	const char *reset;	/* reset requested by the code: text for the
				 * log */
	bool option_load;	/* also loads option bytes */
	bool jump;		/* no reset: a jump to the ROM */
	struct {
		uint32_t address, value;
	} registers[APP_REGISTERS];	/* only their written values */
	size_t register_count;
	uint8_t received[APP_RECEIVE_MAX];
	size_t received_count;
	char line[APP_LINE_MAX];	/* of its output, for the log */
	size_t line_len;
	int64_t chatter_us;	/* when the text is sent next */
	size_t knocked;		/* bytes of the knock received so far */
};

struct i2c_slave {
	bool stuck;		/* only its own reset helps */
	int64_t gives_up_us;	/* then it resets itself; 0: waits for the next
				 * command without a limit */
	int64_t first_poll_us;	/* the clock is held until then in spite of a
				 * no-stretch command; 0: not polled yet */
};

struct sim {
	struct sim_config config;
	const struct dev *dev;
	const struct rom_kind *kind;
	enum sim_mode mode;
	struct request request;
	int64_t now_us;		/* the latest time known */
	int64_t busy_us;	/* busy with its work until then */
	int64_t awake_us;	/* the ROM starts up until then */
	int64_t flash_busy_us;	/* an erase continues after an early ACK */
	struct board board;
	bool listening;		/* received bytes since its last answer */
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

/* Locks up until a reset. */
void state_hang(struct sim *sim, const char *reason);

/* Records a request of the ROM or the application, at the current time. */
void state_ask(struct sim *sim, enum request_kind kind, const char *event);

#endif
