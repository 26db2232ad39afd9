/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a serial port that differ between Unix systems: rates that
 * POSIX does not list, locks, the driver, and who else uses the port.
 * Implemented in serial_linux.c or serial_bsd.c.
 */
#ifndef SERIAL_TTY_H
#define SERIAL_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the rate in effect in bit/s, 0 if unknown. */
uint32_t tty_get_rate(int fd);

/*
 * Sets any rate, for both directions. True: the driver accepted it, and *got
 * is the actual rate. False: errno is set. Call it after tcsetattr(), which
 * resets the rate on some systems.
 */
bool tty_set_rate(int fd, uint32_t rate, uint32_t *got);

/* Makes the driver deliver each byte at once instead of collecting bytes. True
 * if that changed anything. */
bool tty_set_low_latency(int fd, bool on);

/* Locks the port against other programs that lock it; false: it is locked. */
bool tty_lock(int fd);

/* True for a pty, which has no wire, so no parity. name is the opened name. */
bool tty_is_pty(int fd, const char *name);

/* Stores the name of the driver, "" if unknown. */
void tty_driver(int fd, char *name, size_t size);

/*
 * Stores who else uses the port of this name: "minicom (pid 1234)", or "" if
 * unknown. fd is the port if it could be opened, else -1.
 */
void tty_owner(int fd, const char *device, char *who, size_t size);

#endif
