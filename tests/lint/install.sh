#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs into a DESTDIR, looks whether what is there is all and no more,
# uninstalls, and finds nothing left. Run from the top.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s install DESTDIR="$dir" PREFIX=/usr
expected='./usr/bin/stm32flash
./usr/share/bash-completion/completions/stm32flash
./usr/share/fish/vendor_completions.d/stm32flash.fish
./usr/share/man/man1/stm32flash.1
./usr/share/zsh/site-functions/_stm32flash'
installed=$(cd "$dir" && find . -type f | LC_ALL=C sort)
echo "$installed"
[ "$installed" = "$expected" ] || { echo "expected: $expected" >&2; exit 1; }
"$dir/usr/bin/stm32flash" --version
make -s uninstall DESTDIR="$dir" PREFIX=/usr
left=$(find "$dir" -type f)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
