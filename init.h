/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot entry and exit sequences, [entry][:[exit]]: which lines to set, in
 * which order, with which delays. The whole text is parsed before anything
 * runs.
 *
 *	sequence  = signals [ ":" [ signals ] ]
 *	signals   = [ signal ] { [ "," | "&" ] [ signal ] }
 *	signal    = [ "-" ] name
 *	name      = "rts" | "dtr" | "brk" | number | "gpiochip" N "/" line
 *
 * "," waits 100 ms, "&" does not; an empty signal only adds the delay. Between
 * rts, dtr, brk and decimal numbers, no separator means "&". "-" means low.
 * "-brk" does nothing.
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "port.h"
#include "problem.h"

struct sequence;	/* parsed; constant afterwards */
struct lines;		/* the GPIO lines held during a run */

/*
 * Parses all of text. On success the caller owns *out. On failure *out is
 * NULL, *why describes the error, and *at is the offset of the wrong
 * character.
 */
bool sequence_parse(const char *text, struct sequence **out,
		    struct problem *why, size_t *at);
void sequence_free(struct sequence *sequence);	/* NULL is allowed */
bool sequence_has_entry(const struct sequence *sequence);
bool sequence_has_exit(const struct sequence *sequence);
bool sequence_has_gpio(const struct sequence *sequence);

/*
 * Requests every GPIO line of entry and exit before the first is driven, and
 * holds them until lines_release(). On failure *out is NULL and all lines are
 * released again. A sequence without GPIO lines gives an empty set.
 */
enum port_err lines_request(const struct sequence *sequence,
			    struct lines **out, struct problem *why);
/* Restores and releases every line. NULL is allowed. */
void lines_release(struct lines *lines);

/* Run the entry or the exit. port drives rts, dtr and brk and keeps the time.
 * If lines is NULL, no GPIO line moves; a replay needs that. */
enum port_err sequence_enter(const struct sequence *sequence,
			     struct lines *lines, struct port *port,
			     struct problem *why);
enum port_err sequence_exit(const struct sequence *sequence,
			    struct lines *lines, struct port *port,
			    struct problem *why);

#endif
