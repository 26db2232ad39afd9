/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of the ROM bootloader, AN3155 (UART) and AN4221 (I2C), over any
 * port: connect, resynchronise, one function per command. Knows no files and
 * no options, prints nothing.
 *
 * Commands that can be repeated safely are retried here, after a
 * resynchronisation. Writing flash is not safe to repeat: stm32_write_memory()
 * returns STM32_UNCERTAIN if the result is unknown, and the caller reads the
 * memory back.
 */
#ifndef STM32_H
#define STM32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port.h"
#include "problem.h"
#include "protocol/types.h"

struct stm32;

/*
 * Connects: AN3155, USART bootloader code sequence, then Get, Get Version and
 * Get ID. On success the caller owns *out and still owns port; on failure *out
 * is NULL and *why says what was received and what to try.
 */
enum stm32_err stm32_open(struct port *port, const struct stm32_options *options,
			  struct stm32 **out, struct problem *why);
void stm32_close(struct stm32 *stm);	/* NULL is allowed */

/* Reads the product ID again until two replies agree, as replies have no
 * checksum. stm32_info() then returns the confirmed values. */
enum stm32_err stm32_confirm_id(struct stm32 *stm);

/*
 * Checks that host and device are in step: an extra byte before an answer
 * shows as a wrong answer. Uses Get Version, because no change of two bits
 * turns it into a command that acts without an address; Get ID (02 FD) could
 * become Readout Protect (82 7D).
 */
enum stm32_err stm32_check_step(struct stm32 *stm);

/* Records that data was wrong although it looked right: the line is bad. what:
 * as in a note on a retry. */
void stm32_note_damage(struct stm32 *stm, const char *what);

/* Connects again after the device has reset itself; waits up to settle_ms for
 * it. Sets *fresh (unless NULL) if it really was reset. */
enum stm32_err stm32_reconnect(struct stm32 *stm, unsigned settle_ms,
			       bool *fresh, struct problem *why);

const struct stm32_info *stm32_info(const struct stm32 *stm);
const struct stm32_counts *stm32_counts(const struct stm32 *stm);
struct port *stm32_port(const struct stm32 *stm);
bool stm32_has(const struct stm32 *stm, enum stm32_command command);
enum port_err stm32_port_err(const struct stm32 *stm);
/* Returns the longest write in bytes that fits a frame of max_frame bytes. */
unsigned stm32_block_of(unsigned max_frame);

/* Largest data blocks of this session in bytes, limited by -F and the part;
 * the write block is a power of two. */
unsigned stm32_max_read(const struct stm32 *stm);
unsigned stm32_max_write(const struct stm32 *stm);
void stm32_limit_transfer(struct stm32 *stm, unsigned max_data);

/*
 * Turns pipelining on if a trial read at address (aligned to 256, readable)
 * shows that this ROM and adapter lose no bytes. From then on the address is
 * sent together with its command, and for reads of a whole aligned block the
 * count too. False: bytes were lost, or the trial was not possible; nothing
 * changes.
 *
 * Why this is safe: if the device refuses the first part, it parses the bytes
 * sent ahead as commands. A command is a byte and its complement. An aligned
 * address is sent as a b c 00 x, where x is the XOR of the four. Taken in
 * pairs, from either byte on, (c 00) and (00 x) are an opcode and its
 * complement only for c = FF or x = FF. FF is no opcode, and 00 FF is Get,
 * which changes nothing. (a b) or (b c) can be a command for addresses such as
 * 0831CE00: those are not sent ahead. After the x of a read come FF and 00,
 * the count of a whole block: (x FF) is Get at worst. The data of a write is
 * never sent ahead.
 */
bool stm32_try_pipeline(struct stm32 *stm, uint32_t address);
bool stm32_pipelines(const struct stm32 *stm);

/* Read Memory (AN3155): 1 to stm32_max_read() bytes, retried on failure. If
 * noise adds a byte to the reply, it shows later, as a stray byte or as a
 * retry of the next command. stm32_await_stray() waits long enough for a stray
 * byte to arrive; STM32_PORT: the port failed. */
enum stm32_err stm32_read_memory(struct stm32 *stm, uint32_t address,
				 uint8_t *out, size_t len);
enum stm32_err stm32_await_stray(struct stm32 *stm);

/*
 * Write Memory (AN3155): 1 to STM32_MAX_BLOCK bytes, in one frame. program_ms
 * is the longest programming time. A failure before the data is sent is
 * retried; a later one returns STM32_UNCERTAIN.
 */
enum stm32_err stm32_write_memory(struct stm32 *stm, uint32_t address,
				  const uint8_t *data, size_t len,
				  unsigned program_ms);

/* The same for option bytes, on a ROM that resets itself after writing them:
 * call stm32_reconnect() next, also after STM32_UNCERTAIN. */
enum stm32_err stm32_write_options(struct stm32 *stm, uint32_t address,
				   const uint8_t *data, size_t len,
				   unsigned program_ms);

/* Mass erase by Erase or Extended Erase; erase_ms is the longest time it
 * takes. */
enum stm32_err stm32_erase_all(struct stm32 *stm, unsigned erase_ms);
/* Erases up to STM32_MAX_PAGES pages by number. */
enum stm32_err stm32_erase_pages(struct stm32 *stm, const uint16_t *pages,
				 size_t count, unsigned erase_ms);
/* Returns the number of pages that fit one erase list, limited by -F. */
size_t stm32_max_pages(const struct stm32 *stm);
/* Returns the highest page number that this ROM's erase command can encode. */
uint32_t stm32_last_page(const struct stm32 *stm);

/* Go: the ROM loads SP from address and jumps to the address in the next
 * word. */
enum stm32_err stm32_go(struct stm32 *stm, uint32_t address);
/* The same for code that returns to the ROM: call stm32_reconnect() next, also
 * after STM32_UNCERTAIN. Sends no byte after the address. */
enum stm32_err stm32_go_and_return(struct stm32 *stm, uint32_t address);

/* Each resets the device: call stm32_reconnect() next, also after
 * STM32_UNCERTAIN. The command takes effect without any data, so anything but
 * a NACK or the two ACKs returns STM32_UNCERTAIN and is not retried. */
enum stm32_err stm32_write_unprotect(struct stm32 *stm);
enum stm32_err stm32_readout_protect(struct stm32 *stm);
/* Erases the whole flash, which takes up to erase_ms. */
enum stm32_err stm32_readout_unprotect(struct stm32 *stm, unsigned erase_ms);

/*
 * Write Protect: protects count units by number, as many as fit a frame of -F
 * bytes beside count and XOR. The size of a unit depends on the part, and no
 * ROM checks the numbers. Replaces the earlier protection. A NACK changes
 * nothing; otherwise the device resets as above.
 */
enum stm32_err stm32_write_protect(struct stm32 *stm, const uint8_t *units,
				   size_t count);

/*
 * Get Checksum exists in several similar forms. Finds the form of this ROM:
 * requests the checksum of len bytes (a multiple of 4) at address,
 * which hold `bytes`. False if no form gives the right answer;
 * then do not call stm32_checksum().
 */
bool stm32_prove_checksum(struct stm32 *stm, uint32_t address,
			  const uint8_t *bytes, size_t len);
/* STM32_UNSUPPORTED until proven. len is a multiple of 4, not 0. */
enum stm32_err stm32_checksum(struct stm32 *stm, uint32_t address,
			      uint32_t len, uint32_t *crc);

/* Brings the device back to the state where it waits for a command, whatever
 * was lost. STM32_OK: the next byte is an opcode; STM32_ASTRAY: the same, but
 * the device executed something in between. */
enum stm32_err stm32_resync(struct stm32 *stm);

/* True if a resynchronisation was due to damaged bytes, as far as known, or a
 * NACK followed an ACK: if bytes are lost, a part of a frame can be a valid one,
 * and what follows gets a NACK. */
bool stm32_had_changes(const struct stm32 *stm);

/* The pages that damaged lists may have erased: see types.h. */
const struct stm32_rests *stm32_rests(const struct stm32 *stm);

/* While held, a stop interrupts no command, for steps that must be completed;
 * stm32_stop_wanted() still returns it. */
void stm32_hold(struct stm32 *stm, bool held);
bool stm32_stop_wanted(const struct stm32 *stm);

/* True if this session has had any sign of a bad line: a retry, or an extra
 * byte. Always false on a bus, whose bytes are acknowledged. Data read in such
 * a session should be read twice, as a reply has no checksum. */
bool stm32_had_trouble(const struct stm32 *stm);

/* stm32_strerror(), or the more precise text of the port. */
const char *stm32_trouble(const struct stm32 *stm, enum stm32_err err);

#endif
