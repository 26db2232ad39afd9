#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -C: known results of the CRC unit, by reading, or from a ROM with one of the
# two forms of Get Checksum.
. tests/e2e/lib.sh

# Data for printf, its length, and the result of -C. "abcde" is padded with
# erased bytes, as in the flash.
vectors='\000\000\000\000 4 0xc704dd7b
\377\377\377\377 4 0x00000000
\001\002\003\004 4 0x1dabe74f
STM32FLASH!! 12 0x20a9564b
12345678 8 0xfefc54f9
abcde 8 0x60214584
\000\120\000\040\011\000\000\010 8 0x8b9358f8'

"$tool" ramp 256 >"$T/ramp"

# crc_is ADDRESS LEN CRC
crc_is() {
	flash -C -S "$1:$2" "$dev"
	ends 0
	says out "CRC($1-$(printf '0x%08x' $(($1 + $2)))) = $3"
}

# asked FORM: uses the ROM's checksum only if it works; reads at most 256 bytes
# to prove that.
asked() {
	if [ "$1" = none ]; then
		commands A1 0
	elif grep -q '^command_A1' "$T/stats"; then good; else
		bad "Get Checksum was not used"
	fi
}

for form in none 4 2; do
	about "checksum=$form, flash"
	use_sim sim:0x410,size=64K,checksum=$form
	while read -r data bytes crc; do
		sampled 3 || continue
		about "checksum=$form, $data"
		# shellcheck disable=SC2059 # the octal digits are for printf
		printf "$data" >"$T/data"
		flash -f -w "$T/data" -S 0x08001000:"$bytes" "$dev"
		ends 0
		crc_is 0x08001000 "$bytes" "$crc"
		asked $form
	done <<EOF
$vectors
EOF
	about "checksum=$form, 00 to FF"
	flash -f -w "$T/ramp" "$dev"
	crc_is 0x08000000 256 0xb7ec66f4
	about "checksum=$form, 1 KiB of FF"
	crc_is 0x08000400 1024 0xd000a3e2
	asked $form
	about "checksum=$form, the whole flash"
	flash -o "$dev"
	flash -C "$dev"
	ends 0
	says out "CRC(0x08000000-0x08010000) = 0x8d812a84"
	asked $form
	about "checksum=$form, --quiet leaves the result"
	flash --quiet -C "$dev"
	n=$(cat "$T/out")
	if [ "$n" = "CRC(0x08000000-0x08010000) = 0x8d812a84" ]; then
		good
	else
		bad "$n"
	fi
	about "checksum=$form, pages"
	flash -C -s 1 -e 1 "$dev"
	ends 0
	says out "CRC(0x08000400-0x08000800) = 0xd000a3e2"
	about "checksum=$form, erased bytes 00"
	use_sim sim:0x447,checksum=$form
	printf 'abcde' >"$T/data"
	flash -w "$T/data" -S 0x08001000:8 "$dev"
	crc_is 0x08001000 8 0x16d2d84b
	crc_is 0x08002000 1024 0x8b0a5208
	asked $form
done

for form in none 4 2; do
	about "checksum=$form, RAM through a pty"
	start_sim sim:0x410,checksum=$form
	flash -f -w "$T/ramp" -S 0x20001000:256 -v "$dev"
	ends 0
	crc_is 0x20001000 256 0xb7ec66f4
	stop_sim
	asked $form
	commands 31 1
	counts mass_erases 0
done

about "a checksum command that means something else is not believed"
use_sim sim:0x410,size=64K,extra=A1
flash -C "$dev"
ends 0
says out "CRC(0x08000000-0x08010000) = 0x8d812a84"
about "an answer that is mangled is asked for again"
use_sim sim:0x410,size=64K,checksum=4,garble=checksum:2:4
flash -C "$dev"
ends 0
says out "CRC(0x08000000-0x08010000) = 0x8d812a84"
for seed in 1 2 3 4; do
	about "a read to which bytes are added, seed $seed"
	use_sim "sim:0x410,size=64K,insert.out=2e-4,seed=$seed"
	flash -C "$dev"
	ends 0
	says out "CRC(0x08000000-0x08010000) = 0x8d812a84"
done
about "how far it is, as 0.7 says it"
use_sim sim:0x410,size=64K
flash -C "$dev"
ends 0
says out "CRC address 0x08010000 (100.00%) Done."
finish
