/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pieces of the protocol and those who use stm32.h have in common:
 * limits, errors, commands, and what a session is asked and tells.
 */
#ifndef PROTOCOL_TYPES_H
#define PROTOCOL_TYPES_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STM32_MAX_BLOCK 256	/* data bytes of one read or write */
#define STM32_MAX_FRAME (1 + STM32_MAX_BLOCK + 1) /* count, data, checksum */
#define STM32_MAX_PAGES 100	/* in one erase list; more are mishandled by
				 * some ROMs */

enum stm32_err {
	STM32_OK = 0,
	STM32_REFUSED,		/* NACK to the command itself: readout
				 * protection, or not known to this ROM */
	STM32_BAD_ADDRESS,	/* NACK to the address */
	STM32_NACK,		/* NACK to what followed */
	STM32_TIMEOUT,		/* no answer */
	STM32_GARBLED,		/* invalid answer */
	STM32_UNCERTAIN,	/* it may have been done: look */
	STM32_ASTRAY,		/* it has acted on a frame that was filled up
				 * after a loss: something else may be done */
	STM32_UNSUPPORTED,	/* not in the list that Get returned */
	STM32_STOPPED,		/* *stop was set between two frames */
	STM32_PORT		/* the port failed: stm32_port_err() */
};

/* The name of every value, for messages. */
const char *stm32_strerror(enum stm32_err err);

enum stm32_command {
	CMD_GET, CMD_GET_VERSION, CMD_GET_ID, CMD_READ_MEMORY, CMD_GO,
	CMD_WRITE_MEMORY, CMD_ERASE, CMD_EXTENDED_ERASE, CMD_WRITE_PROTECT,
	CMD_WRITE_UNPROTECT, CMD_READOUT_PROTECT, CMD_READOUT_UNPROTECT,
	CMD_GET_CHECKSUM,
	CMD_GET_PART_NUMBER,	/* GigaDevice */
	CMD_ACCESS,		/* Artery */
	CMD_COUNT
};

/* What came while nothing answered like a bootloader. */
enum stm32_sound {
	STM32_SILENCE,
	STM32_ECHO,		/* our own bytes */
	STM32_TEXT,		/* of an application */
	STM32_ANSWERS,		/* ACK or NACK, and nothing that made sense */
	STM32_NOISE		/* other bytes */
};

#define STM32_HEARD 16

struct stm32_heard {
	enum stm32_sound sound;
	char text[STM32_HEARD + 1];	/* the first of it; "." if not to be
					 * shown */
};

struct stm32_options {
	unsigned connect_timeout_ms;
	bool resume;		/* the device is in a session already */
	bool was_reset;		/* or it has just been reset, and starts */
	unsigned max_read;	/* data bytes of a read, 1 to 256 */
	unsigned max_frame;	/* bytes of a written frame, 5 to 258 */
	unsigned retries;	/* of one command that can be repeated */
	struct stm32_heard *heard;	/* set if stm32_open() fails; NULL:
					 * not wanted */
	bool listen;		/* from the reset on: an application's first
				 * words count as heard */
	unsigned write_retries;	/* of a write, before its data went out */
	const volatile sig_atomic_t *stop;	/* NULL: never */
	/* Told what was retried and why; NULL: no listener. */
	void (*explain)(void *ctx, const char *text);
	/* Told now and then how long the device has worked on an erase of
	 * everything; NULL: no listener. */
	void (*wait)(void *ctx, unsigned waited_ms, unsigned at_most_ms);
	void *ctx;
};

struct stm32_info {
	uint8_t version;	/* of the protocol, 0x31 is 3.1 */
	uint8_t option1, option2;	/* second and third byte of Get Version */
	uint8_t id_bytes[8];	/* data of Get ID */
	size_t id_len;
	uint32_t id;		/* product ID as most parts mean it */
	bool fresh;		/* it answered the 7F with an ACK */
	bool listed[256];	/* opcodes that Get returned */
};

struct stm32_counts {
	unsigned resyncs, retries;
	unsigned changes;	/* of the retries: not for an answer that stayed
				 * away */
	unsigned strays;	/* times that more came than was due */
	unsigned astray;	/* times that it acted on a damaged frame */
};

/*
 * What may have been erased by mistake: noise added a byte to a list of pages, so
 * the ROM took the list as complete one byte early, and a byte was left over.
 *
 * A list by Erase (43) is N, the pages, and the XOR of all. FF before a list of
 * one page is a mass erase (FF 00). Any other byte in front makes a page of N.
 * Behind N a byte that equals the XOR is one more page, and the last page is
 * taken for the XOR. With two bytes each (44) it may be the first of them.
 */
struct stm32_rests {
	bool any, all;		/* all: a mass erase */
	bool pages[256];	/* by number, or by the first byte of one */
};

#endif
