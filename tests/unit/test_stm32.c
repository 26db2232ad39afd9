/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions as transcripts: the exact bytes on the wire, both ways. The lines:
 *
 *	> BYTES		the host must write this, as one frame
 *	< BYTES		the device answers at once
 *	<MS BYTES	or after so many milliseconds
 *	resync		the host resynchronises; NACK for its second byte
 *	resync N	the same for its Nth byte
 *	deaf		no answer to anything from here on
 *
 * On a framed port every "<" is one transaction, which must be read as such.
 * BYTES as in sim_script.h. At the end the host must have done everything in
 * the transcript, and written nothing else.
 */
#include "stm32.h"

#include <stdlib.h>

#include "protocol/crc.h"
#include "tests/unit/fake_port.h"
#include "tests/unit/sim_script.h"

/* --- the far end ---------------------------------------------------------------- */

struct far_end {
	struct fake_port fake;
	const char *next;	/* the rest of the transcript */
	unsigned fillers;	/* still to come; the last one gets a NACK */
	bool deaf, lost;	/* lost: the host deviated */
	struct script line;	/* for its bytes */
};

/* Splits the next line into words; returns the first, NULL at the end. */
static const char *next_line(struct far_end *f, char *line, size_t size)
{
	size_t len = strcspn(f->next, "\n");

	if (*f->next == '\0')
		return NULL;
	if (len >= size)
		len = size - 1;
	memcpy(line, f->next, len);
	line[len] = '\0';
	f->next += len + (f->next[len] == '\n');
	return strtok(line, " ");
}

static bool next_is(const struct far_end *f, char first)
{
	return *f->next == first;
}

static void give_answers(struct far_end *f)
{
	char line[300];
	const char *word;

	while (next_is(f, '<')) {
		word = next_line(f, line, sizeof(line));
		CHECK(script_bytes(&f->line));
		fake_answer(&f->fake, f->line.bytes, f->line.len,
			    (unsigned)strtoul(word + 1, NULL, 10));
		fake_end_frame(&f->fake);
	}
}

/* Handles a line without bytes: it applies to the next writes. */
static void take_directions(struct far_end *f)
{
	char line[300];
	const char *word;

	while (next_is(f, 'r') || next_is(f, 'd')) {
		word = next_line(f, line, sizeof(line));
		if (strcmp(word, "deaf") == 0) {
			f->deaf = true;
			return;
		}
		CHECK(strcmp(word, "resync") == 0);
		word = strtok(NULL, " ");
		f->fillers = word != NULL ? (unsigned)atoi(word) : 2;
		return;
	}
}

static void fill(struct far_end *f, size_t len)
{
	static const uint8_t nack = 0x1F;

	EQUAL(len, 1);
	f->fillers--;
	if (f->fillers != 0)
		return;
	fake_answer(&f->fake, &nack, 1, 0);
	give_answers(f);
}

static void expect_frame(struct far_end *f, const uint8_t *bytes, size_t len)
{
	char line[300];
	const char *word = next_line(f, line, sizeof(line));
	bool same = false;

	f->line.len = 0;
	if (word != NULL && CHECK(strcmp(word, ">") == 0) &&
	    CHECK(script_bytes(&f->line)))
		same = len == f->line.len &&
		       memcmp(bytes, f->line.bytes, len) == 0;
	if (!CHECK(same)) {
		script_show("expected", f->line.bytes, f->line.len);
		script_show("written ", bytes, len);
		f->lost = true;
		return;
	}
	give_answers(f);
}

static void hears(struct fake_port *fake, const uint8_t *bytes, size_t len)
{
	struct far_end *f = fake->ctx;

	if (f->fillers == 0 && !f->deaf && !f->lost)
		take_directions(f);
	if (f->deaf || f->lost)
		return;
	if (f->fillers != 0)
		fill(f, len);
	else
		expect_frame(f, bytes, len);
}

static void far_end_init(struct far_end *f, const char *transcript)
{
	memset(f, 0, sizeof(*f));
	fake_init(&f->fake, hears, f);
	f->next = transcript;
}

static void continue_with(struct far_end *f, const char *transcript)
{
	CHECK(*f->next == '\0' && f->fillers == 0);
	f->next = transcript;
}

static void check_end(struct far_end *f)
{
	take_directions(f);
	CHECK(f->deaf || *f->next == '\0');
	if (*f->next != '\0' && !f->lost)
		printf("  still to come: %.60s\n", f->next);
	EQUAL(f->fillers, 0);
}

/* --- sessions --------------------------------------------------------------------- */

#define SYNCED "> 7F\n< 79\n"
#define GET_F1 "> 00 FF\n< 79 0B 22 00 01 02 11 21 31 43 63 73 82 92 79\n"
#define GET_F4 "> 00 FF\n< 79 0B 31 00 01 02 11 21 31 44 63 73 82 92 79\n"
#define GET_A1 "> 00 FF\n< 79 0C 33 00 01 02 11 21 31 44 63 73 82 92 A1 79\n"
#define VERSION_ID "> 01 FE\n< 79 22 00 00 79\n> 02 FD\n< 79 01 04 10 79\n"
#define F1 SYNCED GET_F1 VERSION_ID
#define F4 SYNCED GET_F4 VERSION_ID
#define A1 SYNCED GET_A1 VERSION_ID

static const struct stm32_options defaults = {
	.connect_timeout_ms = 3000, .max_read = 256, .max_frame = 258,
	.retries = 5, .write_retries = 5,
};

static struct stm32 *open_on(struct far_end *f,
			     const struct stm32_options *options)
{
	struct problem why = { "" };
	struct stm32 *stm;

	if (!EQUAL(stm32_open(&f->fake.base, options, &stm, &why), STM32_OK)) {
		printf("  %s\n", why.text);
		exit(t_done());
	}
	check_end(f);
	return stm;
}

static struct stm32 *open_with(struct far_end *f,
			       const struct stm32_options *options,
			       const char *transcript)
{
	far_end_init(f, transcript);
	return open_on(f, options);
}

/* On an I2C bus. */
static struct stm32 *open_framed(struct far_end *f, const char *transcript)
{
	far_end_init(f, transcript);
	f->fake.base.caps = PORT_FRAMED;
	return open_on(f, &defaults);
}

static const uint8_t vectors[8] = { 0x00, 0x50, 0x00, 0x20,
				    0x09, 0x00, 0x00, 0x08 };

enum operation { READ, WRITE, WRITE_OPTIONS, ERASE_ALL_PAGES, ERASE, GO,
		 LOCK_WRITE, UNLOCK_WRITE, LOCK, UNLOCK };

static enum stm32_err operate(struct stm32 *stm, enum operation operation)
{
	static const uint16_t pages[] = { 3, 4 };
	static const uint8_t units[] = { 1, 9 };
	uint8_t bytes[8] = { 0 };
	enum stm32_err err = STM32_PORT;

	switch (operation) {
	case READ:
		err = stm32_read_memory(stm, 0x08000000, bytes, 8);
		if (err == STM32_OK)
			BYTES(bytes, vectors, 8);
		break;
	case WRITE:
		err = stm32_write_memory(stm, 0x08000000, vectors, 8, 1);
		break;
	case WRITE_OPTIONS:
		err = stm32_write_options(stm, 0x08000000, vectors, 8, 1);
		break;
	case ERASE_ALL_PAGES:
		err = stm32_erase_all(stm, 1000);
		break;
	case ERASE:
		err = stm32_erase_pages(stm, pages, 2, 1000);
		break;
	case GO:
		err = stm32_go(stm, 0x08000000);
		break;
	case LOCK_WRITE:
		err = stm32_write_protect(stm, units, 2);
		break;
	case UNLOCK_WRITE:
		err = stm32_write_unprotect(stm);
		break;
	case LOCK:
		err = stm32_readout_protect(stm);
		break;
	case UNLOCK:
		err = stm32_readout_unprotect(stm, 1000);
		break;
	}
	return err;
}

/* --- commands ---------------------------------------------------------------------- */

#define ADDRESS "> 08 00 00 00 08\n"
#define DATA "00 50 00 20 09 00 00 08"
#define R1 "> 11 EE\n"
#define R3 "> 07 F8\n"
#define READ_GOES_WELL R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79 " DATA "\n"
#define W1 "> 31 CE\n"
#define W3 "> 07 " DATA " 76\n"
#define WRITE_GOES_WELL W1 "< 79\n" ADDRESS "< 79\n" W3 "< 79\n"
/* After a refusal: tests whether the device is in step. */
#define IN_STEP "> 01 FE\n< 79 22 00 00 79\n"
#define OUT_OF_STEP "> 01 FE\n< 1F\n"
#define LATE_DATA(in_ms) R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79 00 50\n" in_ms \
	" 79 20 00\n> 7F\n" OUT_OF_STEP "resync 1\n"
#define TWICE(text) text text
#define THRICE(text) text text text
/* A refusal that could mean protection is repeated four times, and eight times
 * on a line known to be bad. */
#define SURELY(text) TWICE(TWICE(text))
#define ON_A_BAD_LINE(text) SURELY(text) SURELY(text)

struct row {
	const char *name;
	const char *connect;
	enum operation operation;
	const char *transcript;
	enum stm32_err err;
};

static const struct row reads[] = {
	{ "well", F1, READ, READ_GOES_WELL, STM32_OK },
	{ "refused", F1, READ, SURELY(R1 "< 1F\n" IN_STEP), STM32_REFUSED },
	/* half a command off: a refusal says nothing about protection */
	{ "out of step", F1, READ,
	  R1 "< 1F\n" OUT_OF_STEP "resync 1\n" READ_GOES_WELL, STM32_OK },
	{ "out of step four times", F1, READ,
	  TWICE(TWICE(R1 "< 1F\n" OUT_OF_STEP "resync 1\n"))
	  READ_GOES_WELL, STM32_OK },
	{ "out of step, then refused", F1, READ,
	  TWICE(R1 "< 1F\n" OUT_OF_STEP "resync 1\n")
	  ON_A_BAD_LINE(R1 "< 1F\n" IN_STEP), STM32_REFUSED },
	{ "out of step, then refused seven times", F1, READ,
	  R1 "< 1F\n" OUT_OF_STEP "resync 1\n"
	  SURELY(R1 "< 1F\n" IN_STEP) THRICE(R1 "< 1F\n" IN_STEP)
	  READ_GOES_WELL, STM32_OK },
	{ "never in step", F1, READ,
	  THRICE(TWICE(R1 "< 1F\n" OUT_OF_STEP "resync 1\n")),
	  STM32_GARBLED },
	{ "address refused", F1, READ,
	  TWICE(R1 "< 79\n" ADDRESS "< 1F\n" IN_STEP), STM32_BAD_ADDRESS },
	{ "count refused", F1, READ,
	  TWICE(R1 "< 79\n" ADDRESS "< 79\n" R3 "< 1F\n" IN_STEP),
	  STM32_BAD_ADDRESS },
	/* F051: a NACK after the ACK of the address, and one for the count */
	{ "address refused behind its ACK", F1, READ,
	  TWICE(R1 "< 79\n" ADDRESS "< 79 1F\n" R3 "< 1F\n" IN_STEP),
	  STM32_BAD_ADDRESS },
	/* F051, protected: two NACKs, the second before Get Version's ACK */
	{ "refused twice over", F1, READ,
	  SURELY(R1 "< 1F\n> 01 FE\n< 1F 79 22 00 00 79\n"),
	  STM32_REFUSED },
	/* the ROM has reset itself: the next byte must be 7F */
	{ "a reset in the data", F1, READ,
	  R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79 00 50\n> 7F\n< 79\n"
	  IN_STEP READ_GOES_WELL, STM32_OK },
	{ "a reset in the data each time", F1, READ,
	  TWICE(R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79 00 50\n> 7F\n< 79\n"
		IN_STEP), STM32_BAD_ADDRESS },
	/* a byte of it is no ACK to that 7F, which is now half a command */
	{ "data that come late, twice", F1, READ,
	  LATE_DATA("<520") LATE_DATA("<700") READ_GOES_WELL, STM32_OK },
	/* a damaged command gets a NACK too */
	{ "refused once", F1, READ, R1 "< 1F\n" IN_STEP READ_GOES_WELL,
	  STM32_OK },
	{ "NACK twice over", F1, READ, R1 "< 1F 1F\n" IN_STEP READ_GOES_WELL,
	  STM32_OK },
	{ "no answer to the command", F1, READ,
	  R1 "resync\n" READ_GOES_WELL, STM32_OK },
	{ "no answer to the address", F1, READ,
	  R1 "< 79\n" ADDRESS "resync 3\n" READ_GOES_WELL, STM32_OK },
	{ "no answer to the count", F1, READ,
	  R1 "< 79\n" ADDRESS "< 79\n" R3 "resync 1\n" READ_GOES_WELL,
	  STM32_OK },
	{ "data too short", F1, READ,
	  R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79 00 50 00\n> 7F\n> 7F\n< 1F\n"
	  READ_GOES_WELL, STM32_OK },
	{ "garbage for an ACK", F1, READ,
	  R1 "< 00\nresync 7\n" READ_GOES_WELL, STM32_OK },
	{ "BUSY is no answer here", F1, READ,
	  R1 "< 76\nresync 7\n" READ_GOES_WELL, STM32_OK },
	{ "late", F1, READ,
	  R1 "<400 79\n" ADDRESS "<400 79\n" R3 "<400 79 " DATA "\n",
	  STM32_OK },
	/* an ACK during the resynchronisation does not belong to the next
	 * command */
	{ "too late", F1, READ, R1 "<590 79\nresync 7\n" READ_GOES_WELL,
	  STM32_OK },
	{ "never", F1, READ, R1 "deaf\n", STM32_TIMEOUT },
	{ "never well", F1, READ,
	  THRICE(R1 "< 00\nresync\n") THRICE(R1 "< 00\nresync\n"),
	  STM32_GARBLED },
};

static const struct row writes[] = {
	{ "well", F1, WRITE, WRITE_GOES_WELL, STM32_OK },
	{ "refused", F1, WRITE, SURELY(W1 "< 1F\n" IN_STEP), STM32_REFUSED },
	{ "address refused", F1, WRITE,
	  TWICE(W1 "< 79\n" ADDRESS "< 1F\n" IN_STEP), STM32_BAD_ADDRESS },
	{ "no answer to the command", F1, WRITE,
	  W1 "resync 7\n" WRITE_GOES_WELL, STM32_OK },
	{ "no answer to the address", F1, WRITE,
	  W1 "< 79\n" ADDRESS "resync 6\n" WRITE_GOES_WELL, STM32_OK },
	/* from here on only the memory shows the result: no repeated write */
	{ "ACK lost", F1, WRITE, W1 "< 79\n" ADDRESS "< 79\n" W3 "resync\n",
	  STM32_UNCERTAIN },
	{ "ACK garbled", F1, WRITE,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "< F9\nresync\n", STM32_UNCERTAIN },
	{ "data refused", F1, WRITE,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "< 1F\n" IN_STEP, STM32_UNCERTAIN },
	{ "a byte of the data lost", F1, WRITE,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "resync 1\n", STM32_UNCERTAIN },
	{ "the device gone", F1, WRITE,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "deaf\n", STM32_UNCERTAIN },
	{ "never well", F1, WRITE,
	  THRICE(W1 "< 00\nresync\n") THRICE(W1 "< 00\nresync\n"),
	  STM32_GARBLED },
};

#define E43 "> 43 BC\n"
#define ALL43 "> FF 00\n"
#define PAGES43 "> 01 03 04 06\n"
#define E44 "> 44 BB\n"
#define ALL44 "> FF FF 00\n"
#define PAGES44 "> 00 01 00 03 00 04 06\n"

static const struct row erases[] = {
	{ "43, all", F1, ERASE_ALL_PAGES, E43 "< 79\n" ALL43 "< 79\n",
	  STM32_OK },
	{ "43, pages", F1, ERASE, E43 "< 79\n" PAGES43 "< 79\n", STM32_OK },
	{ "44, all", F4, ERASE_ALL_PAGES, E44 "< 79\n" ALL44 "<1900 79\n",
	  STM32_OK },
	{ "44, pages", F4, ERASE, E44 "< 79\n" PAGES44 "<1900 79\n",
	  STM32_OK },
	{ "refused", F4, ERASE, SURELY(E44 "< 1F\n" IN_STEP), STM32_REFUSED },
	/* L0 and L1 have no mass erase */
	{ "all refused", F4, ERASE_ALL_PAGES,
	  TWICE(E44 "< 79\n" ALL44 "< 1F\n" IN_STEP), STM32_NACK },
	{ "pages refused once", F4, ERASE,
	  E44 "< 79\n" PAGES44 "< 1F\n" IN_STEP E44 "< 79\n" PAGES44 "< 79\n",
	  STM32_OK },
	{ "no answer to the command", F4, ERASE,
	  E44 "resync\n" E44 "< 79\n" PAGES44 "< 79\n", STM32_OK },
	/* erased or not: the caller decides whether to repeat it */
	{ "ACK lost", F4, ERASE, E44 "< 79\n" PAGES44 "resync\n",
	  STM32_UNCERTAIN },
	{ "ACK garbled", F1, ERASE_ALL_PAGES,
	  E43 "< 79\n" ALL43 "< 00\nresync\n", STM32_UNCERTAIN },
};

#define THEN_ACK "< 79\n<900 79\n"

static const struct row others[] = {
	{ "Go", F1, GO, "> 21 DE\n< 79\n" ADDRESS "< 79\n", STM32_OK },
	{ "Go refused", F1, GO, SURELY("> 21 DE\n< 1F\n" IN_STEP),
	  STM32_REFUSED },
	{ "Go, address refused", F1, GO,
	  TWICE("> 21 DE\n< 79\n" ADDRESS "< 1F\n" IN_STEP),
	  STM32_BAD_ADDRESS },
	/* F103, F051 */
	{ "Go, refused behind the ACK", F1, GO,
	  TWICE("> 21 DE\n< 79\n" ADDRESS "< 79 1F\n" IN_STEP),
	  STM32_BAD_ADDRESS },
	{ "Go, no answer to the command", F1, GO,
	  "> 21 DE\nresync 7\n> 21 DE\n< 79\n" ADDRESS "< 79\n", STM32_OK },
	{ "Go, ACK lost", F1, GO, "> 21 DE\n< 79\n" ADDRESS "deaf\n",
	  STM32_UNCERTAIN },
	{ "Write Unprotect", F1, UNLOCK_WRITE, "> 73 8C\n" THEN_ACK,
	  STM32_OK },
	/* count - 1, the numbers, XOR of all three */
	{ "Write Protect", F1, LOCK_WRITE,
	  "> 63 9C\n< 79\n> 01 01 09 09\n<900 79\n", STM32_OK },
	{ "Write Protect refused", F1, LOCK_WRITE,
	  SURELY("> 63 9C\n< 1F\n" IN_STEP), STM32_REFUSED },
	{ "Write Protect, list refused", F1, LOCK_WRITE,
	  TWICE("> 63 9C\n< 79\n> 01 01 09 09\n< 1F\n" IN_STEP),
	  STM32_NACK },
	/* then a 7F: it may have reset, or lack a part of the list */
	{ "Write Protect, ACK lost", F1, LOCK_WRITE,
	  "> 63 9C\n< 79\n> 01 01 09 09\n> 7F\n< 79\n", STM32_UNCERTAIN },
	{ "Write Protect, a part of the list lost", F1, LOCK_WRITE,
	  "> 63 9C\n< 79\n> 01 01 09 09\n> 7F\nresync 1\n",
	  STM32_UNCERTAIN },
	/* nothing is executed before the list */
	{ "Write Protect, no answer to the command", F1, LOCK_WRITE,
	  "> 63 9C\nresync 7\n> 63 9C\n< 79\n> 01 01 09 09\n< 79\n",
	  STM32_OK },
	{ "Readout Protect", F1, LOCK, "> 82 7D\n" THEN_ACK, STM32_OK },
	{ "Readout Unprotect", F1, UNLOCK, "> 92 6D\n< 79\n<2900 79\n",
	  STM32_OK },
	{ "Readout Protect refused", F1, LOCK,
	  SURELY("> 82 7D\n< 1F\n" IN_STEP), STM32_REFUSED },
	{ "Readout Unprotect, failed", F1, UNLOCK,
	  "> 92 6D\n< 79 1F\n" IN_STEP, STM32_UNCERTAIN },
	/* it may have reset first */
	{ "Write Unprotect, one ACK", F1, UNLOCK_WRITE,
	  "> 73 8C\n< 79\ndeaf\n", STM32_UNCERTAIN },
	/* the command needs no data: without an answer it may have reset */
	{ "Readout Protect, both ACKs lost", F1, LOCK, "> 82 7D\ndeaf\n",
	  STM32_UNCERTAIN },
	{ "Readout Unprotect, both ACKs lost", F1, UNLOCK,
	  "> 92 6D\ndeaf\n", STM32_UNCERTAIN },
	/* and then the next byte must be 7F: no fillers, no retry */
	{ "Write Unprotect, no answer", F1, UNLOCK_WRITE, "> 73 8C\n",
	  STM32_UNCERTAIN },
	{ "Write Unprotect, then nothing", F1, UNLOCK_WRITE,
	  "> 73 8C\n< 79\n", STM32_UNCERTAIN },
	{ "Readout Protect, garbage", F1, LOCK, "> 82 7D\n< 79 F9\n",
	  STM32_UNCERTAIN },
	{ "option bytes", F1, WRITE_OPTIONS, WRITE_GOES_WELL, STM32_OK },
	{ "option bytes, ACK lost", F1, WRITE_OPTIONS,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "> 7F\n< 79\n", STM32_UNCERTAIN },
	{ "option bytes, a part of them lost", F1, WRITE_OPTIONS,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "> 7F\nresync 3\n",
	  STM32_UNCERTAIN },
	{ "option bytes, refused", F1, WRITE_OPTIONS,
	  W1 "< 79\n" ADDRESS "< 79\n" W3 "< 1F\n" IN_STEP,
	  STM32_UNCERTAIN },
	{ "option bytes, no answer to the address", F1, WRITE_OPTIONS,
	  W1 "< 79\n" ADDRESS "resync 6\n" WRITE_GOES_WELL, STM32_OK },
};

static void run_rows(const struct row *rows, size_t count)
{
	static struct far_end f;
	struct stm32 *stm;
	size_t i;

	for (i = 0; i < count; i++) {
		t_about(rows[i].name);
		stm = open_with(&f, &defaults, rows[i].connect);
		continue_with(&f, rows[i].transcript);
		EQUAL(operate(stm, rows[i].operation), rows[i].err);
		check_end(&f);
		stm32_close(stm);
	}
}

/* The worked examples of a page list, and the longest frames. */
static void test_frames(void)
{
	static const uint16_t pages[] = { 5, 6, 256 };
	static uint8_t bytes[256], got[256];
	static struct far_end f;
	struct stm32 *stm = open_with(&f, &defaults, F4);
	uint16_t many[STM32_MAX_PAGES];
	size_t i;

	t_about("frames");
	continue_with(&f, E44 "< 79\n> 00 02 00 05 00 06 01 00 00\n< 79\n");
	EQUAL(stm32_erase_pages(stm, pages, 3, 1), STM32_OK);
	continue_with(&f, E44 "< 79\n> 00 00 00 05 05\n< 79\n");
	EQUAL(stm32_erase_pages(stm, pages, 1, 1), STM32_OK);
	for (i = 0; i < STM32_MAX_PAGES; i++)
		many[i] = 0x0102;
	continue_with(&f, E44 "< 79\ndeaf\n");
	EQUAL(stm32_erase_pages(stm, many, STM32_MAX_PAGES, 1),
	      STM32_UNCERTAIN);
	EQUAL(f.fake.base.sent > 203, true);
	stm32_close(stm);

	stm = open_with(&f, &defaults, F1);
	memset(bytes, 0xA5, sizeof(bytes));
	bytes[7] = 0x11;
	continue_with(&f, W1 "< 79\n> 08 00 01 00 09\n< 79\n"
		      "> FF A5x7 11 A5x248 *\n< 79\n");
	EQUAL(stm32_write_memory(stm, 0x08000100, bytes, 256, 10), STM32_OK);
	continue_with(&f, R1 "< 79\n> 08 01 FF F0 06\n< 79\n> FF 00\n"
		      "< 79 A5x7 11 A5x248\n");
	EQUAL(stm32_read_memory(stm, 0x0801FFF0, got, 256), STM32_OK);
	BYTES(got, bytes, 256);
	/* an ACK byte among the data is data */
	/* fewer than 4 bytes are read as words: N = 00 would be Get */
	continue_with(&f, R1 "< 79\n> 20 00 10 00 30\n< 79\n> 03 FC\n"
		      "< 79 00 79 00 00\n");
	EQUAL(stm32_read_memory(stm, 0x20001001, got, 1), STM32_OK);
	EQUAL(got[0], 0x79);
	continue_with(&f, R1 "< 79\n> 1F FF F7 E0 F7\n< 79\n> 03 FC\n"
		      "< 79 1F 79 00 00\n");
	EQUAL(stm32_read_memory(stm, 0x1FFFF7E0, got, 2), STM32_OK);
	BYTES(got, "\x1F\x79", 2);
	check_end(&f);
	stm32_close(stm);
}

/* After an uncertain result the session continues: one read of the memory. */
static void test_after_uncertain(void)
{
	static struct far_end f;
	struct stm32 *stm = open_with(&f, &defaults, F1);

	t_about("after a lost ACK");
	continue_with(&f, W1 "< 79\n" ADDRESS "< 79\n" W3
		      "resync\n" READ_GOES_WELL);
	EQUAL(operate(stm, WRITE), STM32_UNCERTAIN);
	EQUAL(operate(stm, READ), STM32_OK);
	EQUAL(stm32_counts(stm)->retries, 1);
	/* an answer left over from noise is not taken for an ACK */
	continue_with(&f, READ_GOES_WELL "< 79\n" R1 "< 1F\n" IN_STEP
		      READ_GOES_WELL);
	EQUAL(operate(stm, READ), STM32_OK);
	EQUAL(operate(stm, READ), STM32_OK);
	check_end(&f);
	stm32_close(stm);
}

static void test_retries(void)
{
	struct stm32_options options = defaults;
	static struct far_end f;
	struct stm32 *stm;

	t_about("no retries");
	options.retries = options.write_retries = 0;
	stm = open_with(&f, &options, F4);
	continue_with(&f, W1 "resync\n");
	EQUAL(operate(stm, WRITE), STM32_TIMEOUT);
	/* repeating a refused command is no retry */
	continue_with(&f, ON_A_BAD_LINE(R1 "< 1F\n" IN_STEP));
	EQUAL(operate(stm, READ), STM32_REFUSED);
	continue_with(&f, ON_A_BAD_LINE(E44 "< 79\n" ALL44 "< 1F\n"
					IN_STEP));
	EQUAL(operate(stm, ERASE_ALL_PAGES), STM32_NACK);
	check_end(&f);
	stm32_close(stm);
}

static void test_not_listed(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("not listed");
	stm = open_with(&f, &defaults, SYNCED
			TWICE("> 00 FF\n< 79 03 31 00 01 02 79\n")
			VERSION_ID);
	EQUAL(operate(stm, READ), STM32_UNSUPPORTED);
	EQUAL(operate(stm, WRITE), STM32_UNSUPPORTED);
	EQUAL(operate(stm, ERASE), STM32_UNSUPPORTED);
	EQUAL(operate(stm, ERASE_ALL_PAGES), STM32_UNSUPPORTED);
	EQUAL(operate(stm, GO), STM32_UNSUPPORTED);
	EQUAL(operate(stm, UNLOCK), STM32_UNSUPPORTED);
	check_end(&f);
	stm32_close(stm);
	/* Both listed: 44 is not limited to 256 pages. */
	stm = open_with(&f, &defaults, SYNCED
			TWICE("> 00 FF\n< 79 05 31 00 01 02 44 43 79\n")
			"> 01 FE\n< 79 31 00 00 79\n> 02 FD\n"
			"< 79 01 04 10 79\n");
	continue_with(&f, E44 "< 79\n" PAGES44 "< 79\n");
	EQUAL(operate(stm, ERASE), STM32_OK);
	check_end(&f);
	stm32_close(stm);
}

static void test_stop(void)
{
	static volatile sig_atomic_t stop;
	struct stm32_options options = defaults;
	static struct far_end f;
	struct stm32 *stm;

	t_about("stopped");
	options.stop = &stop;
	stm = open_with(&f, &options, F1);
	stop = 1;
	EQUAL(operate(stm, READ), STM32_STOPPED);
	EQUAL(operate(stm, WRITE), STM32_STOPPED);
	stop = 0;
	check_end(&f);
	stm32_close(stm);
}

static void test_port_fails(void)
{
	static struct far_end f;
	struct stm32 *stm = open_with(&f, &defaults, F1);

	t_about("port fails");
	f.fake.fail_write = PORT_CLOSED;
	EQUAL(operate(stm, READ), STM32_PORT);
	EQUAL(stm32_port_err(stm), PORT_CLOSED);
	f.fake.fail_write = PORT_OK;
	f.fake.fail_read = PORT_IO;	/* the read for stray bytes */
	EQUAL(operate(stm, READ), STM32_PORT);
	EQUAL(stm32_port_err(stm), PORT_IO);
	check_end(&f);
	stm32_close(stm);
}

/* --- checksums ----------------------------------------------------------------------- */

#define C1 "> A1 5E\n< 79\n" ADDRESS "< 79\n> 00 00 00 08 08\n"
#define POLY "> 04 C1 1D B7 6F\n< 79\n> FF FF FF FF 00\n"
#define CRC "8B 93 58 F8 B8\n"

static void test_checksum(void)
{
	static const struct {
		const char *name, *proof, *use;	/* use NULL: not proven */
	} cases[] = {
		{ "four words", C1 "< 79\n" POLY "< 79 " CRC,
		  C1 "< 79\n" POLY "< 79 " CRC },
		{ "four words, slow", C1 "< 79\n" POLY "< 79\n<300 " CRC,
		  C1 "< 79\n" POLY "< 79\n<300 " CRC },
		{ "four words, another ACK",
		  C1 "< 79\n" POLY "< 79 79 " CRC "resync\n"
		  C1 "< 79\n" POLY "< 79 79 " CRC "resync\n"
		  C1 "< 79\n" POLY "< 79 79 " CRC,
		  C1 "< 79\n" POLY "< 79 79 " CRC },
		{ "two words", C1 "< 79 79 " CRC, C1 "< 79 79 " CRC },
		{ "two words, ready a little later",
		  C1 "< 79\n<150 79 " CRC, C1 "< 79\n<250 79 " CRC },
		{ "lost on the way", C1 "resync 3\n" C1 "< 79 79 " CRC,
		  C1 "resync 3\n" C1 "< 79 79 " CRC },
		{ "of something else",
		  C1 "< 79\n" POLY "< 79 00 00 00 01 01\n"
		  C1 "< 79\n" POLY "< 79 00 00 00 01 01\nresync\n"
		  C1 "< 79\n" POLY "< 79 00 00 00 01 01\nresync\n", NULL },
		{ "refused", SURELY("> A1 5E\n< 1F\n" IN_STEP)
			     SURELY("> A1 5E\n< 1F\n" IN_STEP), NULL },
	};
	struct stm32_options options = defaults;
	static struct far_end f;
	struct stm32 *stm;
	uint32_t crc;
	size_t i;

	options.retries = 1;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		options.retries = strcmp(cases[i].name, "refused") ? 1 : 5;
		stm = open_with(&f, &options, A1);
		EQUAL(stm32_checksum(stm, 0x08000000, 8, &crc),
		      STM32_UNSUPPORTED);
		continue_with(&f, cases[i].proof);
		EQUAL(stm32_prove_checksum(stm, 0x08000000, vectors, 8),
		      cases[i].use != NULL);
		check_end(&f);
		if (cases[i].use != NULL) {
			continue_with(&f, cases[i].use);
			EQUAL(stm32_checksum(stm, 0x08000000, 8, &crc),
			      STM32_OK);
			EQUAL(crc, 0x8B9358F8);
		} else {
			EQUAL(stm32_checksum(stm, 0x08000000, 8, &crc),
			      STM32_UNSUPPORTED);
		}
		check_end(&f);
		stm32_close(stm);
	}
	t_about("checksum not listed");
	stm = open_with(&f, &options, F1);
	CHECK(!stm32_prove_checksum(stm, 0x08000000, vectors, 8));
	check_end(&f);
	stm32_close(stm);
}

/* --- connecting ------------------------------------------------------------------------ */

#define REST GET_F1 VERSION_ID
#define PAIR "> 7F\n> 80\n"

static void test_connect(void)
{
	static const struct {
		const char *name, *transcript;
		bool fresh;
	} cases[] = {
		{ "fresh", SYNCED REST, true },
		{ "a second ACK", "> 7F\n< 79\n<20 79\n" REST, true },
		{ "a stray 00", "> 7F\n< 00 79\n" REST, true },
		{ "not yet awake", PAIR PAIR "> 7F\n< 79\n" REST, true },
		{ "in a session", PAIR "< 1F\n" REST, false },
		/* the 80 is then half a command, and 7F its complement */
		{ "an ACK that comes late", "> 7F\n<60 79\n> 80\n> 7F\n"
		  "< 1F\n" REST, true },
		{ "an ACK that comes later", "> 7F\n<300 79\n> 80\n" PAIR
		  "> 7F\n< 1F\n" REST, true },
		{ "a NACK that comes late", PAIR "<300 1F\n" PAIR REST,
		  false },
		{ "in half a command", "> 7F\n< 1F\n" REST, false },
		{ "in an address", PAIR PAIR "> 7F\n< 1F\n" REST, false },
		{ "in a write", PAIR PAIR PAIR PAIR PAIR PAIR PAIR
		  "> 7F\n> 7F\n> 7F\n< 1F\n> 7F\n> 7F\n< 1F\n" REST, false },
		{ "Get refused once", SYNCED "> 00 FF\n< 1F\nresync\n" REST,
		  true },
		{ "Get cut short",
		  SYNCED "> 00 FF\n< 79 0B 22 00 01\nresync\n" REST, true },
		{ "a list without Write was damaged on the way",
		  SYNCED "> 00 FF\n< 79 0B 22 00 01 02 11 21 30 43 63 73 82 92 "
		  "79\n" REST, true },
		{ "a list without Get is no list",
		  SYNCED "> 00 FF\n< 79 02 22 11 12 79\nresync\n" REST, true },
		{ "version lost once",
		  SYNCED GET_F1 "> 01 FE\n< 79 22\nresync\n" VERSION_ID, true },
		{ "text before the ROM runs",
		  "> 7F\n< 62 79 65 0D 0A\n> 7F\n< 79\n" REST, true },
	};
	static struct far_end f;
	struct stm32 *stm;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		stm = open_with(&f, &defaults, cases[i].transcript);
		EQUAL(stm32_info(stm)->fresh, cases[i].fresh);
		EQUAL(stm32_info(stm)->id, 0x410);
		EQUAL(stm32_info(stm)->version, 0x22);
		stm32_close(stm);
	}
}

static void test_resume(void)
{
	struct stm32_options options = defaults;
	static struct far_end f;

	t_about("resume");
	options.resume = true;
	stm32_close(open_with(&f, &options, PAIR "< 1F\n" REST));
	stm32_close(open_with(&f, &options, "> 7F\n< 1F\n" REST));
	stm32_close(open_with(&f, &options, PAIR "> 7F\n> 7F\n< 1F\n"
			      "> 7F\n> 7F\n< 1F\n" REST));
}

static void test_no_connection(void)
{
	static const struct {
		const char *name, *transcript;
		enum stm32_err err;
		const char *hint;
	} cases[] = {
		{ "silence", "deaf\n", STM32_TIMEOUT, "no reply to 0x7F" },
		{ "ACK, then silence", SYNCED "> 00 FF\ndeaf\n", STM32_TIMEOUT,
		  "parity" },
		{ "echo", THRICE("> 7F\n< 7F\n") THRICE("> 7F\n< 7F\n")
		  THRICE("> 7F\n< 7F\n") "deaf\n", STM32_TIMEOUT,
		  "the sent bytes come back" },
		{ "text", THRICE("> 7F\n< 68 65 6C 6C 6F\n") "deaf\n",
		  STM32_TIMEOUT, "application" },
		{ "noise", THRICE("> 7F\n< F0 81 E6\n") "deaf\n",
		  STM32_TIMEOUT, "(F0 81 E6 " },
		{ "an ID that is too long",
		  SYNCED GET_F1 "> 01 FE\n< 79 22 00 00 79\n"
		  THRICE("> 02 FD\n< 79 08 01 02 03 04 05 06 07 08 09 79\nresync\n")
		  THRICE("> 02 FD\n< 79 08 01 02 03 04 05 06 07 08 09 79\nresync\n"),
		  STM32_GARBLED, "" },
	};
	static struct far_end f;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct problem why = { "" };
		struct stm32 *stm = NULL;

		t_about(cases[i].name);
		far_end_init(&f, cases[i].transcript);
		EQUAL(stm32_open(&f.fake.base, &defaults, &stm, &why),
		      cases[i].err);
		CHECK(stm == NULL);
		check_end(&f);
		if (!CHECK(why.text[0] != '\0' &&
			   strstr(why.text, cases[i].hint) != NULL))
			printf("  %s\n", why.text);
		CHECK(f.fake.now_us < 20 * 1000000);
	}
}

/* No device: tries everything for a minute or two; but if the user stops it
 * after 15 s, it ends soon. */
struct patience {
	volatile sig_atomic_t enough;
	unsigned early;		/* writes other than 7F and 80 */
};

static void wait_in_vain(struct fake_port *fake, const uint8_t *bytes,
			 size_t len)
{
	struct patience *p = fake->ctx;

	fake_sleep_ms(&fake->base, (unsigned)(len * 11 / 58));
	p->early += fake->now_us < 2000 * 1000 && bytes[0] != 0x7F &&
		    bytes[0] != 0x80;
	p->enough = fake->now_us > 15 * 1000 * 1000;
}

static void test_patience(void)
{
	static const unsigned timeouts[] = { 1, 2, 3, 4, 5, 8, 10, 11, 14, 20,
					     60, 120 };
	static struct fake_port fake;
	struct stm32_options options = defaults;
	struct problem why = { "" };
	struct stm32 *stm = NULL;
	struct patience patience = { 0, 0 };
	size_t i;

	t_about("patience");
	for (i = 0; i < ARRAY_LEN(timeouts); i++) {
		options.connect_timeout_ms = timeouts[i] * 1000;
		fake_init(&fake, wait_in_vain, &patience);
		fake.base.baud = 57600;
		options.stop = NULL;
		EQUAL(stm32_open(&fake.base, &options, &stm, &why),
		      STM32_TIMEOUT);
		CHECK(fake.now_us < (timeouts[i] + 2) * INT64_C(1000000));
		CHECK(fake.now_us > (timeouts[i] - 1) * INT64_C(1000000));
	}
	EQUAL(patience.early, 0);
	fake_init(&fake, wait_in_vain, &patience);
	fake.base.baud = 57600;
	patience.enough = 0;
	options.stop = &patience.enough;
	EQUAL(stm32_open(&fake.base, &options, &stm, &why), STM32_STOPPED);
	CHECK(fake.now_us < 17 * 1000 * 1000);
}

static void test_ids(void)
{
	static const struct {
		const char *name, *transcript;
		size_t len;
		uint32_t id;
	} cases[] = {
		{ "one byte", "> 02 FD\n< 79 00 10 79\n", 1, 0x10 },
		{ "two bytes", "> 02 FD\n< 79 01 04 68 79\n", 2, 0x468 },
		{ "three, the ID last", "> 02 FD\n< 79 02 01 20 0A 79\n",
		  3, 0x0A },
		{ "four", "> 02 FD\n< 79 03 01 20 0A 00 79\n", 4, 0x0A },
		{ "five, as Artery has it",
		  "> 02 FD\n< 79 04 02 40 70 05 08 79\n", 5, 0x70050240 },
	};
	static struct far_end f;
	char transcript[400];
	struct stm32 *stm;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		snprintf(transcript, sizeof(transcript),
			 "%s> 01 FE\n< 79 22 00 00 79\n%s", SYNCED GET_F1,
			 cases[i].transcript);
		stm = open_with(&f, &defaults, transcript);
		EQUAL(stm32_info(stm)->id_len, cases[i].len);
		EQUAL(stm32_info(stm)->id, cases[i].id);
		stm32_close(stm);
	}
}

/* Replies have no checksum: two equal ones are accepted. */
static void test_confirm_id(void)
{
	static const struct {
		const char *name, *transcript;
		uint32_t id;
	} cases[] = {
		{ "the same", "> 02 FD\n< 79 01 04 10 79\n", 0x410 },
		{ "damaged now", "> 02 FD\n< 79 01 04 11 79\n"
		  TWICE("> 02 FD\n< 79 01 04 10 79\n"), 0x410 },
		{ "damaged then", TWICE("> 02 FD\n< 79 01 04 14 79\n"),
		  0x414 },
	};
	static struct far_end f;
	struct stm32 *stm;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].name);
		stm = open_with(&f, &defaults, F1);
		continue_with(&f, cases[i].transcript);
		EQUAL(stm32_confirm_id(stm), STM32_OK);
		EQUAL(stm32_info(stm)->id, cases[i].id);
		check_end(&f);
		stm32_close(stm);
	}
}

/* Additions of other vendors. */
static void test_vendors(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("part number, GigaDevice");
	stm = open_with(&f, &defaults, SYNCED
			TWICE("> 00 FF\n< 79 05 30 00 01 06 11 31 79\n")
			"> 01 FE\n< 79 30 00 00 79\n"
			"> 06 F9\n< 79 03 47 44 33 32 79\n");
	EQUAL(stm32_info(stm)->id, 0x47443332);
	stm32_close(stm);
	t_about("access, Artery");
	stm = open_with(&f, &defaults, SYNCED
			THRICE("> 00 FF\n< 1F\nresync\n")
			"> FA 05\n< 79\n" REST);
	stm32_close(stm);
}

static void test_list(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("unknown opcodes");
	stm = open_with(&f, &defaults, SYNCED
			"> 00 FF\n< 79 10 31 00 01 02 11 21 31 44 63 73 82 92 "
			"50 51 F0 7F 79 79\n" VERSION_ID);
	CHECK(stm32_has(stm, CMD_EXTENDED_ERASE));
	CHECK(!stm32_has(stm, CMD_ERASE));
	CHECK(!stm32_has(stm, CMD_GET_CHECKSUM));
	CHECK(stm32_info(stm)->listed[0xF0]);
	stm32_close(stm);
}

/* The longest possible list: its length is one byte. */
static void test_longest_list(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("the longest list");
	stm = open_with(&f, &defaults, SYNCED
			TWICE("> 00 FF\n< 79 FF 31 00 01 02 11x252 79\n")
			VERSION_ID);
	CHECK(stm32_has(stm, CMD_READ_MEMORY));
	CHECK(!stm32_has(stm, CMD_WRITE_MEMORY));
	stm32_close(stm);
}

static void test_reconnect(void)
{
	static struct far_end f;
	struct stm32 *stm = open_with(&f, &defaults, F1);
	struct problem why = { "" };
	bool fresh = false;

	t_about("reconnect");
	continue_with(&f, SYNCED GET_F4 VERSION_ID);
	EQUAL(stm32_reconnect(stm, 1000, &fresh, &why), STM32_OK);
	CHECK(fresh);
	CHECK(stm32_has(stm, CMD_EXTENDED_ERASE));
	CHECK(!stm32_has(stm, CMD_ERASE));
	/* it has not reset, and the caller must know that */
	continue_with(&f, "> 7F\n> 7F\n< 1F\n" REST);
	EQUAL(stm32_reconnect(stm, 1000, &fresh, &why), STM32_OK);
	CHECK(!fresh);
	continue_with(&f, SYNCED REST);
	EQUAL(stm32_reconnect(stm, 1000, NULL, &why), STM32_OK);
	continue_with(&f, "deaf\n");
	fresh = true;
	EQUAL(stm32_reconnect(stm, 1000, &fresh, &why), STM32_TIMEOUT);
	CHECK(!fresh);
	CHECK(why.text[0] != '\0');
	stm32_close(stm);
}

/* --- I2C, AN4221 ---------------------------------------------------------------------- */

#define FRAMED_SYNC "> FF 00\n< 1F\n"
#define VERSION_12 "> 01 FE\n< 79\n< 12\n< 79\n"
#define LIST_12 "> 00 FF\n< 79\n< 12 12 00 01 02 11 21 31 44 63 73 82 92 32 " \
	"45 64 74 83 93 A1\n< 79\n"
#define ID_460 "> 02 FD\n< 79\n< 01 04 60\n< 79\n"
#define I2C_12 FRAMED_SYNC VERSION_12 LIST_12 ID_460
#define VERSION_10 "> 01 FE\n< 79\n< 10\n< 79\n"
#define LIST_10 "> 00 FF\n< 79\n< 0B 10 00 01 02 11 21 31 44 63 73 82 92\n" \
	"< 79\n"
#define I2C_10 FRAMED_SYNC VERSION_10 LIST_10 ID_460

static void test_framed_rows(void)
{
	static const struct row rows[] = {
		{ "read", I2C_12, READ,
		  R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79\n< " DATA "\n",
		  STM32_OK },
		{ "write, no-stretch", I2C_12, WRITE,
		  "> 32 CD\n< 79\n" ADDRESS "< 79\n" W3
		  "< 76\n< 76\n< 79\n", STM32_OK },
		{ "write, stretch", I2C_10, WRITE,
		  "> 31 CE\n< 79\n" ADDRESS "< 79\n" W3 "< 79\n", STM32_OK },
		{ "erase all, no-stretch", I2C_12, ERASE_ALL_PAGES,
		  "> 45 BA\n< 79\n> FF FF 00\n< 76\n< 76\n< 76\n< 79\n",
		  STM32_OK },
		{ "erase all, stretch", I2C_10, ERASE_ALL_PAGES,
		  E44 "< 79\n> FF FF 00\n< 79\n", STM32_OK },
		/* count and list each have an XOR and an ACK */
		{ "erase pages", I2C_12, ERASE,
		  "> 45 BA\n< 79\n> 00 01 01\n< 79\n> 00 03 00 04 07\n"
		  "< 76\n< 79\n", STM32_OK },
		{ "Go", I2C_12, GO, "> 21 DE\n< 79\n" ADDRESS "< 79\n",
		  STM32_OK },
		{ "Write Protect, no-stretch", I2C_12, LOCK_WRITE,
		  "> 64 9B\n< 79\n> 01 FE\n< 79\n> 01 09 08\n"
		  "< 76\n< 79\n", STM32_OK },
		{ "Write Protect, stretch", I2C_10, LOCK_WRITE,
		  "> 63 9C\n< 79\n> 01 FE\n< 79\n> 01 09 08\n< 79\n",
		  STM32_OK },
		{ "Write Unprotect", I2C_12, UNLOCK_WRITE,
		  "> 74 8B\n< 79\n< 76\n< 79\n", STM32_OK },
		{ "Readout Protect, stretch", I2C_10, LOCK,
		  "> 82 7D\n< 79\n< 79\n", STM32_OK },
		{ "read refused once", I2C_12, READ, R1 "< 1F\n" FRAMED_SYNC
		  R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79\n< " DATA "\n",
		  STM32_OK },
		/* neither 79, 1F nor 76: a leftover byte */
		{ "slipped", I2C_12, READ, R1 "< 04\n" FRAMED_SYNC
		  R1 "< 79\n" ADDRESS "< 79\n" R3 "< 79\n< " DATA "\n",
		  STM32_OK },
		{ "write refused", I2C_12, WRITE,
		  "> 32 CD\n< 79\n" ADDRESS "< 79\n" W3 "< 76\n< 1F\n"
		  FRAMED_SYNC, STM32_UNCERTAIN },
	};
	static struct far_end f;
	struct stm32 *stm;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		t_about(rows[i].name);
		stm = open_framed(&f, rows[i].connect);
		continue_with(&f, rows[i].transcript);
		EQUAL(operate(stm, rows[i].operation), rows[i].err);
		check_end(&f);
		EQUAL(f.fake.torn, 0);
		stm32_close(stm);
	}
}

/* The length of the list is guessed by the version. If the count is larger by
 * one, that byte comes before the ACK. */
static void test_framed_list(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("a list of other length");
	stm = open_framed(&f, FRAMED_SYNC VERSION_12
			  "> 00 FF\n< 79\n< 13 12 00 01 02 11 21 31 44 63 73 "
			  "82 92 32 45 64 74 83 93 50\n< 51 79\n" ID_460);
	EQUAL(stm32_info(stm)->id, 0x460);
	EQUAL(stm32_info(stm)->version, 0x12);
	CHECK(stm32_info(stm)->listed[0x51]);
	EQUAL(f.fake.torn, 0);
	stm32_close(stm);
}

static void test_framed_checksum(void)
{
	static struct far_end f;
	struct stm32 *stm;

	t_about("checksum, I2C");
	stm = open_framed(&f, I2C_12);
	continue_with(&f, C1 "< 79\n< 76\n< 79\n< " CRC);
	CHECK(stm32_prove_checksum(stm, 0x08000000, vectors, 8));
	check_end(&f);
	EQUAL(f.fake.torn, 0);
	stm32_close(stm);
}

/* --- limits ------------------------------------------------------------------------------ */

static void test_limits(void)
{
	static const struct {
		unsigned max_frame, write;
		size_t pages8, pages16;
	} cases[] = {
		{ 258, 256, 100, 100 },
		{ 257, 128, 100, 100 },
		{ 130, 128, 100, 63 },
		{ 129, 64, 100, 63 },
		{ 34, 32, 32, 15 },
		{ 6, 4, 4, 1 },
		{ 5, 2, 3, 1 },
	};
	static struct far_end f;
	struct stm32 *stm;
	size_t i;

	t_about("limits");
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct stm32_options options = defaults;

		options.max_frame = cases[i].max_frame;
		options.max_read = 20;
		stm = open_with(&f, &options, F1);
		EQUAL(stm32_max_read(stm), 20);
		EQUAL(stm32_max_write(stm), cases[i].write);
		EQUAL(stm32_max_pages(stm), cases[i].pages8);
		EQUAL(stm32_last_page(stm), 0xFF);
		stm32_close(stm);
		stm = open_with(&f, &options, F4);
		EQUAL(stm32_max_pages(stm), cases[i].pages16);
		CHECK(stm32_last_page(stm) < 0xFFF0);
		stm32_close(stm);
	}
	stm = open_with(&f, &defaults, F1);
	stm32_limit_transfer(stm, 256);
	EQUAL(stm32_max_write(stm), 256);
	stm32_limit_transfer(stm, 100);
	EQUAL(stm32_max_read(stm), 100);
	EQUAL(stm32_max_write(stm), 64);
	stm32_limit_transfer(stm, 200);	/* can only decrease */
	EQUAL(stm32_max_write(stm), 64);
	stm32_close(stm);
	stm32_close(NULL);
}

static void test_names(void)
{
	enum stm32_err a, b;

	t_about("names");
	for (a = STM32_OK; a <= STM32_PORT; a++)
		for (b = a + 1; b <= STM32_PORT; b++)
			CHECK(strcmp(stm32_strerror(a), stm32_strerror(b)));
}

int main(void)
{
	run_rows(reads, ARRAY_LEN(reads));
	run_rows(writes, ARRAY_LEN(writes));
	run_rows(erases, ARRAY_LEN(erases));
	run_rows(others, ARRAY_LEN(others));
	test_frames();
	test_after_uncertain();
	test_retries();
	test_not_listed();
	test_stop();
	test_port_fails();
	test_checksum();
	test_connect();
	test_resume();
	test_no_connection();
	test_patience();
	test_ids();
	test_confirm_id();
	test_vendors();
	test_list();
	test_longest_list();
	test_reconnect();
	test_framed_rows();
	test_framed_list();
	test_framed_checksum();
	test_limits();
	test_names();
	return t_done();
}
