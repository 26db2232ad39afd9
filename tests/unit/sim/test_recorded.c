/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two ROMs were recorded, byte by byte: the simulated device answers, waits,
 * programs and resets as they do. The heads of tests/rom explain the lines.
 * Omitted cases are listed below, with the reasons.
 */
#include "tests/unit/t.h"

#include <stdarg.h>

#include "sim/state.h"
#include "sim/transcript.h"

#define BYTE_NS 95486			/* 11 bits at 115200 baud */
#define BYTE_US ((BYTE_NS + 999) / 1000)
#define GAP_US 1000			/* between bytes that are not ">>" */
#define LATE_US 1000			/* late without "after" */
#define ROUNDED_US 100			/* "after" has one decimal */
#define PAGE 1024u
#define FLASH_MAX (128 * PAGE)
#define RAM_MAX 0x5000
#define OPTIONS 0x1FFFF800u
#define OPTIONS_LEN 16
#define BYTES_MAX 300
#define ANY (-1)

struct recording {
	const char *file;
	const char *part;		/* of the simulated device */
	uint8_t key;			/* the value that means "not
					 * protected" */
	unsigned count;			/* of its cases */
};

static const struct recording recordings[] = {
	{ "tests/rom/f103.txt", "0x410", 0xA5, 191 },
	{ "tests/rom/f051.txt", "0x440", 0xAA, 195 },
};

/* None at present. */
static const struct {
	const char *part, *name, *why;
} left_out[] = {
	{ "", "", "" },
};

/* A case during its replay, and its expected results. */
struct replay {
	const struct recording *recording;
	struct sim *sim;
	int64_t now_us;
	int64_t last_us;	/* end of the byte before, from either side */
	int64_t after_us;	/* when the next answer is due, or -1 */
	uint64_t resets;
	char name[80];
	char line[2000];	/* current line */
	unsigned differences;
	bool tells;		/* prints differences */
	bool idle, idle_told;
	char rate[10];
	uint8_t flash[FLASH_MAX], ram[RAM_MAX], options[OPTIONS_LEN];
};

static void differs(struct replay *r, const char *fmt, ...)
{
	va_list args;

	if (r->differences++ != 0 || !r->tells)
		return;
	printf("%s: %s: %.60s: ", r->recording->part, r->name, r->line);
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

static void expect(struct replay *r, bool same, const char *what)
{
	if (!same)
		differs(r, "%s", what);
}

/* Parses words of two hex digits, or "??", up to the end; returns their
 * number. */
static size_t parse_bytes(struct replay *r, const char *text,
			  int bytes[static BYTES_MAX])
{
	size_t count = 0;
	unsigned byte;

	for (; *text != '\0'; text += strspn(text, " ")) {
		if (count == BYTES_MAX)
			break;
		if (strncmp(text, "??", 2) == 0)
			bytes[count++] = ANY;
		else if (sscanf(text, "%2x", &byte) == 1)
			bytes[count++] = (int)byte;
		else
			break;
		text += 2;
	}
	expect(r, *text == '\0' && count != 0, "not a list of bytes");
	return count;
}

/* The host */

static bool next_answer(struct replay *r, uint8_t *byte, int64_t *due_us)
{
	if (!sim_peek(r->sim, byte, due_us))
		return false;
	sim_sent(r->sim);
	if (*due_us + BYTE_US > r->now_us)
		r->now_us = *due_us + BYTE_US;
	return true;
}

static void expect_silence(struct replay *r)
{
	uint8_t byte;
	int64_t due_us;

	while (next_answer(r, &byte, &due_us))
		differs(r, "%02X was answered", byte);
}

static void send_byte(struct replay *r, int byte, int64_t gap_us)
{
	r->now_us += gap_us;
	sim_receive(r->sim, (uint8_t)byte, true, r->now_us);
	r->last_us = r->now_us;
}

/* All bytes except the last get no answer. */
static void replay_send(struct replay *r, const char *text)
{
	int bytes[BYTES_MAX];
	size_t count = parse_bytes(r, text, bytes), i;

	for (i = 0; i < count; i++) {
		expect_silence(r);
		expect(r, sim_stats(r->sim)->resets == r->resets,
		       "a reset, or none");
		send_byte(r, bytes[i], GAP_US);
	}
}

/* The time of each byte is its end in whole microseconds. */
static void replay_burst(struct replay *r, const char *text)
{
	int bytes[BYTES_MAX];
	size_t count = parse_bytes(r, text, bytes), i;
	int64_t start_us = r->now_us + GAP_US;

	expect_silence(r);
	for (i = 0; i < count; i++) {
		r->now_us = start_us;
		send_byte(r, bytes[i], ((int64_t)i * BYTE_NS + 999) / 1000);
	}
}

static void expect_in_time(struct replay *r, int64_t due_us)
{
	int64_t took_us = due_us - r->last_us;

	if (r->after_us < 0)
		expect(r, took_us <= LATE_US, "the answer comes late");
	else if (took_us < r->after_us - ROUNDED_US ||
		 took_us > r->after_us + ROUNDED_US)
		differs(r, "the answer comes after %" PRId64 " us", took_us);
	r->after_us = -1;
}

static void replay_answer(struct replay *r, const char *text)
{
	int bytes[BYTES_MAX];
	size_t count = parse_bytes(r, text, bytes), i;
	int64_t due_us;
	uint8_t byte;

	for (i = 0; i < count; i++) {
		if (!next_answer(r, &byte, &due_us)) {
			differs(r, "%zu bytes were answered", i);
			return;
		}
		if (i == 0)
			expect_in_time(r, due_us);
		if (bytes[i] != ANY && bytes[i] != byte)
			differs(r, "byte %zu was %02X", i + 1, byte);
		r->last_us = due_us + BYTE_US;
	}
}

static void replay_noise(struct replay *r, const char *text)
{
	uint8_t byte;
	int64_t due_us;

	(void)text;
	while (next_answer(r, &byte, &due_us))
		;
}

static void replay_after(struct replay *r, const char *text)
{
	r->after_us = (int64_t)(strtod(text, NULL) * 1000 + 0.5);
}

static void replay_quiet(struct replay *r, const char *text)
{
	expect_silence(r);
	r->now_us += strtol(text, NULL, 10) * INT64_C(1000);
	expect_silence(r);
}

static void replay_resets(struct replay *r, const char *text)
{
	(void)text;
	r->resets++;
	expect(r, sim_stats(r->sim)->resets == r->resets, "no reset");
}

/* The end of a case */

static void told_idle(struct replay *r, const char *text)
{
	r->idle = strcmp(text, "yes") == 0;
	r->idle_told = true;
	expect(r, r->idle || strcmp(text, "no") == 0, "yes or no");
}

static void told_reset(struct replay *r, const char *text)
{
	expect(r, sim_stats(r->sim)->resets == r->resets,
	       "the device has reset itself, or not");
	expect(r, strcmp(text, r->resets != 0 ? "yes" : "no") == 0,
	       "the case says otherwise before");
}

static void told_rate(struct replay *r, const char *text)
{
	(void)snprintf(r->rate, sizeof(r->rate), "%s", text);
}

static void told_runs(struct replay *r, const char *text)
{
	expect_silence(r);
	expect(r, sim_state(r->sim) == SIM_APPLICATION, "nothing runs");
	expect(r, r->sim->app.cpu.r[15] == strtoul(text, NULL, 16),
	       "the application is elsewhere");
	told_rate(r, "runs");
}

/* Parses "all", or pages as in "1-2 5". */
static void erase_pages(struct replay *r, const char *text)
{
	unsigned long first, last;
	char *end;

	if (strcmp(text, "all") == 0) {
		memset(r->flash, 0xFF, sizeof(r->flash));
		return;
	}
	for (; *text != '\0'; text = end + strspn(end, " ")) {
		first = last = strtoul(text, &end, 10);
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (end == text || last < first || last >= FLASH_MAX / PAGE) {
			differs(r, "not a list of pages");
			return;
		}
		memset(&r->flash[first * PAGE], 0xFF, (last - first + 1) * PAGE);
	}
}

/* "ADDRESS BYTES" */
static void patch(struct replay *r, const char *text, uint32_t start,
		  uint8_t *image, size_t size)
{
	int bytes[BYTES_MAX];
	char *rest;
	uint32_t at = (uint32_t)strtoul(text, &rest, 16) - start;
	size_t count = parse_bytes(r, rest + strspn(rest, " "), bytes), i;

	for (i = 0; i < count; i++) {
		if (at + i < size)
			image[at + i] = (uint8_t)bytes[i];
		else
			differs(r, "an address elsewhere");
	}
}

static void told_flash(struct replay *r, const char *text)
{
	if (strncmp(text, "erased ", 7) == 0)
		erase_pages(r, text + 7);
	else if (strcmp(text, "same") != 0)
		patch(r, text, 0x08000000, r->flash, sizeof(r->flash));
}

static void told_options(struct replay *r, const char *text)
{
	int bytes[BYTES_MAX];
	size_t count, i;

	if (strcmp(text, "same") == 0)
		return;
	count = parse_bytes(r, text, bytes);
	expect(r, count == OPTIONS_LEN, "not all option bytes");
	for (i = 0; i < count && i < OPTIONS_LEN; i++)
		r->options[i] = (uint8_t)bytes[i];
}

static void told_ram(struct replay *r, const char *text)
{
	if (strcmp(text, "zero") != 0)
		patch(r, text, r->sim->dev->ram.start, r->ram, sizeof(r->ram));
}

static void compare(struct replay *r, uint32_t start, const uint8_t *image,
		    uint32_t len, const char *name)
{
	static uint8_t found[FLASH_MAX];
	uint32_t i;

	if (!sim_peek_memory(r->sim, start, found, len)) {
		differs(r, "there is no %s", name);
		return;
	}
	for (i = 0; i < len; i++)
		if (found[i] != image[i])
			differs(r, "%s at %08" PRIX32 ": %02X in place of %02X",
				name, start + i, found[i], image[i]);
}

/* Get is answered completely: the ROM was waiting for a command. */
static bool answers_get(struct replay *r)
{
	uint8_t reply[BYTES_MAX], byte;
	int64_t due_us;
	size_t len = 0;

	send_byte(r, 0x00, GAP_US);
	send_byte(r, 0xFF, GAP_US);
	while (next_answer(r, &byte, &due_us))
		if (len < BYTES_MAX)
			reply[len++] = byte;
	return len == 15 && reply[0] == 0x79 && reply[1] == len - 4 &&
	       reply[14] == 0x79;
}

static bool answers_sync(struct replay *r)
{
	uint8_t byte = 0;
	int64_t due_us;

	send_byte(r, 0x7F, GAP_US);
	return next_answer(r, &byte, &due_us) && byte == 0x79;
}

/* Finds out what the device waits for. */
static void compare_state(struct replay *r)
{
	expect(r, r->idle_told, "the case has no end");
	if (strcmp(r->rate, "ok") == 0) {
		expect(r, sim_state(r->sim) == SIM_READY, "it is not ready");
		expect(r, answers_get(r) == r->idle, "idle, or not");
	} else if (strcmp(r->rate, "open") == 0) {
		expect(r, !r->idle && answers_sync(r) && answers_get(r),
		       "it does not wait for the 7F");
	} else if (strcmp(r->rate, "spoilt") == 0) {
		expect(r, !r->idle && !answers_sync(r) && !answers_get(r),
		       "the rate is right");
	} else {
		expect(r, strcmp(r->rate, "runs") == 0, "no such rate");
	}
}

/* The start and the end of a case */

static void fill_flash(struct replay *r, const char *kind)
{
	static const uint8_t app[] = { 0x00, 0x10, 0x00, 0x20, 0x09, 0x00,
				       0x00, 0x08, 0xFE, 0xE7, 0xFE, 0xE7 };
	size_t i;

	memset(r->flash, 0xFF, sizeof(r->flash));
	if (strcmp(kind, "app") == 0)
		memcpy(r->flash, app, sizeof(app));
	else if (strcmp(kind, "pattern") == 0)
		for (i = 0; i < sizeof(r->flash); i++)
			r->flash[i] = (uint8_t)(i * 7 + (i >> 8) * 13 + 1);
	else
		expect(r, strcmp(kind, "erased") == 0, "no such flash");
}

/* Formats the units in the option bytes, as for wrp=. */
static void units_of(const uint8_t *options, char *text, size_t room)
{
	unsigned unit;
	size_t len = 0;

	text[0] = '\0';
	for (unit = 0; unit < 32; unit++)
		if (!(options[8 + unit / 8 * 2] >> unit % 8 & 1))
			len += (size_t)snprintf(text + len, room - len, "%s%u",
						len != 0 ? "+" : ",wrp=", unit);
}

static void set_options(struct replay *r, const char *hex, unsigned rdp,
			const char *wrp)
{
	unsigned byte, i;
	unsigned long unit;
	char *end;

	for (i = 0; i < OPTIONS_LEN; i++)
		r->options[i] = i % 2 == 0 ? 0xFF : 0x00;
	r->options[0] = rdp != 0 ? 0x00 : r->recording->key;
	r->options[1] = (uint8_t)~r->options[0];
	for (i = 0; strlen(hex) == 2 * OPTIONS_LEN && i < OPTIONS_LEN; i++)
		if (sscanf(&hex[2 * i], "%2x", &byte) == 1)
			r->options[i] = (uint8_t)byte;
	while (strcmp(wrp, "none") != 0 && *wrp != '\0') {
		unit = strtoul(wrp, &end, 10);
		r->options[8 + unit / 8 * 2] &= (uint8_t)~(1u << unit % 8);
		r->options[9 + unit / 8 * 2] |= (uint8_t)(1u << unit % 8);
		wrp = end + (*end == '+');
	}
}

static void power_up(struct replay *r, unsigned rdp)
{
	struct sim_config config;
	struct problem why = { "" };
	char spec[200], units[120];
	const struct range *flash;

	units_of(r->options, units, sizeof(units));
	snprintf(spec, sizeof(spec), "sim:%s,tprog=52.5,terase=20,overrun=0,"
		 "rdp=%u%s", r->recording->part, rdp, units);
	if (sim_parse(spec, &config, &why))
		r->sim = sim_new(&config, &why);
	if (r->sim == NULL) {
		differs(r, "%s", why.text);
		return;
	}
	sim_byte_time(r->sim, BYTE_NS);
	flash = &r->sim->dev->flash;
	expect(r, sim_poke_memory(r->sim, flash->start, r->flash,
				  flash->end - flash->start), "no flash");
	expect(r, sim_poke_memory(r->sim, OPTIONS, r->options, OPTIONS_LEN),
	       "no option bytes");
}

static void given(struct replay *r, const char *text)
{
	char wrp[40] = "none", flash[20] = "", hex[40] = "";
	unsigned rdp = 0;

	expect(r, sscanf(text, "rdp=%u wrp=%39s flash=%19s options=%39s", &rdp,
			 wrp, flash, hex) >= 3, "rdp, wrp and flash");
	fill_flash(r, flash);
	set_options(r, hex, rdp, wrp);
	if (r->sim == NULL)
		power_up(r, rdp);
}

static void ignore(struct replay *r, const char *text)
{
	(void)r, (void)text;
}

static const struct {
	const char *word;
	void (*replay)(struct replay *r, const char *text);
} lines[] = {
	{ "model", ignore },
	{ ">", replay_send }, { ">>", replay_burst }, { "<", replay_answer },
	{ "after", replay_after }, { "quiet", replay_quiet },
	{ "noise", replay_noise }, { "resets", replay_resets },
	{ "idle", told_idle }, { "reset", told_reset }, { "rate", told_rate },
	{ "runs", told_runs }, { "flash", told_flash },
	{ "options", told_options }, { "ram", told_ram },
};

static void replay_line(struct replay *r)
{
	const char *line = r->line;
	size_t len = strcspn(line, " "), i;
	const char *rest = line + len + strspn(line + len, " ");

	if (line[0] == '\0' || line[0] == '#')
		return;
	if (len == 5 && strncmp(line, "given", len) == 0) {
		given(r, rest);
		return;
	}
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strlen(lines[i].word) != len ||
		    strncmp(line, lines[i].word, len) != 0)
			continue;
		if (r->sim != NULL)
			lines[i].replay(r, rest);
		return;
	}
	differs(r, "no such line");
}

static void end_replay(struct replay *r)
{
	const struct range *flash = &r->sim->dev->flash;
	const struct range *ram = &r->sim->dev->ram;
	struct problem why;

	r->line[0] = '\0';
	expect_silence(r);
	compare(r, flash->start, r->flash, flash->end - flash->start, "flash");
	compare(r, ram->start, r->ram, ram->end - ram->start, "RAM");
	compare(r, OPTIONS, r->options, OPTIONS_LEN, "option bytes");
	compare_state(r);
	(void)sim_free(r->sim, &why);
}

/*
 * Replays the lines after "case NAME" up to the next case. Returns the number
 * of differences; changed, unless NULL, replaces line number that.
 */
static unsigned replay_case(const struct recording *recording,
			    const char *text, const char *changed,
			    unsigned that)
{
	static struct replay replay;
	struct replay *r = &replay;
	unsigned number = 0;

	memset(r, 0, sizeof(*r));
	r->recording = recording;
	r->tells = changed == NULL;
	r->after_us = -1;
	snprintf(r->name, sizeof(r->name), "%.*s", (int)strcspn(text, "\n"),
		 text);
	for (text += strcspn(text, "\n"); *text == '\n';
	     text += strcspn(text, "\n")) {
		text++;
		if (strncmp(text, "case ", 5) == 0)
			break;
		snprintf(r->line, sizeof(r->line), "%.*s",
			 (int)strcspn(text, "\n"), text);
		if (changed != NULL && ++number == that)
			snprintf(r->line, sizeof(r->line), "%s", changed);
		replay_line(r);
	}
	if (r->sim == NULL)
		differs(r, "no device was given");
	else
		end_replay(r);
	return r->differences;
}

static const char *reason_to_leave_out(const struct recording *recording,
				       const char *text)
{
	size_t i, len = strcspn(text, "\n");

	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (strcmp(left_out[i].part, recording->part) == 0 &&
		    strlen(left_out[i].name) == len &&
		    strncmp(left_out[i].name, text, len) == 0)
			return left_out[i].why;
	return NULL;
}

/* Finds the next case after text. */
static const char *next_case(const char *text)
{
	text = strstr(text, "\ncase ");
	return text != NULL ? text + 6 : NULL;
}

static void test_recording(const struct recording *recording,
			   const char *text)
{
	unsigned agree = 0, left = 0, count = 0;

	while ((text = next_case(text)) != NULL) {
		const char *why = reason_to_leave_out(recording, text);
		char name[80];

		snprintf(name, sizeof(name), "%s: %.*s", recording->part,
			 (int)strcspn(text, "\n"), text);
		t_about(name);
		count++;
		if (why != NULL) {
			left++;
			printf("%s: left out: %s\n", name, why);
		} else if (EQUAL(replay_case(recording, text, NULL, 0), 0)) {
			agree++;
		}
	}
	t_about(recording->file);
	EQUAL(count, recording->count);
	printf("%s: %u of %u cases agree, %u left out\n", recording->part,
	       agree, count, left);
}

/* A case with any wrong line must be detected. */
static void test_notices(const struct recording *f103)
{
	static const char sound[] =
		"a sound one\n"
		"given rdp=0 wrp=none flash=pattern\n"			/* 1 */
		"> 7F\n< 79\n"						/* 2 */
		"> 43 BC\n< 79\n"					/* 4 */
		"> 00 03 03\nafter 20.0\n< 79\n"			/* 6 */
		"> 31 CE\n< 79\n> 20 00 02 00 22\n< 79\n"		/* 9 */
		"> 03 11 22 33 44 47\n< 79\n"				/* 13 */
		"> 92 6D\n< 79\nafter 20.1\n< 79\nresets\nquiet 50\n"	/* 15 */
		"idle no\nreset yes\nrate open\n"			/* 21 */
		"flash erased 3\n"					/* 24 */
		"options A5 5A FF FF FF FF FF FF FF FF FF FF FF FF FF FF\n"
		"ram zero\n";						/* 26 */
	static const struct {
		unsigned line;
		const char *changed;
	} rows[] = {
		{ 1, "given rdp=1 wrp=none flash=pattern" },
		{ 1, "given rdp=0 wrp=0 flash=pattern" },
		{ 3, "< 1F" }, { 3, "< 79 79" }, { 3, "" }, { 3, "quiet 50" },
		{ 6, "> 00 03" }, { 7, "after 20.2" }, { 7, "after 19.8" },
		{ 7, "" }, { 17, "after 19.9" }, { 18, "" }, { 19, "" },
		{ 20, "resets" }, { 20, "nothing" }, { 21, "idle yes" },
		{ 21, "" }, { 22, "reset no" }, { 23, "rate ok" },
		{ 23, "rate spoilt" }, { 23, "runs 08000000" }, { 23, "" },
		{ 24, "flash same" }, { 24, "flash erased 4" },
		{ 24, "flash erased 3-4" }, { 24, "flash 08000000 00" },
		{ 25, "options same" },
		{ 26, "ram 20000200 11 22 33 44" },
	};
	char name[60];
	size_t i;

	t_about("a sound case");
	EQUAL(replay_case(f103, sound, NULL, 0), 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(name, sizeof(name), "line %u: \"%s\"", rows[i].line,
			 rows[i].changed);
		t_about(name);
		CHECK(replay_case(f103, sound, rows[i].changed,
				  rows[i].line) != 0);
	}
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	const size_t room = 1 << 20;
	char *text = calloc(1, room);

	t_about(path);
	if (CHECK(file != NULL && text != NULL)) {
		CHECK(fread(text, 1, room - 1, file) < room - 1);
		(void)fclose(file);
	}
	return text;
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(recordings) / sizeof(recordings[0]); i++) {
		char *text = read_file(recordings[i].file);

		test_recording(&recordings[i], text);
		free(text);
	}
	test_notices(&recordings[0]);
	return t_done();
}
