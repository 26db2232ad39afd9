#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -F: no frame is longer, and the memory is right.
. tests/e2e/lib.sh

"$tool" pattern 1001 1 >"$T/image"

# framed LIMIT MOST_RX MOST_TX [OPTIONS...]: writes, verifies, reads back.
framed() {
	limit=$1 rx=$2 tx=$3
	shift 3
	flash -F "$limit" -w "$T/image" -v --trace="$T/trace" "$@" "$dev"
	ends 0
	longest_is "> " "$tx"
	longest_is "< " "$rx"
	flash -F "$limit" -r "$T/back" -S 0x08000000:1001 \
		--trace="$T/trace" "$dev"
	ends 0
	longest_is "< " "$rx"
	same "$T/image" "$T/back"
	counts granules_refused 0
}

longest_is() {
	n=$("$tool" longest "$1" <"$T/trace")
	if [ "$n" -le "$2" ]; then good; else
		bad "a frame of $n bytes ($1), the limit is $2"
	fi
	longest=$n
}

about "no -F: the longest that there are"
use_sim sim:0x410
framed 256:258 256 258
if [ "$longest" -eq 256 ]; then good; else bad "reads of $longest"; fi
for limit in 256:258 128:130 64:66 20:18 100:100 20:6 255:257 33:17; do
	about "-F $limit"
	framed "$limit" "${limit%:*}" "${limit#*:}"
done
about "-F 64, nothing said of what is sent"
framed 64 64 258
about "-F through a pty"
start_sim sim:0x468
flash -F 32:34 -w "$T/image" -v --trace="$T/trace" "$dev"
ends 0
longest_is "> " 34
longest_is "< " 32
stop_sim
holds 0 "$T/image"
counts granules_refused 0

about "page lists, too"
use_sim sim:0x447
framed 64:66 64 66
flash -F 20:11 -o -s 3 -e 40 --trace="$T/trace" "$dev"
ends 0
longest_is "> " 11
counts pages_erased 40

for limit in 257:258 256:259 1000:1000 0x10000; do
	about "-F $limit is lowered"
	use_sim sim:0x410
	flash -F $limit -w "$T/image" -v --trace="$T/trace" "$dev"
	ends 0
	says err "warning"
	says err "lowered"
	one_line
	longest_is "> " 258
	longest_is "< " 256
	holds 0 "$T/image"
done

about "half-pages of L0, of which each is written once"
use_sim sim:0x447
flash -F 256:65 -w "$T/image" "$dev"
ends 2
says err "tx must be at least 66"
"$tool" pattern 4 5 >"$T/four"
"$tool" hex 0x08000010 4 <"$T/four" >"$T/two.hex"
{
	sed -n 1,2p "$T/two.hex"
	"$tool" hex 0x08000030 4 <"$T/four" | sed 1d
} >"$T/gap.hex"
flash -w "$T/gap.hex" -e 0 -v "$dev"
ends 0
counts granules_refused 0
holds 16 "$T/four"
holds 48 "$T/four"

about "option bytes, all of which each write erases"
printf '\245\132\377\000\377\000\377\000\377\000\377\000\377\000\377\000' \
	>"$T/options"
use_sim sim:0x410
flash -F 20:10 -w "$T/options" -S 0x1FFFF800:16 "$dev"
ends 2
says err "a frame has room for only 8 bytes (-F)"
counts resets 0
flash -F 20:18 -w "$T/options" -S 0x1FFFF800:16 -v "$dev"
ends 0
flash --dry-run --device=0x466 -F 64:66 -w "$T/options" -S 0x1FFF7800:16
ends 2

about "a granule that does not fit is found before anything is sent"
use_sim sim:0x468
flash -F 256:9 -w "$T/image" "$dev"
ends 2
one_line
says err "-F"
commands 31 0
counts mass_erases 0
about "the least that fits"
flash -F 256:10 -w "$T/image" -v "$dev"
ends 0
holds 0 "$T/image"

about "the code for -R, too"
use_sim sim:0x410
flash -F 20:18 -R --trace="$T/trace" "$dev"
ends 0
longest_is "> " 18
counts reset_stores 1
finish
