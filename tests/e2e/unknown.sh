#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A product ID in no row, and --device; sim.sh has the simple cases.
. tests/e2e/lib.sh

"$tool" app 0x08000000 >"$T/app"
"$tool" pattern 1001 2 >"$T/image"
new=0x0999

# used SPEC SIZE: a device with a full flash.
used() {
	"$tool" pattern "$2" 7 >"$T/full"
	use_sim "$1" "$T/full"
}

# Every kind of flash: granules of 2, 4, 8, 16 and 32 bytes, erased value 00,
# two banks, the old erase command.
for part in 0x410 0x413 0x447 0x468 0x482 0x450 0x414; do
	about "a part like $part: what can be read of it is said"
	use_sim sim:$part,pid=$new
	flash "$dev"
	ends 0
	says out "Device ID    : $new (unknown)"
	lacks out "- Flash"
	lacks err "warning"
	about "a part like $part: -w -S, an odd length, and a word on the erase"
	flash -w "$T/image" -S 0x08000000 -v "$dev"
	ends 0
	says err "nothing is erased"
	holds 0 "$T/image"
	counts granules_refused 0
	about "a part like $part: -r -S"
	flash -r "$T/back" -S 0x08000000:1001 "$dev"
	ends 0
	same "$T/image" "$T/back"
	about "a part like $part: -C -S"
	flash -C -S 0x08000000:1000 "$dev"
	ends 0
	says out "CRC(0x08000000-0x080003e8) = 0x"
	about "a part like $part: -g"
	use_sim sim:$part,pid=$new
	flash -w "$T/app" -S 0x08000000 -v -g 0x08000000 "$dev"
	ends 0
	happened "app: U"
	about "a part like $part: --device, all of it works"
	use_sim sim:$part,pid=$new
	flash --device=$part -w "$T/image" -v "$dev"
	ends 0
	says out "taken for    : $part"
	holds 0 "$T/image"
	counts granules_refused 0
	flash --device=$part -r "$T/back" "$dev"
	ends 0
	same "$T/flash.bin" "$T/back"
	flash --device=$part -o -s 1 -e 1 "$dev"
	ends 0
	counts pages_erased 1
	flash --device=$part -w "$T/app" -g 0 "$dev"
	ends 0
	happened "app: U"
done

about "mass erase"
used sim:0x413,pid=$new,size=128K 131072
flash -o "$dev"
ends 0
"$tool" pad 131072 0xFF </dev/null >"$T/blank"
same "$T/blank" "$T/flash.bin"
about "mass erase and write"
used sim:0x413,pid=$new,size=128K 131072
flash -w "$T/image" -S 0x08000000 --erase=chip -v "$dev"
ends 0
lacks err "warning"
"$tool" pad 131072 0xFF <"$T/image" >"$T/expected"
same "$T/expected" "$T/flash.bin"
about "mass erase refused, and pages are not known"
used sim:0x447,pid=$new 196608
flash -o "$dev"
ends 1
one_line
says err "--device"
same "$T/full" "$T/flash.bin"
about "-e 0 is what happens anyway"
use_sim sim:0x413,pid=$new
flash -w "$T/image" -S 0x08000000 -e 0 -v "$dev"
ends 0
lacks err "warning"

# Jobs that need the pages, the flash or the RAM. refused STATUS ARGS...: does
# nothing, and suggests --device.
refused() {
	expected_status=$1
	shift
	about "an unknown ID: $*"
	used sim:0x413,pid=$new,size=128K 131072
	flash "$@" "$dev"
	ends "$expected_status"
	one_line
	says err "--device"
	untouched "$T/full"
}
refused 2 -r "$T/none"
refused 2 -w "$T/image"
refused 2 -C
refused 2 -o -s 1 -e 1
refused 2 -o -S 0x08000000:16384
refused 2 -w "$T/image" -s 1
refused 2 -w "$T/image" -s 1 -e 1
refused 2 -w "$T/image" -S 0x08000000 --erase=pages
refused 2 -r "$T/none" -s 1 -e 1
refused 2 -g 0
refused 1 -R
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"
refused 7 -w "$T/image.hex"
refused 7 -w "$T/image.hex" --erase=chip
about "an unknown ID: a hex file within a range"
use_sim sim:0x413,pid=$new,size=128K
flash -w "$T/image.hex" -v -S 0x08000000:1001 "$dev"
ends 0
holds 0 "$T/image"
about "an unknown ID: a range that may be anything needs a length"
flash -r "$T/none" -S 0x08000000 "$dev"
ends 2
one_line
says err "length"
[ ! -e "$T/none" ] || bad "a file was made"

# --device
about "--device: by the name of a part, or ST's debug ID"
use_sim sim:0x413,pid=$new
flash --device=stm32f407vg "$dev"
ends 0
says out "taken for    : 0x413 (STM32F40xxx/41xxx)"
says out "- Flash size : 1024KiB on this chip"
use_sim sim:0x03B,pid=0x99
flash -m 8n1 --device=0x028 -w "$T/image" -v "$dev"
ends 0
says out "taken for    : 0x03b (STM32WB05xx)"
about "--device: another one than the ID says"
use_sim sim:0x410,size=64K
flash --device=0x414 "$dev"
ends 0
says out "Device ID    : 0x0410 (STM32F10xxx Medium-density)"
says out "taken for    : 0x414 (STM32F10xxx High-density)"
"$tool" pattern 65536 7 >"$T/full"
use_sim sim:0x410,size=64K,wrp=0 "$T/full"
about "--device: suspected before the write protection"
flash --device=0x414 -w "$T/image" "$dev"
ends 5
says err "the chip is 0x410, but --device gives 0x414; if that is right, the page is write protected"
flash --device=0x410 -w "$T/image" "$dev"
ends 5
lacks err "--device"
says err "; the page is write protected; use -u to lift that"
use_sim sim:0x410,size=64K
about "--device: the one that it is anyway"
flash --device=0x410 "$dev"
ends 0
lacks out "taken for"
about "--device: -R, and what the row knows of versions"
use_sim sim:0x460,pid=$new,blid=0xB3
flash --device=0x460 -o -s 1 -e 3 -R "$dev"
ends 0
commands 44 3
counts reset_stores 1
about "--device: a part of another protocol"
use_sim sim:0x413
flash --device=STM32MP157 "$dev"
ends 1
one_line
for name in 0x999 STM32Z9 "" 0x; do
	about "--device=$name: no such part"
	flash --device="$name" "$dev"
	ends 2
	one_line
done
about "--device=F103: several"
flash --device=F103 "$dev"
ends 2
one_line
says err "0x412, 0x410, 0x414"
finish
