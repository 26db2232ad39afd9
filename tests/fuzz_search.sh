#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz_search.sh SECONDS [TARGET...]: `make fuzz`. Searches for new inputs with
# clang's engine, one target after another. Leaves new inputs, and those that
# break a target, below $BUILD/found.
set -eu

: "${BUILD:?}"
here=tests/fuzz
seconds=$1
shift
if [ $# -eq 0 ]; then
	for source in "$here"/fuzz_*.c; do
		name=${source##*/fuzz_}
		set -- "$@" "${name%.c}"
	done
fi
for name; do
	found=$BUILD/found/$name
	mkdir -p "$found/new"
	echo "== $name: $seconds s"
	status=0
	"$BUILD/fuzz/$here/fuzz_$name" -max_total_time="$seconds" \
		-max_len=4096 -timeout=10 -print_final_stats=1 -verbosity=1 \
		-artifact_prefix="$found/" "$found/new" "$here/corpus/$name" \
		>"$found/log" 2>&1 || status=$?
	if [ "$status" -ne 0 ]; then
		tail -n 40 "$found/log"
		echo "$name is broken by an input in $found" >&2
		exit 1
	fi
	sed -n 's/^stat::number_of_executed_units: */executions: /p' \
		"$found/log"
done
