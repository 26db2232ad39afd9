/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine tells whoever watches it. The engine prints nothing; the
 * watcher decides what of this the user sees, and how.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum stage { STAGE_KEEP, STAGE_ERASE, STAGE_WRITE, STAGE_VERIFY, STAGE_READ,
	     STAGE_COMPARE };

struct progress {
	enum stage stage;
	uint64_t done, total;	/* bytes, or pages of an erase */
	uint32_t address;	/* the first one that is not done */
	bool last;		/* the stage ends here, well */
};

struct watcher {
	void (*progress)(void *ctx, const struct progress *progress);
	/* A decision or a retry, for --verbose. */
	void (*explain)(void *ctx, const char *text);
	/* Something the user should know although it went well. */
	void (*warn)(void *ctx, const char *text);
	void *ctx;
};

#endif
