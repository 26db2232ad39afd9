/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session with a bootloader remembers. Private to stm32.c and
 * connect.c.
 */
#ifndef SESSION_H
#define SESSION_H

#include "link.h"
#include "stm32.h"

#define RESET_MS 100	/* from the last ACK until the ROM listens again */

enum checksum_form {
	CHECKSUM_UNKNOWN,
	CHECKSUM_TWO_WORDS,	/* address, size; ACK when ready */
	CHECKSUM_FOUR_WORDS,	/* address, size, polynomial, initial value */
	CHECKSUM_FOUR_WORDS_ACK	/* the same, and an ACK before the result */
};

/* What came back while nobody was sure of a bootloader: by kind, and the
 * first bytes as they were. */
struct sightings {
	unsigned acks, nacks, echoes, zeros, text, others;
	uint8_t first[16];
	unsigned count;
};

struct stm32 {
	struct link link;
	struct sightings seen;
	struct stm32_options options;
	struct stm32_info info;
	struct stm32_counts counts;
	enum checksum_form checksum;
	unsigned max_read, max_write;
	bool committed;		/* the device may have acted */
};

static inline bool session_stop_wanted(const struct stm32 *stm)
{
	return stm->options.stop != NULL && *stm->options.stop != 0;
}

#endif
