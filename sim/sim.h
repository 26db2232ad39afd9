/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated device: the ROM bootloader of any row of the device table as a
 * state machine, bytes in and bytes out, with its memory, protection,
 * processor and faults. Pure: no real time, no port; the caller passes the
 * time in microseconds, which never decreases. Only sim_new(), sim_save() and
 * sim_free() access files, and only those named in the configuration.
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

/* Creates a device in its state after power-up. The caller owns it; NULL with
 * *why on failure. Copies *config. */
struct sim *sim_new(const struct sim_config *config, struct problem *why);

/* Writes the files of the configuration and frees the device. False: a file
 * could not be written. NULL is allowed. */
bool sim_free(struct sim *sim, struct problem *why);

/* Writes the files now. */
bool sim_save(const struct sim *sim, struct problem *why);

/* UART: one byte from the host is complete at now_us. parity_ok: the frame has
 * the parity that the device expects. */
void sim_receive(struct sim *sim, uint8_t byte, bool parity_ok, int64_t now_us);

/* UART: sets the duration of a byte on the wire, as the receiver sees it: see
 * overrun= of the configuration. */
void sim_byte_time(struct sim *sim, int64_t ns);

/*
 * UART: true if the device has a byte to send; *due_us is when it starts
 * sending (its work is done then). The byte stays until sim_sent() takes it.
 */
bool sim_peek(struct sim *sim, uint8_t *byte, int64_t *due_us);
void sim_sent(struct sim *sim);
/* True if noise changed a bit of that byte: its parity is wrong then. */
bool sim_peek_flipped(const struct sim *sim);

/*
 * I2C: one transaction, START to STOP, of exactly len bytes. The device holds
 * the clock while it works, and if the transaction does not suit the current
 * phase; the adapter waits patience_us for that.
 */
struct sim_transaction {
	bool read;
	uint8_t address;	/* 7 bits */
	uint8_t *bytes;		/* to write, or the buffer for a read */
	size_t len;
	int64_t now_us, patience_us;
	int64_t end_us;		/* set: end of the transaction, excluding the
				 * time of the bytes on the wire */
};
enum sim_bus { SIM_BUS_OK, SIM_BUS_NACK, SIM_BUS_HELD };
enum sim_bus sim_transact(struct sim *sim, struct sim_transaction *t);

/* Sets a line of the host that the configuration connects (reset=dtr,
 * boot0=rts ...); level as in port_set_line(). */
void sim_line(struct sim *sim, int line, bool level, int64_t now_us);

/* The host sets its rate: passed to an application at a USB port. */
void sim_rate(struct sim *sim, uint32_t baud);

/* Counters since sim_new(). */
struct sim_stats {
	uint64_t bytes_in, bytes_out;	/* from and to the host */
	uint64_t turnarounds;		/* how often the host sent something
					 * and then waited for an answer */
	uint64_t program_us, erase_us;	/* flash time */
	uint64_t work_us;		/* that answers were delayed by */
	uint64_t transactions;		/* I2C, including those without ACK */
	uint64_t busy_polls;		/* answered with BUSY */
	uint64_t pages_erased, mass_erases;
	uint64_t granules_programmed;
	uint64_t granules_refused;	/* not erased, or protected, or only
					 * partly in a write */
	uint64_t resets;		/* after power-up */
	uint64_t reset_stores;		/* stores of 05FA0004 to E000ED0C by
					 * code */
	uint64_t commands[256];		/* accepted ones, by opcode */
	uint64_t faults;		/* injected */
	uint64_t overruns;		/* bytes lost by the receiver */
};
const struct sim_stats *sim_stats(const struct sim *sim);

/* Read or write memory directly, for tests: false if there is none. */
bool sim_peek_memory(const struct sim *sim, uint32_t address, uint8_t *out,
		     size_t len);
bool sim_poke_memory(struct sim *sim, uint32_t address, const uint8_t *in,
		     size_t len);

enum sim_state { SIM_UNSYNCED, SIM_READY, SIM_BUSY, SIM_APPLICATION, SIM_HUNG };
enum sim_state sim_state(const struct sim *sim);

#endif
