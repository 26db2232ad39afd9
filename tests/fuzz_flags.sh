#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the flags for building the fuzz targets.
#   fuzz_flags.sh COMPILER   to replay: the sanitizers that it supports
#   fuzz_flags.sh engine     to search: also clang's engine, or status 1
set -u

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$tmp/replay.c" <<end
int main(void) { return 0; }
end
cat >"$tmp/engine.c" <<end
#include <stddef.h>
int LLVMFuzzerTestOneInput(const unsigned char *b, size_t n);
int LLVMFuzzerTestOneInput(const unsigned char *b, size_t n)
{ (void)b; return (int)(n * 0); }
end

# works SOURCE FLAGS COMPILER...: true if it builds and runs.
works() {
	source=$1 flags=$2
	shift 2
	# shellcheck disable=SC2086 # several words
	"$@" $flags -o "$tmp/try" "$tmp/$source.c" >/dev/null 2>&1 &&
		"$tmp/try" -runs=1 >/dev/null 2>&1
}

sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
# Tracing the comparisons of numbers would take most of the time, but the
# inputs are bytes and words.
engine="-fsanitize=fuzzer $sanitizers -fno-sanitize-coverage=trace-cmp"
if [ "$*" = engine ]; then
	if works engine "$engine" clang; then
		echo "$engine"
		exit
	fi
	echo "make fuzz needs clang with libFuzzer" >&2
	exit 1
fi
# They do not work under an emulator.
if [ -z "${EMULATE:-}" ] && works replay "$sanitizers" "$@"; then
	echo "$sanitizers"
fi
