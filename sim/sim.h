/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated device: the ROM bootloader of any row of the device table as a
 * state machine, bytes in and bytes out, with its memory, its protection, its
 * processor and its faults. Pure: no wall clock, no port; the caller hands in
 * the time in microseconds, which only ever grows. Files are touched only by
 * sim_new(), sim_save() and sim_free(), and only those that the configuration
 * names.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev_table.h"
#include "problem.h"

struct sim;
struct sim_config;	/* sim/spec.h */

/* A device that was just powered up. The caller owns it; NULL with *why on
 * failure. *config is copied. */
struct sim *sim_new(const struct sim_config *config, struct problem *why);

/* Writes the files that the configuration names and frees. False: one of them
 * could not be written. NULL is allowed. */
bool sim_free(struct sim *sim, struct problem *why);

/* Writes those files as they are now. */
bool sim_save(const struct sim *sim, struct problem *why);

/* UART: one byte from the host arrives complete at now_us. parity_ok says
 * whether the frame suits the parity the device expects. */
void sim_receive(struct sim *sim, uint8_t byte, bool parity_ok, int64_t now_us);

/* UART: how long a byte is on the wire, as seen by its receiver: see
 * overrun= of the configuration. */
void sim_byte_time(struct sim *sim, int64_t ns);

/*
 * UART: the next byte the device sends, if there is one: true with the time at
 * which the device begins to send it (its work is done then). The byte stays
 * until sim_sent() takes it.
 */
bool sim_peek(struct sim *sim, uint8_t *byte, int64_t *due_us);
void sim_sent(struct sim *sim);
/* Whether noise changed a bit of that next byte: its parity is wrong then. */
bool sim_peek_flipped(const struct sim *sim);

/*
 * I2C: one transaction, START to STOP, of exactly len bytes. The device holds
 * the clock while it works, and in the middle of a phase that the transaction
 * does not suit; the adapter waits patience_us for that.
 */
struct sim_transaction {
	bool read;
	uint8_t address;	/* 7 bits */
	uint8_t *bytes;		/* of a write, or room for a read */
	size_t len;
	int64_t now_us, patience_us;
	int64_t end_us;		/* set: when it was over, without the time of
				 * the bytes on the wire */
};
enum sim_bus { SIM_BUS_OK, SIM_BUS_NACK, SIM_BUS_HELD };
enum sim_bus sim_transact(struct sim *sim, struct sim_transaction *t);

/* Lines of the host that reach the board, when the configuration wires them
 * (reset=dtr, boot0=rts ...): level as in port_set_line(). */
void sim_line(struct sim *sim, int line, bool level, int64_t now_us);

/* The rate that the host sets: an application at a USB port is told of it. */
void sim_rate(struct sim *sim, uint32_t baud);

/* What happened since sim_new(). */
struct sim_stats {
	uint64_t bytes_in, bytes_out;	/* from and to the host */
	uint64_t turnarounds;		/* times that something was sent and
					 * then an answer waited for */
	uint64_t program_us, erase_us;	/* flash time */
	uint64_t work_us;		/* that answers had to wait for */
	uint64_t transactions;		/* I2C, those not acknowledged too */
	uint64_t busy_polls;		/* answered by BUSY */
	uint64_t pages_erased, mass_erases;
	uint64_t granules_programmed;
	uint64_t granules_refused;	/* not erased, or protected, or only in
					 * part in a write */
	uint64_t resets;		/* after power-up */
	uint64_t reset_stores;		/* 05FA0004 to E000ED0C by code */
	uint64_t commands[256];		/* accepted, by opcode */
	uint64_t faults;		/* injected */
	uint64_t overruns;		/* bytes that the receiver lost */
};
const struct sim_stats *sim_stats(const struct sim *sim);

/* Memory as the silicon has it, for tests: false where there is none. */
bool sim_peek_memory(const struct sim *sim, uint32_t address, uint8_t *out,
		     size_t len);
bool sim_poke_memory(struct sim *sim, uint32_t address, const uint8_t *in,
		     size_t len);

enum sim_state { SIM_UNSYNCED, SIM_READY, SIM_BUSY, SIM_APPLICATION, SIM_HUNG };
enum sim_state sim_state(const struct sim *sim);

#endif
