#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Says which flags the fuzz targets are built with.
#   fuzz_flags.sh COMPILER   to replay: the sanitizers, in so far as it has them
#   fuzz_flags.sh engine     to search: clang's engine as well, or status 1
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

# works SOURCE FLAGS COMPILER...: builds and runs?
works() {
	source=$1 flags=$2
	shift 2
	# shellcheck disable=SC2086 # several words
	"$@" $flags -o "$tmp/try" "$tmp/$source.c" >/dev/null 2>&1 &&
		"$tmp/try" -runs=1 >/dev/null 2>&1
}

sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
# Most of the time would go into the comparisons of numbers, and the inputs are
# bytes and words.
engine="-fsanitize=fuzzer $sanitizers -fno-sanitize-coverage=trace-cmp"
if [ "$*" = engine ]; then
	if works engine "$engine" clang; then
		echo "$engine"
		exit
	fi
	echo "make fuzz needs clang with libFuzzer" >&2
	exit 1
fi
# Under an emulator they do not work.
if [ -z "${EMULATE:-}" ] && works replay "$sanitizers" "$@"; then
	echo "$sanitizers"
fi
