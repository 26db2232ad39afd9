#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is special on macOS and the BSDs, looked at by a compiler that has only
# declarations of theirs (bsd/, beside this file) and the libc of this machine
# for what is the same everywhere. Nothing is run. Run from the top; silent if
# there is nothing to say.
set -u

files="host/serial_bsd.c serial_posix.c host/devnode.c host/gpio_none.c i2c.c host/ports_bsd.c
	host/stop_posix.c host/terminal_posix.c sim/server.c"
bad=0
# The code asks for __APPLE__ only; the names of the BSDs would make the headers
# of the compiler look for theirs.
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
