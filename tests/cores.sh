#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The on-chip checksum routine, flash/routine.s, on a QEMU board with each
# Cortex-M: 1000 random memories for each of its two variants, compared with
# the host's computation. Run from the top.
set -u
export LC_ALL=C
: "${BUILD:?}"

for program in arm-none-eabi-gcc qemu-system-arm; do
	command -v $program >/dev/null && continue
	echo "skip: no $program"
	exit 77
done
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0
count=2000
[ "${EFFORT:-}" != low ] || count=100

# run_on BOARD RAM FLASH: the start of its memories.
run_on() {
	arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb -Os -ffreestanding \
		-nostdlib -I. -DRAM="$2" -Wl,--section-start=.vectors="$3" \
		-Wl,-Ttext="$(printf '0x%x' $(($3 + 64)))" -Wl,-e,start \
		-o "$T/start" tests/cores/start.c &&
	"$BUILD/tests/cores/cases" write "$2" $count >"$T/cases" &&
	qemu-system-arm -M "$1" -display none -monitor none -serial none \
		-semihosting-config enable=on,target=native \
		-kernel "$T/start" <"$T/cases" >"$T/left"
}

# core BOARD RAM FLASH
core() {
	run_on "$@" 2>"$T/err" || : >"$T/left"
	"$BUILD/tests/cores/cases" check "$2" $count <"$T/left" >"$T/said"
	grep -v ' passed, ' "$T/said" | sed "s/^/$1: /" | head -n 5
	grep -q ' 0 failed' "$T/said" || head -n 5 "$T/err"
	# shellcheck disable=SC2046 # two numbers
	set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' \
		"$T/said") 0 1
	passed=$((passed + $1))
	failed=$((failed + $2))
}

core microbit 0x20000000 0x00000000		# Cortex-M0
core stm32vldiscovery 0x20000000 0x08000000	# M3
core netduinoplus2 0x20000000 0x08000000	# M4
core mps2-an500 0x20000000 0x00000000		# M7
core mps2-an505 0x38000000 0x10000000		# M33
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
