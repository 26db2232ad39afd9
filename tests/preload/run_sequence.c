/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_sequence SEQUENCE: runs entry and exit on a serial port that is a pty,
 * as the program does: requests every line first, then opens the port. Prints
 * errors.
 */
#define _XOPEN_SOURCE 700	/* posix_openpt() */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "init.h"
#include "port.h"

static enum port_err run(const struct sequence *sequence, struct port *port,
			 struct problem *why)
{
	struct lines *lines;
	enum port_err err, exit_err;

	err = lines_request(sequence, &lines, why);
	if (err != PORT_OK)
		return err;
	err = sequence_enter(sequence, lines, port, why);
	exit_err = sequence_exit(sequence, lines, port,
				 err == PORT_OK ? why : NULL);
	lines_release(lines);
	return err != PORT_OK ? err : exit_err;
}

static const char *pty_name(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
		perror("pseudo-terminal");
		exit(2);
	}
	return ptsname(master);
}

int main(int argc, char **argv)
{
	struct port_settings settings = { .device = pty_name(), .baud = 57600,
					  .mode = { 8, 'e', 1 } };
	struct sequence *sequence;
	struct problem why = { "" };
	struct port *port;
	enum port_err err;
	size_t at;

	if (argc != 2 || !sequence_parse(argv[1], &sequence, &why, &at))
		return 2;
	err = port_open(&settings, &port, &why);
	if (err == PORT_OK) {
		err = run(sequence, port, &why);
		port_close(port);
	}
	sequence_free(sequence);
	if (err == PORT_OK)
		return 0;
	printf("%s: %s\n", port_strerror(err), why.text);
	return 1;
}
