#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files of every format, and the addresses of their bytes.
. tests/e2e/lib.sh

good=tests/formats/good
cr=$(printf '\r')
"$tool" pattern 3001 1 >"$T/image"
"$tool" pattern 200 2 >"$T/small"

# pictured FILE: the flash holds only this.
pictured() {
	"$tool" pad "$(wc -c <"$T/flash.bin")" 0xFF <"$1" >"$T/picture"
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
}

# wrote FILE: with the default options.
wrote() {
	flash -w "$1" -v "$dev"
	ends 0
}

about "hex through a pty"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"
start_sim sim:0x410
wrote "$T/image.hex"
says out "Using Parser : Intel HEX"
says out "Location     : 0x8000000"
says out "Size         : 3001"
stop_sim
pictured "$T/image"

about "hex whose records come in reverse order, of odd length"
use_sim sim:0x410
"$tool" hex 0x08000000 13 reverse <"$T/image" >"$T/image.hex"
wrote "$T/image.hex"
pictured "$T/image"
about "hex of records of four bytes in reverse order, granules of eight"
use_sim sim:0x468
"$tool" hex 0x08000000 4 reverse <"$T/image" >"$T/image.hex"
wrote "$T/image.hex"
pictured "$T/image"
counts granules_programmed "$(($(wc -c <"$T/image") / 8 + 1))"
"$tool" hex 0x08000000 13 reverse <"$T/image" >"$T/image.hex"
about "the same in a part of large granules"
use_sim sim:0x468
wrote "$T/image.hex"
pictured "$T/image"
use_sim sim:0x410
about "hex with CR LF"
"$tool" hex 0x08000000 32 <"$T/image" | sed "s/\$/$cr/" >"$T/image.hex"
wrote "$T/image.hex"
pictured "$T/image"
about "hex in lower case from standard input"
"$tool" hex 0x08000000 32 <"$T/image" | tr A-F a-f >"$T/image.hex"
flash -w - -v "$dev" <"$T/image.hex"
ends 0
says out "Intel HEX"
pictured "$T/image"
about "hex without a name that tells"
cp "$T/image.hex" "$T/image.bin"
wrote "$T/image.bin"
pictured "$T/image"

about "hex with a gap: what lies in it is left erased"
"$tool" hex 0x08000000 16 <"$T/small" | sed '$d' >"$T/gap.hex"
"$tool" hex 0x08001003 16 <"$T/small" >>"$T/gap.hex"
wrote "$T/gap.hex"
"$tool" pad 131072 0xFF <"$T/small" >"$T/picture"
"$tool" patch 4099 "$T/picture" <"$T/small" >"$T/gap"
pictured "$T/gap"
commands 31 2

about "hex with flash and RAM"
"$tool" hex 0x08000000 16 <"$T/image" | sed '$d' >"$T/both.hex"
"$tool" hex 0x20001000 16 <"$T/small" >>"$T/both.hex"
start_sim sim:0x410
wrote "$T/both.hex"
flash -r "$T/back" -S 0x20001000:200 "$dev"
same "$T/small" "$T/back"
stop_sim
pictured "$T/image"

about "hex with option bytes: only when asked for"
printf '\245\132\377\000\022\355\377\000\377\000\377\000\377\000\377\000' |
	"$tool" hex 0x1FFFF800 16 >"$T/options"
"$tool" hex 0x08000000 16 <"$T/image" | sed '$d' |
	cat - "$T/options" >"$T/options.hex"
"$tool" pad 131072 0xFF </dev/null >"$T/blank"
use_sim sim:0x410 "$T/blank"
flash -w "$T/options.hex" "$dev"
ends 7
one_line
says err "option bytes"
says err "-S 0x1ffff800:16"
untouched "$T/blank"
flash -w "$T/options.hex" -S 0x1FFFF800:16 -v "$dev"
ends 0
happened "option 0x1FFFF800+16"
same "$T/blank" "$T/flash.bin"
n=$(sed -n 's/^bytes 0x1FFFF800 //p' "$T/nv")
if [ "$n" = "A5 5A FF 00 12 ED FF 00 FF 00 FF 00 FF 00 FF 00" ]; then good; else
	bad "option bytes: $n"
fi

about "-S takes a part of an addressed file"
use_sim sim:0x410 "$T/blank"
flash -w "$T/gap.hex" -S 0x08001000:1024 -v "$dev"
ends 0
"$tool" patch 4099 "$T/blank" <"$T/small" >"$T/picture"
same "$T/picture" "$T/flash.bin"

about "a file that begins at 0 goes to the flash start"
use_sim sim:0x410
"$tool" hex 0 16 <"$T/image" >"$T/zero.hex"
wrote "$T/zero.hex"
pictured "$T/image"

about "hex and srec of the linker's tools, and ELF"
wrote $good/gcc.elf
says out "Using Parser : ELF"
cp "$T/flash.bin" "$T/bytes"
# The file has two bytes between sections, which objcopy omits.
printf '\377\377' | "$tool" patch 242 "$T/bytes" >"$T/linked"
n=$("$tool" peek 0 4 <"$T/linked")
if [ "$n" != ffffffff ]; then good; else bad "nothing was written"; fi
for file in objcopy.hex objcopy.srec srecord.hex srecord.srec \
		srecord-low.hex; do
	about $file
	use_sim sim:0x410
	wrote $good/$file
	same "$T/linked" "$T/flash.bin"
	counts granules_refused 0
done
about "srec"
wrote $good/s3.s37
says out "Using Parser : Motorola S-record"
use_sim sim:0x410
about "the same image as hex, CR LF and CR"
wrote $good/plain.hex
cp "$T/flash.bin" "$T/plain"
for file in crlf.hex cr.hex; do
	about $file
	use_sim sim:0x410
	wrote $good/$file
	same "$T/plain" "$T/flash.bin"
done

about "raw binary"
wrote "$T/image"
says out "Using Parser : Raw BINARY"
pictured "$T/image"
about "raw binary from standard input"
use_sim sim:0x410
flash -w - -v "$dev" <"$T/image"
ends 0
pictured "$T/image"
about "-f: raw, whatever it looks like"
use_sim sim:0x410
flash -f -w "$T/image.hex" "$dev"
ends 0
pictured "$T/image.hex"
flash -f -w $good/gcc.elf -S 0x08001000 "$dev"
ends 0
holds 4096 $good/gcc.elf
finish
