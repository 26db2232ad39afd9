#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make coverage`: runs the tests on instrumented objects, and prints the
# covered lines of each file; $BUILD/uncovered lists the others. Fails if a
# test fails, and below LEAST percent. With names, runs only these tests, and
# does not check the figures. COVERAGE_FLAGS may add sanitizers, so that one
# run does both. Run from the top; needs gcc and its gcov. A killed process
# loses its counts. Runs only a sample of generated tests.
set -u

: "${BUILD:=build/coverage}" "${LEAST:=92}" "${GCOV:=gcov}" "${EFFORT:=low}"
: "${COVERAGE_FLAGS:=-O0 -g --coverage}"
export EFFORT COVERAGE=1

command -v "$GCOV" >/dev/null 2>&1 || {
	echo "skip: $GCOV is not installed"
	exit 77
}
[ ! -d "$BUILD" ] || find "$BUILD" -name '*.gcda' -exec rm -f {} +
# The fuzz targets have objects of their own, without counters.
WITHOUT="${WITHOUT:-} fuzz/" MAKEFLAGS='' make -s -j2 check fuzz_src= \
	BUILD="$BUILD" program="$BUILD/stm32flash" CC=gcc \
	CFLAGS="$COVERAGE_FLAGS" TESTS="$*"
status=$?

# count SOURCE: prints "SOURCE covered all"; gcov has "count:number:text" for
# each line, also of the headers, each file after its name.
count() {
	"$GCOV" --stdout --object-file "$BUILD/${1%.c}.o" "$1" 2>/dev/null |
		awk -v source="$1" -v list="$BUILD/uncovered" '
	{ count = $0; sub(/:.*/, "", count) }
	/^ *-: *0:Source:/ { mine = substr($0, index($0, "Source:") + 7) == source }
	!mine || count !~ /[0-9#=]/ { next }
	count ~ /[0-9]/ { covered++; next }
	{
		missed++
		number = text = substr($0, length(count) + 2)
		sub(/:.*/, "", number)
		sub(/[^:]*:/, "", text)
		print source ":" number + 0 ":" text >>list
	}
	END { print source, covered + 0, covered + missed }'
}

elsewhere=
: >"$BUILD/uncovered"
for source in *.c cli/*.c flash/*.c protocol/*.c host/*.c parsers/*.c sim/*.c; do
	if [ -f "$BUILD/${source%.c}.gcno" ]; then
		count "$source"
	else
		elsewhere="$elsewhere $source"
	fi
done >"$BUILD/covered"
awk -v least="$LEAST" -v list="$BUILD/uncovered" -v all="$#" '
function say(what, covered, lines) {
	printf "%-24s %5d of %5d lines %6.1f %%\n", what, covered, lines,
		100 * covered / lines
}
$3 > 0 {
	say($1, $2, $3)
	part = $1 ~ /^sim\// ? "sim" : "own"
	covered[part] += $2
	lines[part] += $3
}
END {
	if (!lines["own"] || !lines["sim"]) {
		print "FAIL nothing was counted"
		exit 1
	}
	say("the program", covered["own"], lines["own"])
	say("with sim/", covered["own"] + covered["sim"],
		lines["own"] + lines["sim"])
	print "not reached: see", list
	if (all == 0 && 100 * covered["own"] < least * lines["own"]) {
		print "FAIL less than", least, "% of the program"
		exit 1
	}
}' "$BUILD/covered" || status=1
echo "of other systems:$elsewhere"
exit $status
