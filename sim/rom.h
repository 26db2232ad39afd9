/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootloader in the ROM. rom.c is the machine: it waits for the 7F, for
 * an opcode and its complement, for the packets that the command is made of,
 * and answers each. What the commands are and do stands in the table of
 * commands.c.
 */
#ifndef SIM_ROM_H
#define SIM_ROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim;
struct sim_fault;

#define ROM_SYNC 0x7F
#define ROM_ACK 0x79
#define ROM_NACK 0x1F
#define ROM_BUSY 0x76
#define ROM_SPECIAL_ERASE 0xFFF0u	/* AN3155, 3.8: FFFF to FFFD, others
					 * reserved */

/* How the length and the checksum of a packet are found. */
enum packet {
	PACKET_NONE,	/* no (further) packet */
	PACKET_WORD,	/* 4 bytes, MSB first, XOR */
	PACKET_COUNT,	/* N and its complement */
	PACKET_LIST,	/* N, N + 1 bytes, XOR */
	PACKET_PAGES8,	/* the same, or FF 00 */
	PACKET_PAGES16,	/* N and N + 1 pages of 2 bytes each, XOR; N >= FFF0
			 * is a special code, XOR */
	PACKET_SUBCODE,	/* 2 bytes, XOR */
	/* I2C, where a list has its count in a packet of its own */
	PACKET_PAGES_N,	/* N in 2 bytes, or a special code; XOR */
	PACKET_COUNTED	/* as many bytes as the one before said, XOR */
};

enum verdict {
	TAKEN,		/* ACK, on to the next packet or to the end */
	TAKEN_ALL,	/* ACK, and no further packet */
	REFUSED,	/* NACK */
	REFUSED_ADDRESS, /* as the kind has it: struct refusals */
	FAULTED,	/* no answer, and the ROM resets itself */
	LOCKED_UP	/* no answer, ever */
};

#define ROM_STEPS_MAX 4

struct command {
	uint8_t opcode;
	char name[11];		/* of faults; the two erase commands share it */
	uint8_t refusal;	/* enum refusal */
	bool when_protected;	/* served at readout protection level 1 */
	/* This device has it; NULL: all have. */
	bool (*exists)(const struct sim *sim);
	struct {
		enum packet packet;
		enum verdict (*take)(struct sim *sim);
	} steps[ROM_STEPS_MAX];
	/* After the last ACK; NULL: nothing is left to do. */
	void (*finish)(struct sim *sim);
	bool no_stretch;	/* I2C: says BUSY while it works */
};

enum rom_phase {
	ROM_AUTOBAUD,	/* measures the first byte, which must be 7F */
	ROM_OPCODE,
	ROM_COMPLEMENT,
	ROM_PACKET
};

/* A list of more pages than this is refused when it is complete, as seen on
 * L1 and L0. */
#define ROM_PAGES_MAX 512
#define ROM_BLOCK_MAX 256
#define ROM_PACKET_MAX (2 + ROM_PAGES_MAX * 2 + 1)

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

/* As after a reset, or with the 7F already taken. */
void rom_start(struct rom *rom, bool synced);

/* The end of a frame that began before the ROM looked at the line: so much of
 * it had passed. */
void rom_receive_cut(struct sim *sim, uint8_t byte, int64_t missed_ns);

/* How many bytes the packet has that it waits for, judged by the len first
 * ones of it. */
size_t rom_wants(const struct rom *rom, const uint8_t *bytes, size_t len);

/* A byte from the host. */
void rom_receive(struct sim *sim, uint8_t byte);

/* One byte of an answer; or all of it, which is one transaction on I2C. */
void rom_answer(struct sim *sim, uint8_t byte);
void rom_answer_bytes(struct sim *sim, const uint8_t *bytes, size_t len);
void rom_answer_ack(struct sim *sim);

/* A bus error: the handler of the ROM resets the chip. */
void rom_fault(struct sim *sim);

/* Of the protocol, as Get tells it. */
uint8_t rom_version(const struct sim *sim);

/* Entry i of the table of commands, NULL behind the last. */
const struct command *rom_command_at(size_t i);
bool rom_command_exists(const struct sim *sim, const struct command *command);

/* The name as the table has it, or NULL. */
const char *rom_command_name(const char *name, size_t len);

#endif
