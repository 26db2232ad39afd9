#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: what a job costs on the wire: bytes each way, times the host
# had to wait, flash time of the device. Counted on the simulated device, never
# with a stopwatch; seconds are what the counts make at 115200 baud, 8E1, with
# an adapter of 1 ms and of 16 ms. Where the program of the same name, 0.7, is
# installed (STM32FLASH_PEER), it does the same jobs on the same device.
set -u

. tests/e2e/lib.sh
peer=${STM32FLASH_PEER:-/usr/bin/stm32flash}

# seconds LATENCY_MS: of the job that $T/stats counted.
seconds() {
	awk -v latency="$1" '{ n[$1] = $2 } END {
		wire = (n["bytes_in"] + n["bytes_out"]) * 11 / 115200
		wait = n["turnarounds"] * latency / 1000
		flash = (n["program_us"] + n["erase_us"]) / 1e6
		printf "%.2f", wire + wait + flash }' "$T/stats"
}

# job NAME SPEC PROGRAM ARGS...
job() {
	name=$1 spec=$2 program=$3
	shift 3
	start_sim "$spec"
	"$program" "$@" "$dev" >"$T/out" 2>&1 || bad "$name failed"
	stop_sim
	awk -v name="$name" '{ n[$1] = $2 } END {
		printf "%-34s %9d %9d %7d %8.2f", name, n["bytes_in"],
			n["bytes_out"], n["turnarounds"],
			(n["program_us"] + n["erase_us"]) / 1e6 }' "$T/stats"
	printf ' %8s %8s\n' "$(seconds 1)" "$(seconds 16)"
}

# both NAME SPEC ARGS...
both() {
	name=$1 spec=$2
	shift 2
	job "$name" "$spec" "$STM32FLASH" "$@"
	[ -x "$peer" ] || return 0
	job "  0.7" "$spec" "$peer" -m 8n1 "$@"
}

"$tool" pattern 65536 1 >"$T/dense"
printf '%-34s %9s %9s %7s %8s %8s %8s\n' "job (115200 baud)" "to device" \
	"from it" waits flash "1 ms" "16 ms"
both "connect" sim:0x410
both "write 64 KiB" sim:0x410 -w "$T/dense"
both "write and verify 64 KiB" sim:0x410 -v -w "$T/dense"
both "read 128 KiB" sim:0x410 -r "$T/back"
[ -x "$peer" ] || echo "no stm32flash 0.7 here to compare with"
[ "$failed" -eq 0 ]
