#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz targets, each a fuzz_X.c with its inputs in corpus/X. Run from the
# top of the source tree.
#   fuzz.sh           replays the inputs under the sanitizers, with any compiler
#   fuzz.sh SECONDS   has clang's engine look for more, one target at a time;
#                     what it finds new goes to a directory that it names
set -u

here=tests/fuzz
tmp=$(mktemp -d) || exit 1
trap 'exit 1' HUP INT TERM

# A compiler without sanitizers still replays, and so does an emulator.
choose_flags() {
	flags=
	[ -z "${EMULATE:-}" ] || return
	echo 'int main(void) { return 0; }' >"$tmp/try.c"
	for flags in "-fsanitize=address,undefined -fno-sanitize-recover=all" ""; do
		# shellcheck disable=SC2086 # several words
		$CC $flags -o "$tmp/try" "$tmp/try.c" 2>"$tmp/log" &&
			"$tmp/try" 2>>"$tmp/log" && return
	done
}

build() { # target, further sources
	name=$1
	shift
	# shellcheck disable=SC2086
	$CC -std=c11 -D_DEFAULT_SOURCE -I. -O1 -g $flags -o "$tmp/$name" \
		"$here/fuzz_$name.c" image.c parsers/*.c problem.c utils.c "$@"
}

replay() {
	trap 'rm -rf "$tmp"' EXIT
	choose_flags
	for source in "$here"/fuzz_*.c; do
		name=${source##*/fuzz_}
		name=${name%.c}
		build "$name" $here/replay.c || return
		# shellcheck disable=SC2086
		if ! ${EMULATE:-} "$tmp/$name" "$here/corpus/$name"/* >"$tmp/log" 2>&1; then
			tail -n 60 "$tmp/log"
			failed=$((failed + 1))
			continue
		fi
		n=$(sed -n '$s/ passed,.*//p' "$tmp/log")
		passed=$((passed + n))
	done
}

search() { # seconds
	CC=clang
	flags="-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all"
	for source in "$here"/fuzz_*.c; do
		name=${source##*/fuzz_}
		name=${name%.c}
		build "$name" || exit 1
		mkdir "$tmp/new-$name"
		"$tmp/$name" -max_len=4096 -max_total_time="$1" -timeout=10 \
			-artifact_prefix="$tmp/" -print_final_stats=1 \
			"$tmp/new-$name" "$here/corpus/$name" || exit 1
	done
	echo "$tmp holds the new inputs"
}

: "${CC:=cc}"
if [ $# -gt 0 ]; then
	search "$1"
	exit
fi
passed=0 failed=0
replay || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
