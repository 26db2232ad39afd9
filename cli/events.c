/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/events.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/progress.h"

static const char *code_of(enum exit_status status)
{
	switch (status) {
	case STATUS_DONE:	return "done";
	case STATUS_DEVICE:	return "device";
	case STATUS_USAGE:	return "usage";
	case STATUS_PORT:	return "port";
	case STATUS_NO_ANSWER:	return "no_answer";
	case STATUS_PROTECTED:	return "protected";
	case STATUS_DIFFERS:	return "differs";
	case STATUS_FILE:	return "file";
	case STATUS_SIGNAL:	break;
	}
	return "signal";	/* 128 plus its number */
}

void events_program(struct json *json)
{
	json_begin(json, "program");
	json_string(json, "name", "stm32flash");
	json_string(json, "version", VERSION);
	json_number(json, "schema", EVENTS_SCHEMA);
	json_end(json);
}

void events_stage(struct json *json, const struct progress *progress,
		  int64_t elapsed_ms)
{
	bool erase = progress->stage == STAGE_ERASE;

	json_begin(json, "stage");
	json_string(json, "stage", stage_name(progress->stage));
	json_string(json, "event", progress->last ? "end" :
		    progress->first ? "begin" :
		    progress->at_most_ms != 0 ? "wait" : "progress");
	json_number(json, "done", progress->done);
	json_number(json, "total", progress->total);
	json_string(json, "unit", erase ? "pages" : "bytes");
	json_number(json, "address", progress->address);
	json_seconds(json, "seconds", (double)elapsed_ms / 1000);
	if (progress->at_most_ms != 0)
		json_seconds(json, "at_most_seconds",
			     (double)progress->at_most_ms / 1000);
	json_end(json);
}

void events_text(struct json *json, const char *kind, const char *text)
{
	json_begin(json, kind);
	json_string(json, "text", text);
	json_end(json);
}

void events_error(struct json *json, enum exit_status status,
		  const char *text)
{
	json_begin(json, "error");
	json_string(json, "code", code_of(status));
	json_number(json, "status", (unsigned)status);
	json_string(json, "text", text);
	json_end(json);
}

void events_result(struct json *json, enum exit_status status,
		   const struct totals *totals)
{
	json_begin(json, "result");
	json_string(json, "code", code_of(status));
	json_number(json, "status", (unsigned)status);
	json_number(json, "bytes_read", totals->read);
	json_number(json, "bytes_kept", totals->kept);
	json_number(json, "bytes_compared", totals->compared);
	json_number(json, "pages_erased", totals->pages_erased);
	json_number(json, "bytes_written", totals->written);
	json_number(json, "bytes_verified", totals->verified);
	json_number(json, "wire_sent", totals->sent);
	json_number(json, "wire_received", totals->received);
	json_number(json, "retries", totals->retries);
	json_seconds(json, "seconds", totals->seconds);
	json_end(json);
}

/* --- the summary ------------------------------------------------------------ */

static size_t add_count(char *out, size_t len, const char *verb, uint64_t n,
			const char *unit)
{
	if (n == 0)
		return len;
	return len + (size_t)snprintf(out + len, EVENTS_SUMMARY - len,
				      "%s%s %" PRIu64 " %s%s",
				      len > 0 ? ", " : "", verb, n, unit,
				      n == 1 ? "" : "s");
}

void events_summary(const struct totals *totals, char out[EVENTS_SUMMARY])
{
	uint64_t most = totals->written;
	bool both = totals->verified == totals->written;
	char rate[PROGRESS_SIZE];
	size_t len = 0;

	out[0] = '\0';
	len = add_count(out, len, both ? "wrote and verified" : "wrote",
			totals->written, "byte");
	len = add_count(out, len, "verified", both ? 0 : totals->verified,
			"byte");
	len = add_count(out, len, "read", totals->read, "byte");
	if (len == 0)
		len = add_count(out, len, "erased", totals->pages_erased,
				"page");
	if (len == 0)
		return;
	len += (size_t)snprintf(out + len, EVENTS_SUMMARY - len, " in %.1f s",
				totals->seconds);
	most = totals->read > most ? totals->read : most;
	if (most > 0 && totals->seconds > 0) {
		progress_size((double)most / totals->seconds, rate);
		len += (size_t)snprintf(out + len, EVENTS_SUMMARY - len,
					" (%s/s)", rate);
	}
	if (totals->retries == 0)
		snprintf(out + len, EVENTS_SUMMARY - len, ", no retries");
	else
		snprintf(out + len, EVENTS_SUMMARY - len, ", %" PRIu64
			 " retr%s%s", totals->retries,
			 totals->retries == 1 ? "y" : "ies",
			 totals->read > 0 ? ": the line is bad" : "");
}
