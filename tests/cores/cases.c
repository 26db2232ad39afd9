/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases write RAM N: writes N random records of cases.h, alternating both
 * variants, for a board whose RAM begins at RAM; cases check RAM N: compares
 * the input with the host's results.
 */
#include "flash/routine.h"

#include "tests/cores/cases.h"
#include "tests/unit/t.h"
#include "utils.h"

#define MOST 40		/* pieces per run: the results must fit */

static uint32_t dice = 2463534242u;

static uint32_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice;
}

static uint32_t base;	/* of the RAM */

struct record {
	uint8_t ram[CASE_RAM_SIZE], data[CASE_DATA_SIZE];
	struct routine routine;
	struct routine_layout layout;
};

static void draw(struct record *r, bool bitwise)
{
	struct routine_run *run = r->routine.runs;
	uint32_t room;
	size_t i;

	for (i = 0; i < sizeof(r->ram); i++)
		r->ram[i] = (uint8_t)(roll() >> 9);
	for (i = 0; i < sizeof(r->data); i++)
		r->data[i] = (uint8_t)(roll() >> 9);
	r->routine = (struct routine){
		.base = base + CASE_ROUTINE, .stack = base + CASE_STACK,
		.nonce = roll(), .watchdog = base, .bitwise = bitwise,
		.jump = base + CASE_VECTORS, .run_count = 1 + roll() % 4,
	};
	for (i = 0; i < r->routine.run_count; i++, run++) {
		run->start = base + CASE_DATA +
			     roll() % (CASE_DATA_SIZE / 8) * 4;
		room = base + CASE_DATA + CASE_DATA_SIZE - run->start;
		run->length = 4 + roll() % 128 * 4;
		run->count = 1 + roll() % (room / run->length);
		if (run->count > MOST)
			run->count = MOST;
	}
	routine_lay_out(&r->routine, &r->layout);
	routine_build(&r->routine, &r->layout,
		      r->ram + CASE_ROUTINE);
}

static void check(const struct record *r, const uint8_t *ram)
{
	const uint8_t *found = ram + (r->layout.results - base);
	const struct routine_run *run = r->routine.runs;
	uint8_t trailer[ROUTINE_TRAILER];
	size_t i;
	uint32_t n;

	for (i = 0; i < r->routine.run_count; i++, run++)
		for (n = 0; n < run->count; n++, found += ROUTINE_SUMS) {
			struct routine_sums sums = { r->routine.nonce, 0 };

			routine_add(&sums, r->data +
				    (run->start - base - CASE_DATA) +
				    n * run->length, run->length);
			EQUAL(get_le32(found), sums.crc);
			EQUAL(get_le32(found + 4), sums.sum);
		}
	routine_trailer(&r->routine, trailer);
	BYTES(ram + (r->layout.trailer - base), trailer, sizeof(trailer));
	EQUAL(get_le32(ram), 0xaaaa);
}

int main(int argc, char **argv)
{
	static struct record record;
	static uint8_t ram[CASE_RAM_SIZE];
	bool writes = argc > 1 && strcmp(argv[1], "write") == 0;
	long count = argc > 3 ? strtol(argv[3], NULL, 10) : 0;

	base = argc > 3 ? (uint32_t)strtoul(argv[2], NULL, 0) : 0;
	for (; count > 0; count--) {
		draw(&record, count % 2 == 0);
		if (writes) {
			if (fwrite(record.ram, sizeof(record.ram), 1, stdout) +
			    fwrite(record.data, sizeof(record.data), 1,
				   stdout) != 2)
				return 1;
		} else if (CHECK(fread(ram, sizeof(ram), 1, stdin) == 1)) {
			check(&record, ram);
		}
	}
	return writes ? 0 : t_done();
}
