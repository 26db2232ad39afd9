/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flash/routine.h"

#include <assert.h>

#include "protocol/crc.h"
#include "utils.h"

#define VECTORS 8		/* bytes: stack pointer, entry */
#define WATCHDOG_KEY 0xaaaa	/* reload: RM0008, IWDG_KR */
#define ENDING 0x53554d53	/* of the trailer */

/* flash/routine.s, assembled; tests/routine.sh compares them. */
static const uint16_t by_table[] = {
	0xa727, 0xcf7d, 0x4684, 0x4698, 0x46ab, 0x20ff, 0x0603, 0x2108,
	0x005b, 0xd300, 0x4063, 0x3901, 0xd1fa, 0x0085, 0x5173, 0x3801,
	0xd5f4, 0xcf0b, 0x4689, 0x2b00, 0xd027, 0x469a, 0x4663, 0x465d,
	0x602b, 0x4649, 0x1809, 0x4614, 0x2500, 0xc808, 0x18ed, 0x405c,
	0x0e23, 0x009b, 0x0224, 0x58f3, 0x405c, 0x0e23, 0x009b, 0x0224,
	0x58f3, 0x405c, 0x0e23, 0x009b, 0x0224, 0x58f3, 0x405c, 0x0e23,
	0x009b, 0x0224, 0x58f3, 0x405c, 0x4288, 0xd1e6, 0x4643, 0xc330,
	0x4698, 0x4653, 0x3b01, 0xd1d8, 0xe7d3, 0x4643, 0x4611, 0xc303,
	0xc303, 0xf3bf, 0x8f4f, 0xcf03, 0x2800, 0xd001, 0x6001, 0xe7fa,
	0x2900, 0xd100, 0xe7fe, 0x6808, 0xf380, 0x8808, 0x6848, 0x4700
};

static const uint16_t bit_by_bit[] = {
	0xa71b, 0xcf7d, 0x4684, 0x4698, 0x46ab, 0x4626, 0xcf0b, 0x4689,
	0x2b00, 0xd019, 0x469a, 0x4663, 0x465d, 0x602b, 0x4649, 0x1809,
	0x4614, 0x2500, 0xc808, 0x18ed, 0x405c, 0x2320, 0x0064, 0xd300,
	0x4074, 0x3b01, 0xd1fa, 0x4288, 0xd1f4, 0x4643, 0xc330, 0x4698,
	0x4653, 0x3b01, 0xd1e6, 0xe7e1, 0x4643, 0x4611, 0xc303, 0xc303,
	0xf3bf, 0x8f4f, 0xcf03, 0x2800, 0xd001, 0x6001, 0xe7fa, 0x2900,
	0xd100, 0xe7fe, 0x6808, 0xf380, 0x8808, 0x6848, 0x4700, 0x46c0
};

_Static_assert(sizeof(by_table) == ROUTINE_CODE, "ROUTINE_CODE is its size");
_Static_assert(sizeof(bit_by_bit) <= ROUTINE_CODE, "it is the longer one");
_Static_assert(sizeof(by_table) % 4 == 0 && sizeof(bit_by_bit) % 4 == 0,
	       "the parameters behind it are aligned");

static size_t code_len(const struct routine *routine)
{
	return routine->bitwise ? sizeof(bit_by_bit) : sizeof(by_table);
}

void routine_lay_out(const struct routine *routine,
		     struct routine_layout *layout)
{
	size_t i;

	layout->pieces = 0;
	for (i = 0; i < routine->run_count; i++)
		layout->pieces += routine->runs[i].count;
	layout->len = (uint32_t)(VECTORS + code_len(routine) + 24 +
				 12 * (routine->run_count + 2) +
				 8 * (routine->store_count + 1));
	layout->table = round_up(routine->base + layout->len, 8);
	layout->results = layout->table +
			  (routine->bitwise ? 0 : ROUTINE_TABLE);
	layout->digest = layout->results + ROUTINE_SUMS * layout->pieces;
	layout->trailer = layout->digest + ROUTINE_SUMS;
	layout->end = layout->trailer + 2 * ROUTINE_TRAILER;
}

struct writer {
	uint8_t *out;
	size_t at;
};

static void put(struct writer *w, uint32_t word)
{
	put_le32(w->out + w->at, word);
	w->at += 4;
}

static void put_run(struct writer *w, uint32_t start, uint32_t length,
		    uint32_t count)
{
	put(w, start);
	put(w, length);
	put(w, count);
}

static void put_code(struct writer *w, const struct routine *routine)
{
	const uint16_t *code = routine->bitwise ? bit_by_bit : by_table;
	size_t i;

	for (i = 0; i < code_len(routine) / sizeof(*code); i++) {
		w->out[w->at++] = (uint8_t)code[i];
		w->out[w->at++] = (uint8_t)(code[i] >> 8);
	}
}

/* The results are one more piece: its digest makes it unnecessary to read all
 * results if they are as expected. */
static void put_runs(struct writer *w, const struct routine *routine,
		     const struct routine_layout *layout)
{
	size_t i;

	for (i = 0; i < routine->run_count; i++)
		put_run(w, routine->runs[i].start, routine->runs[i].length,
			routine->runs[i].count);
	put_run(w, layout->results, ROUTINE_SUMS * layout->pieces, 1);
	put_run(w, ENDING, 0, 0);
}

void routine_build(const struct routine *routine,
		   const struct routine_layout *layout,
		   uint8_t out[ROUTINE_MAX])
{
	struct writer w = { out, 0 };
	size_t i;

	assert(routine->base % 8 == 0 && routine->run_count >= 1 &&
	       routine->run_count <= ROUTINE_RUNS &&
	       routine->store_count <= ROUTINE_STORES);
	put(&w, routine->stack);
	put(&w, (routine->base + VECTORS) | 1);
	put_code(&w, routine);
	put(&w, WATCHDOG_KEY);
	put(&w, routine->nonce);
	put(&w, layout->results);
	put(&w, CRC_POLYNOMIAL);
	put(&w, routine->watchdog);
	put(&w, layout->table);
	put_runs(&w, routine, layout);
	for (i = 0; i < routine->store_count; i++) {
		put(&w, routine->stores[i].address);
		put(&w, routine->stores[i].value);
	}
	put(&w, 0);
	put(&w, routine->jump);
	assert(w.at == layout->len);
}

void routine_trailer(const struct routine *routine,
		     uint8_t out[ROUTINE_TRAILER])
{
	put_le32(out, ENDING);
	put_le32(out + 4, routine->nonce);
}

void routine_add(struct routine_sums *sums, const uint8_t *bytes, size_t len)
{
	size_t i;

	sums->crc = crc_update(sums->crc, bytes, len);
	for (i = 0; i < len; i += 4)
		sums->sum += get_le32(bytes + i);
}
