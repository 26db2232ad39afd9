#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# analyse.sh gcc|clang-tidy SOURCE: prints the tool's warnings about one source
# file, with the flags of this file. Part of `make lint`.
set -eu

tool=$1 source=$2
set -- -std=c11 -D_DEFAULT_SOURCE -DVERSION='""' -I.
cross=
case $source in
*_w32.c)
	# Only with the Windows headers.
	target=x86_64-w64-mingw32
	cross=$target-
	command -v "${cross}gcc" >/dev/null 2>&1 || exit 0
	set -- "$@" -D__USE_MINGW_ANSI_STDIO=1
	[ "$tool" = gcc ] || set -- "$@" --target="$target"
	;;
esac
case $tool in
gcc)
	"${cross}gcc" "$@" -O2 -fanalyzer -c -o /dev/null "$source"
	;;
clang-tidy)
	# One file at a time: with several it is wrong about va_list. Standard
	# error only counts suppressed warnings. 40000 states per function instead
	# of 225000 take a fifth of the time.
	clang-tidy --quiet "$source" -- "$@" -Xclang -analyzer-config \
		-Xclang max-nodes=40000 2>/dev/null
	;;
esac
