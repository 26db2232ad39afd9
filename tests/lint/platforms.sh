#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Other kinds of Linux: builds for each of them without a warning, and runs the
# tests there. Run from the top.
#	platforms.sh [NAME...]	of the list below; all of them
# The compilers are those of Debian's cross packages, qemu-user runs what this
# machine cannot. With EFFORT=low, as one of the platforms is tested in full by
# `make check`; EFFORT=full for more. Ends with the sum of all.
set -u

: "${EFFORT:=low}" "${JOBS:=2}"
export JOBS
# What only reads manual and README, or starts no program of that platform.
texts="docs diagnostics examples options_used completion"
# What the rows of the device table make of a run depends on sizes and the order
# of bytes at most: where neither is special, the unit tests will do.
rows="e2e/quirks e2e/parts e2e/unknown e2e/clones e2e/reject formats/objcopy"
# What decides, whatever it runs on, where another emulated processor is alike.
logic="e2e/changed e2e/erase e2e/retry e2e/frames e2e/protect e2e/crc"
logic="$logic e2e/pipeline e2e/safety e2e/environment"
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this
all="armhf arm64 musl s390x i386 powerpc"
sums=$(mktemp -d) || exit 1
trap 'rm -rf "$sums"' EXIT
trap 'exit 1' INT TERM HUP

# Kernel headers come with no libc; musl-gcc looks at its own directory only.
kernel_headers() {
	mkdir -p "$1"
	for part in linux asm-generic asm; do
		from=/usr/include/$part
		[ -d "$from" ] || from=/usr/include/$(gcc -dumpmachine)/$part
		ln -sfn "$from" "$1/$part"
	done
}

# runs_here CC: whether this machine runs what that makes.
runs_here() {
	echo 'int main(void) { return 0; }' >"$sums/probe.c"
	# shellcheck disable=SC2086 # several words
	$1 -o "$sums/probe" "$sums/probe.c" 2>/dev/null &&
		"$sums/probe" 2>/dev/null
}

# describe NAME: sets cc, and where needed cppflags, ldflags and emulate.
describe() {
	cppflags='' ldflags='' emulate='' goal=check without=$texts
	case $1 in
	musl)
		cc=musl-gcc ldflags=-static without="$texts $rows"
		cppflags="-isystem build/musl/kernel"
		kernel_headers build/musl/kernel
		;;
	i386)
		# run by the processor itself, with libraries of its own, where
		# the kernel lets it
		lib=/usr/i686-linux-gnu/lib
		cc="i686-linux-gnu-gcc -Wl,-rpath,$lib"
		cc="$cc -Wl,--dynamic-linker=$lib/ld-linux.so.2"
		runs_here "$cc" ||
			emulate=qemu-i386 without="$texts $rows $logic"
		;;
	armhf)
		cc=arm-linux-gnueabihf-gcc without="$texts $rows"
		emulate="qemu-arm -L /usr/arm-linux-gnueabihf"
		;;
	arm64)
		cc=aarch64-linux-gnu-gcc without="$texts $rows"
		emulate="qemu-aarch64 -L /usr/aarch64-linux-gnu"
		;;
	s390x) # big-endian
		cc=s390x-linux-gnu-gcc
		emulate="qemu-s390x -L /usr/s390x-linux-gnu"
		;;
	powerpc)
		# big-endian with 32 bits and another struct termios, of which
		# qemu-user has no notion: no port can be opened there
		cc=powerpc-linux-gnu-gcc goal=tests
		;;
	*)
		echo "$1: no such platform, there are: $all" >&2
		return 1
		;;
	esac
}

# try NAME: what make says, and at the end one line with the sum.
try() {
	describe "$1" || return
	for tool in ${cc%% *} ${emulate%% *}; do
		command -v "$tool" >/dev/null 2>&1 && continue
		echo "skip: $tool is not installed"
		return 0
	done
	WITHOUT=$without make -s -j2 $goal CC="$cc" BUILD="build/$1" \
		program="build/$1/stm32flash" CFLAGS="-O1 -Werror" \
		CPPFLAGS="$cppflags" LDFLAGS="$ldflags" \
		EMULATE="$emulate" FAR_END=build/far-end \
		EFFORT="$EFFORT" 2>&1
	made=$?
	[ $goal = check ] || [ $made -ne 0 ] || echo "1 passed, 0 failed"
	return $made
}

# report NAME: what is worth reading of its log, and the sum.
report() {
	try "$1" >"$sums/$1.log"
	status=$?
	sum=$(grep -e '^[0-9]* passed, [0-9]* failed$' -e '^skip: ' \
		"$sums/$1.log" | tail -n 1)
	case $sum in
	*" passed, 0 failed") [ $status -eq 0 ] || sum= ;;
	esac
	: "${sum:=0 passed, 1 failed}"
	echo "== $1"
	grep -v -e '^[0-9]* passed, [0-9]* failed$' -e '^skip: ' \
		-e ': [0-9]* passed, 0 failed$' "$sums/$1.log"
	echo "$1: $sum"
	echo "$sum" >"$sums/$1.sum"
}

# queue NAME...: every second of them, one after the other.
queue() {
	while [ $# -gt 0 ]; do
		report "$1" >"$sums/$1.out"
		cat "$sums/$1.out"
		shift
		[ $# -eq 0 ] || shift
	done
}

# shellcheck disable=SC2086 # several words
[ $# -gt 0 ] || set -- $all
make -s -j2 BUILD=build/far-end far-end || exit
# Two at a time, each with two tests at a time.
queue "$@" &
shift
queue "$@"
wait
passed=0 failed=0
for file in "$sums"/*.sum; do
	sum=$(cat "$file")
	case $sum in
	skip*) continue ;;
	esac
	passed=$((passed + ${sum%% passed*}))
	sum=${sum##*, }
	failed=$((failed + ${sum%% failed}))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
