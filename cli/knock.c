/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/knock.h"

#include <inttypes.h>
#include <string.h>

#include "cli/report.h"
#include "utils.h"

#define MOST_RATE 100000000
#define SLICE_MS 50	/* longest delay in noticing a signal */
#define SHOWN 64	/* bytes shown of what was received */

/* Parses one byte of the text, possibly an escape; returns the characters
 * used, 0 if invalid. */
static size_t parse_byte(const char *text, const char *end, uint8_t *byte)
{
	int high, low;

	*byte = (uint8_t)text[0];
	if (text[0] != '\\')
		return 1;
	if (end - text < 2)
		return 0;
	switch (text[1]) {
	case 'r':	*byte = '\r'; return 2;
	case 'n':	*byte = '\n'; return 2;
	case '\\':	*byte = '\\'; return 2;
	case 'x':	break;
	default:	return 0;
	}
	if (end - text < 4)
		return 0;
	high = hex_digit((unsigned char)text[2]);
	low = hex_digit((unsigned char)text[3]);
	if (high < 0 || low < 0)
		return 0;
	*byte = (uint8_t)(high << 4 | low);
	return 4;
}

static bool parse_text(const char *text, const char *end, struct knock *knock,
		       struct problem *why)
{
	size_t used;

	for (knock->len = 0; text < end; text += used) {
		if (knock->len == sizeof(knock->text)) {
			problem_set(why, "--knock: the text is longer than 256 "
				    "bytes");
			return false;
		}
		used = parse_byte(text, end, &knock->text[knock->len++]);
		if (used == 0) {
			problem_set(why, "--knock: after a backslash expected r, "
				    "n, xHH or a backslash: \"%s\"", text);
			return false;
		}
	}
	return true;
}

static bool parse_rate(const char *text, struct knock *knock)
{
	size_t len = strcspn(text, ",");

	return parse_u32_len(text, len, MOST_RATE, &knock->baud) &&
	       knock->baud != 0 &&
	       (text[len] == '\0' ||
		port_mode_parse(text + len + 1, &knock->mode));
}

bool knock_parse(const char *arg, struct knock *knock, struct problem *why)
{
	const char *at = strrchr(arg, '@');

	knock->wanted = true;
	knock->baud = 0;
	knock->mode = (struct serial_mode){ 8, 'n', 1 };
	if (at != NULL && !parse_rate(at + 1, knock)) {
		problem_set(why, "--knock=%s: no rate given after the @, as in "
			    "@115200 or @115200,8e1; in the text write \\x40",
			    arg);
		return false;
	}
	if (arg[0] == '\0') {
		problem_set(why, "--knock: no text and no rate given");
		return false;
	}
	return parse_text(arg, at != NULL ? at : arg + strlen(arg), knock, why);
}

/* Shows a dot for each unprintable character. */
static void show_heard(const char *heard, size_t len)
{
	char text[SHOWN + 1];
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = heard[i] >= ' ' && heard[i] < 0x7F ? heard[i] : '.';
	text[len] = '\0';
	if (len > 0)
		report_detail("--knock: the application answers \"%s\"", text);
	else
		report_detail("--knock: no answer from the application");
}

static enum port_err listen(struct port *port, unsigned wait_ms,
			    const volatile sig_atomic_t *stop)
{
	int64_t end_ms = port_now_ms(port) + wait_ms, left_ms;
	char heard[SHOWN];
	size_t len = 0;

	while ((left_ms = end_ms - port_now_ms(port)) > 0 && !*stop) {
		uint8_t byte;
		enum port_err err;

		err = port_read(port, &byte, 1, left_ms < SLICE_MS
				? (unsigned)left_ms : SLICE_MS);
		if (err == PORT_TIMEOUT)
			continue;
		if (err != PORT_OK && err != PORT_PARITY)
			return err;
		if (len < sizeof(heard))
			heard[len++] = (char)byte;
	}
	show_heard(heard, len);
	return PORT_OK;
}

static enum port_err set(struct port *port, uint32_t baud,
			 const struct serial_mode *mode, struct problem *why)
{
	enum port_err err = port_set_mode(port, mode);

	if (err == PORT_OK && baud != 0)
		err = port_set_baud(port, baud);
	if (err != PORT_OK)
		problem_set(why, "%s: --knock: cannot set %" PRIu32
			    " baud, %u%c%u: %s", port->device, baud,
			    mode->data_bits, mode->parity, mode->stop_bits,
			    port_trouble(port, err));
	return err;
}

static enum port_err say(struct port *port, const struct knock *knock,
			 const volatile sig_atomic_t *stop, struct problem *why)
{
	enum port_err err = PORT_OK;

	if (knock->len > 0)
		err = port_write(port, knock->text, knock->len);
	if (err == PORT_OK)
		err = listen(port, port_wire_ms(port, knock->len) +
				   port->round_trip_ms + knock->wait_ms, stop);
	if (err != PORT_OK)
		problem_set(why, "%s: --knock failed: %s", port->device,
			    port_trouble(port, err));
	return err;
}

enum port_err knock_say(struct port *port, const struct knock *knock,
			const volatile sig_atomic_t *stop,
			struct problem *why)
{
	const struct serial_mode found_mode = port->mode;
	uint32_t found_baud = port->baud;
	enum port_err err = set(port, knock->baud, &knock->mode, why), back;

	if (err == PORT_OK)
		err = say(port, knock, stop, why);
	back = set(port, found_baud, &found_mode, err == PORT_OK ? why : NULL);
	return err == PORT_OK ? back : err;
}
