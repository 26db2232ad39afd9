#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Option bytes that lock out the bootloader: not sent, from any source. Each
# case was once sent.
. tests/e2e/lib.sh

"$tool" pad 16 0xFF </dev/null >"$T/ff"

# level_2 OFFSET LEN >FILE: option bytes with the key of level 2.
level_2() {
	printf '\314\063' >"$T/key"
	"$tool" pad "$2" 0xFF </dev/null >"$T/ff"
	"$tool" patch "$1" "$T/ff" <"$T/key"
}

# elf ADDRESS4 LEN1 FILE: an executable with one segment, FILE; the address is
# four octal escapes, the length one.
elf() {
	printf '\177ELF\001\001\001\000\000\000\000\000\000\000\000\000'
	printf '\002\000\050\000\001\000\000\000%b' "$1"
	printf '\064\000\000\000\000\000\000\000\000\000\000\000'
	printf '\064\000\040\000\001\000\050\000\000\000\000\000'
	printf '\001\000\000\000\124\000\000\000%b%b' "$1" "$1"
	printf '%b\000\000\000%b\000\000\000' "$2" "$2"
	printf '\006\000\000\000\001\000\000\000'
	cat "$3"
}

# nothing_sent: no command that changes anything.
nothing_sent() {
	for opcode in 31 43 44 63 73 82 92; do commands $opcode 0; done
	never option
}

# refused ARGS...: without a write.
refused() {
	flash "$@" "$dev"
	ends 2
	one_line
	says err "cannot be undone"
	nothing_sent
}

"$tool" pattern 3000 1 >"$T/app"
while read -r id family; do
	level_2 0 16 >"$T/ob.bin"
	"$tool" hex 0x1FFFF800 16 <"$T/ob.bin" >"$T/ob.hex"
	"$tool" dfuse 0x1FFFF800 "" <"$T/ob.bin" >"$T/ob.dfu"
	elf '\000\370\377\037' '\020' "$T/ob.bin" >"$T/ob.elf"
	"$tool" srec 0x1FFFF800 <"$T/ob.bin" >"$T/ob.s19"
	"$tool" uf2 0x1FFFF800 "$family" <"$T/ob.bin" >"$T/ob.uf2"
	for way in "-f -w $T/ob.bin" "-w $T/ob.hex" "-w $T/ob.elf" \
	    "-w $T/ob.s19" "-w $T/ob.uf2" \
	    "-w $T/ob.dfu" "-w $T/ob.bin --yes" "-k -w $T/ob.hex" \
	    "-u -w $T/ob.hex --yes" "-w $T/ob.hex --dry-run"; do
		about "$id $way"
		use_sim "sim:$id"
		# shellcheck disable=SC2086
		refused $way -S 0x1FFFF800:16
	done
	about "$id -w FILE@ADDRESS"
	use_sim "sim:$id"
	refused -w "$T/ob.bin@0x1FFFF800" -S 0x1FFFF800:16
	about "$id the second of two files"
	use_sim "sim:$id"
	refused -w "$T/app@0x08000000" -w "$T/ob.bin@0x1FFFF800" \
		-S 0x1FFFF800:16
	for way in "-w $T/app@0x08000000 -w $T/ob.bin@0x1FFFF800" \
	    "-w $T/app@0x08000000 -w $T/ob.s19" "-w $T/ob.uf2"; do
		about "$id $way: not without -S"
		use_sim "sim:$id"
		# shellcheck disable=SC2086
		flash $way --yes "$dev"
		ends 7
		one_line
		says err "has option bytes at 0x1ffff800"
		nothing_sent
	done
	about "$id taken for an F4"
	use_sim "sim:$id"
	refused --device=0x413 -f -w "$T/ob.bin" -S 0x1FFFF800:16
done <<'EOF'
0x410 0x5EE21072
0x440 0x647824B6
0x438 0x6B846188
EOF

about "F4: the second byte"
level_2 1 16 >"$T/ob.bin"
use_sim sim:0x413
refused -f -w "$T/ob.bin" -S 0x1FFFC000:16
about "H7: a register"
level_2 1 4 >"$T/ob.bin"
use_sim sim:0x450
refused -f -w "$T/ob.bin" -S 0x52002020:4
about "an ID that is in no row"
level_2 0 16 >"$T/ob.bin"
use_sim sim:0x410,pid=0x7FE
refused -f -w "$T/ob.bin" -S 0x1FFFF800:16

about "G0: the bootloader is locked out by what the factory has"
printf '\252\376\377\377\125\001\000\000' >"$T/g0"
use_sim sim:0x460
flash -f -w "$T/g0" -S 0x1FFF7800:8 "$dev"
ends 2
says err "nBOOT0 = 1"
says err "--yes"
never option
flash -f -w "$T/g0" -S 0x1FFF7800:8 --yes "$dev"
ends 0
says err "nBOOT0 = 1"
happened option
about "G0: by the pin"
printf '\252\376\377\376\125\001\000\001' >"$T/g0"
use_sim sim:0x460
flash -f -w "$T/g0" -S 0x1FFF7800:8 "$dev"
ends 0
happened option

# By name. nothing_goes_out TEXT ARGS...
nothing_goes_out() {
	text=$1
	shift
	flash "$@" "$dev"
	ends 2
	one_line
	says err "$text"
	nothing_sent
	counts resets 0
	never store
}
while read -r id set; do
	for more in "" --yes "--yes --dry-run"; do
		about "$id --set=$set $more"
		use_sim "sim:$id"
		# shellcheck disable=SC2086
		nothing_goes_out "cannot be undone" --set=$set $more
	done
done <<'EOF'
0x440 RDP=0xCC
0x413 RDP=0xCC
0x416 RDP=0xCC
0x460 RDP=0xCC
0x482 RDP=0xCC
0x460 BOOT_LOCK=1
0x497 C2BOOT_LOCK=1
0x450 SECURITY=1
0x484 PRODUCT_STATE=0x5C
0x455 OEM1KEYR1=1
0x495 SFSA=0x08000000
0x460 nRST_STOP=0,BOOT_LOCK=1
0x460 nRST_STOP=0 --set=BOOT_LOCK=1
0x413 RDP=0xCC --set=BOR_LEV=1
EOF
while read -r id set; do
	about "$id --set=$set wants --yes"
	use_sim "sim:$id"
	nothing_goes_out "give --yes to write them anyway" --set="$set"
	about "$id --set=$set --yes"
	use_sim "sim:$id"
	flash --set="$set" --yes "$dev"
	ends 0
	says err "option bytes: "
	says out " -> "
done <<'EOF'
0x435 nSWBOOT0=0
0x435 nBOOT1=0
0x460 nBOOT1=0
0x449 BOOT_ADD1=0x00200000
0x455 NSBOOTADD1=0x08000000
0x455 UNLOCK_1A=0
0x455 TZEN=1
0x423 SPRMOD=1
0x447 WPRMOD=1
0x452 PCROP0=1
0x415 PCROP1_STRT=0x08000000,PCROP1_END=0x08001000
0x460 SEC_SIZE=0x08000800
0x460 NRST_MODE=2
0x450 PROT_AREA_END1=0x080010FF
0x482 HDP1EN=1
EOF

finish
