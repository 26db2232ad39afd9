/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses the configuration of a simulated device: "sim:ID[,key=value...]". ID
 * is a product ID (0x410) or a part name; "sim:i2c:ID" puts the device on an
 * I2C bus. spec.c has the table of keys. Values cannot contain a comma.
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
#define SIM_UNSET UINT32_MAX	/* a number that is not given */
#define SIM_NO_LINE (-1)
#define SIM_WRP_BYTES 64	/* 512 write protection units, a bit each */

enum sim_file {
	SIM_FILE_FLASH,		/* raw binary, exactly this chip's flash */
	SIM_FILE_NV,		/* option bytes, EEPROM, protection: text */
	SIM_FILE_LOG,		/* events, one per line */
	SIM_FILE_STATS,		/* struct sim_stats as "key value" lines */
	SIM_FILES
};

enum sim_checksum {
	SIM_CHECKSUM_BY_VERSION,	/* UART: none; I2C: 2 since 1.2 */
	SIM_CHECKSUM_NONE,
	SIM_CHECKSUM_4,
	SIM_CHECKSUM_2
};

/* Which ROM's answers to use, see kind.h. */
enum sim_rom {
	SIM_ROM_BY_VERSION,	/* as recorded for 2.2, or for 3.1 and later;
				 * on I2C, where no recordings exist: as in the
				 * notes */
	SIM_ROM_STRICT,		/* as in the application notes */
	SIM_ROM_22,
	SIM_ROM_31,
	SIM_ROM_WORST		/* executes whatever may be a command */
};

enum sim_read_end {		/* reading past the end of a memory */
	SIM_READ_END_BY_KIND,	/* a fault, or zeros */
	SIM_READ_END_HANGS,	/* stops the ROM at the end of the flash, */
	SIM_ANY_END_HANGS	/* at the end of any memory */
};

enum sim_direction { SIM_IN, SIM_OUT };	/* to the device, from the device */

/* Probability per byte, 0 to 1, indexed by enum sim_direction. */
struct sim_noise {
	double drop[2], flip[2], insert[2];
	double gap[2];		/* an interruption of 1 to 1024 ms */
};

enum sim_fault_kind {
	SIM_FAULT_NACK,		/* answered with 1F, not executed */
	SIM_FAULT_SILENT,	/* bytes are received, not executed, no
				 * answer */
	SIM_FAULT_GARBLE,	/* the bytes of the answer are damaged */
	SIM_FAULT_LOSTACK	/* executed, but its ACK is not sent */
};

#define SIM_PHASE_LAST 255

/* The commands by name; one name covers variants of a command. */
enum sim_command {
	SIM_GET, SIM_VERSION, SIM_ID, SIM_PART, SIM_READ, SIM_GO, SIM_WRITE,
	SIM_ERASE, SIM_WPROTECT, SIM_WUNPROTECT, SIM_RPROTECT, SIM_RUNPROTECT,
	SIM_CHECKSUM, SIM_SPECIAL, SIM_XSPECIAL, SIM_ACCESS
};

/* Applies to the nth execution of a command, counted from 1. */
struct sim_fault {
	enum sim_fault_kind kind;
	enum sim_command command;
	uint32_t nth;
	uint32_t phase;		/* 0: the opcode, 1...: that packet of the
				 * command; SIM_PHASE_LAST */
};

/* A pin of the chip connected to a line of the host: active (NRST low, BOOT0
 * high) while the line is asserted; inverted: while it is not. */
struct sim_wire {
	int line;		/* enum port_line or SIM_NO_LINE */
	bool inverted;
};

struct sim_config {
	struct dev dev;
	bool framed;		/* on an I2C bus, at this address: */
	uint32_t i2c_address;
	char files[SIM_FILES][SIM_TEXT_MAX];	/* empty: none */

	/* The chip */
	uint32_t size;		/* of this chip's flash; 0: as in the row */
	uint32_t size_register;	/* its contents; SIM_UNSET: the true size */
	uint32_t pid;		/* SIM_UNSET: as in the row */
	uint32_t rdp;		/* level at the start, unless files[NV] has
				 * one */
	uint8_t wrp[SIM_WRP_BYTES];
	uint32_t boot0;		/* level when no line drives it */
	struct sim_wire boot0_wire, reset_wire;
	bool capacitor;		/* between the line and NRST: an edge resets */
	bool crossed;		/* two transistors: each line works only while
				 * the other one is not asserted */
	bool asserted;		/* RTS and DTR are asserted when the run
				 * begins */
	uint32_t iwdg_ms;	/* the watchdog is on when the run begins, and
				 * resets the chip after this time; SIM_UNSET:
				 * it is off */

	/* The ROM */
	uint32_t rom;		/* enum sim_rom */
	uint32_t version;	/* protocol version; SIM_UNSET: as in the row */
	uint32_t bootloader_id;
	uint32_t erase;		/* opcode 43 or 44; 0: as in the row */
	enum sim_checksum checksum;
	uint8_t extra[SIM_EXTRA_MAX];	/* additional opcodes that Get lists */
	uint32_t extra_count;
	uint32_t id_bytes;	/* 3: two bytes of mask before the ID;
				 * 0: none */
	char parity;		/* 'n', 'e', 'o' */
	uint32_t startup_ms;	/* does not listen for this time after a
				 * reset */
	uint32_t busy_ms;	/* duration of every flash operation, */
	uint32_t program_ns;	/* or of a granule, */
	uint32_t erase_ms;	/* or of a page, a mass erase, the option
				 * bytes; SIM_UNSET: as in the row */

	/* The ROM on an I2C bus */
	uint32_t i2c_version;	/* 0x10 is 1.0; SIM_UNSET: as in the row */
	uint32_t no_stretch;	/* has those commands; SIM_UNSET: since version
				 * 1.1 */
	uint32_t give_up_ms;	/* waits this long in a command, then resets */
	uint32_t i2c_timeout_ms; /* how long the adapter waits for the clock;
				  * SIM_UNSET: as the host asks */
	uint32_t nacks[SIM_NACKS_MAX];	/* transactions, counted from 1, that
					 * get no ACK to the address */
	uint32_t nack_count;
	bool nack_busy;		/* no ACK to any while it works */
	bool stretch_busy;	/* holds the clock for half of the work, even
				 * in no-stretch commands */

	/* Errors */
	uint32_t seed;
	struct sim_noise noise;
	bool aimed;		/* only to bytes from the host, and only to the
				 * data of a write */
	struct sim_fault faults[SIM_FAULTS_MAX];
	uint32_t fault_count;
	char chatter[SIM_TEXT_MAX];	/* an application sends this text
					 * instead */
	char knock[SIM_TEXT_MAX];	/* and enters the ROM when it receives
					 * this */
	uint32_t knock_rate;	/* at this rate, 8n1; 0: no knock */
	bool synced;		/* the 7F was sent before the run */
	uint32_t rate;		/* at this rate; 0: the host's */
	bool second_ack;	/* a second 79 after the first one */
	bool stray_zero;	/* a 00 before the first ACK */
	bool echo;		/* the wire echoes what the host sends */
	bool seen;		/* the port's parity check detects flipped
				 * bits */
	bool mute;		/* the ROM's answers are lost */
	bool no_parity_bit;	/* the adapter sends 1 as every parity bit */
	bool second_nack;	/* the ROM sends every NACK twice */
	bool short_read_nack;	/* refuses reads of < 128 bytes outside flash
				 * and RAM */
	uint32_t read_end;	/* enum sim_read_end */
	bool multiple_nack;	/* write lengths must be a multiple of 4 */
	uint32_t overrun_ns;	/* work before every answer, with a receive
				 * register of one byte; SIM_UNSET: no byte is
				 * lost */
	uint32_t overrun_after;	/* number of first answers without that work */

	/* The connection, for the port and the server */
	bool pace;		/* bytes and flash take real time */
	uint32_t latency_ms;	/* of the adapter, once per turnaround */
};

/* On failure *why names the key or value that is wrong. */
bool sim_parse(const char *spec, struct sim_config *config,
	       struct problem *why);

#endif
