/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the modules of the protocol and the users of stm32.h: limits,
 * errors, commands, and the options and results of a session.
 */
#ifndef PROTOCOL_TYPES_H
#define PROTOCOL_TYPES_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STM32_MAX_BLOCK 256	/* data bytes of one read or write */
#define STM32_MAX_FRAME (1 + STM32_MAX_BLOCK + 1) /* count, data, checksum */
#define STM32_MAX_PAGES 100	/* in one erase list; some ROMs mishandle
				 * longer ones */

enum stm32_err {
	STM32_OK = 0,
	STM32_REFUSED,		/* NACK for the command itself: readout
				 * protected, or unknown to this ROM */
	STM32_BAD_ADDRESS,	/* NACK for the address */
	STM32_NACK,		/* NACK for a later phase */
	STM32_TIMEOUT,		/* no answer */
	STM32_GARBLED,		/* invalid answer */
	STM32_UNCERTAIN,	/* it may have been executed: read back */
	STM32_ASTRAY,		/* a frame completed with filler bytes was
				 * executed: something else may be done */
	STM32_UNSUPPORTED,	/* not in the list of Get */
	STM32_STOPPED,		/* *stop was set; checked between frames */
	STM32_PORT		/* the port failed: stm32_port_err() */
};

/* Returns the name of an error, for messages. */
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

/* What was received when no bootloader answered. */
enum stm32_sound {
	STM32_SILENCE,
	STM32_ECHO,		/* the sent bytes */
	STM32_TEXT,		/* from an application */
	STM32_ANSWERS,		/* ACK or NACK, but nothing valid */
	STM32_NOISE		/* other bytes */
};

#define STM32_HEARD 16

struct stm32_heard {
	enum stm32_sound sound;
	char text[STM32_HEARD + 1];	/* its beginning; "." for each byte
					 * that is not printable */
};

struct stm32_options {
	unsigned connect_timeout_ms;
	bool resume;		/* a session is open already */
	bool was_reset;		/* the device was just reset and starts */
	unsigned max_read;	/* data bytes per read, 1 to 256 */
	unsigned max_frame;	/* bytes per written frame, 5 to 258 */
	unsigned retries;	/* of a command that can be repeated */
	struct stm32_heard *heard;	/* set if stm32_open() fails; NULL: not
					 * used */
	bool listen;		/* after a reset, take note of what arrives
				 * before the first 7F: the first text of an
				 * application */
	unsigned write_retries;	/* of a write, before its data is sent */
	const volatile sig_atomic_t *stop;	/* NULL: never */
	/* Called with what is retried and why; NULL: not used. */
	void (*explain)(void *ctx, const char *text);
	/* Called at times during a mass erase with the time so far; NULL: not
	 * used. */
	void (*wait)(void *ctx, unsigned waited_ms, unsigned at_most_ms);
	void *ctx;
};

struct stm32_info {
	uint8_t version;	/* of the protocol, 0x31 is 3.1 */
	uint8_t option1, option2;	/* second and third byte of Get
					 * Version */
	uint8_t id_bytes[8];	/* data of Get ID */
	size_t id_len;
	uint32_t id;		/* product ID, decoded */
	bool fresh;		/* it answered the 7F with an ACK */
	bool listed[256];	/* opcodes that Get returned */
};

struct stm32_counts {
	unsigned resyncs, retries;
	unsigned changes;	/* retries due to damaged bytes, not to a
				 * missing answer; NACKs behind an ACK */
	unsigned strays;	/* how often extra bytes arrived */
	unsigned astray;	/* how often a damaged frame was executed */
};

/*
 * Pages that may have been erased by mistake: noise added a byte to a list of
 * pages, so the ROM took the list as complete one byte early, and a byte was
 * left over.
 *
 * A list of Erase (43) is N, the pages, and the XOR of all. The effect of the
 * extra byte depends on its place:
 * - before N: N is taken for a page; but FF before the list of one page (N is
 *   00) makes a mass erase, FF 00
 * - after N, and equal to the XOR: it is taken for a page, and the last page
 *   for the XOR
 * In a list of Extended Erase (44), whose pages have two bytes each, it may be
 * the first byte of a page.
 */
struct stm32_rests {
	bool any, all;		/* all: a mass erase */
	bool pages[256];	/* by number, or by the first byte of a
				 * number */
};

#endif
