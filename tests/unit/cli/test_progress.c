/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <string.h>

#include "cli/events.h"
#include "tests/unit/t.h"

static void test_lines(void)
{
	static const struct {
		struct progress p;
		int64_t elapsed_ms;
		unsigned columns;
		const char *line;
	} cases[] = {
		/* a usual terminal, minus the column that stays free */
		{ { .stage = STAGE_WRITE, .done = 20480, .total = 40000 },
		  4444, 79, "Write   [###############                ]  "
		  "51%   4.5 KiB/s  0:05  20.0/39.1 KiB" },
		{ { .stage = STAGE_WRITE, .total = 40000, .first = true },
		  0, 79, "Write   [                               ]   "
		  "0%                     0.0/39.1 KiB" },
		{ { .stage = STAGE_ERASE, .done = 12, .total = 64 },
		  1200, 79, "Erase   [######                           ] "
		  " 18%        10/s  0:06  12/64 pages" },
		{ { .stage = STAGE_VERIFY, .done = 40000, .total = 40000 },
		  8000, 79, "Verify  [###############################] "
		  "100%   4.9 KiB/s  0:00  39.1/39.1 KiB" },
		/* half of that */
		{ { .stage = STAGE_WRITE, .done = 20480, .total = 40000 },
		  4444, 39, "Write   [###   ]  51%   4.5 KiB/s  0:05" },
		/* no room for a bar, for the time, for the rate */
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 30, "Read     50%   4.9 KiB/s  0:01" },
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 29, "Read     50%   4.9 KiB/s" },
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 23, "Read    [####    ]  50%" },
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 12, "Read     50%" },
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 5, "Read " },
		{ { .stage = STAGE_READ, .done = 500, .total = 1000 },
		  100, 0, "" },
		/* large and slow */
		{ { .stage = STAGE_READ, .done = 1 << 20, .total = 4 << 20 },
		  3600000, 79, "Read    [#######                     ]  "
		  "25%     291 B/s  3:00:00  1.00/4.00 MiB" },
		/* nothing to do counts as complete */
		{ { .stage = STAGE_WRITE, .last = true }, 0, 20,
		  "Write   [#####] 100%" },
		/* the chip reports no progress */
		{ { .stage = STAGE_ERASE, .total = 8, .waited_ms = 3400,
		    .at_most_ms = 34000 }, 3400, 39,
		  "Erase   [#         ]  3 of at most 34 s" },
		{ { .stage = STAGE_ERASE, .total = 8, .waited_ms = 40000,
		    .at_most_ms = 34000 }, 40000, 39,
		  "Erase   [##########] 40 of at most 34 s" },
	};
	char line[PROGRESS_LINE];
	size_t i;

	t_about("progress lines");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		progress_line(&cases[i].p, cases[i].elapsed_ms,
			      cases[i].columns, line);
		TEXT(line, cases[i].line);
	}
}

/* At any width: never wider, and no control characters. */
static void test_widths(void)
{
	static const uint64_t totals[] = { 0, 1, 255, 1023, 65536, 1 << 20,
					   UINT32_MAX };
	char line[PROGRESS_LINE];
	unsigned columns, stage, i, part;

	t_about("every width");
	for (columns = 0; columns < 200; columns++)
		for (stage = 0; stage < STAGES; stage++)
			for (i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
				for (part = 0; part <= 4; part++) {
					struct progress p = {
						.stage = (enum stage)stage,
						.total = totals[i],
						.done = totals[i] * part / 4,
					};

					progress_line(&p, part * 12345678,
						      columns, line);
					CHECK(strlen(line) <= columns &&
					      strlen(line) < PROGRESS_LINE);
					CHECK(strpbrk(line, "\r\n\t\x1B") ==
					      NULL);
				}
}

static void test_sizes(void)
{
	static const struct { double bytes; const char *text; } cases[] = {
		{ 0, "0 B" }, { 999, "999 B" }, { 1000, "1.0 KiB" },
		{ 1024, "1.0 KiB" }, { 40000, "39.1 KiB" },
		{ 131072, "128 KiB" }, { 1048576, "1.00 MiB" },
		{ 4294967295.0, "4096.00 MiB" },
	};
	char text[PROGRESS_SIZE];
	size_t i;

	t_about("sizes");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		progress_size(cases[i].bytes, text);
		TEXT(text, cases[i].text);
	}
}

/* The lines of 0.7 that scripts look for. */
static void test_done(void)
{
	struct progress p = { .stage = STAGE_WRITE, .address = 0x08001388 };
	char line[PROGRESS_LINE];

	t_about("the end of a stage");
	progress_done(&p, true, line);
	TEXT(line, "Wrote address 0x08001388 (100.00%) Done.");
	p.stage = STAGE_VERIFY;
	progress_done(&p, true, line);
	TEXT(line, "Wrote and verified address 0x08001388 (100.00%) Done.");
	progress_done(&p, false, line);
	TEXT(line, "Verified address 0x08001388 (100.00%) Done.");
	p.stage = STAGE_READ;
	progress_done(&p, false, line);
	TEXT(line, "Read address 0x08001388 (100.00%) Done.");
	p.stage = STAGE_ERASE;
	progress_done(&p, false, line);
	TEXT(line, "Erased address 0x08001388 (100.00%) Done.");
}

static void test_summary(void)
{
	static const struct { struct totals totals; const char *text; } cases[] = {
		{ { .seconds = 3 }, "" },	/* nothing was requested */
		{ { .kept = 5, .compared = 5, .seconds = 3 }, "" },
		{ { .written = 40000, .verified = 40000, .pages_erased = 1,
		    .seconds = 17.06 },
		  "wrote and verified 40000 bytes in 17.1 s (2.3 KiB/s), no "
		  "retries" },
		{ { .written = 400, .verified = 512, .seconds = 1 },
		  "wrote 400 bytes, verified 512 bytes in 1.0 s (400 B/s), no "
		  "retries" },
		{ { .written = 1, .pages_erased = 9, .seconds = 1 },
		  "wrote 1 byte in 1.0 s (1 B/s), no retries" },
		{ { .read = 1, .seconds = 0.04, .retries = 1 },
		  "read 1 byte in 0.0 s (25 B/s), 1 retry: the line is bad" },
		{ { .pages_erased = 128, .seconds = 1, .retries = 12 },
		  "erased 128 pages in 1.0 s, 12 retries" },
		{ { .read = UINT64_MAX, .written = UINT64_MAX,
		    .verified = 18446744073709551614u,
		    .retries = UINT64_MAX },
		  "wrote 18446744073709551615 bytes, verified "
		  "18446744073709551614 bytes, read 18446744073709551615 "
		  "bytes in 0.0 s, 18446744073709551615 retries: the "
		  "line is bad" },
	};
	char text[EVENTS_SUMMARY];
	size_t i;

	t_about("the summary");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		events_summary(&cases[i].totals, text);
		TEXT(text, cases[i].text);
	}
}

int main(void)
{
	test_lines();
	test_widths();
	test_sizes();
	test_done();
	test_summary();
	return t_done();
}
