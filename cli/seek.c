/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/seek.h"

#include <assert.h>
#include <string.h>

#include "cli/report.h"
#include "utils.h"

#define AS_IT_IS_MS 200		/* for an answer without a reset */
#define SYNC_MS 170		/* after a reset, when the ROM listens */
#define SYNC_RETRIES 1

/* The state of the lines after opening a serial port. Each wiring is tried
 * from there, so that a working sequence also works in the next run. */
#define OPENED "rts&dtr"
#define OPENED_MS 20		/* a capacitor at NRST recharges */
#define SYNC 0x7F
#define STARTED_MS 100		/* until a ROM that this change has reset
				 * listens */
#define ANSWERED_MS 20		/* until it has answered */

/* For a board that sent nothing: start the application by the most common
 * wiring, then assert no line, as when the port is closed. */
#define GIVE_BACK "rts&dtr,-dtr,-rts&-dtr"

/* Parses a text of this file or of the table. */
static struct sequence *parse(const char *text)
{
	struct sequence *sequence;
	struct problem why;
	size_t at;

	if (sequence_parse(text, &sequence, &why, &at))
		return sequence;
	return NULL;	/* out of memory */
}

static enum port_err move_lines(struct job *job, const char *text)
{
	struct sequence *sequence = parse(text);
	enum port_err err = PORT_IO;

	if (sequence != NULL)
		err = sequence_enter(sequence, NULL, job->port, &job->why);
	else
		problem_set(&job->why, "out of memory");
	sequence_free(sequence);
	return err;
}

static enum port_err enter_anew(struct job *job, const struct wiring *wiring)
{
	enum port_err err = move_lines(job, OPENED);

	if (err != PORT_OK)
		return err;
	port_sleep_ms(job->port, OPENED_MS);
	err = move_lines(job, wiring->sequence);
	/* Discard what was received before this wiring. */
	return err == PORT_OK ? port_flush(job->port) : err;
}

static enum stm32_err open_after(struct job *job, enum port_err err,
				 const struct stm32_options *options)
{
	if (err != PORT_OK) {
		problem_default(&job->why, "%s: %s", job->port->device,
				port_trouble(job->port, err));
		return STM32_PORT;
	}
	job->why.text[0] = '\0';
	return stm32_open(job->port, options, &job->stm, &job->why);
}

static void close_session(struct job *job)
{
	stm32_close(job->stm);
	job->stm = NULL;
}

/* The same with a ROM that has had its 7F, if it runs: it sends an ACK for
 * another one only if the entry itself has reset it. */
static enum port_err enter_again(struct job *job, const struct wiring *wiring)
{
	static const uint8_t sync = SYNC;
	enum port_err err = move_lines(job, OPENED);

	if (err != PORT_OK)
		return err;
	port_sleep_ms(job->port, STARTED_MS);
	err = port_write(job->port, &sync, 1);
	if (err != PORT_OK)
		return err;
	port_sleep_ms(job->port, ANSWERED_MS);
	err = move_lines(job, wiring->sequence);
	return err == PORT_OK ? port_flush(job->port) : err;
}

static enum stm32_err open_fresh(struct job *job, enum port_err err,
				 const struct stm32_options *brief)
{
	enum stm32_err opened;

	close_session(job);
	opened = open_after(job, err, brief);
	if (opened != STM32_OK || stm32_info(job->stm)->fresh)
		return opened;
	close_session(job);
	return STM32_TIMEOUT;
}

/* A ROM that another change has started, and that the entry alone does not
 * restart, proves nothing: the exit may hold such a board in reset. So try
 * the entry again from where it ends, and from where the next run begins. */
static enum stm32_err open_by(struct job *job, const struct wiring *wiring,
			      const struct stm32_options *brief)
{
	enum stm32_err err = open_fresh(job, enter_anew(job, wiring), brief);

	if (err == STM32_OK)
		err = open_fresh(job, move_lines(job, wiring->sequence), brief);
	if (err == STM32_OK)
		err = open_fresh(job, enter_again(job, wiring), brief);
	return err;
}

/* wiring NULL: leaves the lines unchanged. */
static enum stm32_err try(struct job *job, const struct wiring *wiring,
			  const struct stm32_options *options)
{
	struct attempt *attempt = &job->attempts[job->attempt_count++];
	struct stm32_options brief = *options;

	assert(job->attempt_count <= ARRAY_LEN(job->attempts));
	attempt->wiring = wiring;
	brief.connect_timeout_ms = wiring != NULL ? SYNC_MS : AS_IT_IS_MS;
	brief.retries = SYNC_RETRIES;
	brief.was_reset = wiring != NULL;
	brief.heard = &attempt->heard;
	brief.listen = true;
	if (wiring == NULL)
		return open_after(job, PORT_OK, &brief);
	report_detail("trying -i '%s' (%s)", wiring->sequence, wiring->name);
	return open_by(job, wiring, &brief);
}

/* Opens the session again with the full timeouts. */
static enum stm32_err open_whole(struct job *job,
				 const struct stm32_options *options)
{
	struct stm32_options whole = *options;

	close_session(job);
	whole.resume = true;
	return open_after(job, PORT_OK, &whole);
}

static void show_found(const struct wiring *wiring)
{
	struct json json;

	if (wiring != NULL)
		report_fact("Sequence     : -i '%s'", wiring->sequence);
	else
		report_fact("Sequence     : none, the bootloader runs already");
	json_begin(&json, "sequence");
	json_string(&json, "sequence",
		    wiring != NULL ? wiring->sequence : NULL);
	json_string(&json, "wiring", wiring != NULL ? wiring->name : NULL);
	json_end(&json);
	report_object(&json);
}

/* From now on the sequence is used as if -i had given it. */
static enum stm32_err adopt(struct job *job, const struct wiring *wiring)
{
	if (wiring == NULL)
		return STM32_OK;
	job->options.sequence = parse(wiring->sequence);
	if (job->options.sequence != NULL &&
	    lines_request(job->options.sequence, &job->lines, &job->why) ==
	    PORT_OK)
		return STM32_OK;
	problem_set(&job->why, "out of memory");
	return STM32_PORT;
}

static enum stm32_err settle_on(struct job *job, const struct wiring *wiring,
				const struct stm32_options *options)
{
	enum stm32_err err = try(job, wiring, options);

	if (err == STM32_OK)
		err = open_whole(job, options);
	if (err == STM32_OK)
		err = adopt(job, wiring);
	if (err == STM32_OK)
		show_found(wiring);
	return err;
}

/* Restarts an application that was heard, by the wiring that started it. */
static void give_back(struct job *job)
{
	const struct problem why = job->why;
	size_t i = job->attempt_count;

	/* The first try used no lines. */
	while (i > 1 && job->attempts[i - 1].heard.sound != STM32_TEXT)
		i--;
	if (i > 1)
		(void)enter_anew(job, job->attempts[i - 1].wiring);
	else if (job->attempt_count > 1)
		(void)move_lines(job, GIVE_BACK);
	job->why = why;
}

enum stm32_err seek_open(struct job *job, const struct stm32_options *options)
{
	enum stm32_err err;
	size_t i;

	if (!port_has_lines(job->port)) {
		problem_set(&job->why, "%s: -i auto: this port has no RTS and "
			    "DTR", job->port->device);
		return STM32_PORT;
	}
	err = settle_on(job, NULL, options);
	for (i = 0; i < wiring_count; i++) {
		if (err == STM32_OK || err == STM32_PORT ||
		    err == STM32_STOPPED)
			break;
		if (wirings[i].tried)
			err = settle_on(job, &wirings[i], options);
	}
	if (err == STM32_OK)
		return STM32_OK;
	close_session(job);
	give_back(job);
	if (err != STM32_PORT && err != STM32_STOPPED)
		problem_set(&job->why, "%s: no bootloader answers with any of "
			    "%zu wirings of RTS and DTR", job->port->device,
			    job->attempt_count - 1);
	return err;
}

/* --- results ------------------------------------------------------------ */

static const char *sound_word(enum stm32_sound sound)
{
	switch (sound) {
	case STM32_SILENCE:	return "silence";
	case STM32_ECHO:	return "echo";
	case STM32_TEXT:	return "text";
	case STM32_ANSWERS:	return "answers";
	case STM32_NOISE:	return "noise";
	}
	return "?";
}

static void show_sound(const char *name, const struct stm32_heard *heard)
{
	const char *sound = sound_word(heard->sound);

	if (heard->sound == STM32_TEXT)
		report_hint("  %-24s what came back: %s (\"%s\")", name, sound,
			    heard->text);
	else
		report_hint("  %-24s what came back: %s", name, sound);
}

static void emit_attempt(const struct attempt *a)
{
	struct json json;

	json_begin(&json, "attempt");
	json_string(&json, "wiring",
		    a->wiring != NULL ? a->wiring->name : NULL);
	json_string(&json, "heard", sound_word(a->heard.sound));
	json_string(&json, "text", a->heard.text);
	json_end(&json);
	report_object(&json);
}

/* True if the entry ends with the line asserted, as it was before. */
static bool ends_asserted(const struct wiring *wiring, const char *line)
{
	const char *exit = strchr(wiring->sequence, ':');
	const char *at = strstr(wiring->sequence, line);
	bool asserted = true;

	for (; at != NULL && at < exit; at = strstr(at + 1, line))
		asserted = at == wiring->sequence || at[-1] != '-';
	return asserted;
}

/* True if text came only while the line had this state. */
static bool text_needs(const struct job *job, const char *line, bool asserted)
{
	size_t i, with = 0, without = 0;

	for (i = 1; i < job->attempt_count; i++) {
		const struct attempt *a = &job->attempts[i];

		if (a->heard.sound != STM32_TEXT)
			continue;
		if (ends_asserted(a->wiring, line) == asserted)
			with++;
		else
			without++;
	}
	return with > 0 && without == 0;
}

static void show_reset(const struct job *job, const char *line,
		       const char *name)
{
	bool direct = text_needs(job, line, false);

	if (direct || text_needs(job, line, true))
		report_hint("  the application is silent while %s is %s, so "
			    "this line seems to drive NRST; set BOOT0 high by "
			    "hand", name,
			    direct ? "asserted" : "not asserted");
}

void seek_show(const struct job *job)
{
	const struct attempt *first = &job->attempts[0], *a;
	const struct attempt *end = first + job->attempt_count;
	bool same = true;

	for (a = first; a < end; a++) {
		same &= a->heard.sound == first->heard.sound;
		emit_attempt(a);
	}
	if (same)
		show_sound("each time", &first->heard);
	for (a = first; !same && a < end; a++)
		show_sound(a->wiring != NULL ? a->wiring->name : "no sequence",
			   &a->heard);
	show_reset(job, "rts", "RTS");
	show_reset(job, "dtr", "DTR");
}
