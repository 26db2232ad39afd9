#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The identity of a chip: shown if there is no action, and read only then.
. tests/e2e/lib.sh

# The simulated chip's bytes count up from 0x31, including the gap of L0 and
# L1.
plain=34333231383736353C3B3A39
apart=343332313837363548474645
for case in 0x410:$plain 0x413:$plain 0x460:$plain 0x484:$plain \
    0x447:$apart 0x416:$apart; do
	id=${case%:*} uid=${case#*:}
	about "$id: info"
	use_sim "sim:$id"
	flash "$dev"
	ends 0
	words=$(echo "$uid" | sed 's/\(........\)\(........\)/\1 \2 /')
	says out "Unique ID    : $words"
	about "$id: --quiet"
	flash --quiet "$dev"
	ends 0
	echo "$uid" >"$T/uid"
	same "$T/uid" "$T/out"
	about "$id: --json"
	flash --json "$dev"
	ends 0
	says out "\"uid\":\"$uid\""
	about "$id: frames shorter than it"
	flash -F 20 --quiet "$dev"
	ends 0
	same "$T/uid" "$T/out"
	about "$id: by the block around it, where a short read is refused"
	use_sim "sim:$id,shortread=nack"
	flash --quiet "$dev"
	ends 0
	same "$T/uid" "$T/out"
done

about "the ROM's own version"
use_sim sim:0x413
flash "$dev"
says out "Bootloader ID: 0x20"
about "a protected chip does not tell"
use_sim sim:0x413,rdp=1
flash "$dev"
ends 0
lacks out "Unique ID"
flash --quiet "$dev"
ends 0
[ ! -s "$T/out" ] || bad "something is printed"

"$tool" app 0x08000000 >"$T/app"
for args in "-w $T/app" "-r $T/back" "-w $T/app -g 0" "-C" "-o" "-R" "--option-bytes" \
    "--set=BOR_LEV=1" "-u" "-j" "-k" "--write-protect=0"; do
	about "$args: not asked for"
	use_sim sim:0x413
	# shellcheck disable=SC2086
	flash $args --trace="$T/trace" "$dev"
	ends 0
	lacks out "Unique ID"
	lacks trace "1F FF 7A 10"
done

finish
