#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Faults on the line: the job succeeds, and nothing is programmed twice. Mostly
# on the clock of the simulated device, as waiting for missing answers takes
# long.
. tests/e2e/lib.sh

"$tool" pattern 5000 1 >"$T/image"
"$tool" pattern 65536 2 >"$T/full"

# check_run SIZE: checks the result of a write with faults.
check_run() {
	ends 0
	"$tool" pad "$1" "$erased" <"$T/image" >"$T/picture"
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
}

# struck FAULT: the fault occurred, or the test proves nothing.
struck() {
	n=$(sed -n 's/^faults //p' "$T/stats")
	if [ "${n:-0}" -gt 0 ]; then good; else bad "no fault happened"; fi
}

faults='nack=write:5 nack=write:5:1 nack=write:5:2
silent=write:5 silent=write:5:1 silent=write:5:2
lostack=write:5 lostack=write:1 lostack=write:5:0 lostack=write:5:1
garble=write:5 garble=write:5:1 garble=write:5:2
nack=read:3 nack=read:3:1 nack=read:3:2
silent=read:3 silent=read:3:1 silent=read:3:2
garble=read:3 garble=read:3:1 garble=read:3:2
nack=erase:1 nack=erase:1:1 silent=erase:1 silent=erase:1:1
lostack=erase:1 lostack=erase:1:0 garble=erase:1 garble=erase:1:1
nack=get:1 silent=get:1 garble=get:1
nack=version:1 silent=version:1 garble=version:1
nack=id:1 silent=id:1 garble=id:1
nack2=1,nack=write:5:1 rom=3.1,silent=write:5:1'

# A reply has no checksum: after an error on the line, equal blocks are read twice.
for job in --blank-check "--compare=$T/blank"; do
	: | "$tool" pad 65536 0xFF >"$T/blank"
	for fault in seed=1 garble=read:3; do
		about "$job with $fault"
		use_sim "sim:0x410,size=64K,$fault" "$T/blank"
		# shellcheck disable=SC2086 # one or two words
		flash $job "$dev"
		ends 0
		counter command_11
		case $fault in
		seed*) once=$n ;;
		*) if [ "$n" -gt $((2 * once - 20)) ]; then good; else
			bad "$n reads, $once without a fault"
		fi ;;
		esac
	done
done

erased=0xFF
for fault in $faults; do
	sampled 3 || continue
	about "$fault"
	use_sim "sim:0x410,size=64K,$fault" "$T/full"
	flash -w "$T/image" -v "$dev"
	check_run 65536
	struck
done
"$tool" pattern 131072 3 >"$T/g431"
for fault in nack=write:5:2 silent=write:5:2 lostack=write:5 \
		lostack=write:20 garble=write:5:2; do
	sampled 3 || continue
	about "$fault, large granules"
	use_sim "sim:0x468,$fault" "$T/g431"
	flash -w "$T/image" -v "$dev"
	check_run 131072
	struck
done
"$tool" pattern 196608 3 >"$T/l073"
for fault in silent=write:5:2 lostack=write:5 silent=erase:3:1 \
		lostack=erase:3; do
	sampled 3 || continue
	about "$fault, small pages"
	erased=0x00
	use_sim "sim:0x447,$fault" "$T/l073"
	flash -w "$T/image" -v "$dev"
	check_run 196608
	struck
done
erased=0xFF

about "several faults in one run"
use_sim "sim:0x410,size=64K,silent=write:3:2,nack=write:6:1,lostack=write:9,garble=read:5:2,lostack=write:12" "$T/full"
flash -w "$T/image" -v "$dev"
check_run 65536
struck

for seed in 1 2 3 4 5; do
	sampled 3 || continue
	about "bytes that get lost and change, seed $seed"
	use_sim "sim:0x410,size=64K,drop=3e-4,flip=3e-4,insert=1e-4,seed=$seed" \
		"$T/full"
	flash -w "$T/image" -v "$dev"
	check_run 65536
	struck
done

# An adapter or a network may delay every answer by more than the
# resynchronisation waits on a fast line.
for latency in 40 60 100 130 300; do
	sampled 2 || continue
	about "an ACK lost where answers take $latency ms"
	use_sim "sim:0x410,size=64K,latency=$latency,lostack=write:3" \
		"$T/full"
	flash -w "$T/image" -v "$dev"
	check_run 65536
	struck
	for seed in 1 2 3 4; do
		sampled 3 || continue
		about "bytes lost where answers take $latency ms, seed $seed"
		use_sim "sim:0x410,size=64K,latency=$latency,drop=5e-4,seed=$seed" \
			"$T/full"
		flash -w "$T/image" -v "$dev"
		check_run 65536
		struck
	done
done

about "where answers are quick a loss does not cost more"
use_sim "sim:0x410,size=64K" "$T/full"
flash -w "$T/image" --trace="$T/trace" "$dev"
without=$(lasted)
use_sim "sim:0x410,size=64K,lostack=write:3" "$T/full"
flash -w "$T/image" --trace="$T/trace" "$dev"
ends 0
struck
with=$(lasted)
if [ $((with - without)) -lt 1000 ]; then good; else
	bad "$without ms, then $with ms"
fi

about "a read with faults"
use_sim "sim:0x410,size=64K,drop=3e-4,silent=read:9,garble=read:20:2" "$T/full"
flash -r "$T/back" "$dev"
ends 0
same "$T/full" "$T/back"
struck

"$tool" pattern 131072 4 >"$T/full128"
for seed in 1 2 3 4 5 6 7 8; do
	sampled 5 || continue
	about "a read whose parity shows every change, seed $seed"
	use_sim "sim:0x410,flip.out=1e-4,seen=1,seed=$seed" "$T/full128"
	flash -r "$T/back" "$dev"
	ends 0
	same "$T/full128" "$T/back"
	struck
done
for seed in 1 2 3 4 5 6 7 8; do
	sampled 5 || continue
	about "a read to which bytes are added, seed $seed"
	use_sim "sim:0x410,insert.out=1e-4,seed=$seed" "$T/full128"
	flash -r "$T/back" "$dev"
	ends 0
	same "$T/full128" "$T/back"
	struck
done
about "a read from a line that is too noisy"
use_sim "sim:0x410,flip.out=0.12,seen=1,seed=1" "$T/full128"
rm -f "$T/back"
flash -r "$T/back" "$dev"
ends 1
one_line
says err "a received byte has wrong parity; check the line"
if [ -e "$T/back" ]; then bad "a file of it"; else good; fi

about "-n 0: a fault is the end"
use_sim "sim:0x410,size=64K,silent=write:5:2" "$T/full"
flash -n 0 -w "$T/image" "$dev"
ends 1
one_line
struck
about "-n 0: without a fault nothing is retried"
use_sim "sim:0x410,size=64K" "$T/full"
flash -n 0 -w "$T/image" -v "$dev"
check_run 65536
commands 31 20
about "-n 0: what was done is done, only its ACK is missing"
use_sim "sim:0x410,size=64K,lostack=write:5" "$T/full"
flash -n 0 -w "$T/image" "$dev"
check_run 65536
about "-n 1: one retry"
use_sim "sim:0x410,size=64K,silent=write:5:2" "$T/full"
flash -n 1 -w "$T/image" "$dev"
check_run 65536
use_sim "sim:0x410,size=64K,silent=write:5:2,silent=write:6:2" "$T/full"
flash -n 1 -w "$T/image" "$dev"
ends 1
use_sim "sim:0x410,size=64K,silent=write:5:2,silent=write:6:2" "$T/full"
flash -n 2 -w "$T/image" "$dev"
check_run 65536
about "-v: a difference that is not there is mended"
use_sim "sim:0x410,size=64K,flip=4e-4,seed=9" "$T/full"
flash -w "$T/image" -v "$dev"
ends 0
holds 0 "$T/image"

for fault in nack=write:5:1 silent=write:5:2 lostack=write:5 \
		garble=read:4:2; do
	about "$fault through a pty"
	start_sim "sim:0x410,size=64K,$fault" "$T/full"
	flash -w "$T/image" -v "$dev"
	stop_sim
	check_run 65536
	struck
done
about "an extra ACK, a stray 00, through a pty"
start_sim sim:0x410,size=64K,ack2=1,zero=1 "$T/full"
flash -w "$T/image" -v "$dev"
stop_sim
check_run 65536
finish
