#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# wine32.sh DIR: Wine's 32-bit half of Windows, for WINEDLLPATH=DIR, on a Debian
# of 64 bits that has Wine. In its package, of another architecture, only the
# Windows libraries count, so it is not installed: apt gets lists of its own,
# and the packages of the machine stay as they are. For .ci/run.
set -eu

dir=$1
[ ! -f "$dir/i386-windows/kernel32.dll" ] || exit 0
version=$(dpkg-query -W -f '${Version}' libwine)
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP

mkdir -p "$T/lists/partial" "$T/cache/archives/partial"
: >"$T/status"
chmod -R go+rwX "$T"
apt="apt-get -qq -o Dir::State=$T -o Dir::State::status=$T/status
	-o Dir::Cache=$T/cache -o APT::Architecture=i386
	-o APT::Architectures::=i386 -o APT::Sandbox::User=root"
# A list that is missing may be one that is not needed.
# shellcheck disable=SC2086 # several words
$apt update >/dev/null 2>&1 || :
# shellcheck disable=SC2086
(cd "$T" && $apt download "libwine=$version" >/dev/null)
mkdir -p "$dir"
# What run.sh takes of it; all of it is half a gigabyte.
set -- conhost.exe
for name in ntdll kernel32 kernelbase msvcrt ucrtbase advapi32 sechost user32 \
	gdi32 win32u version rpcrt4; do
	set -- "$@" "$name.dll"
done
dpkg-deb --fsys-tarfile "$T"/libwine_*.deb | tar -x -C "$T" --wildcards \
	--no-anchored "$@" --exclude='*/doc/*'
mv "$T"/usr/lib/*/wine/i386-windows "$dir/"
