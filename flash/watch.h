/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine reports to its watcher. The engine prints nothing; the
 * watcher decides what the user sees, and how.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum stage { STAGE_KEEP, STAGE_ERASE, STAGE_WRITE, STAGE_VERIFY, STAGE_READ,
	     STAGE_COMPARE, STAGE_CRC, STAGE_CHECK, STAGE_CONNECT, STAGES };

struct progress {
	enum stage stage;
	uint64_t done, total;	/* bytes, or pages of an erase */
	uint32_t address;	/* the first one that is not done */
	bool first;		/* the stage begins */
	bool last;		/* the stage ends successfully */
	int64_t at_ms;		/* on the clock of the port */
	/* During a mass erase the chip reports no progress: the time waited
	 * and the longest possible time; otherwise 0, 0. */
	unsigned waited_ms, at_most_ms;
};

/* Returns "erase", "write", ...: the name for people and programs. */
const char *stage_name(enum stage stage);

struct watcher {
	void (*progress)(void *ctx, const struct progress *progress);
	/* The device has been busy for waited_ms, of at most at_most_ms:
	 * during an erase, or, between stages, without an answer yet. */
	void (*wait)(void *ctx, unsigned waited_ms, unsigned at_most_ms);
	/* A decision or a retry, for --verbose. */
	void (*explain)(void *ctx, const char *text);
	/* Something the user should know although it succeeded. */
	void (*warn)(void *ctx, const char *text);
	void *ctx;
};

#endif
