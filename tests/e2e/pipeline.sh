#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --pipeline: used if the bootloader's receiver is fast enough, and turned off
# with a message if it loses bytes; the memory is right in either case. Its
# register holds one byte, and the ROM does not read it while it works or
# answers: at 115200 baud a byte takes 95 us.
. tests/e2e/lib.sh

"$tool" pattern 20000 5 >"$T/image"
"$tool" pattern 65536 6 >"$T/full"
"$tool" patch 0 "$T/full" <"$T/image" >"$T/expected"
lost="bytes sent ahead were lost"

# writes_all ARGS...: writes pages with bytes to keep, verifies, reads back.
writes_all() {
	flash -b 115200 -w "$T/image" --erase=pages -v "$@" --verbose "$dev"
	ends 0
}

turnarounds() {
	sed -n 's/^turnarounds //p' "$T/stats"
}

# fewer A B PERCENT: A is at most PERCENT of B.
fewer() {
	if [ $(($1 * 100)) -le $(($2 * $3)) ]; then good; else
		bad "$1 turnarounds, $2 without"
	fi
}

about "without --pipeline"
use_sim sim:0x410,size=64K,overrun=0 "$T/full"
writes_all
same "$T/expected" "$T/flash.bin"
plain=$(turnarounds)

for us in 0 94; do
	about "the ROM works $us us: it is used"
	use_sim sim:0x410,size=64K,overrun=$us "$T/full"
	writes_all --pipeline
	lacks out "$lost"
	lacks err "without --pipeline"
	same "$T/expected" "$T/flash.bin"
	counts granules_refused 0
	counts overruns 0
	fewer "$(turnarounds)" "$plain" 55
done

for us in 97 500 20000; do
	about "the ROM works $us us: given up at the trial"
	use_sim sim:0x410,size=64K,overrun=$us "$T/full"
	writes_all --pipeline
	says out "$lost"
	says err "without --pipeline"
	same "$T/expected" "$T/flash.bin"
	counts granules_refused 0
done

# The trial needs about 30 answers; writes come before reads.
for after in 40 41 42 151 152 500 501 502; do
	about "slow from answer $after on: given up in mid-run"
	use_sim "sim:0x410,size=64K,overrun=97:$after" "$T/full"
	writes_all --pipeline
	says out "$lost"
	same "$T/expected" "$T/flash.bin"
	counts granules_refused 0
	counts overruns 1
done

about "a read"
use_sim sim:0x410,size=64K,overrun=90 "$T/full"
flash -b 115200 -r "$T/back" --pipeline "$dev"
ends 0
same "$T/full" "$T/back"
n=$(turnarounds)
use_sim sim:0x410,size=64K,overrun=97:60 "$T/full"
flash -b 115200 -r "$T/back" --pipeline "$dev"
ends 0
same "$T/full" "$T/back"
fewer "$n" "$(turnarounds)" 40

# The same behind a pty, where the bytes of a frame arrive together.
start_sim sim:0x410,size=64K,overrun=90 "$T/full"
about "behind a pty: used"
writes_all --pipeline
lacks out "$lost"
stop_sim
same "$T/expected" "$T/flash.bin"
counts overruns 0
fewer "$(turnarounds)" "$plain" 55
start_sim sim:0x410,size=64K,overrun=100 "$T/full"
about "behind a pty: given up"
writes_all --pipeline
says out "$lost"
says err "without --pipeline"
stop_sim
same "$T/expected" "$T/flash.bin"

about "a chip that is readout protected"
use_sim sim:0x410,size=64K,overrun=0,rdp=1 "$T/full"
flash -b 115200 -w "$T/image" --pipeline "$dev"
ends 5
untouched "$T/full"
about "an adapter that waits 16 ms for more is told from one that does not"
use_sim sim:0x410,latency=16
flash -b 115200 -w "$T/image" "$dev"
ends 0
says err "latency timer"
use_sim sim:0x410,latency=2
flash -b 115200 -w "$T/image" "$dev"
ends 0
lacks err "latency timer"
# The size register of another part.
for rom in 2.2 3.1 strict; do
	about "rom=$rom: a refusal is an answer, and no loss"
	use_sim "sim:0x410,size=64K,rom=$rom" "$T/full"
	flash --device=0x469 -r "$T/back" -S 0x08000000:8192 --pipeline \
		--verbose "$dev"
	ends 0
	says out "the address was refused (NACK)"
	lacks out "$lost"
	lacks err "without --pipeline"
	says out "no retries"
	about "rom=$rom: nor is the end of a flash whose size is not told"
	use_sim "sim:0x410,size=64K,sizereg=0,rom=$rom" "$T/full"
	flash -r "$T/back" --pipeline --verbose "$dev"
	ends 0
	same "$T/full" "$T/back"
	says err "the flash ends at 0x08010000"
	lacks out "$lost"
	lacks err "without --pipeline"
	says out "no retries"
	about "rom=$rom: nor a read behind it"
	flash -r "$T/back" -S 0x08010000:256 --pipeline --verbose "$dev"
	ends 1
	says err "read at 0x08010000: the address was refused"
	lacks out "$lost"
	lacks err "without --pipeline"
done

finish
