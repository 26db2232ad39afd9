#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs into a DESTDIR, looks what is there, uninstalls, and finds nothing
# left. Run from the top.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s install DESTDIR="$dir" PREFIX=/usr
(cd "$dir" && find . -type f | sort)
"$dir/usr/bin/stm32flash" --version
make -s uninstall DESTDIR="$dir" PREFIX=/usr
left=$(find "$dir" -type f)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
