#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles the code for macOS and the BSDs with minimal declarations of theirs
# (bsd/, next to this file), and this machine's libc for everything common.
# Runs nothing. Run from the top; silent on success.
set -u

files="host/serial_bsd.c serial_posix.c host/devnode.c host/gpio_none.c i2c.c host/ports_bsd.c
	host/stop_posix.c host/terminal_posix.c sim/server.c"
bad=0
# The code only tests __APPLE__; the names of the BSDs would make the
# compiler's headers include others.
for system in __APPLE__ BSD; do
	for file in $files; do
		${CC:-cc} -std=c11 -D_DEFAULT_SOURCE -Itests/lint/bsd -I. \
			-U__linux__ -U__linux -Ulinux -D$system=1 \
			-fsyntax-only -Werror -Wall -Wextra -Wpedantic -Wshadow \
			-Wconversion -Wstrict-prototypes -Wmissing-prototypes \
			-Wwrite-strings -Wvla "$file" || bad=1
	done
done
exit $bad
