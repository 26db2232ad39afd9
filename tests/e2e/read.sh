#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -r: the range that it reads, and the resulting file.
. tests/e2e/lib.sh

"$tool" pattern 65536 1 >"$T/full"

# part_of OFFSET LEN: the last read returned this part of the flash.
part_of() {
	ends 0
	"$tool" cut "$1" "$2" <"$T/full" >"$T/expected"
	same "$T/expected" "$T/back"
}

about "the whole flash, through a pty"
start_sim sim:0x410,size=64K "$T/full"
flash -r "$T/back" "$dev"
part_of 0 65536
says out "Read address 0x08010000 (100.00%) Done."

about "to standard output"
flash -r - -S 0x08000000:3000 "$dev"
mv "$T/out" "$T/back"
: >"$T/out"
part_of 0 3000
says err "Version      : 0x22"

about "RAM"
printf 'RAM keeps it' >"$T/text"
flash -w "$T/text" -S 0x20001000 -v "$dev"
ends 0
flash -r "$T/back" -S 0x20001000:12 "$dev"
ends 0
same "$T/text" "$T/back"
stop_sim
same "$T/full" "$T/flash.bin"
counts pages_erased 0
counts mass_erases 0

use_sim sim:0x410,size=64K "$T/full"
about "-S with odd ends"
flash -r "$T/back" -S 0x08000101:777 "$dev"
part_of 257 777
about "-S without a length"
flash -r "$T/back" -S 0x0800f0f0 "$dev"
part_of 61680 3856
about "-S of one byte"
flash -r "$T/back" -S 0x0800ffff:1 "$dev"
part_of 65535 1
about "-s and -e"
flash -r "$T/back" -s 3 -e 2 "$dev"
part_of 3072 2048
about "-s alone"
flash -r "$T/back" -s 62 "$dev"
part_of 63488 2048
about "-e alone"
flash -r "$T/back" -e 1 "$dev"
part_of 0 1024
about "-S and -e 0, which go together"
flash -r "$T/back" -S 0x08000000:16 -e 0 "$dev"
part_of 0 16
about "--quiet"
flash --quiet -r "$T/back" -S 0x08000000:16 "$dev"
part_of 0 16
if [ -s "$T/out" ] || [ -s "$T/err" ]; then bad "not quiet"; else good; fi
untouched "$T/full"

about "option bytes"
flash -r "$T/back" -S 0x1FFFF800:16 "$dev"
ends 0
printf 'A5 5A FF 00 FF 00 FF 00 FF 00 FF 00 FF 00 FF 00\n' >"$T/expected"
sed -n 's/^bytes 0x1FFFF800 //p' "$T/nv" >"$T/nv-bytes"
same "$T/expected" "$T/nv-bytes"
n=$("$tool" peek 0 16 <"$T/back")
if [ "$n" = a55aff00ff00ff00ff00ff00ff00ff00 ]; then good; else bad "$n"; fi
about "option bytes of another value"
sed 's/A5 5A FF 00 FF 00/A5 5A FD 02 12 ED/' "$T/nv" >"$T/nv2"
mv "$T/nv2" "$T/nv"
flash -r "$T/back" -S 0x1FFFF800 "$dev"
n=$("$tool" peek 0 16 <"$T/back")
if [ "$n" = a55afd0212edff00ff00ff00ff00ff00 ]; then good; else bad "$n"; fi
about "system memory"
flash -r "$T/back" -S 0x1FFFF000 "$dev"
ends 0
n=$(wc -c <"$T/back")
if [ "$n" -eq 2048 ]; then good; else bad "$n bytes"; fi
about "data EEPROM"
use_sim sim:0x447
printf 'bytes 0x08080000 31 32 33 34\n' >"$T/nv"
flash -r "$T/back" -S 0x08080000:4 "$dev"
ends 0
printf '1234' >"$T/expected"
same "$T/expected" "$T/back"

# A chip that does not report its size, half of the family's maximum.
flash -C -S 0x08000000:65536 sim:0x410,file="$T/full",size=64K
grep '^CRC' "$T/out" >"$T/crc"
"$tool" pad 65536 255 </dev/null >"$T/blank"
for k in 2.2 3.1 strict worst; do
	unknown="sim:0x410,size=64K,sizereg=0xFFFF,rom=$k"
	where='does not report its flash size; the flash ends at 0x08010000'
	about "the end of the flash is looked for, rom=$k: -r"
	use_sim "$unknown" "$T/full"
	flash -r "$T/back" "$dev"
	part_of 0 65536
	says err "$where"
	says out 'no retries'
	about "the end of the flash is looked for, rom=$k: -C"
	flash -C "$dev"
	ends 0
	says err "$where"
	grep '^CRC' "$T/out" >"$T/crc-of-all"
	same "$T/crc" "$T/crc-of-all"
	about "the end of the flash is looked for, rom=$k: --blank-check"
	flash --blank-check "$dev"
	ends 6
	use_sim "$unknown" "$T/blank"
	flash --blank-check "$dev"
	ends 0
	says err "$where"
	says out 'Blank: 0x08000000-0x08010000'
done

# Verifies the formats by writing them to another device.
for format in hex srec bin; do
	about "--format=$format"
	use_sim sim:0x410,size=64K "$T/full"
	flash --format=$format -r "$T/back" -S 0x08000400:5003 "$dev"
	ends 0
	"$tool" cut 1024 5003 <"$T/full" >"$T/piece"
	use_sim sim:0x410,size=64K
	if [ $format = bin ]; then
		same "$T/piece" "$T/back"
		continue
	fi
	flash -w "$T/back" "$dev"
	ends 0
	holds 1024 "$T/piece"
done
use_sim sim:0x410,size=64K "$T/full"
flash --format=hex -r "$T/back" -S 0x08000000:16 "$dev"
says back ":020000040800F2"
says back ":00000001FF"

about "a read that fails keeps the old file"
start_sim sim:0x410,rdp=1
echo old >"$T/back"
echo old >"$T/old"
flash -r "$T/back" "$dev"
ends 5
one_line
same "$T/old" "$T/back"
n=$(ls "$T"/back*)
if [ "$n" = "$T/back" ]; then good; else bad "left behind: $n"; fi
about "a device that stops in the middle"
use_sim sim:0x410,silent=read:9,silent=read:10,silent=read:11,silent=read:12,silent=read:13,silent=read:14,silent=read:15,silent=read:16,silent=read:17,silent=read:18,silent=read:19,silent=read:20,silent=read:21,silent=read:22
flash -F 32 -r "$T/back" "$dev"
ends 1
one_line
same "$T/old" "$T/back"

about "a file that cannot be written"
use_sim sim:0x410,size=64K
flash -r "$T/no/such/directory" "$dev"
ends 7
one_line
says err "not written"
if [ -c /dev/full ]; then
	about "no room left"
	flash -r /dev/full "$dev"
	ends 7
	one_line
	"$STM32FLASH" -r - "$dev" >/dev/full 2>"$T/err"
	status=$?
	ends 7
	says err "standard output"
	about "no room for the facts"
	"$STM32FLASH" "$dev" >/dev/full 2>"$T/err"
	status=$?
	ends 7
fi
if ! on_windows; then	# where a link to it is a file
	about "a link stays a link"
	ln -s back "$T/link"
	flash -r "$T/link" -S 0x08000000:4 "$dev"
	ends 0
	if [ -h "$T/link" ]; then good; else bad "it was replaced"; fi
	n=$(wc -c <"$T/back")
	if [ "$n" -eq 4 ]; then good; else bad "$n bytes"; fi
	about "what a link leads to stays until the read is done"
	echo precious >"$T/precious"
	cp "$T/precious" "$T/back"
	flash -r "$T/link" sim:0x410,rdp=1
	ends 5
	same "$T/precious" "$T/back"
	about "a link that leads nowhere yet"
	ln -s "$T/nothing yet" "$T/to nothing"
	flash -r "$T/to nothing" -S 0x08000000:4 "$dev"
	ends 0
	n=$(wc -c <"$T/nothing yet")
	if [ "$n" -eq 4 ]; then good; else bad "$n bytes"; fi
fi
finish
