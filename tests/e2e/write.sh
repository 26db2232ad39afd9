#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -w, -v, -r and -g with default settings: images of many sizes on parts with
# every kind of flash; each compared with the whole flash of the device.
. tests/e2e/lib.sh

# part, flash in bytes, value of an erased byte
parts='0x410 131072 0xFF
0x413 1048576 0xFF
0x447 196608 0x00
0x468 131072 0xFF'

# picture IMAGE SIZE ERASED: makes the expected flash.
picture() {
	"$tool" pad "$2" "$3" <"$1" >"$T/picture"
}

# cycle PART SIZE ERASED IMAGE: over an older firmware.
cycle() {
	start_sim "sim:$1" "$T/used"
	flash -w "$4" -v "$dev"
	ends 0
	end=$(printf '0x%08x' $((0x08000000 + $(wc -c <"$4"))))
	says out "Wrote and verified address"
	says out "(100.00%) Done."
	flash -r "$T/back" -S "0x08000000:$(wc -c <"$4")" "$dev"
	ends 0
	says out "Read address $end (100.00%) Done."
	same "$4" "$T/back"
}

check_flash() {
	stop_sim
	picture "$4" "$2" "$3"
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
}

"$tool" app 0x08000000 >"$T/app"
"$tool" pattern 40000 1 | "$tool" cut 24 39976 |
	cat "$T/app" - >"$T/firmware"
while read -r part size erased; do
	"$tool" pattern 30000 7 | "$tool" pad "$size" "$erased" >"$T/used"
	about "$part, 40000 bytes"
	cycle "$part" "$size" "$erased" "$T/firmware"
	says out "Memory read"
	flash -g 0 "$dev"
	ends 0
	says out "Starting execution at address 0x08000000... done."
	check_flash "$part" "$size" "$erased" "$T/firmware"
	happened "go 0x08000000"
	happened "app: U"
	for bytes in 1 2 3 255 256 257 1001; do
		sampled 3 || continue
		about "$part, $bytes bytes"
		"$tool" pattern "$bytes" "$bytes" >"$T/image"
		cycle "$part" "$size" "$erased" "$T/image"
		check_flash "$part" "$size" "$erased" "$T/image"
	done
done <<EOF
$parts
EOF

about "the page erase of L0, which has no mass erase"
use_sim sim:0x447
flash -w "$T/firmware" "$dev"
ends 0
counts mass_erases 0
counts pages_erased 1536

about "the lines that scripts look for"
use_sim sim:0x410
"$tool" pattern 5000 1 >"$T/image"
flash -w "$T/image" "$dev"
ends 0
says out "Wrote address 0x08001388 (100.00%) Done."
flash -w "$T/image" -v "$dev"
ends 0
says out "Wrote and verified address 0x08001388 (100.00%) Done."

about "the vector table is written last"
flash -w "$T/image" "$dev"
last=$(grep '^program' "$T/log" | tail -n 1)
if [ "$last" = "program 0x08000000+256" ]; then good; else bad "$last"; fi

about "blocks of erased bytes are not sent"
"$tool" pad 4096 0xFF <"$T/app" >"$T/first"
cat "$T/first" "$T/app" >"$T/image"
use_sim sim:0x410
flash -w "$T/image" -v "$dev"
ends 0
commands 31 2
picture "$T/image" 131072 0xFF
same "$T/picture" "$T/flash.bin"

about "the end of the flash"
"$tool" pattern 65536 3 >"$T/image"
use_sim sim:0x410,size=64K
flash -w "$T/image" -v "$dev"
ends 0
same "$T/image" "$T/flash.bin"
says out "- Flash size : 64KiB on this chip"

about "parts that lose bytes of a write after a read"
"$tool" pattern 3000 4 >"$T/image"
use_sim sim:0x483
flash -w "$T/image" -v "$dev"
ends 0
never lost
picture "$T/image" 1048576 0xFF
same "$T/picture" "$T/flash.bin"
flash -w "$T/image" -S 0x08000000 -v "$dev"
ends 0
never lost
counts granules_refused 0
picture "$T/image" 1048576 0xFF
same "$T/picture" "$T/flash.bin"
finish
