#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Special behaviour of parts: one check for every quirk bit and every defect of
# dev_table.h, by name; checks what reached the device.
. tests/e2e/lib.sh

# A program that sends U, with a stack that every part has.
"$tool" app 0x08000000 >"$T/plain"
printf '\000\010\000\040' | "$tool" patch 0 "$T/plain" >"$T/app"
"$tool" pattern 2501 2 >"$T/image"

# quirk NAME TEXT: the subject of the next checks.
quirk() {
	about "$1: $2"
}

# used SPEC SIZE: a device with a full flash.
used() {
	"$tool" pattern "$2" 7 >"$T/full"
	use_sim "$1" "$T/full"
}

# erased OFFSET LEN [VALUE]: exactly that part of the flash is erased.
erased() {
	"$tool" pad "$2" "${3-0xFF}" </dev/null |
		"$tool" patch "$1" "$T/full" >"$T/expected"
	same "$T/expected" "$T/flash.bin"
}

# writes SPEC ARGS...: writes and verifies; the flash is right, and the silicon
# refused nothing.
writes() {
	use_sim "$1"
	shift
	flash -w "$T/image" -v "$@" "$dev"
	ends 0
	holds 0 "$T/image"
	counts granules_refused 0
}

quirk DEV_NO_MASS_ERASE "page by page, 1 to 100 a command, erased is 00"
used sim:0x427 262144
flash -o --verbose "$dev"
ends 0
says out "no mass erase on this part"
counts pages_erased 1024
counts mass_erases 0
commands 44 16
erased 0 262144 0
for part in 0x457 0x425 0x417 0x447 0x416 0x429 0x427 0x436 0x437; do
	quirk DEV_NO_MASS_ERASE $part
	writes sim:$part
	counts mass_erases 0
done

quirk DEV_RISC_V "a file for the other kind of core is refused"
use_sim sim:GD32VF103
flash -w tests/formats/cases/riscv.elf --device=GD32VF103 "$dev"
ends 0
used sim:0x410 131072
flash -w tests/formats/cases/riscv.elf "$dev"
ends 7
says err "RISC-V"
same "$T/full" "$T/flash.bin"

quirk DEV_DUAL_BANK "a smaller part: page numbers of the first half are sure"
used sim:0x415,size=512K 524288
flash -o -s 126 -e 2 "$dev"
ends 0
erased 258048 4096
counts pages_erased 2
for args in "-o -s 127 -e 2" "-o -s 128" "-w $T/image -S 0x08040000:4096" \
	"-w $T/image -S 0x0803fc00 --erase=pages" "-w $T/image -s 100 -e 30"; do
	quirk DEV_DUAL_BANK "a smaller part, $args"
	used sim:0x415,size=512K 524288
	# shellcheck disable=SC2086 # several words
	flash $args "$dev"
	ends 2
	one_line
	says err "--erase=chip"
	says err "0x08040000"
	untouched "$T/full"
done
quirk DEV_DUAL_BANK "a smaller part, --erase=chip in the second half"
flash -w "$T/image" -S 0x08040000 --erase=chip -v "$dev"
ends 0
holds 262144 "$T/image"
counts mass_erases 1
quirk DEV_DUAL_BANK "the largest part: all of them are"
used sim:0x415 1048576
flash -o -s 510 -e 2 "$dev"
ends 0
erased 1044480 4096

# 768 KiB of F1 in banks of 512 and 256; L0 and L1 in two halves.
for part in "0x430 768 2048" "0x447 128 128" "0x436 256 256" "0x437 384 256"; do
	# shellcheck disable=SC2086 # three words
	set -- $part
	quirk DEV_BANKS_ADJOIN "$1 of $2 KiB: the last page can be erased"
	used "sim:$1,size=$2K" $(($2 * 1024))
	flash -o -s $(($2 * 1024 / $3 - 1)) -e 1 "$dev"
	ends 0
	[ "$3" -gt 256 ] && value=0xFF || value=0
	erased $(($2 * 1024 - $3)) "$3" "$value"
done

quirk DEV_H7_BANKS "bank 2 is not where bank 1 ends"
used sim:0x450,size=1M 1048576
flash -r "$T/back" "$dev"
ends 0
says out "- Flash size : 512KiB in bank 1 on this chip"
"$tool" cut 0 524288 <"$T/full" >"$T/expected"
same "$T/expected" "$T/back"
flash -o -s 3 -e 1 "$dev"
ends 0
erased 393216 131072
used sim:0x450,size=1M 1048576
flash -o -s 4 -e 1 "$dev"
ends 2
untouched "$T/full"
"$tool" pattern 524289 3 >"$T/big"
flash -w "$T/big" "$dev"
ends 7
says err "too big"
untouched "$T/full"
quirk DEV_H7_BANKS "the smallest parts have one bank, the largest no gap"
used sim:0x450,size=128K 131072
flash -r "$T/back" "$dev"
same "$T/full" "$T/back"
used sim:0x480,size=128K 131072
flash -o -s 15 -e 1 "$dev"
ends 0
erased 122880 8192
used sim:0x450 2097152
flash -o -s 15 -e 1 "$dev"
ends 0
erased 1966080 131072

for part in 0x466 0x456 0x460 0x467 0x443 0x453 0x44C 0x493 0x44D 0x464 \
	0x435 0x462 0x470 0x471 0x459 0x489 0x494 0x495 0x497; do
	sampled 3 || continue
	quirk DEV_EMPTY_CHECK "$part starts after the first write"
	start_sim sim:$part,boot0=0
	flash -w "$T/app" -R "$dev"
	ends 0
	lacks err warning
	stop_sim
	counts reset_stores 1
	happened "app: U"
done
quirk DEV_EMPTY_CHECK "a part with an unknown flag: a warning, and -g"
start_sim sim:0x461,boot0=0
flash -w "$T/app" -R "$dev"
ends 0
says err "warning"
says err "-g"
flash -g 0 "$dev"
ends 0
stop_sim
counts reset_stores 1
counts resets 1
happened "go 0x08000000"
happened "app: U"

quirk DEV_OBL_LAUNCH "only an option load leaves the ROM"
start_sim sim:0x442,boot0=0
flash -w "$T/app" -R "$dev"
ends 0
lacks err warning
stop_sim
counts reset_stores 0
happened "reset by option load"
happened "app: U"

for size in 256 384; do
	quirk DEV_SIZE_IS_CODE "$size KiB"
	use_sim sim:0x436,size=${size}K
	flash "$dev"
	ends 0
	says out "Flash size : ${size}KiB on this chip"
done
quirk DEV_SIZE_IS_CODE "an unknown code"
use_sim sim:0x436,sizereg=2
flash --verbose "$dev"
ends 0
lacks out "Flash size :"
says out "flash size register says 0x0002"

quirk DEV_SIZE_LOW_BYTE "the high byte is something else"
use_sim sim:0x429,size=64K,sizereg=0xA540
flash "$dev"
ends 0
says out "Flash size : 64KiB on this chip"

for part in 0x445 0x457 0x425; do
	quirk DEV_NO_RAM "$part: no code there for -R, and -g works"
	use_sim sim:$part
	flash -w "$T/app" -v -R "$dev"
	ends 1
	one_line
	says err "no RAM"
	never store
	never "go 0x"
	use_sim sim:$part
	flash -w "$T/app" -v -g 0 "$dev"
	ends 0
	happened "app: U"
done

quirk DEV_OPTION_REGISTERS "they are written where they are, and no reset comes"
printf '\001\002\003\004\005\006\007\010' >"$T/options"
use_sim sim:0x450
flash -w "$T/options" -S 0x52002050:8 -v --yes "$dev"
ends 0
happened "store 0x52002050+8"
counts resets 0
counts mass_erases 0
quirk DEV_OPTION_REGISTERS "option bytes proper: a reset, and the session is back"
printf '\252\002\003\004\005\006\007\010' >"$T/unlocked"
use_sim sim:0x468
flash -w "$T/unlocked" -S 0x1FFF7800:8 -v --yes "$dev"
ends 0
happened "option 0x1FFF7800"
counts resets 1

quirk DEV_TRUSTZONE "named where an address is refused"
for k in 2.2 3.1 strict; do
	use_sim sim:0x472,rom=$k
	flash -r "$T/none" -S 0x0C000000:256 "$dev"
	ends 1
	says err "TrustZone"
done
use_sim sim:0x469
flash -r "$T/none" -S 0x0C000000:256 "$dev"
ends 1
lacks err "TrustZone"

for part in 0x03B 0x03F 0x006 0x05F 0x9A8 0x9B0 0x003 0x02F; do
	sampled 3 || continue
	quirk DEV_NO_PARITY "$part: the answer says which mode it wants"
	use_sim sim:$part
	flash "$dev"
	ends 4
	one_line
	says err "use -m 8n1"
	quirk DEV_NO_PARITY "$part with -m 8n1"
	writes sim:$part -m 8n1
done
quirk DEV_NO_PARITY "a part that has it"
use_sim sim:0x413
flash -m 8n1 "$dev"
ends 4
one_line
says err "use -m 8e1"

for part in 0x03B 0x03F 0x006 0x05F 0x003 0x02F; do
	quirk DEV_ID_IN_BYTE_3 $part
	use_sim sim:$part
	flash -m 8n1 "$dev"
	ends 0
	says out "Device ID    : 0x0$(echo "${part#0x}" | tr A-F a-f) ("
	lacks out unknown
done

quirk DEV_NO_PERIPHERALS "the size is not asked for, and that is said"
use_sim sim:0x03F,size=128K
flash --verbose -m 8n1 "$dev"
ends 0
commands 11 0
lacks out "Flash size :"
says out "flash size"

for part in 0x486 0x500 0x501 0x503 0x505; do
	quirk DEV_OTHER_PROTOCOL "$part is named, and nothing is done to it"
	used sim:0x410,pid=$part 131072
	flash -o "$dev"
	ends 1
	one_line
	says err "another protocol"
	untouched "$T/full"
done

quirk DEV_READ_AFTER_WRITE_LOSS "a write to RAM is what gets lost"
writes sim:0x483
never lost
happened "store 0x20004100+32"
quirk DEV_READ_AFTER_WRITE_LOSS "a write is repeated after a look at the flash"
writes sim:0x483,silent=write:3:2,lostack=write:5
never lost
quirk DEV_READ_AFTER_WRITE_LOSS "pages with something to keep"
used sim:0x483 1048576
flash -w "$T/image" -S 0x08000520:2501 --erase=pages -v "$dev"
ends 0
never lost
"$tool" patch 1312 "$T/full" <"$T/image" >"$T/expected"
same "$T/expected" "$T/flash.bin"
for rom in 2.2 3.1 strict worst; do
	quirk DEV_READ_AFTER_WRITE_LOSS "rom=$rom: that RAM is refused"
	used sim:0x440,pid=0x483,rom=$rom 65536
	flash -w "$T/image" -v "$dev"
	ends 1
	says err "the address was refused (NACK)"
	counts granules_programmed 0
	for opcode in 21 43 63 73 82 92; do
		commands $opcode 0
	done
done
quirk DEV_READ_AFTER_WRITE_LOSS "its sister without it"
writes sim:0x450
never store

for part in 0x466 0x456 0x460 0x467; do
	quirk DEV_READ_END_HANGS "$part: a read ends where the flash does"
	used sim:$part,size=32K 32768
	flash -F 100 -r "$T/back" "$dev"
	ends 0
	same "$T/full" "$T/back"
	flash -r "$T/back" -S 0x08007F81:127 "$dev"
	ends 0
	quirk DEV_READ_END_HANGS "$part: nor does it hang if the size is a lie"
	used sim:$part,size=32K,sizereg=0xFFFF 32768
	flash -F 100 -r "$T/back" "$dev"
	ends 0
	says err "does not report its flash size; the flash ends at 0x08008000"
	same "$T/full" "$T/back"
	never hang
done

quirk DEV_EXTRA_ACK "two to the 7F"
writes sim:0x464
writes sim:0x410,ack2=1

quirk DEV_ID_ARTERY "five bytes, in an order of their own"
use_sim sim:0x700A3243
flash "$dev"
ends 0
says out "Device ID    : 0x700a3243 (Artery AT32F423RCT7)"

quirk DEV_NO_GO "Go is refused: the part is to blame, not the address"
for k in 2.2 3.1 strict; do
	use_sim sim:0x50020100,rom=$k
	flash -w "$T/app" -v -g 0 "$dev"
	ends 1
	one_line
	holds 0 "$T/app"
	never "go 0x"
	says err "this part"
done

quirk DEV_OPTION_NO_RESET "no reset to wait for"
use_sim sim:0x70084598
flash -w "$T/options" -S 0x1FFFC000:8 -v --verbose "$dev"
ends 0
lacks out "waiting for the reset"
counts resets 0
use_sim sim:0x70050240
flash -w "$T/options" -S 0x1FFFF800:8 -v --verbose "$dev"
ends 0
says out "waiting for the reset"
counts resets 1

quirk DEV_NOT_IN_AN2606 "less certain facts: a warning"
use_sim sim:0x641
flash --verbose "$dev"
ends 0
says out "AN2606"
use_sim sim:0x410
flash --verbose "$dev"
lacks out "AN2606"

# Defects depend on the version of a ROM, which is read first.
one="0x460,blid=0xB3 0x467,blid=0x92 0x467,blid=0xD0 0x454,blid=0xE1"
for spec in $one; do
	quirk erase_one_page "$spec: one page a command"
	kib=128
	[ "${spec%,*}" = 0x460 ] || kib=512
	[ "${spec%,*}" != 0x454 ] || kib=1024
	used "sim:$spec" $((kib * 1024))
	flash -o -S $((0x08000000 + kib * 1024 - 32768)):32768 --verbose "$dev"
	ends 0
	says out "acknowledges an erase too early"
	erased $((kib * 1024 - 32768)) 32768
	commands 44 "$(sed -n 's/^pages_erased //p' "$T/stats")"
	quirk erase_one_page "$spec: before a write too"
	used "sim:$spec" $((kib * 1024))
	flash -w "$T/image" --erase=pages -v "$dev"
	ends 0
	counts granules_refused 0
	"$tool" patch 0 "$T/full" <"$T/image" >"$T/expected"
	same "$T/expected" "$T/flash.bin"
done
quirk erase_one_page "other versions take a list"
used sim:0x460,blid=0xB2 131072
flash -o -s 3 -e 16 --verbose "$dev"
ends 0
lacks out "too early"
counts pages_erased 16
commands 44 5

quirk erase_busy "an ACK that comes before bank 2 is erased"
used sim:0x450,blid=0x91 2097152
flash -w "$T/image" -S 0x08100000:2501 -v --verbose "$dev"
ends 0
says out "acknowledges an erase too early"
counts granules_refused 0
"$tool" patch 1048576 "$T/full" <"$T/image" >"$T/expected"
same "$T/expected" "$T/flash.bin"
quirk erase_busy "other versions wait"
use_sim sim:0x450,blid=0x90
flash -w "$T/image" -v --verbose "$dev"
ends 0
lacks out "too early"

quirk no_bank_erase "none is asked for: all, or pages"
used sim:0x461,blid=0x93 1048576
flash -o "$dev"
ends 0
commands 44 1
counts mass_erases 1
used sim:0x461,blid=0x93 1048576
flash -o -S 0x08080000:524288 "$dev"
ends 0
counts pages_erased 256
counts mass_erases 0

quirk no_stretch_erase "without a clock there is nothing to hold"
used sim:0x456,blid=0x51 65536
flash -o -s 1 -e 5 "$dev"
ends 0
commands 44 3
erased 2048 10240

# Page numbers: one byte with the old command. Lists begin with one page, or
# two with the old command, and grow to 100.
about "0x43: 254 pages in eight commands"
used sim:0x414 524288
flash -o -s 1 -e 254 "$dev"
ends 0
commands 43 8
erased 2048 520192
about "0x44: 254 pages in nine commands"
used sim:0x414,erase=44 524288
flash -o -s 1 -e 254 "$dev"
ends 0
commands 44 9
erased 2048 520192
finish
