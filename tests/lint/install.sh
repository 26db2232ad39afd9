#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs into a DESTDIR, looks whether what is there is all and no more, and
# readable for all; uninstalls, and finds nothing left, not even a directory.
# Run from the top.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
stage="$dir/a b"
mkdir "$stage"
(umask 077 && make -s install DESTDIR="$stage" PREFIX=/usr)
expected='-rw-r--r-- ./usr/share/bash-completion/completions/stm32flash
-rw-r--r-- ./usr/share/fish/vendor_completions.d/stm32flash.fish
-rw-r--r-- ./usr/share/man/man1/stm32flash.1
-rw-r--r-- ./usr/share/zsh/site-functions/_stm32flash
-rwxr-xr-x ./usr/bin/stm32flash'
installed=$(cd "$stage" && find . -type f -exec ls -l {} + |
	awk '{ print substr($1, 1, 10), $NF }' | LC_ALL=C sort)
echo "$installed"
[ "$installed" = "$expected" ] || { echo "expected: $expected" >&2; exit 1; }
closed=$(find "$stage/usr" -type d ! -perm 755)
[ -z "$closed" ] || { echo "not open to all: $closed" >&2; exit 1; }
"$stage/usr/bin/stm32flash" --version

: >"$stage/usr/bin/another"
make -s uninstall DESTDIR="$stage" PREFIX=/usr
left=$(cd "$stage" && find . -type f)
[ "$left" = ./usr/bin/another ] || { echo "left: $left" >&2; exit 1; }
rm "$stage/usr/bin/another"
make -s uninstall DESTDIR="$stage" PREFIX=/usr
left=$(cd "$stage" && find . ! -name .)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
