/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/wirings.h"

#include <string.h>

#include "utils.h"

#define DIRECT	 " ------------ "
#define INVERTER " -[inverter]- "
#define CAPACITOR " ----||------ "

/*
 * A pin is high while its line is not asserted. Directly wired, -rts is BOOT0
 * high and dtr pulls NRST low; a transistor inverts that. With a capacitor,
 * asserting the line pulls NRST low for a moment; the sequences for an
 * inverted NRST rely on that in their last step.
 */
const struct wiring wirings[] = {
	{ "boot0-rts", "RTS" DIRECT "BOOT0", "DTR" DIRECT "NRST",
	  "-rts&dtr,-dtr:rts&dtr,-dtr", true },
	{ "boot0-rts-inverted", "RTS" INVERTER "BOOT0", "DTR" DIRECT "NRST",
	  "rts&dtr,-dtr:-rts&dtr,-dtr", true },
	{ "boot0-dtr", "DTR" DIRECT "BOOT0", "RTS" DIRECT "NRST",
	  "-dtr&rts,-rts:dtr&rts,-rts", true },
	{ "boot0-dtr-inverted", "DTR" INVERTER "BOOT0", "RTS" DIRECT "NRST",
	  "dtr&rts,-rts:-dtr&rts,-rts", true },
	{ "boot0-rts-nrst-inverted",
	  "RTS" DIRECT "BOOT0", "DTR" INVERTER "NRST",
	  "-rts&-dtr,dtr:rts&-dtr,dtr", true },
	{ "boot0-rts-both-inverted",
	  "RTS" INVERTER "BOOT0", "DTR" INVERTER "NRST",
	  "rts&-dtr,dtr:-rts&-dtr,dtr", true },
	{ "boot0-dtr-nrst-inverted",
	  "DTR" DIRECT "BOOT0", "RTS" INVERTER "NRST",
	  "-dtr&-rts,rts:dtr&-rts,rts", true },
	{ "boot0-dtr-both-inverted",
	  "DTR" INVERTER "BOOT0", "RTS" INVERTER "NRST",
	  "dtr&-rts,rts:-dtr&-rts,rts", true },
	{ "boot0-rts-capacitor", "RTS" DIRECT "BOOT0", "DTR" CAPACITOR "NRST",
	  "-rts&-dtr,dtr:rts&-dtr,dtr", false },
	{ "boot0-dtr-capacitor", "DTR" DIRECT "BOOT0", "RTS" CAPACITOR "NRST",
	  "-dtr&-rts,rts:dtr&-rts,rts", false },
	{ "nrst-dtr", "jumper --------- BOOT0", "DTR" DIRECT "NRST",
	  "dtr,-dtr:dtr,-dtr", false },
	{ "nrst-dtr-inverted", "jumper --------- BOOT0",
	  "DTR" INVERTER "NRST", "-dtr,dtr:-dtr,dtr", false },
	{ "nrst-rts", "jumper --------- BOOT0", "RTS" DIRECT "NRST",
	  "rts,-rts:rts,-rts", false },
	{ "nrst-rts-inverted", "jumper --------- BOOT0",
	  "RTS" INVERTER "NRST", "-rts,rts:-rts,rts", false },
	/* With both lines asserted, or neither, no pin is pulled. BOOT0
	 * changes while the capacitor at NRST is still low. */
	{ "two-transistors", "DTR without RTS - BOOT0",
	  "RTS without DTR - NRST",
	  "-dtr&rts,dtr&-rts:-dtr&rts,-rts", true },
	{ "two-transistors-swapped", "RTS without DTR - BOOT0",
	  "DTR without RTS - NRST",
	  "-rts&dtr,rts&-dtr:-rts&dtr,-dtr", true },
	{ "break", "jumper --------- BOOT0", "TX, a break ---- NRST",
	  "brk:brk", true },
};

const size_t wiring_count = ARRAY_LEN(wirings);

const struct wiring *wiring_find(const char *name)
{
	size_t i;

	for (i = 0; i < wiring_count; i++)
		if (strcmp(wirings[i].name, name) == 0)
			return &wirings[i];
	return NULL;
}
