#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Other kinds of Linux: builds for each of them without a warning, and runs the
# tests there. Run from the top.
#	platforms.sh [NAME...]	of the list below; all of them
# The compilers are those of Debian's cross packages, qemu-user runs what this
# machine cannot. With EFFORT=low, a sample: each runs the end-to-end tests that
# meet the system and a part of the others, so that every one of them that needs
# no table row runs somewhere; the unit tests run where sizes or the order of
# bytes are others. EFFORT=full: all of them on each. Ends with the sum of all.
set -u

: "${EFFORT:=low}" "${JOBS:=2}"
export JOBS
system="e2e/write e2e/read e2e/port"
# Those that go through many thousand cases, which are the same everywhere; of
# the next longest each runs on one of two platforms.
cases="unit/combos unit/rows unit/matrix unit/onchip_rows unit/safe"
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this
all="armhf arm64 musl s390x i386 powerpc"
sums=$(mktemp -d) || exit 1
trap 'rm -rf "$sums"' EXIT
trap 'exit 1' INT TERM HUP

# runs_here CC: whether this machine runs what that makes.
runs_here() {
	echo 'int main(void) { return 0; }' >"$sums/probe.c"
	# shellcheck disable=SC2086 # several words
	$1 -o "$sums/probe" "$sums/probe.c" 2>/dev/null &&
		"$sums/probe" 2>/dev/null
}

# describe NAME: sets cc, tests, what of them is not built, and where needed
# ldflags and emulate.
describe() {
	ldflags='' emulate='' goal=check without=$cases
	unbuilt="unit_src= fuzz_src="
	case $1 in
	musl)
		cc=musl-gcc ldflags=-static
		tests="e2e/terminal e2e/environment e2e/kill"
		;;
	i386)
		# run by the processor itself, with libraries of its own, where
		# the kernel lets it
		lib=/usr/i686-linux-gnu/lib
		cc="i686-linux-gnu-gcc -Wl,-rpath,$lib"
		cc="$cc -Wl,--dynamic-linker=$lib/ld-linux.so.2"
		runs_here "$cc" || emulate=qemu-i386
		tests="e2e/i2c e2e/signal e2e/sim e2e/go e2e/resume e2e/auto"
		;;
	armhf)
		cc=arm-linux-gnueabihf-gcc
		emulate="qemu-arm -L /usr/arm-linux-gnueabihf" unbuilt=fuzz_src=
		tests="unit/ e2e/retry e2e/frames e2e/pipeline e2e/safety"
		without="$cases unit/added unit/lists unit/parsers"
		;;
	arm64)
		cc=aarch64-linux-gnu-gcc
		emulate="qemu-aarch64 -L /usr/aarch64-linux-gnu"
		tests="e2e/json e2e/trace e2e/progress e2e/sequence e2e/erase"
		;;
	s390x) # big-endian
		cc=s390x-linux-gnu-gcc
		emulate="qemu-s390x -L /usr/s390x-linux-gnu" unbuilt=
		tests="unit/ fuzz/ e2e/crc e2e/formats e2e/protect e2e/changed"
		without="$cases unit/onchip unit/flash unit/noise"
		;;
	powerpc)
		# big-endian with 32 bits and another struct termios, of which
		# qemu-user has no notion: no port can be opened there
		cc=powerpc-linux-gnu-gcc goal=all tests=
		;;
	*)
		echo "$1: no such platform, there are: $all" >&2
		return 1
		;;
	esac
	[ "$EFFORT" = low ] || tests='' unbuilt='' without=''
}

# try NAME: what make says, and at the end one line with the sum.
try() {
	describe "$1" || return
	for tool in ${cc%% *} ${emulate%% *}; do
		command -v "$tool" >/dev/null 2>&1 && continue
		echo "skip: $tool is not installed"
		return 0
	done
	# shellcheck disable=SC2086 # several words
	WITHOUT=$without make -s -j2 $goal CC="$cc" \
		BUILD="build/$1" program="build/$1/stm32flash" \
		CFLAGS="-O1 -Werror" LDFLAGS="$ldflags" $unbuilt \
		EMULATE="$emulate" FAR_END=build/far-end \
		EFFORT="$EFFORT" TESTS="${tests:+$system $tests}" 2>&1
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
