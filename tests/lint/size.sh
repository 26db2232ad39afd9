#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The stripped x86-64 program, built without a choice of flags, has to stay
# below 200 KiB. Run from the top.
set -eu

most=204800
unset CFLAGS CPPFLAGS LDFLAGS
case $(cc -dumpmachine) in
x86_64*linux-gnu) ;;
*)
	echo "skip: the limit is for x86-64 with glibc"
	exit 77
	;;
esac
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s -j2 BUILD=build/size program=build/stm32flash.size
strip -o "$dir/stripped" build/stm32flash.size
size=$(wc -c <"$dir/stripped")
echo "stripped: $size bytes, $((most - size)) below the limit"
[ "$size" -lt "$most" ]
