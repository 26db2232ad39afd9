/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What simulated device is wanted: "sim:ID[,key=value...]" as a struct. ID is
 * a product ID (0x410) or a part name; "sim:i2c:ID" asks for the device on an
 * I2C bus. The keys stand in one table in spec.c, with what each does.
 * Values cannot hold a comma.
 */
#ifndef SIM_SPEC_H
#define SIM_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "dev_table.h"
#include "problem.h"

#define SIM_TEXT_MAX 1024
#define SIM_FAULTS_MAX 16
#define SIM_EXTRA_MAX 16
#define SIM_NACKS_MAX 16
#define SIM_UNSET UINT32_MAX	/* a number that was not given */
#define SIM_NO_LINE (-1)
#define SIM_WRP_BYTES 64	/* 512 write protection units, a bit each */

enum sim_file {
	SIM_FILE_FLASH,		/* raw binary, exactly the fitted flash */
	SIM_FILE_NV,		/* option bytes, EEPROM, protection: text */
	SIM_FILE_LOG,		/* what happened, an event a line */
	SIM_FILE_STATS,		/* struct sim_stats as "key value" lines */
	SIM_FILES
};

enum sim_checksum {
	SIM_CHECKSUM_BY_VERSION,	/* UART: none; I2C: 2 since 1.2 */
	SIM_CHECKSUM_NONE,
	SIM_CHECKSUM_4,
	SIM_CHECKSUM_2
};

/* Whose answers, see kind.h. */
enum sim_rom {
	SIM_ROM_BY_VERSION,	/* as recorded of 2.2, or of 3.1 and later; on
				 * I2C, of which nothing is known: as noted */
	SIM_ROM_STRICT,		/* as the application notes have it */
	SIM_ROM_22,
	SIM_ROM_31,
	SIM_ROM_WORST		/* takes for a command whatever may be one */
};

enum sim_read_end {		/* reading past the end of a memory */
	SIM_READ_END_BY_KIND,	/* a fault, or zeros */
	SIM_READ_END_HANGS,	/* kills the ROM: of the flash, */
	SIM_ANY_END_HANGS	/* of anything */
};

enum sim_direction { SIM_IN, SIM_OUT };	/* to the device, from the device */

/* Chance per byte, 0 to 1, by enum sim_direction. */
struct sim_noise {
	double drop[2], flip[2], insert[2];
};

enum sim_fault_kind {
	SIM_FAULT_NACK,		/* answered by 1F, not done */
	SIM_FAULT_SILENT,	/* bytes are taken, not done, no answer */
	SIM_FAULT_GARBLE,	/* the bytes of the answer are mangled */
	SIM_FAULT_LOSTACK	/* done, but its ACK never leaves */
};

#define SIM_PHASE_LAST 255

/* Commands by their names; those of one name do the same in other ways. */
enum sim_command {
	SIM_GET, SIM_VERSION, SIM_ID, SIM_PART, SIM_READ, SIM_GO, SIM_WRITE,
	SIM_ERASE, SIM_WPROTECT, SIM_WUNPROTECT, SIM_RPROTECT, SIM_RUNPROTECT,
	SIM_CHECKSUM, SIM_SPECIAL, SIM_XSPECIAL, SIM_ACCESS
};

/* Strikes the nth execution of a command, counted from 1. */
struct sim_fault {
	enum sim_fault_kind kind;
	enum sim_command command;
	uint32_t nth;
	uint32_t phase;		/* 0: the opcode, 1...: that packet of the
				 * command; SIM_PHASE_LAST */
};

/* A pin of the chip that hangs on a line of the host: active (NRST pulled,
 * BOOT0 high) while the line is asserted, or while it is not. */
struct sim_wire {
	int line;		/* enum port_line or SIM_NO_LINE */
	bool inverted;
};

struct sim_config {
	struct dev dev;
	bool framed;		/* on an I2C bus, at: */
	uint32_t i2c_address;
	char files[SIM_FILES][SIM_TEXT_MAX];	/* empty: none */

	/* The chip */
	uint32_t size;		/* of the fitted flash; 0: the row's */
	uint32_t size_register;	/* what it reads; SIM_UNSET: the truth */
	uint32_t pid;		/* SIM_UNSET: the row's */
	uint32_t rdp;		/* level at the start, unless files[NV] says */
	uint8_t wrp[SIM_WRP_BYTES];
	uint32_t boot0;		/* level when no line drives it */
	struct sim_wire boot0_wire, reset_wire;
	bool capacitor;		/* between the line and NRST: an edge resets */
	bool crossed;		/* two transistors: each line counts while the
				 * other one is not asserted */
	bool asserted;		/* RTS and DTR are, when the run begins */
	uint32_t iwdg_ms;	/* the watchdog runs when the run begins, and
				 * resets the chip after so long; SIM_UNSET: it
				 * does not */

	/* The ROM */
	uint32_t rom;		/* enum sim_rom */
	uint32_t version;	/* protocol version; SIM_UNSET: the row's */
	uint32_t bootloader_id;
	uint32_t erase;		/* opcode 43 or 44; 0: the row's */
	enum sim_checksum checksum;
	uint8_t extra[SIM_EXTRA_MAX];	/* further opcodes that Get lists */
	uint32_t extra_count;
	uint32_t id_bytes;	/* 3: two bytes of mask before the ID; 0 */
	char parity;		/* 'n', 'e', 'o' */
	uint32_t startup_ms;	/* deaf for so long after a reset */
	uint32_t busy_ms;	/* how long every job of the flash lasts, */
	uint32_t program_ns;	/* or a granule, */
	uint32_t erase_ms;	/* or a page, all pages, the option bytes;
				 * SIM_UNSET: as the row says */

	/* The ROM on an I2C bus */
	uint32_t i2c_version;	/* 0x10 is 1.0; SIM_UNSET: the row's */
	uint32_t no_stretch;	/* has those commands; SIM_UNSET: since 1.1 */
	uint32_t give_up_ms;	/* waits so long in a command, then resets */
	uint32_t i2c_timeout_ms; /* what the adapter waits for the clock;
				 * SIM_UNSET: what the host asks for */
	uint32_t nacks[SIM_NACKS_MAX];	/* these transactions, counted from 1,
				 * get no acknowledge of the address */
	uint32_t nack_count;
	bool nack_busy;		/* nor do any while it works */
	bool stretch_busy;	/* holds the clock for half of the work in
				 * no-stretch commands too */

	/* How it misbehaves */
	uint32_t seed;
	struct sim_noise noise;
	bool aimed;		/* from the host only, and at the data of a
				 * write only */
	struct sim_fault faults[SIM_FAULTS_MAX];
	uint32_t fault_count;
	char chatter[SIM_TEXT_MAX];	/* an application says this instead */
	char knock[SIM_TEXT_MAX];	/* or enters the ROM when it hears this */
	uint32_t knock_rate;	/* at this rate, 8n1; 0: it does not */
	bool synced;		/* the 7F came before our time */
	uint32_t rate;		/* and that was its rate; 0: the host's */
	bool second_ack;	/* one more 79 after the first */
	bool stray_zero;	/* a 00 before the first ACK */
	bool echo;		/* the wire hands back what the host sends */
	bool seen;		/* a port with parity notices flipped bits */
	bool mute;		/* the ROM's answers do not arrive */
	bool no_parity_bit;	/* the adapter sends a 1 for every parity bit */
	bool second_nack;	/* NACKs come in pairs */
	bool short_read_nack;	/* < 128 bytes outside flash and RAM */
	uint32_t read_end;	/* enum sim_read_end */
	bool multiple_nack;	/* writes must be a multiple of 4 */
	uint32_t overrun_ns;	/* the ROM's work before every answer, with a
				 * receive register of one byte; SIM_UNSET:
				 * nothing is lost */
	uint32_t overrun_after;	/* so many answers without that work */

	/* The way there, for the port and the server */
	bool pace;		/* bytes and flash take their real time */
	uint32_t latency_ms;	/* of the adapter, once per turnaround */
};

/* On failure *why names the key or value that is wrong. */
bool sim_parse(const char *spec, struct sim_config *config,
	       struct problem *why);

#endif
