/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transcripts: reading, writing, replaying by the port replay:FILE, and
 * playing a session's transcript against a fresh device.
 */
#include "sim/transcript.h"

#include <stdlib.h>
#include <unistd.h>

#include "stm32.h"
#include "tests/unit/sim_script.h"
#include "utils.h"

static void test_bytes(void)
{
	static const struct {
		const char *words;
		bool ok;
		size_t len;
		uint8_t bytes[6];
	} cases[] = {
		{ "", true, 0, { 0 } },
		{ " 11 EE", true, 2, { 0x11, 0xEE } },
		{ "\t08 00 00 00 *  # sum", true, 5, { 8, 0, 0, 0, 8 } },
		{ "55x3 0a\r", true, 4, { 0x55, 0x55, 0x55, 0x0A } },
		{ "00x0", true, 0, { 0 } },
		{ "*", true, 1, { 0 } },
		{ "1", false, 0, { 0 } },
		{ "123", false, 0, { 0 } },
		{ "G0", false, 0, { 0 } },
		{ "00x", false, 0, { 0 } },
		{ "00x7", false, 0, { 0 } },	/* room for six */
		{ "00x-1", false, 0, { 0 } },
		{ "00 00 00 00 00 00 00", false, 0, { 0 } },
		{ "**", false, 0, { 0 } },
	};
	uint8_t out[6];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		t_about(cases[i].words);
		EQUAL(transcript_bytes(cases[i].words, out, sizeof(out), &len),
		      cases[i].ok);
		if (!cases[i].ok)
			continue;
		EQUAL(len, cases[i].len);
		BYTES(out, cases[i].bytes, cases[i].len);
	}
}

static void test_lines(void)
{
	static const char *const bad[] = {
		"x\n", ">7F\n", "> 7\n", "W? 00\n", ">- 00\n", "<- 00\n", ">? 00\n", "line\n",
		"line foo 1\n", "line rts\n", "> 7F\n< 79\n= 00\n",
	};
	static const char text[] =
		"# a comment\n\n> 7F\t# 12.345 ms\r\n"
		"  < 79 # soon\nline dtr 0\nW 00 FF\nR- 00x3\nW~ 01\nR! 00\n<? 00";
	static const struct transcript_record want[] = {
		{ PORT_TO_DEVICE, false, PORT_OK, 0, 1, 0, false, 12345, 3 },
		{ PORT_FROM_DEVICE, false, PORT_OK, 1, 1, 0, false, -1, 4 },
		{ PORT_LINE_SET, false, PORT_OK, 2, 0, PORT_LINE_DTR, false,
		  -1, 5 },
		{ PORT_TO_DEVICE, true, PORT_OK, 2, 2, 0, false, -1, 6 },
		{ PORT_FROM_DEVICE, true, PORT_NO_ANSWER, 4, 3, 0, false, -1,
		  7 },
		{ PORT_TO_DEVICE, true, PORT_STRETCHED, 7, 1, 0, false, -1,
		  8 },
		{ PORT_FROM_DEVICE, true, PORT_IO, 8, 1, 0, false, -1, 9 },
		{ PORT_FROM_DEVICE, false, PORT_PARITY, 9, 1, 0, false, -1, 10 },
	};
	struct problem why = { "" };
	struct transcript t;
	size_t i;

	t_about("lines");
	CHECK(transcript_parse(text, &t, &why));
	EQUAL(t.count, ARRAY_LEN(want));
	for (i = 0; i < t.count && i < ARRAY_LEN(want); i++) {
		const struct transcript_record *r = &t.records[i];

		EQUAL(r->what, want[i].what);
		EQUAL(r->framed, want[i].framed);
		EQUAL(r->err, want[i].err);
		EQUAL(r->at, want[i].at);
		EQUAL(r->len, want[i].len);
		EQUAL(r->line, want[i].line);
		EQUAL(r->level, want[i].level);
		EQUAL(r->at_us, want[i].at_us);
		EQUAL(r->number, want[i].number);
	}
	transcript_free(&t);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		t_about(bad[i]);
		CHECK(!transcript_parse(bad[i], &t, &why));
		EQUAL(t.count, 0);
		CHECK(strstr(why.text, "not a line of a trace") != NULL);
	}
	TEXT(why.text, "3: not a line of a trace");
}

/* The text of an event. */
static void test_format(void)
{
	static const uint8_t ramp[20] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
					  12, 13, 14, 15, 16, 17, 18, 19 };
	const struct {
		struct port_event event;
		const char *lines[3];
	} cases[] = {
		{ { .what = PORT_TO_DEVICE, .bytes = ramp, .len = 1,
		    .at_us = 5007 }, { "> 00\t# 5.007 ms" } },
		{ { .what = PORT_FROM_DEVICE, .bytes = ramp, .len = 16 },
		  { "< 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F"
		    "\t# 0.000 ms" } },
		{ { .what = PORT_FROM_DEVICE, .bytes = ramp, .len = 20 },
		  { "< 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F"
		    "\t# 0.000 ms", "< 10 11 12 13" } },
		{ { .what = PORT_TO_DEVICE, .framed = true, .bytes = ramp,
		    .len = 20, .at_us = 1 },
		  { "W 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 "
		    "12 13\t# 0.001 ms" } },
		{ { .what = PORT_TO_DEVICE, .framed = true, .bytes = ramp,
		    .len = 2, .err = PORT_NO_ANSWER },
		  { "W- 00 01\t# 0.000 ms" } },
		{ { .what = PORT_FROM_DEVICE, .bytes = ramp, .len = 2,
		    .err = PORT_PARITY }, { "<? 00 01\t# 0.000 ms" } },
		{ { .what = PORT_FROM_DEVICE, .bytes = ramp, .len = 2,
		    .err = PORT_TIMEOUT }, { "< 00 01\t# 0.000 ms" } },
		/* unread bytes are not shown */
		{ { .what = PORT_FROM_DEVICE, .framed = true, .bytes = ramp,
		    .len = 2, .err = PORT_STRETCHED },
		  { "R~ 00 00\t# 0.000 ms" } },
		{ { .what = PORT_FROM_DEVICE, .framed = true, .bytes = ramp,
		    .len = 2, .err = PORT_CLOSED },
		  { "R! 00 00\t# 0.000 ms" } },
		{ { .what = PORT_LINE_SET, .line = PORT_LINE_RTS,
		    .level = true, .at_us = 100000 },
		  { "line rts 1\t# 100.000 ms" } },
		{ { .what = PORT_LINE_SET, .line = PORT_LINE_BREAK },
		  { "line brk 0\t# 0.000 ms" } },
	};
	char line[TRANSCRIPT_LINE];
	size_t i, n, done;

	t_about("events as lines");
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		done = n = 0;
		do {
			transcript_line(&cases[i].event, 0, &done, line);
			if (CHECK(cases[i].lines[n] != NULL))
				TEXT(line, cases[i].lines[n++]);
		} while (done < cases[i].event.len);
		CHECK(cases[i].lines[n] == NULL);
	}
}

/* --- the port ----------------------------------------------------------------- */

static char file[] = "/tmp/stm32flash-test-XXXXXX";

static void put_file(const char *text)
{
	FILE *out = fopen(file, "w");

	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
}

static struct port *open_replay(const char *text)
{
	char device[64];
	const struct port_settings settings = {
		.device = device, .baud = 57600, .mode = { 8, 'e', 1 },
	};
	struct problem why = { "" };
	struct port *port;

	put_file(text);
	snprintf(device, sizeof(device), "replay:%s", file);
	if (!CHECK(port_open(&settings, &port, &why) == PORT_OK))
		printf("  %s\n", why.text);
	return port;
}

/* The clock and the timeouts are those of the recording. */
static void test_stream(void)
{
	struct port *port = open_replay(
		"> 7F # 10.000 ms\n< 79 # 11.000 ms\n"
		"> 00 FF # 12.000 ms\n< 79 0B # 20.000 ms\n"
		"< 31 # 900.000 ms\n");
	uint8_t got[4] = { 0 };

	t_about("replay a stream");
	if (port == NULL)
		return;
	CHECK((port->caps & (PORT_AUTOBAUD | PORT_FRAMED)) == PORT_AUTOBAUD);
	EQUAL(port_read(port, got, 1, 5), PORT_TIMEOUT);
	EQUAL(port_now_ms(port), 5);
	EQUAL(port_write(port, (const uint8_t[]){ 0x7F }, 1), PORT_OK);
	EQUAL(port_now_ms(port), 10);
	EQUAL(port_read(port, got, 1, 100), PORT_OK);
	EQUAL(got[0], 0x79);
	EQUAL(port_now_us(port), 11000);
	/* one frame, in two pieces */
	EQUAL(port_write(port, (const uint8_t[]){ 0x00 }, 1), PORT_OK);
	EQUAL(port_write(port, (const uint8_t[]){ 0xFF }, 1), PORT_OK);
	/* the third byte is too late for this timeout */
	EQUAL(port_read(port, got, 3, 100), PORT_TIMEOUT);
	BYTES(got, "\x79\x0B", 2);
	EQUAL(port_now_ms(port), 112);
	EQUAL(port_read(port, got, 1, 800), PORT_OK);
	EQUAL(got[0], 0x31);
	EQUAL(port_now_ms(port), 900);
	port_sleep_ms(port, 50);
	EQUAL(port_now_ms(port), 950);
	EQUAL(port_read(port, got, 1, 100), PORT_TIMEOUT);
	EQUAL(port_write(port, got, 1), PORT_CLOSED);
	TEXT(port_trouble(port, PORT_CLOSED),
	     "the trace ends here; this run has > 31");
	port_close(port);
}

static void test_damaged(void)
{
	struct port *port = open_replay("> 7F\n<? 79\n< 79 00\n");
	uint8_t got[2] = { 0 };

	t_about("replay a byte that came damaged");
	if (port == NULL)
		return;
	EQUAL(port_write(port, (const uint8_t[]){ 0x7F }, 1), PORT_OK);
	EQUAL(port_read(port, got, 1, 100), PORT_PARITY);
	EQUAL(port_read(port, got, 2, 100), PORT_OK);
	BYTES(got, "\x79\0", 2);
	port_close(port);
}

static void test_departures(void)
{
	static const struct { const char *text, *said; } cases[] = {
		{ "> 00\n", "line 1 of the trace differs; this run has > 7F 01" },
		{ "\n\n> 7F 02\n", "line 3 of the trace differs; this run has "
				   "> 7F 01" },
		{ "< 79\n", "line 1 of the trace differs; this run has > 7F 01" },
		{ "> 7F\n", "the trace ends here; this run has > 01" },
		{ "W 7F 01 02\n", "line 1 of the trace differs; this run has W "
				  "7F 01" },
		{ "R 7F 01\n", "line 1 of the trace differs; this run has W 7F "
			       "01" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct port *port = open_replay(cases[i].text);

		t_about(cases[i].text);
		if (port == NULL)
			continue;
		EQUAL(port_write(port, (const uint8_t[]){ 0x7F, 1 }, 2),
		      PORT_CLOSED);
		TEXT(port_trouble(port, PORT_CLOSED), cases[i].said);
		port_close(port);
	}
}

static void test_bus(void)
{
	struct port *port = open_replay("W- 00 FF\nW 00 FF # 3.000 ms\n"
					"R~ 00\nR 79\nR 01 02\n");
	static const uint8_t get[2] = { 0x00, 0xFF };
	uint8_t got[4] = { 0 };

	t_about("replay a bus");
	if (port == NULL)
		return;
	CHECK((port->caps & (PORT_AUTOBAUD | PORT_FRAMED)) == PORT_FRAMED);
	EQUAL(port_write(port, get, 2), PORT_NO_ANSWER);
	EQUAL(port_write(port, get, 2), PORT_OK);
	EQUAL(port_now_ms(port), 3);
	EQUAL(port_read(port, got, 1, 9), PORT_STRETCHED);
	EQUAL(port_read(port, got, 1, 9), PORT_OK);
	EQUAL(got[0], 0x79);
	EQUAL(port_read(port, got, 3, 9), PORT_CLOSED);	/* only two bytes are
							 * left */
	TEXT(port_trouble(port, PORT_CLOSED),
	     "line 5 of the trace differs; this run has R");
	EQUAL(port_read(port, got, 2, 9), PORT_OK);
	port_close(port);
}

/* Recorded line changes must occur; without any, every change is allowed. */
static void test_moves(void)
{
	struct port *port = open_replay("line rts 1\nline dtr 0\n> 7F\n");

	t_about("replay the lines");
	if (port == NULL)
		return;
	EQUAL(port_set_line(port, PORT_LINE_RTS, true), PORT_OK);
	EQUAL(port_set_line(port, PORT_LINE_DTR, true), PORT_CLOSED);
	EQUAL(port_set_line(port, PORT_LINE_DTR, false), PORT_OK);
	EQUAL(port_set_line(port, PORT_LINE_RTS, false), PORT_OK);
	EQUAL(port_write(port, (const uint8_t[]){ 0x7F }, 1), PORT_OK);
	port_close(port);
}

static void test_bad_files(void)
{
	struct port_settings settings = { .device = "replay:/nonexistent/t" };
	char device[64], text[100];
	struct problem why = { "" };
	struct port *port;

	t_about("files that are no transcript");
	EQUAL(port_open(&settings, &port, &why), PORT_IO);
	CHECK(strncmp(why.text, "/nonexistent/t: ", 16) == 0);
	put_file("> 7F\n:00000001FF\n");
	snprintf(device, sizeof(device), "replay:%s", file);
	settings.device = device;
	EQUAL(port_open(&settings, &port, &why), PORT_IO);
	snprintf(text, sizeof(text), "%s:2: not a line of a trace", file);
	TEXT(why.text, text);
	CHECK(port == NULL);
}

/* --- a session ------------------------------------------------------------------ */

struct recording {
	char text[1 << 16];
	size_t len;
};

static void record(void *ctx, const struct port_event *event)
{
	struct recording *r = ctx;
	size_t done = 0;
	char line[TRANSCRIPT_LINE];

	do {
		transcript_line(event, 0, &done, line);
		r->len += (size_t)snprintf(r->text + r->len,
					   sizeof(r->text) - r->len, "%s\n",
					   line);
	} while (done < event->len);
}

/* Connects, writes, reads, erases, as a user's session. */
static void do_session(const char *device, struct recording *recording)
{
	const struct port_settings settings = {
		.device = device, .baud = 57600, .mode = { 8, 'e', 1 },
		.i2c_address = PORT_NO_ADDRESS,
	};
	const struct stm32_options options = {
		.connect_timeout_ms = 1000, .max_read = 256, .max_frame = 258,
	};
	uint8_t block[256], back[256] = { 0 };
	const uint16_t pages[] = { 0, 3 };
	struct problem why = { "" };
	struct stm32 *stm;
	struct port *port;
	unsigned i;

	for (i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)(7 * i + 1);
	if (!CHECK(port_open(&settings, &port, &why) == PORT_OK))
		return;
	if (recording != NULL)
		port->tap = (struct port_tap){ record, recording };
	if (CHECK(stm32_open(port, &options, &stm, &why) == STM32_OK)) {
		EQUAL(stm32_erase_pages(stm, pages, 2, 100), STM32_OK);
		EQUAL(stm32_write_memory(stm, 0x08000000, block, 256, 100),
		      STM32_OK);
		EQUAL(stm32_read_memory(stm, 0x08000000, back, 256), STM32_OK);
		BYTES(back, block, 256);
		EQUAL(stm32_read_memory(stm, 0x00000000, back, 4),
		      STM32_BAD_ADDRESS);
	} else {
		printf("  %s\n", why.text);
	}
	stm32_close(stm);
	port_close(port);
}

/* The script needs an answer on one line. */
static void join_lines(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (strncmp(from, "\n< ", 3) == 0 && to > text) {
			const char *line = to;

			while (line > text && line[-1] != '\n')
				line--;
			if (*line == '<') {
				*to++ = ' ';
				from += 3;
				continue;
			}
		}
		if (*from == '\t') {	/* the time */
			from += strcspn(from, "\n");
			continue;
		}
		*to++ = *from++;
	}
	*to = '\0';
}

static void test_session(void)
{
	static struct recording r;
	char replay[64];

	t_about("a session, recorded and replayed");
	snprintf(replay, sizeof(replay), "replay:%s", file);
	r.len = 0;
	do_session("sim:0x410", &r);
	put_file(r.text);
	do_session(replay, NULL);
	join_lines(r.text);
	script_run("a trace against a fresh device", "sim:0x410",
		   r.text);

	r.len = 0;
	do_session("sim:i2c:0x447", &r);
	put_file(r.text);
	do_session(replay, NULL);
}

int main(void)
{
	int fd = mkstemp(file);

	if (fd < 0 || close(fd) != 0)
		return 1;
	test_bytes();
	test_lines();
	test_format();
	test_stream();
	test_damaged();
	test_departures();
	test_bus();
	test_moves();
	test_bad_files();
	test_session();
	remove(file);
	return t_done();
}
