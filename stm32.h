/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of the ROM bootloader, AN3155 (UART) and AN4221 (I2C), over any
 * port: connect, resynchronise, one function per command. Knows no files and
 * no options, prints nothing.
 *
 * Commands that can be repeated without harm are repeated here, after a
 * resynchronisation. A write of flash is not one of them: stm32_write_memory()
 * says STM32_UNCERTAIN when it cannot know, and the caller looks.
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
 * Get ID. On success the caller owns *out (port stays the caller's); on
 * failure *out is NULL and *why says what was seen and what to try.
 */
enum stm32_err stm32_open(struct port *port, const struct stm32_options *options,
			  struct stm32 **out, struct problem *why);
void stm32_close(struct stm32 *stm);	/* NULL is allowed */

/* Asks for the product ID again, until two replies agree: they have no
 * checksum. stm32_info() then has what they say. */
enum stm32_err stm32_confirm_id(struct stm32 *stm);

/*
 * Brings device and host into step: a byte too many in front of an answer shows
 * where another one is expected. By Get Version, which no two changes of a bit
 * make a command that acts without an address; Get ID (02 FD) becomes Readout
 * Protect (82 7D).
 */
enum stm32_err stm32_check_step(struct stm32 *stm);

/* What the device has sent was wrong though it looked right: the line is bad.
 * what: as in a note on a retry. */
void stm32_note_damage(struct stm32 *stm, const char *what);

/* Connects again after the device has reset itself; waits up to settle_ms for
 * it to come back. *fresh (may be NULL) says that it really had reset. */
enum stm32_err stm32_reconnect(struct stm32 *stm, unsigned settle_ms,
			       bool *fresh, struct problem *why);

const struct stm32_info *stm32_info(const struct stm32 *stm);
const struct stm32_counts *stm32_counts(const struct stm32 *stm);
struct port *stm32_port(const struct stm32 *stm);
bool stm32_has(const struct stm32 *stm, enum stm32_command command);
enum port_err stm32_port_err(const struct stm32 *stm);
/* The longest write in frames of so many bytes. */
unsigned stm32_block_of(unsigned max_frame);

/* Largest data blocks of this session, after -F and the part's own limits;
 * the write block is a power of two. */
unsigned stm32_max_read(const struct stm32 *stm);
unsigned stm32_max_write(const struct stm32 *stm);
void stm32_limit_transfer(struct stm32 *stm, unsigned max_data);

/*
 * From now on the address goes out with its command, and on reads of a whole
 * aligned block the count too, if a trial on a read at address (aligned to 256,
 * readable) shows that this ROM and adapter lose nothing. False: they do, or it
 * could not be tried; everything stays as it was.
 *
 * Why it cannot do harm: bytes sent ahead are parsed as commands if the first
 * part was refused. A command is a byte and its complement. Of an aligned
 * address the four bytes and their XOR x are a b c 00 x; taken in pairs, from
 * either byte on, (c 00) and (00 x) are an opcode and its complement only for
 * c = FF or x = FF, and FF is no opcode and 00 FF is Get, which only talks.
 * (a b) or (b c) can be one for addresses such as 0831CE00: those are not sent
 * ahead. Behind the x of a read stand FF and 00, the count of a whole block:
 * (x FF) is Get at worst. The data of a write is never sent ahead.
 */
bool stm32_try_pipeline(struct stm32 *stm, uint32_t address);
bool stm32_pipelines(const struct stm32 *stm);

/* Read Memory: 1 to stm32_max_read() bytes. Repeated on failure. A byte that
 * noise adds to the reply shows only later, as a stray or as a retry of the
 * next command; stm32_await_stray() waits until the former would have come. */
enum stm32_err stm32_read_memory(struct stm32 *stm, uint32_t address,
				 uint8_t *out, size_t len);
void stm32_await_stray(struct stm32 *stm);

/*
 * Write Memory: 1 to STM32_MAX_BLOCK bytes, in one frame. program_ms is the
 * longest that programming them takes. What fails before the data was sent is
 * repeated; afterwards it is STM32_UNCERTAIN.
 */
enum stm32_err stm32_write_memory(struct stm32 *stm, uint32_t address,
				  const uint8_t *data, size_t len,
				  unsigned program_ms);

/* The same of option bytes, for a ROM that resets itself when it has written
 * them: stm32_reconnect() before more, also if it is STM32_UNCERTAIN. */
enum stm32_err stm32_write_options(struct stm32 *stm, uint32_t address,
				   const uint8_t *data, size_t len,
				   unsigned program_ms);

/* Erase or Extended Erase of everything; erase_ms is the longest it takes. */
enum stm32_err stm32_erase_all(struct stm32 *stm, unsigned erase_ms);
/* The same of up to STM32_MAX_PAGES pages by number. */
enum stm32_err stm32_erase_pages(struct stm32 *stm, const uint16_t *pages,
				 size_t count, unsigned erase_ms);
/* How many pages one erase list may have, after -F. */
size_t stm32_max_pages(const struct stm32 *stm);
/* Highest page number that this ROM's erase command can name. */
uint32_t stm32_last_page(const struct stm32 *stm);

/* Go: the ROM loads SP from address and jumps to the word behind it. */
enum stm32_err stm32_go(struct stm32 *stm, uint32_t address);
/* The same of code that comes back into the ROM: after STM32_UNCERTAIN too
 * stm32_reconnect() is due, and no byte has gone out since. */
enum stm32_err stm32_go_and_return(struct stm32 *stm, uint32_t address);

/* Each ends in a reset of the device: stm32_reconnect() before more. The
 * command is all that it takes: STM32_UNCERTAIN, for which the same holds, if
 * there was anything but a NACK or the two ACKs. Not repeated then. */
enum stm32_err stm32_write_unprotect(struct stm32 *stm);
enum stm32_err stm32_readout_protect(struct stm32 *stm);
/* Erases the whole flash, which takes up to erase_ms. */
enum stm32_err stm32_readout_unprotect(struct stm32 *stm, unsigned erase_ms);

/*
 * Write Protect: units by number, as many as the frame of -F holds beside count
 * and XOR. What a unit is depends on the part, and no ROM checks the numbers. The
 * units take the place of all that were protected before. A NACK changes nothing;
 * otherwise it ends in a reset as above.
 */
enum stm32_err stm32_write_protect(struct stm32 *stm, const uint8_t *units,
				   size_t count);

/*
 * Get Checksum exists in several forms that look alike. Finds out which one
 * this ROM has by asking for the checksum of len bytes (a multiple of 4) at
 * address, which are known to be bytes. False if none gives the right answer:
 * stm32_checksum() must not be used then.
 */
bool stm32_prove_checksum(struct stm32 *stm, uint32_t address,
			  const uint8_t *bytes, size_t len);
/* STM32_UNSUPPORTED until proven. len is a multiple of 4, not 0. */
enum stm32_err stm32_checksum(struct stm32 *stm, uint32_t address,
			      uint32_t len, uint32_t *crc);

/* Brings the device back to where it waits for a command, whatever was lost
 * on the way. STM32_OK: the next byte is an opcode; STM32_ASTRAY: likewise, but
 * something was carried out meanwhile. */
enum stm32_err stm32_resync(struct stm32 *stm);

/* Whether some of it was bytes that came changed, as far as can be told. */
bool stm32_had_changes(const struct stm32 *stm);

/* The pages that damaged lists may have erased: see types.h. */
const struct stm32_rests *stm32_rests(const struct stm32 *stm);

/* While held, *stop is not looked at but by who asks stm32_stop_wanted(): for
 * what must not be left half done. */
void stm32_hold(struct stm32 *stm, bool held);
bool stm32_stop_wanted(const struct stm32 *stm);

/* Whether this session has had any sign of a bad line: a retry, or a byte more
 * than was due. Not on a bus, whose bytes are acknowledged. What was read in it
 * is worth a second look then, as a reply has no checksum. */
bool stm32_had_trouble(const struct stm32 *stm);

/* stm32_strerror(), or what the port knows better. */
const char *stm32_trouble(const struct stm32 *stm, enum stm32_err err);

#endif
