#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs into a DESTDIR, checks that exactly the right files are there and
# readable for all; uninstalls, and checks that nothing is left, not even a
# directory. Run from the top.
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

# fish finds its completion where README says: with /usr/local/share in
# XDG_DATA_DIRS, else in the directory that README names.
command -v fish >/dev/null 2>&1 || { echo "left out: no fish"; exit 0; }
make -s install DESTDIR="$stage"
shared=$stage/usr/local/share
named=$(sed -n 's/^ *make install fishdir=//p' README)
# fish_asked COMMAND: runs it in a fish without user settings
fish_asked() {
	env -u XDG_CONFIG_HOME HOME="$dir" PATH="$stage/usr/local/bin:$PATH" \
		fish -c "$1"
}
# shellcheck disable=SC2016 # $fish_complete_path is for fish
searched=$(unset XDG_DATA_DIRS
	fish_asked 'string join \n -- $fish_complete_path')
if ! echo "$searched" | grep -qxF "$named"; then
	echo "README: fish does not look in '$named', but in: $searched" >&2
	exit 1
fi
offered=$(export XDG_DATA_DIRS="$shared"
	fish_asked 'complete -C "stm32flash --eras"')
case $offered in
*--erase*) echo "fish: $offered" | head -n 1 ;;
*) echo "fish offers nothing of $shared: $offered" >&2; exit 1 ;;
esac
