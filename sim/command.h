/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of the bootloader: an opcode, the packets that follow it, and
 * their handlers. commands.c has the table of commands.
 */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/spec.h"

struct sim;

#define ROM_SYNC 0x7F
#define ROM_ACK 0x79
#define ROM_NACK 0x1F
#define ROM_BUSY 0x76
#define ROM_SPECIAL_ERASE 0xFFF0u	/* AN3155, 3.8: FFFF to FFFD are codes,
					 * others reserved */

/* A longer list of pages is refused once it is complete, as seen on L1 and
 * L0. */
#define ROM_PAGES_MAX 512
#define ROM_BLOCK_MAX 256
#define ROM_PACKET_MAX (2 + ROM_PAGES_MAX * 2 + 1)

/* How to find the length and the checksum of a packet. */
enum packet {
	PACKET_NONE,	/* no (further) packet */
	PACKET_WORD,	/* 4 bytes, MSB first, XOR */
	PACKET_COUNT,	/* N and its complement */
	PACKET_LIST,	/* N, then N + 1 bytes, XOR */
	PACKET_PAGES8,	/* the same, or FF 00 for a mass erase */
	PACKET_PAGES16,	/* N, then N + 1 pages of 2 bytes each, XOR; N >= FFF0
			 * is a special code, XOR */
	PACKET_SUBCODE,	/* 2 bytes, XOR */
	/* I2C, where a list has its count in a separate packet */
	PACKET_PAGES_N,	/* N in 2 bytes, or a special code; XOR */
	PACKET_COUNTED	/* as many bytes as the packet before has announced,
			 * XOR */
};

enum verdict {
	TAKEN,		/* ACK, go on to the next packet or the end */
	TAKEN_ALL,	/* ACK, and no further packet */
	REFUSED,	/* NACK */
	REFUSED_ADDRESS, /* refusal of the kind: struct refusals */
	FAULTED,	/* no answer; the ROM resets itself */
	LOCKED_UP	/* no answer, until a reset */
};

#define COMMAND_STEPS_MAX 4

struct command {
	uint8_t opcode;
	uint8_t name;		/* enum sim_command, for faults */
	uint8_t refusal;	/* enum refusal */
	bool when_protected;	/* allowed at readout protection level 1 */
	/* True if this device has the command; NULL: all devices have it. */
	bool (*exists)(const struct sim *sim);
	struct {
		enum packet packet;
		enum verdict (*take)(struct sim *sim);
	} steps[COMMAND_STEPS_MAX];
	/* Called after the last ACK; NULL: nothing left to do. */
	void (*finish)(struct sim *sim);
	bool no_stretch;	/* I2C: sends BUSY while it works */
};

/* Returns the number of packets of the command. */
static inline size_t command_packets(const struct command *command)
{
	size_t n = 0;

	while (n < COMMAND_STEPS_MAX && command->steps[n].packet != PACKET_NONE)
		n++;
	return n;
}

#endif
