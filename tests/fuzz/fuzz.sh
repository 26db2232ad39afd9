#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Replays the inputs of the fuzz targets: corpus/X through fuzz_X, built with
# the sanitizers if the compiler has them; make fuzz searches for more inputs.
set -u

: "${BUILD:?}"
here=tests/fuzz
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM

passed=0 failed=0
for source in "$here"/fuzz_*.c; do
	name=${source##*/fuzz_}
	name=${name%.c}
	if ! "$BUILD/fuzz/$here/fuzz_$name" "$here/corpus/$name"/* \
		>"$log" 2>&1; then
		tail -n 60 "$log"
		failed=$((failed + 1))
		continue
	fi
	n=$(sed -n '$s/ passed,.*//p' "$log")
	passed=$((passed + n))
done
lacking=
if grep -q 'no sanitizers' "$log"; then
	lacking="; the compiler has no sanitizers"
fi
echo "$passed passed, $failed failed$lacking"
[ "$failed" -eq 0 ]
