/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot entry and exit sequences, [entry][:[exit]]: which lines to set, in
 * which order, with which delays. Parsed whole first, then run.
 *
 *	sequence  = signals [ ":" [ signals ] ]
 *	signals   = [ signal ] { [ "," | "&" ] [ signal ] }
 *	signal    = [ "-" ] name
 *	name      = "rts" | "dtr" | "brk" | number | "gpiochip" N "/" line
 *
 * "," waits 100 ms, "&" does not; an empty signal only adds the delay. Between
 * rts, dtr, brk and decimal numbers, no separator is "&". "-" means low. "-brk"
 * does nothing.
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "port.h"
#include "problem.h"

struct sequence;	/* parsed; const from then on */
struct lines;		/* the GPIO lines held during a run */

/*
 * Parses the whole of text. On success the caller owns *out; on failure *out
 * is NULL, *why says what is wrong and *at is the offset of the character.
 */
bool sequence_parse(const char *text, struct sequence **out,
		    struct problem *why, size_t *at);
void sequence_free(struct sequence *sequence);	/* NULL is allowed */
bool sequence_has_entry(const struct sequence *sequence);
bool sequence_has_exit(const struct sequence *sequence);
bool sequence_has_gpio(const struct sequence *sequence);

/*
 * Requests every GPIO line that entry and exit name, before the first is
 * driven; they are held until lines_release(). *out is NULL on failure, and
 * what was taken is given back. A sequence without GPIO lines gives an empty
 * set.
 */
enum port_err lines_request(const struct sequence *sequence,
			    struct lines **out, struct problem *why);
/* Gives every line back as it was found. NULL is allowed. */
void lines_release(struct lines *lines);

/* Run one half. port drives rts, dtr and brk and keeps the time; with lines
 * NULL no GPIO line moves, as in a replay. */
enum port_err sequence_enter(const struct sequence *sequence,
			     struct lines *lines, struct port *port,
			     struct problem *why);
enum port_err sequence_exit(const struct sequence *sequence,
			    struct lines *lines, struct port *port,
			    struct problem *why);

#endif
