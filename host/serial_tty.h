/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every Unix does its own way about a serial port: rates beyond the
 * POSIX list, locks, the driver and who else has the port. serial_linux.c or
 * serial_bsd.c.
 */
#ifndef SERIAL_TTY_H
#define SERIAL_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rate in effect in bit/s, 0 if it cannot be known. */
uint32_t tty_get_rate(int fd);

/*
 * Sets any rate, both ways. True: the driver took it, and *got is what it made
 * of it. False: errno says why. Comes after tcsetattr(), which undoes it on
 * some systems.
 */
bool tty_set_rate(int fd, uint32_t rate, uint32_t *got);

/* Asks the driver to hand over each byte at once rather than to collect them.
 * True if that changed anything. */
bool tty_set_low_latency(int fd, bool on);

/* Locks out other programs that lock; false: another has locked it. */
bool tty_lock(int fd);

/* A pseudo-terminal has no wire, so no parity. name is what was opened. */
bool tty_is_pty(int fd, const char *name);

/* The name of the driver, "" where it cannot be known. */
void tty_driver(int fd, char *name, size_t size);

/*
 * Who else has the port of this name: "minicom (pid 1234)", or "" where it
 * cannot be known. fd is the port if it could be opened, else -1.
 */
void tty_owner(int fd, const char *device, char *who, size_t size);

#endif
