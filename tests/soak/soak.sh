#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Random jobs over bad lines, always the same ones, also over lines that are
# interrupted, with --on-chip, and of --set; make soak runs more.
set -u

: "${BUILD:?}"
runs=3000 gaps=1000 on_chip=600 sets=1000
[ "${EFFORT:-full}" = full ] || runs=300 gaps=100 on_chip=60 sets=100
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0

# soak FIRST RUNS
soak() {
	"$BUILD/tests/soak/soak" "$1" "$2" >"$T/said" ||
		grep -q ', [1-9][0-9]* failed$' "$T/said" ||
		failed=$((failed + 1))
	grep -v '^[0-9]* passed, [0-9]* failed$' "$T/said"
	# shellcheck disable=SC2046 # two numbers
	set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' \
		"$T/said") 0 1
	passed=$((passed + $1))
	failed=$((failed + $2))
}

soak 1 $runs
soak 5018809 1		# two wrong readings of a byte to be kept agreed
soak 1073741824 $gaps
soak 2147483648 $on_chip
soak 3221225472 $sets
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
