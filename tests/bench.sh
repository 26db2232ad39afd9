#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: the cost of jobs, with upper limits. Counts on the simulated
# device, without a stopwatch: bytes each way, waits of the host, flash time.
# Seconds are computed for 115200 baud, 8E1, with adapters of 1 ms and 16 ms
# latency. If version 0.7 of the program is installed (STM32FLASH_PEER), runs
# the same jobs with it on the same device, and checks the ratios. Jobs for
# which 0.7 has no option are compared with its plain write or read.
#
# The model does not include waits that end without an answer. So each row also
# has the time of our job with all its waits, on the clock of a simulated port
# with 1 ms latency.
set -u

. tests/e2e/lib.sh
peer=${STM32FLASH_PEER:-/usr/bin/stm32flash}
has_peer=false
[ ! -x "$peer" ] || has_peer=true

# holds YES: counts a check, 1 or 0, and sets $verdict.
holds() {
	if [ "$1" = 1 ]; then
		verdict=holds
		good
	else
		verdict="DOES NOT HOLD"
		failed=$((failed + 1))
	fi
}

# measure FILE SPEC FLASH PROGRAM ARGS...: writes the cost of the job to FILE.
# FLASH is the earlier contents of the device, - for none. It exits with
# $ending.
ending=0
measure() {
	file=$1 spec=$2 flash=$3 program=$4
	shift 4
	if [ "$flash" = - ]; then
		start_sim "$spec"
	else
		start_sim "$spec" "$flash"
	fi
	about="$program $*"
	"$program" -b 115200 "$@" "$dev" >"$T/out" 2>"$T/err"
	status=$?
	[ $status -eq $ending ] || bad "ended with $status"
	stop_sim
	mv "$T/stats" "$file"
}

# awk functions that the scripts below share.
model='
function load(file, n,    line, field) {
	while ((getline line <file) > 0) {
		split(line, field, " ")
		n[field[1]] = field[2]
	}
}
function seconds(bytes, waits, flash_us, latency_ms) {
	return bytes * 11 / 115200 + waits * latency_ms / 1000 + flash_us / 1e6
}
function flash(n) {
	return n["program_us"] + n["erase_us"]
}
function cost(n, latency_ms) {
	return seconds(n["bytes_in"] + n["bytes_out"], n["turnarounds"],
		       flash(n), latency_ms)
}'

# clock SPEC FLASH ARGS...: repeats our job on a port with a clock of its own.
clock() {
	spec=$1,latency=1
	if [ "$2" = - ]; then
		use_sim "$spec"
	else
		use_sim "$spec" "$2"
	fi
	shift 2
	"$STM32FLASH" -b 115200 "$@" "$dev" >"$T/out" 2>"$T/err" || bad "failed"
	mv "$T/stats" "$T/clock"
}

# row NAME AT_MOST AT_MS [BYTES WAITS]: prints $T/ours and $T/peer side by
# side; the ratio at AT_MS may be AT_MOST, excluding its own BYTES and WAITS.
row() {
	$has_peer || : >"$T/peer"
	awk -v name="$1" -v most="$2" -v at="$3" -v bytes="${4:-0}" \
		-v waits="${5:-0}" -v ours="$T/ours" -v peer="$T/peer" \
		-v clock="$T/clock" "$model"'
	function pair(ms,    a, b) {
		a = cost(o, ms)
		if (!("bytes_in" in p))
			return sprintf("%7.3f       -     -", a)
		b = cost(p, ms)
		return sprintf("%7.3f %7.3f %5.3f", a, b, a / b)
	}
	BEGIN {
		load(ours, o)
		load(peer, p)
		load(clock, c)
		printf "%-35s %7.3f | %s | %s |", name,
			c["time_us"] / 1e6, pair(1), pair(16)
		if (!("bytes_in" in p)) {
			printf "\n"
			exit 2
		}
		printf " %s at %2d ms", most, at
		if (waits > 0)
			printf " + %d bytes, %d waits", bytes, waits
		mine = cost(o, at) - seconds(bytes, waits, 0, at)
		exit mine > most * cost(p, at) + 1e-9
	}'
	case $? in
	0) holds 1 ;;
	1) holds 0 ;;
	2) return ;;
	esac
	echo ", $verdict"
}

# compare NAME AT_MOST AT_MS SPEC FLASH ARGS [ARGS_OF_PEER]: the arguments are
# words without blanks.
compare() {
	about=$1
	# shellcheck disable=SC2086
	measure "$T/ours" "$4" "$5" "$STM32FLASH" $6
	# shellcheck disable=SC2086
	clock "$4" "$5" $6
	# shellcheck disable=SC2086
	! $has_peer || measure "$T/peer" "$4" "$5" "$peer" -m 8n1 ${7:-$6}
	row "$1" "$2" "$3" "${8:-0}" "${9:-0}"
}

# floor BLOCKS: the lowest possible cost of $T/ours, with 268 bytes and 3 waits
# in each direction for a block.
floor() {
	awk -v blocks="$1" -v ours="$T/ours" "$model"'
	BEGIN {
		load(ours, n)
		least = seconds(blocks * 268, blocks * 3, flash(n), 1)
		printf "  the floor of the protocol: %.3f s at 1 ms, " \
			"%.2f %% above it; at most 2 %%",
			least, 100 * (cost(n, 1) / least - 1)
		exit cost(n, 1) > 1.02 * least
	}'
	holds $((! $?))
	echo ", $verdict"
}

# --- images --------------------------------------------------------------------

: | "$tool" pad 65536 255 >"$T/blank"
"$tool" pattern 65536 1 >"$T/dense"
"$tool" cut 0 60000 <"$T/dense" >"$T/odd"
"$tool" pattern 8192 2 >"$T/8k"
"$tool" pattern 4096 3 >"$T/4k"
"$tool" pattern 1048576 4 >"$T/1m"
# 24 KiB of data in three pieces, with FF between them.
"$tool" patch 0 "$T/blank" <"$T/8k" >"$T/one"
"$tool" patch 24576 "$T/one" <"$T/8k" >"$T/two"
"$tool" patch 49152 "$T/two" <"$T/8k" >"$T/sparse"
# 12 KiB of data, 8 at the start and 4 in the last pages.
"$tool" hex 0x08000000 16 <"$T/8k" | grep -v '^:00000001FF' >"$T/regions.hex"
"$tool" hex 0x0801C000 16 <"$T/4k" >>"$T/regions.hex"
# A device of 128 KiB with the dense image, and with one page changed.
: | "$tool" pad 131072 255 >"$T/blank128"
"$tool" patch 0 "$T/blank128" <"$T/dense" >"$T/used"
"$tool" pattern 1024 5 >"$T/page"
"$tool" patch 40960 "$T/dense" <"$T/page" >"$T/edited"

# --- the table -----------------------------------------------------------------

flash64=0x08000000:65536
if $has_peer; then
	echo "0.7 is $peer"
else
	echo "skip: no stm32flash 0.7 to compare with ($peer)"
fi
printf '%-35s %7s | %-21s | %-21s |\n' "Seconds at 115200 baud" "by the" \
	"model, waits of 1 ms" "model, waits of 16 ms"
printf '%-35s %7s | %7s %7s %5s | %7s %7s %5s | %s\n' "job, F103" clock ours \
	0.7 ratio ours 0.7 ratio "ratio at most"
compare "write 64 KiB" 0.91 1 sim:0x410 - "-w $T/dense"
floor 256
compare "write -v 64 KiB" 0.91 1 sim:0x410 - "-v -w $T/dense"
floor 512
compare "write -v 64 KiB, 24 KiB of it data" 0.42 1 sim:0x410 - \
	"-v -w $T/sparse"
compare "write -v hex, 12 KiB 112 KiB apart" 0.15 1 sim:0x410 - \
	"-v -w $T/regions.hex"
for form in 4 2; do
	compare "write -v 60000 bytes, checksum=$form" 0.60 1 \
		sim:0x410,checksum=$form - "-v -w $T/odd"
done
compare "--changed -v, a page of 64 KiB" 0.45 1 sim:0x410 "$T/used" \
	"--changed -v -w $T/edited" "-v -w $T/edited"
for form in 4 2; do
	compare "the same, checksum=$form" 0.03 1 sim:0x410,checksum=$form \
		"$T/used" "--changed -v -w $T/edited" "-v -w $T/edited"
done

# --on-chip. The model adds the chip's time for its checksums at 8 MHz, 8
# cycles per byte, and 150 ms for each return to the ROM.

# on_chip NAME AT_MOST SPEC FLASH TIMES BYTES ARGS [ARGS_OF_PEER]: TIMES
# returns, BYTES checked; AT_MOST relative to 0.7, or in seconds without
# arguments for it.
on_chip() {
	about=$1
	# shellcheck disable=SC2086
	measure "$T/ours" "$3" "$4" "$STM32FLASH" $7
	# shellcheck disable=SC2086
	clock "$3" "$4" $7
	: >"$T/peer"
	# shellcheck disable=SC2086
	! $has_peer || [ $# -lt 8 ] ||
		measure "$T/peer" "$3" "$4" "$peer" -m 8n1 $8
	awk -v name="$1" -v most="$2" -v times="$5" -v bytes="$6" \
		-v of="$#" -v ours="$T/ours" -v peer="$T/peer" \
		-v clock="$T/clock" "$model"'
	BEGIN {
		load(ours, o)
		load(peer, p)
		load(clock, c)
		mine = cost(o, 1) + times * 0.150 + bytes / 1e6
		printf "%-35s %7.3f | %7.3f", name, c["time_us"] / 1e6, mine
		if (o["command_21"] != times) {
			printf " | used %d times, not %d", o["command_21"],
				times
			exit 1
		}
		if (of < 8) {
			printf " | %s s at most", most
			exit mine > most
		}
		if (!("bytes_in" in p)) {
			printf "\n"
			exit 2
		}
		printf " %7.3f %5.3f | %s", cost(p, 1), mine / cost(p, 1), most
		exit mine > most * cost(p, 1)
	}'
	case $? in
	0) holds 1 ;;
	1) holds 0 ;;
	2) return ;;
	esac
	echo ", $verdict"
}
on_chip "write -v 64 KiB --on-chip" 0.55 sim:0x410 - 1 65280 \
	"--on-chip -v -w $T/dense" "-v -w $T/dense"
on_chip "--changed -v --on-chip, a page of 64" 0.06 sim:0x410,size=64K \
	"$T/dense" 1 65536 "--on-chip --changed -v -w $T/edited" \
	"-v -w $T/edited"
"$tool" pattern 524288 8 >"$T/512k"
on_chip "--compare 512 KiB --on-chip, the same" 1.6 \
	sim:0x414,size=512K "$T/512k" 1 524288 \
	"--on-chip=boot0 --compare=$T/512k"

# beside NAME SPEC FLASH PAGES BLOCKS ARGS: the bytes on the line, except for
# the session and for BLOCKS that are read because something differs: at most
# 350 bytes and 8 per page.
beside() {
	measure "$T/session" "$2" "$3" "$STM32FLASH"
	[ "$5" -eq 0 ] || ending=6
	# shellcheck disable=SC2086
	measure "$T/ours" "$2" "$3" "$STM32FLASH" $6
	ending=0
	awk -v name="$1" -v pages="$4" -v blocks="$5" \
		-v session="$T/session" -v ours="$T/ours" "$model"'
	BEGIN {
		load(session, s)
		load(ours, o)
		bytes = o["bytes_in"] + o["bytes_out"] - s["bytes_in"] - \
			s["bytes_out"] - blocks * 268
		most = 350 + 8 * pages
		printf "  bytes for it, %s: %d; at most %d", name, bytes, most
		exit o["command_21"] != 1 || bytes > most
	}'
	holds $((! $?))
	echo ", $verdict"
}
beside "512 KiB, the same" sim:0x414,size=512K "$T/512k" 256 0 \
	"--on-chip=boot0 --compare=$T/512k"
beside "64 KiB, the same" sim:0x410,size=64K "$T/dense" 64 0 \
	"--on-chip --compare=$T/dense"
# Then a piece of 4 KiB is read, and the block with the byte again.
printf U | "$tool" patch 262221 "$T/512k" >"$T/other"
beside "512 KiB, a byte differs" sim:0x414,size=512K "$T/512k" 256 17 \
	"--on-chip=boot0 --compare=$T/other"

# A page is a unit of the write protection there: proving the erases must not
# cost more than the write.
compare "write 4 KiB, L476" 1.00 1 sim:0x415 - "-w $T/4k"
# Reading the flash size takes 9 bytes out, 3 ACKs and a word in.
compare "read 64 KiB" 1.00 1 sim:0x410 "$T/used" "-r $T/back -S $flash64" "" \
	16 3
compare "read 64 KiB --pipeline" 0.58 16 sim:0x410 "$T/used" \
	"--pipeline -r $T/back -S $flash64" "-r $T/back -S $flash64"
compare "write -v 64 KiB --pipeline" 0.91 1 sim:0x410 - \
	"--pipeline -v -w $T/dense" "-v -w $T/dense"
# the size register, and the unique ID twice
compare "connect" 1.00 1 sim:0x410 - "" "" $((16 + 2 * 24)) 9

# --- the process ---------------------------------------------------------------

# peak FILE: sets $peak to the memory in KiB that writing it needs.
peak() {
	start_sim sim:0x413
	about="write -v 1 MiB"
	"$tool" peak "$T/peak" "$STM32FLASH" -v -w "$1" "$dev" \
		>"$T/out" 2>"$T/err" || bad "failed"
	stop_sim
	peak=$(cat "$T/peak")
}

echo
"$tool" hex 0x08000000 16 <"$T/1m" >"$T/1m.hex"
peak "$T/1m"
holds "$([ "$peak" -gt 4096 ] && echo 0 || echo 1)"
echo "peak memory, write -v 1 MiB: $peak KiB; at most 4096 KiB, $verdict"
peak "$T/1m.hex"
echo "the same as Intel HEX, a file of $(($(wc -c <"$T/1m.hex") / 1024)) KiB:" \
	"$peak KiB"

# instructions COMMAND...: prints their number in user space, by perf or
# valgrind; nothing if neither works.
instructions() {
	if perf stat -e instructions:u true >"$T/perf" 2>&1 &&
		grep -q '[0-9].*instructions' "$T/perf"; then
		perf stat -x ' ' -e instructions:u -o "$T/perf" "$@" \
			>"$T/out" 2>"$T/err" || bad "failed"
		awk '/instructions/ { print $1 }' "$T/perf"
	elif command -v valgrind >"$T/perf"; then
		valgrind --tool=callgrind --callgrind-out-file=/dev/null \
			--log-file="$T/perf" "$@" >"$T/out" 2>"$T/err" ||
			bad "failed"
		sed -n 's/.*Collected : //p' "$T/perf"
	fi
}

# As in a package. Compares figures for x86-64 and the default flags.
if command -v strip >"$T/out" && strip -o "$T/stripped" "$STM32FLASH"; then
	echo "size, stripped, on $(uname -m): $(wc -c <"$T/stripped") bytes"
else
	echo "size: skip, no strip"
fi

start_sim sim:0x413
n=$(instructions "$STM32FLASH" -v -w "$T/1m" "$dev")
stop_sim
if [ -n "$n" ]; then
	echo "instructions, write -v 1 MiB: $n, $((n / 1048576)) a byte"
else
	echo "instructions: skip, neither perf nor valgrind works here"
fi
finish
