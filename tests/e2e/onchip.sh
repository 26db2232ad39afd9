#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --on-chip: the same results as without it, but faster, with every way back;
# if it is impossible or fails, the memory is read.
. tests/e2e/lib.sh

"$tool" pattern 65536 1 >"$T/image"
: | "$tool" pad 65536 255 >"$T/blank"

# differing FILE OFFSET: changes the byte there.
differing() {
	"$tool" peek "$2" 1 <"$1" >"$T/byte"
	if [ "$(cat "$T/byte")" = 55 ]; then byte=f; else byte=U; fi
	printf %s "$byte" | "$tool" patch "$2" "$1"
}

# ran N: the routine was started N times.
ran() {
	commands 21 "$1"
}

# few_reads: much less than the whole memory.
few_reads() {
	n=$(sed -n 's/^command_11 //p' "$T/stats")
	if [ "${n:-0}" -lt "${1:-24}" ]; then good; else bad "$n reads"; fi
}

# results FILE: prints the results, without the method, the time and the steps.
results() {
	sed -n -e 's/ in [0-9.]* s (.*//' -e 's/(by [a-z]*)//' \
		-e '/^Differs/p;/^The same/p;/^CRC(/p;/^Blank/p;/^Summary/p' \
		-e '/pages differ/p;/differ, the first/p;/^blank check/p' "$@"
}

# job FLASH ARGS...: with FLASH in the chip, the output and the result are the
# same with and without $how.
job() {
	before=$1
	shift
	use_sim "$spec" "$before"
	# shellcheck disable=SC2086 # several words
	flash -b 115200 $entry "$@" "$dev"
	plain=$status
	results "$T/out" "$T/err" >"$T/results.plain"
	cp "$T/flash.bin" "$T/flash.plain"
	use_sim "$spec" "$before"
	# shellcheck disable=SC2086
	flash -b 115200 $entry $how "$@" "$dev"
	ends "$plain"
	results "$T/out" "$T/err" >"$T/results"
	same "$T/results.plain" "$T/results"
	same "$T/flash.plain" "$T/flash.bin"
	lacks err "reading instead"
}

# parts WAY: each part is of another family, or has another ROM.
parts() {
	case $1 in
	jump) echo 0x410 0x440 ;;
	sequence) echo 0x410 0x440 0x414 0x413 0x429 0x415 0x460 0x448 ;;
	boot0) echo 0x410 0x447 ;;
	esac
}

board=,reset=dtr,boot0=rts
pulse='rts,dtr,-dtr,'
differing "$T/image" 40000 >"$T/other"
for way in jump sequence boot0; do
	how=--on-chip wired='' entry=''
	case $way in
	sequence) wired=$board entry="-i $pulse" ;;
	boot0) how=--on-chip=boot0 ;;
	esac
	for part in $(parts $way); do
		sampled 5 || continue
		spec=sim:$part,size=64K$wired
		about "$way, $part: compare, the same"
		job "$T/image" --compare "$T/image"
		ends 0
		ran 1
		few_reads 8
		about "$way, $part: compare, a byte differs"
		job "$T/other" --compare "$T/image"
		ends 6
		ran 1
		few_reads 24
		about "$way, $part: CRC"
		job "$T/image" -C
		ends 0
		ran 1
		few_reads 12
		about "$way, $part: verify"
		job "$T/blank" -w "$T/image" -v
		same "$T/image" "$T/flash.bin"
		ran 1
		few_reads 60
	done
done

spec=sim:0x410,size=64K how=--on-chip entry=''
for offset in 0 255 1023 1024 65535; do
	sampled 3 || continue
	about "byte $offset differs"
	differing "$T/image" $offset >"$T/other"
	job "$T/other" --compare "$T/image"
	ends 6
	ran 1
	few_reads 24
done

for size in 8 16 31 64 100 128; do
	about "$size KiB"
	"$tool" pattern $((size * 1024)) 7 >"$T/sized"
	spec=sim:0x410,size=${size}K
	job "$T/sized" --compare "$T/sized"
	ends 0
	ran 1
	few_reads 8
done
spec=sim:0x414,size=512K
about "512 KiB"
"$tool" pattern 524288 7 >"$T/sized"
how="--on-chip -i $pulse" spec=sim:0x414,size=512K$board
use_sim "$spec" "$T/sized"
# shellcheck disable=SC2086
flash -b 115200 $how --compare "$T/sized" "$dev"
ends 0
ran 1
few_reads 8
spec=sim:0x410,size=64K how=--on-chip

about "CRC of a range"
job "$T/image" -C -S 0x08000400:50000
ends 0
ran 1

about "blank check"
job "$T/blank" --blank-check
ends 0
ran 1
few_reads 8
differing "$T/blank" 50001 >"$T/other"
job "$T/other" --blank-check
ends 6
ran 1
few_reads 24

about "two pages swapped"
"$tool" cut 3072 1024 <"$T/image" >"$T/four"
"$tool" cut 9216 1024 <"$T/image" >"$T/ten"
"$tool" patch 3072 "$T/image" <"$T/ten" >"$T/half"
"$tool" patch 9216 "$T/half" <"$T/four" >"$T/swapped"
job "$T/swapped" --compare "$T/image"
ends 6
says out "Differs: 0x08000c00"
ran 1
few_reads 40

about "--changed"
differing "$T/image" 20000 >"$T/other"
job "$T/other" -w "$T/image" --changed -v
ends 0
same "$T/image" "$T/flash.bin"
says out "1 of 64 pages differ"
says out "by checksum"
counts pages_erased 1
ran 1

about "a part of the flash, at odd places"
"$tool" cut 0 30001 <"$T/image" >"$T/part"
"$tool" hex 0x08001001 16 <"$T/part" >"$T/part.hex"
"$tool" patch 4097 "$T/blank" <"$T/part" >"$T/other"
job "$T/other" --compare "$T/part.hex"
ends 0
ran 1

# --- where it is not used ------------------------------------------------------

# not_used WHY: the memory was read, with this reason.
not_used() {
	ran 0
	says err "--on-chip: $1"
	says err "reading instead"
}

about "no way back"
use_sim sim:0x413,size=64K "$T/image"
flash --compare "$T/image" --on-chip "$dev"
ends 0
not_used "it needs a sequence"

# excluded SPEC WHY
excluded() {
	about "$1"
	use_sim "sim:$1$board"
	flash -i "$pulse" -C -S 0x08000000:8192 --on-chip "$dev"
	ends 0
	not_used "$2"
}
excluded 0x445,size=32K "this part leaves no RAM"
excluded 0x482,size=64K "this part has TrustZone"
excluded 0x450,size=128K "the free RAM of this part"
excluded 0x449,size=64K "the free RAM of this part"
excluded 0x641,size=64K "it is not certain"

about "the ROM has a checksum"
use_sim sim:0x410,size=64K,checksum=4 "$T/image"
flash --compare "$T/image" --on-chip "$dev"
ends 0
ran 0
lacks err "--on-chip"

about "too little to be worth it"
"$tool" cut 0 2048 <"$T/image" >"$T/part"
use_sim sim:0x410,size=64K "$T/image"
flash -b 115200 --compare "$T/part" --on-chip "$dev"
ends 0
ran 0
lacks err "--on-chip"

about "readout protected"
use_sim sim:0x410,size=64K,rdp=1 "$T/image"
flash --compare "$T/image" --on-chip "$dev"
ends 5
ran 0

about "a dry run starts nothing"
use_sim sim:0x410,size=64K "$T/image"
flash -w "$T/image" --changed --dry-run --on-chip "$dev"
ends 0
ran 0

about "goes with what is compared"
flash -r "$T/back" --on-chip "$dev"
ends 2
flash --compare "$T/image" --on-chip=boot1 "$dev"
ends 2

# --- what goes wrong -----------------------------------------------------------

about "BOOT0 is low: the chip does not come back"
use_sim sim:0x410,size=64K,boot0=0 "$T/image"
flash --compare "$T/image" --on-chip=boot0 "$dev"
ends 4
says err "did not return to its bootloader after the checksums"
ran 1
about "the same behind a write"
use_sim sim:0x410,size=64K,boot0=0
flash -w "$T/image" -v --on-chip=boot0 "$dev"
ends 4
says err "did not return"
says err "65280 of 65536 bytes written"
"$tool" cut 256 65280 <"$T/image" >"$T/part"
"$tool" patch 256 "$T/blank" <"$T/part" >"$T/expected"
same "$T/expected" "$T/flash.bin"

about "a sequence that resets nothing"
use_sim sim:0x413,size=64K "$T/image"
flash --compare "$T/image" --on-chip -i dtr "$dev"
ends 4
says err "did not return"

about "a Go that is refused"
use_sim sim:0x410,size=64K,nack=go:1 "$T/image"
flash --compare "$T/image" --on-chip "$dev"
ends 0
says out "The same: 65536 bytes"

about "a Go whose answer is lost"
use_sim sim:0x410,size=64K,lostack=go:1 "$T/image"
flash --compare "$T/image" --on-chip "$dev"
ends 0
says out "The same: 65536 bytes"

about "a ROM that starts late"
use_sim "sim:0x440,size=64K,startup=90$board" "$T/image"
flash --compare "$T/image" --on-chip -i "$pulse" "$dev"
ends 0
ran 1
few_reads

about "I2C"
use_sim "sim:i2c:0x415,size=64K,i2c=0x11" "$T/image"
flash -a 0x43 --compare "$T/image" --on-chip=boot0 "$dev"
ends 0
ran 1
few_reads
about "I2C, and BOOT0 is low: two attempts of 3 s"
use_sim "sim:i2c:0x415,size=64K,i2c=0x11,boot0=0" "$T/image"
flash -a 0x43 --compare "$T/image" --on-chip=boot0 "$dev"
ends 4
says err "did not return to its bootloader"
ran 1
ms=$(sed -n 's/^time_us \([0-9]*\)...$/\1/p' "$T/stats")
if [ "${ms:-0}" -gt 6000 ] && [ "$ms" -lt 9000 ]; then
	good
else
	bad "it took $ms ms"
fi
finish
