/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a session with a bootloader, and the phases of its commands.
 * Private to stm32.c, identify.c, checksum.c and connect.c.
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

/* What was received before a bootloader was identified: counts by kind, and
 * the first bytes. */
struct sightings {
	unsigned acks, nacks, echoes, zeros, text, others;
	unsigned alike;		/* bytes equal to the first one; line ends
				 * too */
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
	bool was_reset;		/* by the host, so the device is in no frame */
	bool pipeline;		/* send the address together with its command */
	bool held;		/* the user must not stop it now */
	bool committed;		/* the device may have executed the command */
	bool resets;		/* a device that has executed the command has
				 * reset itself */
	bool has_reset;		/* the answers show that it has reset itself */
	bool in_step;		/* it has waited for a command since the last
				 * failure */
	bool broke_off;		/* an answer was incomplete, as from a ROM that
				 * resets itself over a bad address */
	bool read_last;		/* an extra byte may follow that read */
	bool behind_list;	/* the last command was an erase of pages */
	struct stm32_rests list;	/* what it may have erased if part of
					 * its list is left over */
	struct stm32_rests rests;	/* all of these where part was left
					 * over */
};

/* One try of an exchange: a command with all its phases. Sets stm->committed
 * once the frame is sent that makes the device act, and stm->resets if that
 * ends in a reset. */
typedef enum stm32_err (*session_exchange)(struct stm32 *stm, void *args);

/*
 * Repeats an exchange until it succeeds, until another try is pointless, or
 * until it is unknown whether the device has executed it (STM32_UNCERTAIN).
 * Unless the port has failed, the device then waits for a command; or, if it
 * may have reset itself, it has received only a 7F since, see
 * link_resync_reset().
 */
enum stm32_err session_persist(struct stm32 *stm, const char *what,
			       session_exchange exchange, void *args);
enum stm32_err session_persist_for(struct stm32 *stm, const char *what,
				   session_exchange exchange, void *args,
				   unsigned retries);

/* stm32_strerror(), or the more precise text of the port. */
const char *session_trouble(const struct stm32 *stm, enum stm32_err err);

/* Reports that an exchange failed and is retried. */
void session_explain_retry(struct stm32 *stm, const char *what,
			   enum stm32_err err);

/* Discards bytes that arrive within wait_ms although none is expected, and
 * counts them as one stray: they are due to noise, and would be taken for the
 * ACK of the next command. A NACK is for the rest of a frame that was taken as
 * complete too early. STM32_PORT: the port failed. */
enum stm32_err session_drop_strays(struct stm32 *stm, unsigned wait_ms);

/* Sends the first phase of a command; STM32_REFUSED for a NACK. */
enum stm32_err session_command(struct stm32 *stm, enum stm32_command command);
#define SESSION_VERSION_LEN 3
/* Receives the answer to Get Version behind its first ACK, and its last ACK;
 * on a framed port only the version (AN3155, AN4221). STM32_GARBLED for an ACK
 * in place of the version: no ROM has version 7.9, so a line that adds ACKs
 * proves nothing. */
enum stm32_err session_version(struct stm32 *stm,
			       uint8_t answer[static SESSION_VERSION_LEN]);
/* Sends four bytes and their XOR: an address, a size, a polynomial. */
enum stm32_err session_word(struct stm32 *stm, uint32_t word,
			    unsigned work_ms);
/* The same for an address; STM32_BAD_ADDRESS for a NACK. */
enum stm32_err session_address(struct stm32 *stm, uint32_t address);
/*
 * Sends a command and its address, in two phases. If the session pipelines and
 * the address is aligned to 256, sends both in one write, with `more` bytes of
 * the next phase after them. *ahead: in one write.
 */
enum stm32_err session_command_at(struct stm32 *stm,
				  enum stm32_command command,
				  uint32_t address, const uint8_t *more,
				  size_t more_len, bool *ahead);
/* Turns pipelining off; call at the first sign of a lost byte. */
void session_stop_pipeline(struct stm32 *stm);
/* True if the list of Get has the command, in the form for this port. */
bool session_lists(const struct stm32 *stm, enum stm32_command command);
/* The same; also true for a command that is needed before Get returns the
 * list. */
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
