/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exit statuses: an interface, documented in the manual.
 */
#ifndef STATUS_H
#define STATUS_H

enum exit_status {
	STATUS_DONE = 0,	/* everything asked for was done */
	STATUS_DEVICE = 1,	/* the device refused or failed */
	STATUS_USAGE = 2,
	STATUS_PORT = 3,	/* missing, busy, no permission, disconnected */
	STATUS_NO_ANSWER = 4,	/* no bootloader answered */
	STATUS_PROTECTED = 5,	/* by readout or write protection */
	STATUS_DIFFERS = 6,	/* verify failed, also after rewriting */
	STATUS_FILE = 7,	/* missing, damaged, too big, not written */
	STATUS_SIGNAL = 128	/* plus the number, after cleaning up */
};

#endif
