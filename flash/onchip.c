/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/onchip.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "flash/routine.h"
#include "flash/run.h"
#include "flash/sums.h"
#include "flash/vouch.h"
#include "protocol/crc.h"
#include "utils.h"

#define LEAST_PIECE 1024	/* bytes */
#define USUAL_PIECES 128	/* with more pieces, the results cost more than
				 * reading larger pieces again */
#define TRIES 2			/* if the chip does not come back */
#define PLACE_TRIES 3
#define FETCH_TRIES 4
#define CYCLES_A_BYTE 8
#define CYCLES_BITWISE 62	/* per byte */
#define CYCLES_A_PIECE 60
#define CYCLES_TABLE 20000
#define OVERHEAD_BYTES 700	/* upload, read back, session, results */
#define RESTART_MS 150

#define IWDG_KEY 0x40003000	/* all families but those excluded below */
#define SYST_CVR 0xe000e018	/* ARMv6-M Architecture Reference Manual */
#define F1_USART1_CR1 0x4001380c	/* RM0008 */
#define AIRCR 0xe000ed0c
#define AIRCR_RESET 0x05fa0004	/* VECTKEY, SYSRESETREQ */

/*
 * ROMs that start correctly after a jump to them: only those seen to work. The
 * F103's ROM measures its rate with a SysTick that it does not clear, and with
 * the USART still on, as Go leaves it.
 */
static const struct way_in {
	uint16_t id;
	uint8_t version;
	uint8_t store_count;
	struct routine_store stores[ROUTINE_STORES];
} ways_in[] = {
	{ 0x410, 0x22, 2, { { SYST_CVR, 0 }, { F1_USART1_CR1, 0 } } },
	{ 0x440, 0x31, 0, { { 0, 0 } } },
};

/* The request and its results. */
struct job {
	struct flash *flash;
	struct routine routine;
	struct routine_layout layout;
	struct problem *why;
	uint32_t bytes;		/* of all pieces */
	bool resets;		/* by the host's entry sequence */
};

/* --- feasibility -------------------------------------------------------- */

static bool is_f7(const struct dev *dev)
{
	return dev->granule == 4 && dev->write_align == 8 &&
	       dev->erased == 0xFF;
}

/* Returns why code cannot be run on this part; NULL: it can. */
static const char *part_reason(const struct part *part)
{
	struct range ram;

	if (!part->known || part->id != part->dev.id || !part->size_known ||
	    part_has(part, DEV_NOT_IN_AN2606) || part_has(part, DEV_RISC_V))
		return "it is not certain which part this is";
	if (!part_free_ram(part, &ram))
		return "this part leaves no RAM for code";
	if (part_has(part, DEV_NO_GO))
		return "this part cannot start code from its bootloader";
	/* H5, U5, WBA and similar parts have a secure ROM, or may have one. */
	if (part_has(part, DEV_TRUSTZONE) || part->dev.granule == 16)
		return "this part has TrustZone or a secure ROM";
	if (part->dev.granule > 16 || is_f7(&part->dev))
		return "the free RAM of this part may not be able to run code";
	return NULL;
}

/* The clock after Go in kHz: HSI, or MSI at its default, whichever the family
 * starts with, minus the error of the ROM's trimming. */
static uint32_t slowest_khz(const struct dev *dev)
{
	if (dev->erased == 0x00)
		return 2000;	/* L0, L1: MSI */
	if (dev->granule == 2)
		return 7400;	/* F0, F1, F3: HSI */
	if (dev->granule == 4)
		return 15000;	/* F2, F4: HSI */
	return 4000;		/* L4, WB: MSI; others are faster */
}

/* Running from RAM and wait states may double the time. */
static unsigned work_ms(const struct job *job)
{
	uint64_t bytes = job->bytes + ROUTINE_SUMS * job->layout.pieces;
	uint64_t cycles = bytes * (job->routine.bitwise ? CYCLES_BITWISE
							: CYCLES_A_BYTE) +
			  CYCLES_TABLE +
			  (uint64_t)job->layout.pieces * CYCLES_A_PIECE;

	return (unsigned)(2 * cycles / slowest_khz(&job->flash->part->dev)) + 2;
}

static bool is_worthwhile(const struct job *job)
{
	const struct port *port = stm32_port(job->flash->stm);
	unsigned most = stm32_max_read(job->flash->stm);
	unsigned blocks = job->bytes / most + 1;
	unsigned waits = 3 * (1 + port->round_trip_ms);
	unsigned reading = port_wire_ms(port, job->bytes + 12 * blocks) +
			   blocks * waits;
	unsigned ours = port_wire_ms(port, OVERHEAD_BYTES) + 12 * waits +
			work_ms(job) + RESTART_MS;

	return ours < reading;
}

static const struct way_in *find_way_in(const struct flash *flash)
{
	const struct stm32_info *info = stm32_info(flash->stm);
	size_t i;

	if (!(stm32_port(flash->stm)->caps & PORT_AUTOBAUD))
		return NULL;
	for (i = 0; i < ARRAY_LEN(ways_in); i++)
		if (ways_in[i].id == info->id &&
		    ways_in[i].version == info->version)
			return &ways_in[i];
	return NULL;
}

/* False: no known way to return to the ROM. */
static bool choose_way_back(struct job *job)
{
	const struct flash *flash = job->flash;
	const struct way_in *way = find_way_in(flash);
	struct routine *routine = &job->routine;

	job->resets = flash->onchip.enter != NULL;
	routine->store_count = 0;
	routine->jump = 0;
	if (job->resets)
		return true;
	if (flash->onchip.boot0_stays) {
		routine->stores[0] = (struct routine_store){ AIRCR,
							     AIRCR_RESET };
		routine->store_count = 1;
		return true;
	}
	if (way == NULL)
		return false;
	memcpy(routine->stores, way->stores, sizeof(way->stores));
	routine->store_count = way->store_count;
	routine->jump = flash->part->dev.system_memory[0].start;
	return true;
}

static void give_up(struct flash *flash, const char *reason)
{
	struct problem text = { "" };

	flash->onchip.given_up = true;
	problem_set(&text, "--on-chip: %s; reading instead", reason);
	if (flash->watch != NULL && flash->watch->warn != NULL)
		flash->watch->warn(flash->watch->ctx, text.text);
}

/* Returns a number that differs from that of any other run, in this process or
 * another. */
static uint32_t new_nonce(struct flash *flash)
{
	struct port *port = stm32_port(flash->stm);
	int64_t now_us = port->caps & PORT_SIMULATED ? port_now_us(port)
						     : clock_us();

	return ((uint32_t)now_us ^ (uint32_t)(now_us >> 32)) * 0x9e3779b1u +
	       ++flash->onchip.runs;
}

/* --- the pieces ---------------------------------------------------------------- */

static void add_run(struct job *job, uint32_t start, uint32_t length,
		    uint32_t count)
{
	struct routine *routine = &job->routine;

	if (length == 0 || count == 0)
		return;
	routine->runs[routine->run_count++] =
		(struct routine_run){ start, length, count };
	job->bytes += length * count;
}

/* Adds whole pieces and the remainder. Ranges for which there is no room, and
 * odd bytes at their ends, are left for reading. */
static void add_range(struct job *job, const struct range *range,
		      uint32_t piece)
{
	uint32_t start = round_up(range->start, 4);
	uint32_t end = round_down(range->end, 4), count;

	if (start >= end || job->routine.run_count + 2 > ROUTINE_RUNS ||
	    !vouch_is_known(job->flash->part, start, end))
		return;
	count = (end - start) / piece;
	add_run(job, start, piece, count);
	add_run(job, start + count * piece, (end - start) % piece, 1);
}

static void cut(struct job *job, const struct range *ranges, size_t count,
		uint32_t piece)
{
	size_t i;

	job->routine.run_count = 0;
	job->bytes = 0;
	for (i = 0; i < count; i++)
		add_range(job, &ranges[i], piece);
	routine_lay_out(&job->routine, &job->layout);
}

/* Splits the ranges into pieces of a size that fits. */
static bool fits_in(struct job *job, const struct range *ranges, size_t count,
		    const struct range *ram)
{
	uint32_t piece;
	bool fits;

	for (piece = LEAST_PIECE; piece <= ROUTINE_MOST_PIECE; piece *= 2) {
		cut(job, ranges, count, piece);
		fits = job->layout.end <= ram->end &&
		       job->layout.pieces <= ROUTINE_MOST_PIECES;
		if (fits && (job->layout.pieces <= USUAL_PIECES ||
			     piece == ROUTINE_MOST_PIECE))
			return true;
	}
	return false;
}

/* Uses the CRC table if there is room for it. False: not even the results
 * fit. */
static bool lay_out(struct job *job, const struct range *ranges, size_t count)
{
	struct range ram;

	if (!part_free_ram(job->flash->part, &ram))
		return false;
	job->routine.base = round_up(ram.start, 8);
	job->routine.stack = ram.end;
	job->routine.bitwise = false;
	if (fits_in(job, ranges, count, &ram))
		return true;
	job->routine.bitwise = true;
	return fits_in(job, ranges, count, &ram);
}

/* --- on the chip ---------------------------------------------------------------- */

static bool is_over(enum stm32_err err)
{
	return err == STM32_PORT || err == STM32_STOPPED;
}

/* Writing RAM twice is harmless. */
static enum stm32_err write_once(struct flash *flash, uint32_t base,
				 const uint8_t *bytes, uint32_t len)
{
	uint32_t most = stm32_max_write(flash->stm) & ~3u, at, n;
	enum stm32_err err = STM32_OK;

	for (at = 0; at < len && err == STM32_OK; at += n) {
		n = len - at < most ? len - at : most;
		err = stm32_write_memory(flash->stm, base + at, bytes + at, n,
					 0);
	}
	return err;
}

static enum stm32_err read_all(struct flash *flash, uint32_t start,
			       uint8_t *out, uint32_t len)
{
	enum stm32_err err = STM32_OK;
	uint32_t at, n;

	for (at = 0; at < len && err == STM32_OK; at += n) {
		n = run_next_len(flash, start + at, len - at);
		err = run_read_block(flash, start + at, out + at, n);
	}
	return err;
}

/* Writes the routine and reads it back before it is started. */
static enum stm32_err place(struct job *job)
{
	struct flash *flash = job->flash;
	uint32_t base = job->routine.base, len = job->layout.len, at;
	uint8_t image[ROUTINE_MAX], found[ROUTINE_MAX];
	enum stm32_err err = vouch_read(flash, base, job->layout.end, &at);
	unsigned tries;

	if (err != STM32_OK)
		return err;
	routine_build(&job->routine, &job->layout, image);
	for (tries = 0; tries < PLACE_TRIES; tries++) {
		err = write_once(flash, base, image, len);
		if (err == STM32_UNCERTAIN || err == STM32_ASTRAY)
			continue;
		if (err == STM32_OK)
			err = read_all(flash, base, found, len);
		if (err != STM32_OK || memcmp(image, found, len) == 0)
			return err;
		stm32_note_damage(flash->stm, "routine");
	}
	return STM32_GARBLED;
}

static enum flash_err did_not_return(struct job *job, enum stm32_err err)
{
	if (err == STM32_PORT || err == STM32_STOPPED)
		return flash_explain(job->flash, err, "reconnect",
				     FLASH_NOWHERE, job->why);
	problem_set(job->why, "--on-chip: the chip did not return to its "
		    "bootloader after the checksums; reset it with BOOT0 high");
	return FLASH_GONE;
}

/*
 * Sends nothing before the routine is done and the ROM listens: some ROMs
 * measure a wrong rate if a frame is on the line when they start to listen,
 * and keep it until reset.
 */
static enum flash_err come_back(struct job *job)
{
	struct flash *flash = job->flash;
	struct onchip *onchip = &flash->onchip;
	enum stm32_err err = STM32_TIMEOUT;
	struct problem ignored = { "" };
	unsigned tries;

	port_sleep_ms(stm32_port(flash->stm), work_ms(job));
	for (tries = 0; tries < TRIES && err != STM32_OK && !is_over(err);
	     tries++) {
		if (job->resets &&
		    onchip->enter(onchip->ctx, job->why) != PORT_OK)
			return FLASH_PORT;
		/* from here on the ROM returns without help */
		stm32_hold(flash->stm, false);
		err = stm32_reconnect(flash->stm, 0, NULL, &ignored);
	}
	return err == STM32_OK ? FLASH_OK : did_not_return(job, err);
}

static bool same_chip(const struct flash *flash,
		      const struct stm32_info *before)
{
	const struct stm32_info *now = stm32_info(flash->stm);

	return now->id == before->id && now->version == before->version;
}

/* From Go until the chip is back. *ran: the routine may have been started. */
static enum flash_err run_and_return(struct job *job, bool *ran)
{
	struct flash *flash = job->flash;
	const struct stm32_info before = *stm32_info(flash->stm);
	enum stm32_err err = stm32_go_and_return(flash->stm,
						 job->routine.base);
	enum flash_err result;

	*ran = err == STM32_OK || err == STM32_UNCERTAIN ||
	       err == STM32_ASTRAY;
	if (is_over(err))
		return flash_explain(flash, err, "go", job->routine.base,
				     job->why);
	if (!*ran) {
		give_up(flash, stm32_strerror(err));
		return FLASH_OK;
	}
	result = come_back(job);
	if (result == FLASH_OK && !same_chip(flash, &before)) {
		problem_set(job->why, "--on-chip: a different chip answers "
			    "now; reset it with BOOT0 high, and check the line");
		return FLASH_GONE;
	}
	return result;
}

/* Runs the routine; *ran: there may be results. If a step fails before the
 * start, the ranges are read instead. */
static enum flash_err run(struct job *job, bool *ran)
{
	struct flash *flash = job->flash;
	enum flash_err result;
	enum stm32_err err;

	*ran = false;
	job->routine.nonce = new_nonce(flash);
	job->routine.watchdog = IWDG_KEY;
	run_explain(flash, "checksums are computed on the chip");
	err = place(job);
	if (is_over(err))
		return flash_explain(flash, err, "write", job->routine.base,
				     job->why);
	if (err != STM32_OK) {
		give_up(flash, err == STM32_REFUSED ?
			"the chip is readout protected" : stm32_strerror(err));
		return FLASH_OK;
	}
	stm32_hold(flash->stm, true);
	result = run_and_return(job, ran);
	stm32_hold(flash->stm, false);
	return result;
}

/* --- results ----------------------------------------------------------------- */

/* Checks the digest of the results, and the trailer. */
static bool is_signed(struct job *job, const uint8_t *results,
		      enum stm32_err *err)
{
	uint8_t found[ROUTINE_SUMS + ROUTINE_TRAILER], wanted[sizeof(found)];
	struct routine_sums digest = { job->routine.nonce, 0 };

	routine_add(&digest, results,
		    (size_t)ROUTINE_SUMS * job->layout.pieces);
	put_le32(wanted, digest.crc);
	put_le32(wanted + 4, digest.sum);
	routine_trailer(&job->routine, wanted + ROUTINE_SUMS);
	*err = read_all(job->flash, job->layout.digest, found, sizeof(found));
	return *err == STM32_OK && memcmp(found, wanted, sizeof(found)) == 0;
}

/* Reads all results, and reads them again if they are not from this run, in
 * case the line damaged them. False: they are invalid. */
static bool fetch(struct job *job, uint8_t *results, enum stm32_err *err)
{
	uint32_t len = ROUTINE_SUMS * job->layout.pieces, crc, before = 0;
	bool is_ours;
	unsigned tries;

	for (tries = 0; tries < FETCH_TRIES; tries++) {
		*err = read_all(job->flash, job->layout.results, results, len);
		if (*err != STM32_OK)
			return false;
		crc = crc_update(CRC_INIT, results, len);
		is_ours = is_signed(job, results, err);
		if (tries > 0 && (is_ours || crc != before))
			stm32_note_damage(job->flash->stm, "checksums");
		if (is_ours || *err != STM32_OK || (tries > 0 && crc == before))
			return is_ours;
		before = crc;
	}
	return false;
}

/* Computes the expected result of one piece. */
static void expect(const struct job *job, const struct image *image,
		   uint32_t start, uint32_t len, uint8_t *out)
{
	struct routine_sums sums = { job->routine.nonce, 0 };
	uint8_t buf[STM32_MAX_BLOCK];
	uint32_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < sizeof(buf) ? len - at : (uint32_t)sizeof(buf);
		memset(buf, job->flash->part->dev.erased, n);
		run_overlay(image, start + at, buf, n);
		routine_add(&sums, buf, n);
	}
	put_le32(out, sums.crc);
	put_le32(out + 4, sums.sum);
}

static void expect_all(const struct job *job, const struct image *image,
		       uint8_t *out)
{
	const struct routine *routine = &job->routine;
	size_t i;
	uint32_t n;

	for (i = 0; i < routine->run_count; i++)
		for (n = 0; n < routine->runs[i].count; n++) {
			expect(job, image, routine->runs[i].start +
			       n * routine->runs[i].length,
			       routine->runs[i].length, out);
			out += ROUTINE_SUMS;
		}
}

static void note_same(struct onchip *onchip, uint32_t start, uint32_t end)
{
	struct range *last = onchip->same + onchip->same_count - 1;

	if (onchip->same_count > 0 && last->end == start)
		last->end = end;
	else
		onchip->same[onchip->same_count++] = (struct range){ start,
								     end };
}

/* Compares piece by piece; found NULL: all are the same. */
static void note_all(struct job *job, const uint8_t *wanted,
		     const uint8_t *found)
{
	const struct routine *routine = &job->routine;
	size_t i, at = 0;
	uint32_t n, start;

	for (i = 0; i < routine->run_count; i++) {
		start = routine->runs[i].start;
		for (n = 0; n < routine->runs[i].count; n++) {
			if (found == NULL ||
			    memcmp(wanted + at, found + at, ROUTINE_SUMS) == 0)
				note_same(&job->flash->onchip, start,
					  start + routine->runs[i].length);
			start += routine->runs[i].length;
			at += ROUTINE_SUMS;
		}
	}
}

/* If the results match but the digest did not, the line is bad. */
static void note_found(struct job *job, const uint8_t *wanted,
		       const uint8_t *found)
{
	if (memcmp(wanted, found,
		   (size_t)ROUTINE_SUMS * job->layout.pieces) == 0)
		stm32_note_damage(job->flash->stm, "checksums");
	note_all(job, wanted, found);
}

/* The digest shows in a few bytes that all pieces match; otherwise compares
 * each piece. */
static enum flash_err judge(struct job *job, const struct image *image,
			    uint8_t *wanted, uint8_t *found)
{
	struct flash *flash = job->flash;
	enum stm32_err err;

	expect_all(job, image, wanted);
	if (is_signed(job, wanted, &err))
		note_all(job, wanted, NULL);
	else if (err == STM32_OK && fetch(job, found, &err))
		note_found(job, wanted, found);
	else if (!is_over(err))
		give_up(flash, "no valid checksums were found on the chip");
	else
		return flash_explain(flash, err, "read", job->layout.results,
				     job->why);
	return FLASH_OK;
}

/* Allocates the wanted and found results, and the list of equal ranges. */
static bool make_room(struct job *job, uint8_t **wanted, uint8_t **found)
{
	size_t pieces = job->layout.pieces;
	struct onchip *onchip = &job->flash->onchip;

	*wanted = malloc(pieces * ROUTINE_SUMS);
	*found = malloc(pieces * ROUTINE_SUMS);
	onchip->same = malloc(pieces * sizeof(*onchip->same));
	if (*wanted != NULL && *found != NULL && onchip->same != NULL)
		return true;
	problem_set(job->why, "out of memory");
	return false;
}

/* True: the pieces are laid out, and the routine can be used. */
static bool prepare(struct job *job, const struct range *ranges, size_t count)
{
	struct flash *flash = job->flash;
	const char *reason;

	if (!flash->onchip.wanted || flash->onchip.given_up || count == 0 ||
	    sums_usable(flash, ranges[0].start,
			ranges[0].end - ranges[0].start))
		return false;
	reason = part_reason(flash->part);
	if (reason == NULL && !choose_way_back(job))
		reason = "it needs a sequence that resets the chip (-i), or "
			 "--on-chip=boot0 if BOOT0 stays high";
	if (reason == NULL && !lay_out(job, ranges, count))
		reason = "there is not enough free RAM";
	if (reason != NULL) {
		give_up(flash, reason);
		return false;
	}
	return job->bytes > 0 && is_worthwhile(job);
}

enum flash_err onchip_compare(struct flash *flash, const struct image *image,
			      const struct range *ranges, size_t count,
			      struct problem *why)
{
	struct job job = { .flash = flash, .why = why };
	uint8_t *wanted, *found;
	enum flash_err err = FLASH_NO_MEMORY;
	bool ran = false;

	onchip_forget(flash);
	if (!prepare(&job, ranges, count))
		return FLASH_OK;
	if (make_room(&job, &wanted, &found))
		err = run(&job, &ran);
	if (err == FLASH_OK && ran)
		err = judge(&job, image, wanted, found);
	free(wanted);
	free(found);
	return err;
}

uint32_t onchip_stretch(const struct flash *flash, uint32_t start,
			uint32_t end, bool *same)
{
	const struct onchip *onchip = &flash->onchip;
	const struct range *range = onchip->same;
	size_t i;

	*same = false;
	for (i = 0; i < onchip->same_count; i++, range++) {
		if (range->end <= start)
			continue;
		*same = range->start <= start;
		if (*same)
			return range->end < end ? range->end : end;
		return range->start < end ? range->start : end;
	}
	return end;
}

void onchip_forget(struct flash *flash)
{
	free(flash->onchip.same);
	flash->onchip.same = NULL;
	flash->onchip.same_count = 0;
}

/* --- the CRC of a range -------------------------------------------------------- */

/* Continues a CRC over len bytes of 0: this converts a CRC between two initial
 * values. */
static uint32_t over_zeros(uint32_t crc, uint32_t len)
{
	static const uint8_t zeros[STM32_MAX_BLOCK] = { 0 };
	uint32_t n;

	for (; len > 0; len -= n) {
		n = len < sizeof(zeros) ? len : (uint32_t)sizeof(zeros);
		crc = crc_update(crc, zeros, n);
	}
	return crc;
}

static uint32_t join(const struct job *job, const uint8_t *results)
{
	const struct routine *routine = &job->routine;
	uint32_t crc = CRC_INIT, n;
	size_t i;

	for (i = 0; i < routine->run_count; i++)
		for (n = 0; n < routine->runs[i].count; n++) {
			crc = over_zeros(crc ^ routine->nonce,
					 routine->runs[i].length) ^
			      get_le32(results);
			results += ROUTINE_SUMS;
		}
	return crc;
}

enum flash_err onchip_crc(struct flash *flash, uint32_t start, uint32_t len,
			  uint32_t *crc, bool *done, struct problem *why)
{
	const struct range range = { start, start + len };
	struct job job = { .flash = flash, .why = why };
	enum stm32_err err = STM32_OK;
	enum flash_err result;
	uint8_t *results;
	bool ran;

	*done = false;
	if (!prepare(&job, &range, 1) || job.bytes != len)
		return FLASH_OK;
	results = malloc((size_t)job.layout.pieces * ROUTINE_SUMS);
	if (results == NULL) {
		problem_set(why, "out of memory");
		return FLASH_NO_MEMORY;
	}
	result = run(&job, &ran);
	if (result == FLASH_OK && ran) {
		*done = fetch(&job, results, &err);
		if (*done)
			*crc = join(&job, results);
		else if (is_over(err))
			result = flash_explain(flash, err, "read", start, why);
		else
			give_up(flash, "no valid checksums were found on the "
				"chip");
	}
	free(results);
	return result;
}
