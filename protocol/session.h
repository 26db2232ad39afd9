/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session with a bootloader remembers, and the pieces its commands are
 * made of. Private to stm32.c, identify.c, checksum.c and connect.c.
 */
#ifndef SESSION_H
#define SESSION_H

#include "protocol/link.h"
#include "protocol/types.h"

#define RESET_MS 100	/* from a reset until the ROM listens */

enum checksum_form {
	CHECKSUM_UNKNOWN,
	CHECKSUM_TWO_WORDS,	/* address, size; ACK when ready */
	CHECKSUM_FOUR_WORDS,	/* address, size, polynomial, initial value */
	CHECKSUM_FOUR_WORDS_ACK	/* the same, and an ACK before the result */
};

/* What came back before a bootloader was certain: counts by kind, and the
 * first bytes. */
struct sightings {
	unsigned acks, nacks, echoes, zeros, text, others;
	unsigned alike;		/* to the first, behind it; ends of lines too */
	uint8_t first[STM32_HEARD];
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
	bool was_reset;		/* by us: it is in no frame */
	bool pipeline;		/* the address goes out with its command */
	bool held;		/* it may not be stopped now */
	bool committed;		/* the device may have acted */
	bool resets;		/* and if it has, it has reset itself; */
	bool has_reset;		/* it answers as one that has */
	bool in_step;		/* since the last failure it waits for a command */
	bool broke_off;		/* an answer ended too soon, as that of a ROM
				 * that resets itself over an address */
	bool read_last;		/* a byte too many may follow that read */
	bool behind_list;	/* the last command was an erase of pages; if
				 * something is left over: */
	struct stm32_rests list, rests;	/* of the last; of all that had rests */
};

/* One exchange: a command with its phases, tried once. Sets stm->committed
 * when the frame went out that makes the device act; and stm->resets if that
 * ends in a reset. */
typedef enum stm32_err (*session_exchange)(struct stm32 *stm, void *args);

/*
 * Repeats an exchange until it succeeds, or it is not worth asking again, or
 * it is no longer known whether the device has acted (STM32_UNCERTAIN). In
 * every case but a dead port the device ends up waiting for a command; or, if
 * it may have reset itself, it has got nothing but a 7F since, see
 * link_resync_reset().
 */
enum stm32_err session_persist(struct stm32 *stm, const char *what,
			       session_exchange exchange, void *args);
enum stm32_err session_persist_for(struct stm32 *stm, const char *what,
				   session_exchange exchange, void *args,
				   unsigned retries);

/* stm32_strerror(), or what the port knows better. */
const char *session_trouble(const struct stm32 *stm, enum stm32_err err);

/* Tells who listens that an exchange failed and comes once more. */
void session_explain_retry(struct stm32 *stm, const char *what,
			   enum stm32_err err);

/* Throws away, and counts as one stray, what comes within wait_ms though nothing
 * can be due: it is left over from noise, and would be taken for the ACK of the
 * next command. */
enum port_err session_drop_strays(struct stm32 *stm, unsigned wait_ms);

/* The first phase of a command; STM32_REFUSED for a NACK. */
enum stm32_err session_command(struct stm32 *stm, enum stm32_command command);
/* Four bytes and their XOR: an address, a size, a polynomial. */
enum stm32_err session_word(struct stm32 *stm, uint32_t word,
			    unsigned work_ms);
/* The same; STM32_BAD_ADDRESS for a NACK. */
enum stm32_err session_address(struct stm32 *stm, uint32_t address);
/*
 * A command and its address: two phases, or in one write with `more` bytes of
 * the next phase behind it, where the session pipelines and the address is
 * aligned to 256. *ahead: which of the two.
 */
enum stm32_err session_command_at(struct stm32 *stm,
				  enum stm32_command command,
				  uint32_t address, const uint8_t *more,
				  size_t more_len, bool *ahead);
/* At the first sign of loss. */
void session_stop_pipeline(struct stm32 *stm);
/* Whether the list of Get has it, in the form for this port. */
bool session_lists(const struct stm32 *stm, enum stm32_command command);
/* The same, or it is one that has to be tried before there is a list. */
bool session_has(const struct stm32 *stm, enum stm32_command command);

static inline bool session_is_framed(const struct stm32 *stm)
{
	return (stm->link.port->caps & PORT_FRAMED) != 0;
}

static inline bool session_had_trouble(const struct stm32 *stm)
{
	return !session_is_framed(stm) &&
	       stm->counts.retries + stm->counts.strays > 0;
}

static inline bool session_stop_wanted(const struct stm32 *stm)
{
	return !stm->held && stm->options.stop != NULL &&
	       *stm->options.stop != 0;
}

#endif
