#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# "sim:" as the device, unknown parts, --device; and runs without a device.
. tests/e2e/lib.sh

"$tool" pattern 3000 1 >"$T/image"

about "the facts"
flash sim:0x410
ends 0
says out "Version      : 0x22"
says out "Option 1     : 0x00"
says out "Option 2     : 0x00"
says out "Device ID    : 0x0410 (STM32F10xxx Medium-density)"
says out "- RAM        : Up to 20KiB  (512b reserved by bootloader)"
says out "- Flash      : Up to 128KiB (size first sector: 4x1024)"
says out "- Option RAM : 16b"
says out "- System RAM : 2KiB"
about "the same facts through a pty"
grep -e '^[VOD-]' "$T/out" >"$T/facts"
start_sim sim:0x410
flash "$dev"
ends 0
grep -e '^[VOD-]' "$T/out" >"$T/facts2"
same "$T/facts" "$T/facts2"
stop_sim
commands 31 0
counts mass_erases 0

about "write, read, in files"
use_sim sim:STM32F407VG,size=512K
flash -w "$T/image" -v "$dev"
ends 0
flash -r "$T/back" -S 0x08000000:3000 "$dev"
ends 0
same "$T/image" "$T/back"
about "a part that is not in the table"
flash sim:0x123
ends 2
one_line
about "a key that there is not"
flash sim:0x410,colour=red
ends 2
one_line
says err "colour"

# Warns if the result would be lost at the end of the run.
for key in file nv log stats; do
	for chip in sim:0x410 sim:i2c:0x448; do
		about "$chip: a $key= that cannot be written"
		flash -w "$T/image" "$chip,$key=$T/none/x"
		ends 3
		one_line
		says err "sim: $T/none/x: cannot write: "
	done
done

# A product ID that is in no table.
about "an unknown ID: the facts"
start_sim sim:0x410,pid=0x999
flash "$dev"
ends 0
says out "Device ID    : 0x0999"
says out "Version      : 0x22"
about "an unknown ID: -r, -w, -C and -o without a range"
for args in "-r $T/none" "-w $T/image" -C; do
	about "an unknown ID: $args"
	# shellcheck disable=SC2086 # several words
	flash $args "$dev"
	ends 2
	one_line
	says err "--device"
	says err "0x999"
done
about "an unknown ID: -w -S"
flash -w "$T/image" -S 0x08000000 -v "$dev"
ends 0
about "an unknown ID: -r -S"
flash -r "$T/back" -S 0x08000000:3000 "$dev"
ends 0
same "$T/image" "$T/back"
about "an unknown ID: -C -S"
flash -C -S 0x08001000:1024 "$dev"
ends 0
says out "CRC(0x08001000-0x08001400) = 0xd000a3e2"
about "an unknown ID: -g"
"$tool" app 0x20001000 >"$T/app"
flash -w "$T/app" -S 0x20001000:24 -g 0x20001000 "$dev"
ends 0
stop_sim
holds 0 "$T/image"
happened "app: U"
counts granules_refused 0
if [ -e "$T/none" ]; then bad "a file was made"; else good; fi
about "an unknown ID: mass erase"
use_sim sim:0x410,pid=0x999,size=64K
cp "$T/image" "$T/short"
"$tool" pattern 65536 2 >"$T/flash.bin"
flash -o "$dev"
ends 0
"$tool" pad 65536 0xFF </dev/null >"$T/blank"
same "$T/blank" "$T/flash.bin"
about "an unknown ID: mass erase and write"
"$tool" pattern 65536 2 >"$T/flash.bin"
flash -w "$T/image" -S 0x08000000 --erase=chip -v "$dev"
ends 0
"$tool" pad 65536 0xFF <"$T/image" >"$T/picture"
same "$T/picture" "$T/flash.bin"
about "an unknown ID: an odd length, whatever the granule may be"
"$tool" pattern 1001 4 >"$T/odd"
use_sim sim:0x468,pid=0x999
flash -w "$T/odd" -S 0x08000000 -v "$dev"
ends 0
holds 0 "$T/odd"
counts granules_refused 0
use_sim sim:0x410,pid=0x999,size=64K
about "an unknown ID: -s and -e"
flash -w "$T/image" -s 1 -e 1 "$dev"
ends 2
one_line
about "--device: all of it works"
"$tool" pattern 65536 2 >"$T/flash.bin"
flash --device=0x410 -w "$T/image" -v "$dev"
ends 0
same "$T/picture" "$T/flash.bin"
flash --device="STM32F10xxx Medium-density" -r "$T/back" "$dev"
ends 0
same "$T/picture" "$T/back"
about "--device: a name that several parts have"
flash --device=STM32F1 "$dev"
ends 2
one_line

about "-h"
flash -h
ends 0
[ -s "$T/err" ] && bad "something on stderr"
for letter in w r v g S o i k R b; do
	about "-h: -$letter"
	says out "  -$letter "
done
about "--help=all"
flash --help=all
ends 0
[ -s "$T/err" ] && bad "something on stderr"
for letter in a b m r w f u j k o e s S v n g F c i C R h; do
	about "--help=all: -$letter"
	says out "  -$letter"
done
about "--help=more"
flash --help=more
ends 2
one_line
about "-h before what is wrong"
flash -h --frobnicate
ends 0
about "--version"
flash --version
ends 0
says out "stm32flash "
about "no arguments"
flash
ends 2
one_line
finish
