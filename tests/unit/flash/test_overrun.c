/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends ahead of the ACK to a ROM whose receive register holds one byte and
 * that reads nothing while it works and sends. It tolerates one byte time of
 * work per answer, and only if the ROM answers at once. First raw frames, then
 * the session that tests the device for it.
 */
#include "flash/flash.h"
#include "tests/unit/sim_files.h"
#include "tests/unit/t.h"
#include "utils.h"

#define FLASH 0x08000000u
#define BLOCKS 20
#define BLOCK 256
#define LEN (BLOCKS * BLOCK)

static const uint32_t rates[] = { 57600, 115200, 460800 };

static uint8_t wanted(uint32_t i)
{
	return (uint8_t)(i * 29 + (i >> 8) * 7 + 3);
}

/* Opens a device whose ROM works for this many tenths of a bit before each
 * answer, and its session. */
static struct port *open_rom(struct sim_files *files, uint32_t rate,
			     unsigned tenths, const char *more)
{
	uint64_t ns = tenths * UINT64_C(100000000) / rate;
	struct port *port;
	uint8_t ack = 0;
	char spec[120];

	snprintf(spec, sizeof(spec), "sim:0x410,size=16K,overrun=%" PRIu64
		 ".%03" PRIu64 "%s", ns / 1000, ns % 1000, more);
	port = sim_files_open(files, spec, NULL, 0);
	CHECK(port_set_baud(port, rate) == PORT_OK);
	CHECK(port_write(port, (const uint8_t *)"\x7F", 1) == PORT_OK);
	CHECK(port_read(port, &ack, 1, 500) == PORT_OK);
	EQUAL(ack, 0x79);
	return port;
}

/* How a host sends the three phases of a write, some of them together. */
enum manner {
	IN_TURN,		/* each after the ACK of the one before */
	ADDRESS_AHEAD,
	ALL_AHEAD,		/* not allowed, but nothing is lost */
	NEXT_AHEAD,		/* before the ACK of the data */
	MANNERS
};

static bool acks(struct port *port, unsigned count)
{
	uint8_t answer[3] = { 0 };
	unsigned i;

	if (port_read(port, answer, count, 200) != PORT_OK)
		return false;
	for (i = 0; i < count; i++)
		if (answer[i] != 0x79)
			return false;
	return true;
}

static void make_write(uint32_t offset, uint8_t frame[7 + 258])
{
	uint32_t i;

	frame[0] = 0x31;
	frame[1] = 0xCE;
	put_be32(frame + 2, FLASH + offset);
	frame[6] = xor_sum(frame + 2, 4);
	frame[7] = BLOCK - 1;
	for (i = 0; i < BLOCK; i++)
		frame[8 + i] = wanted(offset + i);
	frame[8 + BLOCK] = xor_sum(frame + 7, 1 + BLOCK);
}

static bool write_block(struct port *port, enum manner manner, uint32_t offset)
{
	uint8_t frame[7 + 258];
	size_t first = manner == IN_TURN ? 2 : manner == ADDRESS_AHEAD ? 7
							    : sizeof(frame);

	make_write(offset, frame);
	port_write(port, frame, first);
	if (manner == NEXT_AHEAD)
		return true;
	if (manner == ALL_AHEAD)
		return acks(port, 3);
	if (manner == ADDRESS_AHEAD && !acks(port, 2))
		return false;
	if (manner == IN_TURN) {
		if (!acks(port, 1))
			return false;
		port_write(port, frame + 2, 5);
		if (!acks(port, 1))
			return false;
	}
	port_write(port, frame + 7, sizeof(frame) - 7);
	return acks(port, 1);
}

/* True if all blocks arrived as sent; *overruns counts lost bytes. */
static bool write_all(struct sim_files *files, struct port *port,
		      enum manner manner, long *overruns)
{
	bool good = true;
	uint32_t i;

	for (i = 0; i < BLOCKS && good; i++)
		good = write_block(port, manner, i * BLOCK);
	port_close(port);
	sim_files_read(files);
	*overruns = sim_files_stat(files, "overruns");
	for (i = 0; i < LEN && good; i++)
		good = files->flash[i] == wanted(i);
	return good;
}

static void test_writes(struct sim_files *files)
{
	static const struct {
		const char *name;
		enum manner manner;
		unsigned tenths;	/* of a bit, of work */
		bool good;
	} rows[] = {
		{ "in turn", IN_TURN, 0, true },
		{ "in turn, a slow ROM", IN_TURN, 5000, true },
		{ "address ahead", ADDRESS_AHEAD, 0, true },
		{ "address ahead, 10.9 bits", ADDRESS_AHEAD, 109, true },
		{ "address ahead, 11.1 bits", ADDRESS_AHEAD, 111, false },
		{ "all ahead", ALL_AHEAD, 0, true },
		{ "all ahead, 10.9 bits", ALL_AHEAD, 109, true },
		{ "all ahead, 11.1 bits", ALL_AHEAD, 111, false },
		{ "the next one ahead", NEXT_AHEAD, 0, false },
	};
	char name[80];
	long overruns;
	size_t i, r;

	for (r = 0; r < ARRAY_LEN(rates); r++) {
		for (i = 0; i < ARRAY_LEN(rows); i++) {
			snprintf(name, sizeof(name), "%s at %" PRIu32,
				 rows[i].name, rates[r]);
			t_about(name);
			EQUAL(write_all(files, open_rom(files, rates[r],
							rows[i].tenths, ""),
					rows[i].manner, &overruns),
			      rows[i].good);
			EQUAL(overruns == 0, rows[i].good);
		}
	}
}

/* Without overrun= no byte is ever lost. */
static void test_no_register(struct sim_files *files)
{
	struct port *port;
	long overruns;

	t_about("no register");
	port = sim_files_open(files, "sim:0x410,size=16K", NULL, 0);
	port_write(port, (const uint8_t *)"\x7F", 1);
	CHECK(acks(port, 1));
	CHECK(write_all(files, port, ALL_AHEAD, &overruns));
	EQUAL(overruns, 0);
}

/* --- the session -------------------------------------------------------------- */

static unsigned words;

static void explain(void *ctx, const char *text)
{
	(void)ctx;
	words += strcmp(text, "bytes sent ahead were lost; continuing without "
			"--pipeline") == 0;
}

static struct stm32 *open_session(struct port *port)
{
	const struct stm32_options options = {
		.connect_timeout_ms = 3000, .max_read = STM32_MAX_BLOCK,
		.max_frame = STM32_MAX_FRAME, .retries = 3, .write_retries = 3,
		.explain = explain,
	};
	struct problem why = { "" };
	struct stm32 *stm;

	if (!CHECK(stm32_open(port, &options, &stm, &why) == STM32_OK))
		printf("  %s\n", why.text);
	return stm;
}

static bool write_and_read(struct stm32 *stm)
{
	uint8_t block[BLOCK], back[BLOCK];
	uint32_t i, k;

	for (i = 0; i < LEN; i += BLOCK) {
		for (k = 0; k < BLOCK; k++)
			block[k] = wanted(i + k);
		if (stm32_write_memory(stm, FLASH + i, block, BLOCK, 20) !=
		    STM32_OK ||
		    stm32_read_memory(stm, FLASH + i, back, BLOCK) !=
		    STM32_OK || memcmp(block, back, BLOCK) != 0)
			return false;
	}
	return true;
}

/* Connects, runs the trial, and writes and reads 20 blocks. */
static void run_session(struct sim_files *files, struct port *port, bool *tried,
			bool *used)
{
	struct stm32 *stm = open_session(port);

	words = 0;
	*tried = *used = false;
	if (stm != NULL) {
		*tried = stm32_try_pipeline(stm, FLASH);
		EQUAL(stm32_pipelines(stm), *tried);
		CHECK(write_and_read(stm));
		*used = stm32_pipelines(stm);
	}
	stm32_close(stm);
	port_close(port);
	sim_files_read(files);
	EQUAL(sim_files_stat(files, "granules_refused"), 0);
	/* pipelining ends when bytes are lost, once, and only then */
	EQUAL(sim_files_stat(files, "overruns") == 0, *used);
	EQUAL(words, !*used);
}

static void test_sessions(struct sim_files *files)
{
	static const struct {
		const char *name;
		unsigned tenths;
		bool good;
	} rows[] = {
		{ "an idle ROM", 0, true },
		{ "10.9 bits", 109, true },
		{ "11.1 bits", 111, false },
		{ "a slow ROM", 5000, false },
	};
	bool tried, used;
	size_t i, r;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		for (r = 0; r < ARRAY_LEN(rates); r++) {
			t_about(rows[i].name);
			run_session(files, open_rom(files, rates[r],
						    rows[i].tenths, ""),
				    &tried, &used);
			EQUAL(tried, rows[i].good);
			EQUAL(used, rows[i].good);
		}
	}
}

/* The ROM becomes slow at any point: in the trial, a write, a read. */
static void test_mid_run(struct sim_files *files)
{
	unsigned after, begun = 0;
	char name[40], more[20];
	bool tried, used;

	for (after = 1; after < 60; after++) {
		snprintf(name, sizeof(name), "slow after %u answers", after);
		snprintf(more, sizeof(more), ":%u", after);
		t_about(name);
		run_session(files, open_rom(files, 115200, 111, more), &tried,
			    &used);
		CHECK(!used);
		begun += tried;
	}
	t_about("slow in mid-run");
	CHECK(begun > 20 && begun < 59);
}

int main(void)
{
	struct sim_files files;

	if (!sim_files_begin(&files))
		return 1;
	test_writes(&files);
	test_no_register(&files);
	test_sessions(&files);
	test_mid_run(&files);
	sim_files_end(&files);
	return t_done();
}
