#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -c: a session that is open already. A 7F is half a command to it, but must be
# the first byte for a chip that was reset.
. tests/e2e/lib.sh

"$tool" pattern 3000 1 >"$T/image"

# A single 7F: a line of data has no comment, or has more bytes.
synced() {
	grep -q "^> 7F[^ ]*#" "$T/trace"
}
# The first bytes are a pair that is no command; nothing else is tried.
one_pair() {
	n=$(sed -n 's/^> \([0-9A-F]*\)\t#.*/\1/p' "$T/trace" | tr '\n' ' ')
	if [ "$n" = "7F 80 " ]; then good; else bad "sent: $n"; fi
}

about "-c after another run"
start_sim sim:0x410
flash "$dev"
ends 0
flash -c -w "$T/image" -v --trace="$T/trace" "$dev"
ends 0
one_pair
flash -c -r "$T/back" -S 0x08000000:3000 --trace="$T/trace" "$dev"
ends 0
one_pair
same "$T/image" "$T/back"
flash -c -g 0 "$dev"
ends 0
stop_sim
happened "go 0x08000000"
n=$(grep -c '^sync' "$T/log")
if [ "$n" -eq 1 ]; then good; else bad "$n times 7F"; fi
counts granules_refused 0

about "-c with a device that is already in a session"
use_sim sim:0x413,synced=1
flash -c -w "$T/image" -v --trace="$T/trace" "$dev"
ends 0
one_pair
holds 0 "$T/image"

about "-c with a device that waits for a 7F"
for rom in 2.2 3.1 strict; do
	use_sim sim:0x410,rom=$rom
	flash -c -w "$T/image" -v --trace="$T/trace" "$dev"
	ends 0
	synced && good
	holds 0 "$T/image"
done
about "without -c a session that is open is found"
use_sim sim:0x410,synced=1
flash -w "$T/image" -v --trace="$T/trace" "$dev"
ends 0
if synced; then good; else bad "no 7F in the trace"; fi
holds 0 "$T/image"
finish
