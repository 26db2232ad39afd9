#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bytes in flash/routine.c are the assembler's output for flash/routine.s.
# Run from the top.
set -u
export LC_ALL=C

for program in arm-none-eabi-as arm-none-eabi-objcopy; do
	command -v $program >/dev/null && continue
	echo "skip: no $program"
	exit 77
done
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0

# in_source NAME: prints its half-words, one per line.
in_source() {
	sed -n "/^static const uint16_t $1\[/,/^};/p" flash/routine.c |
		grep -o '0x[0-9a-f]*' | sed 's/^0x//'
}

# assembled FLAGS...: prints the assembler's half-words.
assembled() {
	arm-none-eabi-as "$@" -o "$T/routine.o" flash/routine.s &&
		arm-none-eabi-objcopy -O binary -j .text "$T/routine.o" \
			"$T/routine.bin" &&
		od -An -v -tx1 "$T/routine.bin" | tr -s ' \n' '\n' |
		sed '/^$/d' | sed 'N; s/\(.*\)\n\(.*\)/\2\1/'
}

# variant NAME FLAGS...
variant() {
	name=$1
	shift
	in_source "$name" >"$T/source"
	if assembled "$@" >"$T/assembled" && [ -s "$T/assembled" ] &&
		diff "$T/source" "$T/assembled"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name in flash/routine.c is not flash/routine.s $*"
	fi
}

variant by_table
variant bit_by_bit --defsym BITWISE=1
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
