#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Forbidden results: an erase before all checks, success with wrong flash, lost
# user files. Each case was once possible.
. tests/e2e/lib.sh

"$tool" pattern 4000 1 >"$T/app"
"$tool" pattern 70000 2 >"$T/big"
"$tool" pad 65536 0x55 </dev/null >"$T/full"

about "-k -w: what does not fit is found before -k erases"
for args in "-k -w $T/big" "-u -w $T/big" "-k -w $T/app -s 500"; do
	about "$args"
	use_sim sim:0x410,size=64K "$T/full"
	# shellcheck disable=SC2086
	flash $args "$dev"
	if [ $status -ne 0 ]; then good; else bad "exit status 0"; fi
	same "$T/full" "$T/flash.bin"
	never "rdp"
done

about "an erase that is acknowledged and not done"
for args in "-o" "-w $T/app" "-w $T/app -v --erase=chip" "-o -s 0 -e 30"; do
	about "$args over a protected page"
	use_sim sim:0x410,size=64K,wrp=5 "$T/full"
	# shellcheck disable=SC2086
	flash $args "$dev"
	ends 5
	says err "-u"
	counts granules_refused 0
done

about "-S behind the end of this chip"
"$tool" pad 131072 0x55 </dev/null >"$T/full128"
for args in "--erase=pages" "" "--changed"; do
	use_sim sim:0x410,size=128K,sizereg=64 "$T/full128"
	# shellcheck disable=SC2086
	flash -w "$T/app" -S 0x08010000 $args "$dev"
	ends 2
	says err "0x08010000"
	same "$T/full128" "$T/flash.bin"
done

about "a size that is not known: the end is tried before the erase"
for k in 2.2 3.1 strict; do
	use_sim "sim:0x410,rom=$k,size=64K,sizereg=0" "$T/full"
	flash -w "$T/big" "$dev"
	ends 7
	says err "too big"
	same "$T/full" "$T/flash.bin"
done

about "bytes between two pieces are verified, too"
printf 'ABCD' | "$tool" hex 0x08000000 4 | sed '$d' >"$T/gap.hex"
printf 'EFGH' | "$tool" hex 0x080000FC 4 >>"$T/gap.hex"
"$tool" pad 16384 0xFF </dev/null >"$T/blank"
printf 'ABCD' >"$T/piece"
"$tool" patch 0 "$T/blank" <"$T/piece" >"$T/one"
printf 'EFGH' >"$T/piece"
"$tool" patch 252 "$T/one" <"$T/piece" >"$T/picture"
for seed in 137 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	about "gaps, seed $seed"
	use_sim "sim:0x410,size=16K,flip.in=3e-3,seed=$seed"
	flash -w "$T/gap.hex" -v "$dev"
	[ $status -ne 0 ] || same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
done

about "what a range leaves out of a file is said"
"$tool" hex 0x08000000 16 <"$T/app" >"$T/app.hex"
use_sim sim:0x410
flash -w "$T/app.hex" -s 2 -v "$dev"
ends 0
says err "2048 bytes of the file lie outside"

about "-r leaves other files alone, and the mode of the old one"
use_sim sim:0x410,size=64K "$T/full"
echo mine >"$T/back.part"
echo old >"$T/back"
chmod 600 "$T/back"
flash -r "$T/back" "$dev"
ends 0
same "$T/full" "$T/back"
says back.part mine
case $(ls -l "$T/back") in
-rw-------*) good ;;
*) on_windows || bad "the mode is another one" ;;
esac

about "pages smaller than the ID says: the rest of a page is not blank"
"$tool" pad 65536 85 </dev/null >"$T/old"	# 0x55
{
	"$tool" pattern 512 7
	"$tool" pad 1536 255 </dev/null
} >"$T/half"
for how in --changed --erase=pages "-S 0x08000000:2048"; do
	use_sim sim:0x410,size=64K,pid=0x414 "$T/old"
	# shellcheck disable=SC2086 # several words
	flash -w "$T/half" $how -v "$dev"
	ends 5
	says err "nothing erased at 0x08000400"
done

about "--erase without a write"
flash --erase=chip "$dev"
ends 2
one_line

about "option bytes that make the chip start its application"
printf '\245\132\377\000\377\000\377\000\377\000\377\000\377\000\377\000' \
	>"$T/options"
use_sim sim:0x410,boot0=0
flash -w "$T/options" -S 0x1FFFF800:16 "$dev"
ends 1
one_line
says err "option bytes written, but the bootloader no longer answers"

about "a register: the next one is not touched"
"$tool" pattern 4 1 >"$T/word"
for where in 0x40022008:4@L476 0x38000004:4@H743; do
	flash --dry-run --verbose -w "$T/word" -S "${where%@*}" \
		--device="${where#*@}"
	ends 0
	n=${where%:*}
	says out "write $n-0x$(printf %08x $((n + 4)))"
done
finish
