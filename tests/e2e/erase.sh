#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is erased and what is not: -o, -S, -s, -e, --erase; before a write and
# alone.
. tests/e2e/lib.sh

"$tool" pattern 65536 1 >"$T/full"
"$tool" pattern 1500 2 >"$T/image"
f103=sim:0x410,size=64K

# The expected flash, in steps: all used, parts blank, parts written.
used() {
	cp "$T/full" "$T/expected"
}
blank() { # OFFSET LEN
	"$tool" pad "$2" 0xFF </dev/null |
		"$tool" patch "$1" "$T/expected" >"$T/next"
	mv "$T/next" "$T/expected"
}
written() { # OFFSET FILE
	"$tool" patch "$1" "$T/expected" <"$2" >"$T/next"
	mv "$T/next" "$T/expected"
}

# on_used ARGS...: runs on a device with a full flash.
on_used() {
	about "$*"
	use_sim "$f103" "$T/full"
	flash "$@" "$dev"
	ends 0
	counts granules_refused 0
}
gives() {
	same "$T/expected" "$T/flash.bin"
}

about "-o through a pty"
used
blank 0 65536
start_sim "$f103" "$T/full"
flash -o "$dev"
ends 0
stop_sim
gives
counts mass_erases 1
commands 31 0
about "-o -S through a pty"
start_sim "$f103" "$T/full"
flash -o -S 0x08000400:2048 "$dev"
ends 0
stop_sim
used
blank 1024 2048
gives
counts pages_erased 2
counts mass_erases 0

used
blank 3072 2048
on_used -o -s 3 -e 2
gives
on_used -o -e 2 -s 3
gives
used
blank 0 1024
on_used -o -e 1
gives
used
blank 63488 2048
on_used -o -s 62
gives
on_used -o -S 0x0800f800
gives
used
blank 0 65536
on_used -o --erase=chip
gives
on_used -o -e 64
gives
on_used -o -s 0
gives

about "-o on a part without a mass erase, whose erased bytes are 00"
"$tool" pattern 196608 5 >"$T/l073"
start_sim sim:0x447 "$T/l073"
flash -o "$dev"
ends 0
stop_sim
"$tool" pad 196608 0 </dev/null >"$T/expected"
gives
counts pages_erased 1536
about "-o of one page of it"
use_sim sim:0x447 "$T/l073"
flash -o -S 0x08000080:128 "$dev"
ends 0
"$tool" pad 128 0 </dev/null | "$tool" patch 128 "$T/l073" >"$T/expected"
gives

about "-o of sectors of several sizes"
"$tool" pattern 1048576 6 >"$T/f407"
use_sim sim:0x413 "$T/f407"
flash -o -s 4 -e 2 "$dev"
ends 0
cp "$T/f407" "$T/expected"
blank 65536 196608
gives
counts pages_erased 2

about "pages that the old erase command cannot name"
use_sim sim:0x430,erase=43
flash -o -s 255 -e 2 "$dev"
ends 1
says err "page 256"
one_line
counts pages_erased 0
flash -o -s 255 -e 1 "$dev"
ends 0
counts pages_erased 1

# Before a write
used
blank 0 65536
written 0 "$T/image"
on_used -w "$T/image" -v
gives
counts mass_erases 1
on_used -w "$T/image" --erase=chip
gives
used
written 0 "$T/image"
on_used -w "$T/image" --erase=pages -v
gives
counts pages_erased 2
used
blank 0 2048
written 0 "$T/image"
on_used -w "$T/image" -e 2 -v
gives
used
blank 2048 3072
written 2048 "$T/image"
on_used -w "$T/image" -s 2 -e 3
gives
used
blank 2048 63488
written 2048 "$T/image"
on_used -w "$T/image" -s 2
gives

about "-S: what of the pages lies outside of the range stays"
used
blank 1296 1600
written 1296 "$T/image"
on_used -w "$T/image" -S 0x08000510:1600 -v
gives
counts pages_erased 2
used
written 1296 "$T/image"
on_used -w "$T/image" -S 0x08000510:1600 --erase=pages -v
gives
start_sim "$f103" "$T/full"
flash -w "$T/image" -S 0x08000510:1600 -v "$dev"
ends 0
stop_sim
used
blank 1296 1600
written 1296 "$T/image"
gives
counts granules_refused 0

about "-S on pages smaller than what is written at once"
"$tool" pattern 100 8 >"$T/small"
use_sim sim:0x447 "$T/l073"
flash -w "$T/small" -S 0x08000110:100 -v "$dev"
ends 0
"$tool" patch 272 "$T/l073" <"$T/small" >"$T/expected"
gives
counts pages_erased 1
counts granules_refused 0

about "-S on a part of large granules"
"$tool" pattern 131072 9 >"$T/g431"
use_sim sim:0x468 "$T/g431"
flash -w "$T/image" -S 0x08000904:1500 -v "$dev"
ends 0
"$tool" patch 2308 "$T/g431" <"$T/image" >"$T/expected"
gives
counts granules_refused 0

about "islands far apart, --erase=pages"
"$tool" cut 0 300 <"$T/image" >"$T/one"
"$tool" cut 300 300 <"$T/image" >"$T/two"
"$tool" hex 0x08000000 16 <"$T/one" | sed '$d' >"$T/islands.hex"
"$tool" hex 0x08008100 16 <"$T/two" >>"$T/islands.hex"
used
written 0 "$T/one"
written 33024 "$T/two"
on_used -w "$T/islands.hex" --erase=pages -v
gives
counts pages_erased 2

# No erase: the rest of this flash is blank.
"$tool" cut 0 4096 <"$T/full" | "$tool" pad 65536 0xFF >"$T/half"
"$tool" patch 8192 "$T/half" <"$T/image" >"$T/expected"
for how in '-e 0' --erase=none; do
	for order in '-S 0x08002000 HOW' 'HOW -S 0x08002000'; do
		args=$(echo "$order" | sed "s/HOW/$how/")
		about "$args"
		use_sim "$f103" "$T/half"
		# shellcheck disable=SC2086 # several words
		flash -w "$T/image" $args -v "$dev"
		ends 0
		gives
		counts pages_erased 0
		counts mass_erases 0
		counts granules_refused 0
	done
done
# ROMs skip the second half of such a word; two such words, one followed by
# more data.
printf '\021\042\377\377\021\042\377\377\063\104' |
	"$tool" pad 65536 0xFF >"$T/half"
printf '\021\042\063\104\021\042\125\146\063\104\167\210' >"$T/words"
"$tool" pad 65536 0xFF <"$T/words" >"$T/expected"
for part in 0x410,rom=2.2 0x440,rom=3.1 0x422,rom=worst 0x410,rom=strict; do
	about "-e 0, words of which the first half is programmed: $part"
	use_sim "sim:$part,size=64K" "$T/half"
	flash -w "$T/words" -S 0x08000000 -e 0 -v "$dev"
	ends 0
	gives
	counts pages_erased 0
done
about "-e 1 with an image of two pages"
use_sim "$f103"
flash -w "$T/image" -e 1 -v "$dev"
ends 0
says err "warning"
"$tool" pad 65536 0xFF <"$T/image" >"$T/expected"
gives
counts pages_erased 1

about "what is not flash is not erased"
use_sim "$f103" "$T/full"
flash -w "$T/one" -S 0x20000800 -v "$dev"
ends 0
same "$T/full" "$T/flash.bin"
counts pages_erased 0
counts mass_erases 0
happened "store 0x20000800"
about "option bytes"
printf '\245\132\377\000\022\355\377\000\377\000\377\000\377\000\377\000' \
	>"$T/options"
start_sim "$f103" "$T/full"
flash -w "$T/options" -S 0x1FFFF800:16 -v "$dev"
ends 0
stop_sim
same "$T/full" "$T/flash.bin"
counts pages_erased 0
n=$(sed -n 's/^bytes 0x1FFFF800 //p' "$T/nv")
if [ "$n" = "A5 5A FF 00 12 ED FF 00 FF 00 FF 00 FF 00 FF 00" ]; then good; else
	bad "option bytes: $n"
fi
about "data EEPROM"
use_sim sim:0x447 "$T/l073"
flash -w "$T/one" -S 0x08080100 -v "$dev"
ends 0
same "$T/l073" "$T/flash.bin"
flash -r "$T/back" -S 0x08080100:300 "$dev"
same "$T/one" "$T/back"

about "a ROM that refuses the mass erase: page by page"
nacks=
for n in 1 2 3; do nacks=$nacks,nack=erase:$n:1; done
use_sim "$f103$nacks" "$T/full"
flash -o "$dev"
ends 0
used
blank 0 65536
gives
counts pages_erased 64

about "pages that the bootloader cannot name: found before the first is erased"
"$tool" pattern 1048576 4 >"$T/xl"
use_sim sim:0x430,erase=43 "$T/xl"
flash -o -S 0x08000000:0x90000 "$dev"
ends 1
says err "cannot erase page 256, only up to 255"
same "$T/xl" "$T/flash.bin"
counts pages_erased 0

about "-o on a chip that does not tell its size, and has less than its family"
for k in 2.2 3.1 strict; do
	use_sim "sim:0x410,size=64K,sizereg=0xFFFF,rom=$k" "$T/full"
	flash -o "$dev"
	ends 0
	used
	blank 0 65536
	gives
	flash -w "$T/one" -v "$dev"
	ends 0
	use_sim "sim:0x410,size=64K,sizereg=0xFFFF,wrp=3,rom=$k" "$T/full"
	flash -o "$dev"
	ends 5
done

# Clones have slower flash than the original's datasheet.
for ms in 600 1000 5000 20000; do
	about "an erase that lasts $ms ms"
	use_sim "$f103,busy=$ms" "$T/full"
	flash -o "$dev"
	ends 0
	used
	blank 0 65536
	gives
	flash -o -s 3 -e 2 "$dev"
	ends 0
done

about "two ACKs of an erase lost, on a part that needs half a minute for one"
use_sim sim:0x413,lostack=erase:1,lostack=erase:2
flash -o --trace="$T/trace" "$dev"
ends 0
n=$(lasted)
if [ "$n" -lt 250000 ]; then good; else bad "it took $n ms"; fi

about "silence for a while is no end of the flash"
for first in 7 8; do
	silent=
	for n in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
		silent=$silent,silent=read:$((first + n))
	done
	use_sim "sim:0x410,sizereg=0xFFFF$silent"
	flash -o --verbose "$dev"
	lacks out "flash ends before"
done

about "-e of more pages than there are is -e of all, with a warning"
for count in 65 255 65535; do
	use_sim "$f103" "$T/full"
	flash -o -e $count "$dev"
	ends 0
	says err "warning: -e $count: using all 64 pages from page 0 on"
	blank 0 65536
done
use_sim "$f103" "$T/full"
flash -o -s 62 -e 3 "$dev"
ends 0
says err "-e 3: using all 2 pages from page 62 on; there are no more"
blank 63488 2048
flash -o -e 64 "$dev"
lacks err warning

about "pages by a list, of a slow part: how long it may last"
use_sim sim:0x413,pace=1
flash -o -s 5 -e 7 --progress=always "$dev"
ends 0
says out " of at most "
finish
