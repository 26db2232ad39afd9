#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make dist`: stm32flash-VERSION.tar.gz. The same commit gives the same bytes,
# on any day, for any user, and from an unpacked tarball as well. In a
# repository it contains the committed files, elsewhere the directory without
# the files that `make clean` removes. SOURCE_DATE_EPOCH sets the time of the
# files.
set -eu

name=stm32flash-$1
tar=tar
! command -v gtar >/dev/null 2>&1 || tar=gtar
if ! "$tar" --version 2>/dev/null | grep -q GNU; then
	echo "make dist: needs GNU tar, which can sort and forget owners" >&2
	exit 1
fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/$name"
# Not "git rev-parse": an unpacked tarball may be inside another repository.
if [ -e .git ]; then
	git archive --format=tar HEAD | "$tar" -xf - -C "$dir/$name"
	time=@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
else
	"$tar" --exclude=./build --exclude=./stm32flash \
		--exclude=./stm32flash.exe --exclude='./stm32flash-*.tar.gz' \
		-cf - . | "$tar" -xf - -C "$dir/$name"
	# every file has the time of the commit; this one never changes
	time=${SOURCE_DATE_EPOCH:+@$SOURCE_DATE_EPOCH}
	time=${time:-$PWD/gpl-2.0.txt}
fi
"$tar" --format=ustar --sort=name --mtime="$time" --owner=0 --group=0 \
	--numeric-owner --mode=u+rwX,go+rX,go-w -C "$dir" -cf - "$name" |
	gzip -n -9 >"$dir/tarball"
cp "$dir/tarball" "$name.tar.gz"
echo "$name.tar.gz"
