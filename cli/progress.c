/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LEAST_BAR 5	/* characters; a shorter bar is useless */
#define MOST_BAR 40
#define RATE_WIDTH 10	/* of "1.21 MiB/s", so that the columns keep their
			 * place */
#define LEFT_WIDTH 4
#define KIB 1024.0
#define MIB (1024.0 * 1024.0)

static const struct { char name[8], title[8], done[9]; } stages[STAGES] = {
	[STAGE_KEEP] = { "keep", "Keep", "Kept" },
	[STAGE_ERASE] = { "erase", "Erase", "Erased" },
	[STAGE_WRITE] = { "write", "Write", "Wrote" },
	[STAGE_VERIFY] = { "verify", "Verify", "Verified" },
	[STAGE_READ] = { "read", "Read", "Read" },
	[STAGE_COMPARE] = { "compare", "Compare", "Compared" },
	[STAGE_CRC] = { "crc", "CRC", "CRC" },	/* as in 0.7 */
	[STAGE_CHECK] = { "check", "Check", "Checked" },
	[STAGE_CONNECT] = { "connect", "Connect", "" },
};

const char *stage_name(enum stage stage)
{
	return stages[stage].name;
}

/* The unit for a size, and the number of decimals. */
static const struct unit {
	double below, bytes;
	const char *name;
	int digits;
} units[] = {
	{ 1000, 1, "B", 0 },
	{ 100 * KIB, KIB, "KiB", 1 },
	{ 1000 * KIB, KIB, "KiB", 0 },
	{ 0, MIB, "MiB", 2 },	/* all larger sizes */
};

static const struct unit *size_unit(double bytes)
{
	const struct unit *unit = units;

	while (unit->below > 0 && bytes >= unit->below)
		unit++;
	return unit;
}

/* Formats the number alone; returns its length. */
static int put_size(double bytes, const struct unit *unit,
		    char out[PROGRESS_SIZE])
{
	return snprintf(out, PROGRESS_SIZE, "%.*f", unit->digits,
			bytes / unit->bytes);
}

int progress_size(double bytes, char out[PROGRESS_SIZE])
{
	const struct unit *unit = size_unit(bytes);
	int len = put_size(bytes, unit, out);

	snprintf(out + len, PROGRESS_SIZE - (size_t)len, " %s", unit->name);
	return len;
}

/* --- the pieces after the bar ------------------------------------------- */

/* In display order; if they do not fit, the last one is dropped first. */
enum piece { PIECE_PERCENT, PIECE_RATE, PIECE_LEFT, PIECE_DONE, PIECES };

struct pieces {
	char text[PIECES][48];
};

static void clock_text(int64_t ms, char *out, size_t size)
{
	int64_t s = (ms + 999) / 1000;

	if (s < 3600)
		snprintf(out, size, "%d:%02d", (int)(s / 60), (int)(s % 60));
	else
		snprintf(out, size, "%d:%02d:%02d", (int)(s / 3600),
			 (int)(s / 60 % 60), (int)(s % 60));
}

/* "20.0/39.1 KiB", or "12/64 pages". */
static void done_text(const struct progress *p, char *out, size_t size)
{
	char total[PROGRESS_SIZE], number[PROGRESS_SIZE];
	int width;

	if (p->stage == STAGE_ERASE) {
		snprintf(out, size, "%" PRIu64 "/%" PRIu64 " pages", p->done,
			 p->total);
		return;
	}
	width = progress_size((double)p->total, total);
	put_size((double)p->done, size_unit((double)p->total), number);
	snprintf(out, size, "%*s/%s", width, number, total);
}

static void rate_text(const struct progress *p, int64_t elapsed_ms, char *out,
		      size_t size)
{
	double rate = (double)p->done * 1000 / (double)elapsed_ms;
	char text[PROGRESS_SIZE];

	if (p->stage == STAGE_ERASE) {
		snprintf(out, size, "%*.0f/s", RATE_WIDTH - 2, rate);
		return;
	}
	progress_size(rate, text);
	snprintf(out, size, "%*s/s", RATE_WIDTH - 2, text);
}

/* Rate and time left are known only after the first progress. */
static void make_pieces(const struct progress *p, int64_t elapsed_ms,
			struct pieces *pieces)
{
	unsigned percent = p->total == 0 ? 100
			 : (unsigned)(100 * p->done / p->total);
	int64_t left_ms = 0;

	memset(pieces, 0, sizeof(*pieces));
	snprintf(pieces->text[PIECE_PERCENT], sizeof(pieces->text[0]), "%3u%%",
		 percent);
	done_text(p, pieces->text[PIECE_DONE], sizeof(pieces->text[0]));
	snprintf(pieces->text[PIECE_RATE], sizeof(pieces->text[0]), "%*s",
		 RATE_WIDTH, "");
	snprintf(pieces->text[PIECE_LEFT], sizeof(pieces->text[0]), "%*s",
		 LEFT_WIDTH, "");
	if (p->done == 0 || elapsed_ms <= 0)
		return;
	rate_text(p, elapsed_ms, pieces->text[PIECE_RATE],
		  sizeof(pieces->text[0]));
	left_ms = (int64_t)((double)elapsed_ms * (double)(p->total - p->done) /
			    (double)p->done);
	clock_text(left_ms, pieces->text[PIECE_LEFT], sizeof(pieces->text[0]));
}

/* The chip does not report progress: show only the time. */
static void make_waiting(const struct progress *p, struct pieces *pieces)
{
	memset(pieces, 0, sizeof(*pieces));
	snprintf(pieces->text[PIECE_PERCENT], sizeof(pieces->text[0]),
		 "%2u of at most %u s", p->waited_ms / 1000,
		 (p->at_most_ms + 999) / 1000);
}

/* Returns how many pieces fit after the title in columns; sets their width. */
static unsigned fit(const struct pieces *pieces, unsigned columns,
		    unsigned *width)
{
	unsigned n, used = 0;

	for (n = 0; n < PIECES; n++) {
		unsigned len = (unsigned)strlen(pieces->text[n]);

		len += len > 0 && n > 0 ? 2 : 0;
		if (used + len > columns)
			break;
		used += len;
	}
	*width = used;
	return n;
}

static size_t put_bar(unsigned width, double part, char *out)
{
	unsigned full = (unsigned)(part * (width - 2)), i;

	out[0] = '[';
	for (i = 1; i + 1 < width; i++)
		out[i] = i <= full ? '#' : ' ';
	out[i] = ']';
	out[i + 1] = ' ';
	out[i + 2] = '\0';
	return i + 2;
}

static double part_done(const struct progress *p)
{
	if (p->at_most_ms != 0)
		return p->waited_ms < p->at_most_ms
		       ? (double)p->waited_ms / p->at_most_ms : 1;
	return p->total == 0 ? 1 : (double)p->done / (double)p->total;
}

void progress_line(const struct progress *progress, int64_t elapsed_ms,
		   unsigned columns, char out[PROGRESS_LINE])
{
	unsigned room, width, count, i;
	struct pieces pieces;
	size_t len;

	if (columns >= PROGRESS_LINE)
		columns = PROGRESS_LINE - 1;
	if (progress->at_most_ms != 0)
		make_waiting(progress, &pieces);
	else
		make_pieces(progress, elapsed_ms, &pieces);
	len = (size_t)snprintf(out, PROGRESS_LINE, "%-8s",
			       stages[progress->stage].title);
	room = columns > len ? columns - (unsigned)len : 0;
	count = fit(&pieces, room, &width);
	room = room - width < MOST_BAR + 1 ? room - width : MOST_BAR + 1;
	/* with a blank after it */
	if (room >= LEAST_BAR + 2 + 1)
		len += put_bar(room - 1, part_done(progress), out + len);
	for (i = 0; i < count; i++)
		if (pieces.text[i][0] != '\0')
			len += (size_t)snprintf(out + len, PROGRESS_LINE - len,
						"%s%s", i > 0 ? "  " : "",
						pieces.text[i]);
	if (len > columns)
		out[columns] = '\0';
}

static void old_line(const struct progress *progress, bool verified,
		     double percent, const char *end, char out[PROGRESS_LINE])
{
	snprintf(out, PROGRESS_LINE, "%s address 0x%08" PRIx32 " (%.2f%%)%s",
		 progress->stage == STAGE_VERIFY && verified
		 ? "Wrote and verified" : stages[progress->stage].done,
		 progress->address, percent, end);
}

void progress_done(const struct progress *progress, bool verified,
		   char out[PROGRESS_LINE])
{
	old_line(progress, verified, 100, " Done.", out);
}

void progress_between(const struct progress *progress, bool verified,
		      char out[PROGRESS_LINE])
{
	old_line(progress, verified,
		 100.0 * (double)progress->done / (double)progress->total, "",
		 out);
}

unsigned progress_tenths(const struct progress *progress)
{
	if (progress->total == 0 || progress->at_most_ms != 0)
		return 0;
	return (unsigned)(progress->done * 10 / progress->total);
}
