/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents of a command line. options.h parses it, options_table.h lists
 * the options.
 */
#ifndef OPTIONS_STRUCT_H
#define OPTIONS_STRUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/knock.h"
#include "dev_table.h"
#include "init.h"
#include "parsers/parser.h"
#include "flash/place.h"
#include "flash/plan.h"
#include "port.h"
#include "problem.h"

enum action {
	ACTION_READ = 1 << 0,
	ACTION_WRITE = 1 << 1,
	ACTION_ERASE = 1 << 2,
	ACTION_CRC = 1 << 3,
	ACTION_WRITE_UNPROTECT = 1 << 4,
	ACTION_READOUT_PROTECT = 1 << 5,
	ACTION_READOUT_UNPROTECT = 1 << 6,
	ACTION_COMPARE = 1 << 7,
	ACTION_BLANK_CHECK = 1 << 8,
	ACTION_OPTION_BYTES = 1 << 9,
	ACTION_SET = 1 << 10,
	ACTION_WRITE_PROTECT = 1 << 11
};

enum show_when { SHOW_AUTO, SHOW_ALWAYS, SHOW_NEVER };

#define OPTIONS_MOST_FILES 16

struct options {
	uint64_t given;		/* a bit for each row of the table */
	unsigned actions;	/* enum action; 0: only identify the device */
	const char *file;	/* for -r, or the first of -w or --compare;
				 * "-": standard input or output */
	const char *files[OPTIONS_MOST_FILES];	/* of -w or --compare */
	size_t file_count;
	const char *sets[OPTIONS_MOST_FILES];	/* of --set */
	size_t set_count;
	uint32_t first_unit, unit_count;	/* of --write-protect */
	bool force_binary;
	const struct parser *format;	/* of -r */
	struct target target;
	enum erase_mode erase;
	bool changed;		/* write only what differs */
	bool dry_run;
	bool yes;		/* allow option bytes that lock out the
				 * bootloader */
	bool on_chip;		/* checksums by code on the chip */
	bool boot0_stays;	/* BOOT0 is still high when the on-chip code
				 * resets the chip */
	bool pipeline;		/* send the address together with its command */
	bool baud_auto;
	bool verify;
	unsigned retries;
	bool go;
	uint32_t go_address;	/* 0: the flash start */
	bool reset;
	bool resume;
	struct sequence *sequence;	/* NULL: none; freed by
					 * options_free() */
	bool sequence_auto;	/* -i auto: find the wiring */
	struct knock knock;
	struct port_settings port;
	unsigned max_read, max_frame;
	bool has_dev;
	struct dev dev;		/* of --device; else as identified */
	bool quiet, verbose;
	bool json;
	const char *label;	/* NULL: none */
	bool trace;
	const char *trace_file;	/* NULL: standard error */
	enum show_when show_progress;
	char lowered[80];	/* warning about -F, or empty */
	bool help_all;
	bool no_device;		/* the usage error is a missing device */
	enum { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION,
	       OPTIONS_LIST_DEVICES, OPTIONS_LIST_PORTS,
	       OPTIONS_LIST_WIRINGS } mode;
};

#endif
