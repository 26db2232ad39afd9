/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: splits the input into arguments at its zero bytes. Options
 * that the parser accepts must be consistent for the code that uses them.
 */
#include "tests/fuzz/check.h"

#include "cli/options.h"
#include "stm32.h"

#define ARGUMENTS_MAX 32

static bool is_one_of(unsigned actions)
{
	return (actions & (actions - 1)) == 0 ||
	       actions == (ACTION_READOUT_UNPROTECT | ACTION_WRITE) ||
	       actions == (ACTION_WRITE_UNPROTECT | ACTION_WRITE) ||
	       actions == (ACTION_WRITE | ACTION_READOUT_PROTECT);
}

static void check_range(const struct options *o)
{
	const struct target *t = &o->target;

	if (t->has_len)
		MUST(t->has_address && t->len > 0);
	if (t->has_address)
		MUST((uint64_t)t->address + t->len <= UINT32_MAX);
	MUST(!t->has_address || !t->has_first_page);
	MUST(!t->has_address || !t->has_page_count || t->page_count == 0);
	if (t->has_address && (o->actions & (ACTION_WRITE | ACTION_CRC)))
		MUST(t->address % 4 == 0);
}

static void check_port(const struct options *o)
{
	const struct serial_mode *mode = &o->port.mode;

	MUST(mode->data_bits >= 5 && mode->data_bits <= 8);
	MUST(strchr("neo", mode->parity) != NULL && mode->parity != '\0');
	MUST(mode->stop_bits == 1 || mode->stop_bits == 2);
	MUST(o->port.i2c_address == PORT_NO_ADDRESS ||
	     (o->port.i2c_address >= 0x03 && o->port.i2c_address <= 0x77));
	MUST(o->max_read >= 20 && o->max_read <= STM32_MAX_BLOCK);
	MUST(o->max_frame >= 5 && o->max_frame <= STM32_MAX_FRAME);
	MUST(o->port.connect_timeout_ms >= 1000);
	if (o->baud_auto)
		MUST(o->sequence != NULL && sequence_has_entry(o->sequence));
}

/* Checks the options of a run that is about to begin. */
static void check_options(const struct options *o)
{
	unsigned files = o->actions & (ACTION_WRITE | ACTION_COMPARE);
	unsigned data = files | (o->actions & ACTION_READ);

	MUST(is_one_of(o->actions));
	MUST((o->file != NULL) == (data != 0));
	MUST((o->file_count > 0) == (files != 0));
	MUST(o->file_count <= OPTIONS_MOST_FILES);
	MUST(o->format != NULL);
	MUST(o->port.device != NULL || (o->dry_run && o->has_dev));
	MUST(!o->changed || (o->actions & ACTION_WRITE));
	MUST(!o->dry_run ||
	     (o->actions & ~(unsigned)(ACTION_WRITE | ACTION_ERASE)) == 0);
	MUST(!o->go || o->go_address % 4 == 0);
	MUST(!(o->actions & ACTION_WRITE) || o->max_frame >= 6);
	check_range(o);
	check_port(o);
}

/* Splits a text with a terminating zero; returns the number of arguments. */
static int cut(char *text, size_t len, char **argv)
{
	static char name[] = "stm32flash";
	size_t i;
	int argc = 0;

	argv[argc++] = name;
	for (i = 0; i < len && argc < ARGUMENTS_MAX; i += strlen(text + i) + 1)
		argv[argc++] = text + i;
	argv[argc] = NULL;
	return argc;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *argv[ARGUMENTS_MAX + 1], *text = malloc(len + 1);
	struct problem why = { .text = "" };
	struct options options;
	bool parsed;
	int argc;

	MUST(text != NULL);
	memcpy(text, bytes, len);
	text[len] = '\0';
	argc = cut(text, len, argv);
	parsed = options_parse(argc, argv, &options, &why);
	MUST(parsed == (why.text[0] == '\0'));
	if (parsed && options.mode == OPTIONS_RUN)
		check_options(&options);
	options_free(&options);
	free(text);
	return 0;
}
