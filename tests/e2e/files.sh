#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files from other tools, several at once, and comparing memory with them: the
# results for each file of tests/formats/cases, DfuSe and UF2 files made here,
# two and three files in any order.
. tests/e2e/lib.sh

cases=tests/formats/cases
"$tool" pattern 3001 1 >"$T/boot"
"$tool" pattern 700 2 >"$T/app"
"$tool" pattern 60 3 >"$T/page"
"$tool" pad 131072 0x55 </dev/null >"$T/old"

# pictured PART OFFSET...: the flash holds only these files, at these offsets.
pictured() {
	"$tool" pad "$(wc -c <"$T/flash.bin")" 0xFF </dev/null >"$T/picture"
	while [ $# -gt 0 ]; do
		"$tool" patch "$2" "$T/picture" <"$1" >"$T/next"
		mv "$T/next" "$T/picture"
		shift 2
	done
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
}

# no_warning: standard error is empty.
no_warning() {
	if [ ! -s "$T/err" ]; then good; else bad "a warning"; fi
}

# taken FILE PART: is written, and equals flash.bin.
taken() {
	about "$1 into $2"
	use_sim "sim:$2"
	flash -w "$cases/$1" -v "$dev"
	ends 0
	says out "Wrote and verified"
}

# refused STATUS TEXT: one line, and no change.
refused() {
	ends "$1"
	one_line
	says err "$2"
	lacks out "Erasing"
}

# The segment of both files is 0x270 bytes at 0x34.
for file in keil-rw20000000.axf keil-rw20000400.axf; do
	"$tool" cut 52 624 <"$cases/$file" >"$T/segment"
	taken "$file" 0x410
	says out "Using Parser : ELF"
	says out "Size         : 624"
	pictured "$T/segment" 0
	no_warning
	never store
done
file=elf-segment-larger-than-sections.elf
"$tool" cut 512 96 <"$cases/$file" >"$T/segment"
taken "$file" 0x410
pictured "$T/segment" 0
for file in comment-hash.hex lower-srec-noext; do
	taken "$file" 0x410
	pictured "$T/segment" 0
done
says out "Using Parser : Motorola S-record"

about "RISC-V"
"$tool" cut 512 96 <"$cases/riscv.elf" >"$T/segment"
use_sim sim:0x410
flash -w $cases/riscv.elf -v --device=GD32VF103 "$dev"
ends 0
no_warning
pictured "$T/segment" 0
use_sim sim:GD32VW553HMQ7
flash -w $cases/riscv.elf -v "$dev"
ends 0
no_warning
pictured "$T/segment" 0
use_sim sim:0x410 "$T/old"
flash -w $cases/riscv.elf "$dev"
refused 7 "for RISC-V"
untouched "$T/old"
flash -w $cases/keil-rw20000000.axf --device=GD32VF103 "$dev"
refused 7 "for ARM"

for row in "g431 0x468" "l412 0x464" "h7a3 0x480"; do
	taken "${row% *}-top-of-ram.bin" "${row#* }"
	no_warning
	pictured "$cases/${row% *}-top-of-ram.bin" 0
done
taken h743-low-axi.bin 0x450
no_warning

about "what is no firmware: refused before a port is opened"
for file in $cases/page-404.bin tests/formats/bad/gzip.bin \
		tests/formats/bad/zip.hex tests/formats/bad/lfs.bin \
		tests/formats/bad/utf16.HEX tests/formats/bad/vendor.dfu \
		tests/formats/bad/rp2040.uf2 tests/formats/bad/x86-64; do
	flash -w "$file" /dev/no-such-port
	refused 7 "$file: "
	lacks err "no-such-port"
done
flash -w $cases/page-404.bin /dev/no-such-port
says err "a web page"
lacks err "-f"
use_sim sim:0x410
flash -f -w $cases/page-404.bin -v "$dev"
ends 0
holds 0 $cases/page-404.bin

about "UF2 of a case"
taken image.uf2 0x410
says out "Using Parser : UF2"
says out "Family       : STM32F1"
"$tool" cut 32 256 <$cases/image.uf2 >"$T/segment"
pictured "$T/segment" 0
use_sim sim:0x413 
flash -w $cases/image.uf2 "$dev"
refused 7 "the file is for STM32F1, but this part is STM32F40xxx"

about "data outside the part"
use_sim sim:0x410 "$T/old"
flash -w $cases/qspi.hex "$dev"
refused 7 "0x90000000-0x90000010 (external memory)"
says err "-S 0x08000000:131072 selects only the flash, 96 bytes"
untouched "$T/old"
flash -w $cases/qspi.hex -S 0x08000000:131072 -v "$dev"
ends 0
says err "16 bytes of the file lie outside"

about "initial data that is not copied"
use_sim sim:0x410
"$tool" hex 0x08000000 16 <"$T/app" | sed '$d' >"$T/ram.hex"
"$tool" hex 0x20001000 16 <"$T/page" >>"$T/ram.hex"
flash -w "$T/ram.hex" -v "$dev"
ends 0
says err "the 60 bytes at 0x20001000 go to RAM and are lost at a reset"

# DfuSe and UF2 files made by this test.
about "DfuSe"
use_sim sim:0x410
"$tool" dfuse 0x08000000 <"$T/boot" >"$T/x.dfu"
flash -w "$T/x.dfu" -v "$dev"
ends 0
says out "Using Parser : DfuSe"
no_warning
pictured "$T/boot" 0
about "DfuSe with an external memory, from standard input"
use_sim sim:0x410
"$tool" dfuse 0x08001000 3 <"$T/app" >"$T/x.dfu"
flash -w - -v "$dev" <"$T/x.dfu"
ends 0
says err "350 bytes for other memories are skipped (alternate setting 3)"
pictured "$T/app" 4096
about "UF2"
use_sim sim:0x410
"$tool" uf2 0x08000000 0x5ee21072 <"$T/boot" >"$T/x.uf2"
cp "$T/x.uf2" "$T/x.bin"
flash -w "$T/x.bin" -v "$dev"
ends 0
no_warning
pictured "$T/boot" 0
about "UF2 with a block that is not for the flash"
use_sim sim:0x410
"$tool" uf2 0x08000000 0x5ee21072 1 <"$T/app" >"$T/x.uf2"
flash -w "$T/x.uf2" -v "$dev"
ends 0
says err "1 of 4 blocks are not for the main flash and are skipped"
pictured "$T/app" 0

about "joined hex"
use_sim sim:0x410
{
	"$tool" hex 0x08000000 16 <"$T/boot"
	"$tool" hex 0x08001000 16 <"$T/app"
} >"$T/joined.hex"
flash -w "$T/joined.hex" -v "$dev"
ends 0
says err "a second hex file follows"
pictured "$T/boot" 0 "$T/app" 4096

# Three files of different formats, in every order.
"$tool" hex 0x08001000 16 <"$T/app" >"$T/app.hex"
"$tool" dfuse 0x0801F800 <"$T/page" >"$T/page.dfu"
boot=$T/boot@0x08000000
for order in "$boot $T/app.hex $T/page.dfu" "$boot $T/page.dfu $T/app.hex" \
		"$T/app.hex $boot $T/page.dfu" "$T/app.hex $T/page.dfu $boot" \
		"$T/page.dfu $boot $T/app.hex" "$T/page.dfu $T/app.hex $boot" \
		"$T/app.hex $T/boot $T/page.dfu"; do
	about "three files: $order"
	# shellcheck disable=SC2086 # three words
	set -- $order
	use_sim sim:0x410 "$T/old"
	flash -w "$1" -w "$2" --write="$3" -v "$dev"
	ends 0
	no_warning
	pictured "$T/boot" 0 "$T/app" 4096 "$T/page" 129024
	counts mass_erases 1
	flash --compare="$1" --compare="$2" --compare="$3" "$dev"
	ends 0
	says out "The same: 3761 bytes"
	untouched "$T/picture"
done
set -- -w "$T/boot@0x08000000" -w "$T/app.hex" -w "$T/page.dfu"

about "two files, the pages of both, what is beside them kept"
use_sim sim:0x410 "$T/old"
flash -w "$T/app.hex" -w "$T/page@0x08010000" --erase=pages -v "$dev"
ends 0
cp "$T/old" "$T/picture"
for row in "app 4096" "page 65536"; do
	"$tool" patch "${row#* }" "$T/picture" <"$T/${row% *}" >"$T/next"
	mv "$T/next" "$T/picture"
done
same "$T/picture" "$T/flash.bin"

# The second begins where the first ends, or a byte or a granule behind it.
for row in "0x410 0x080012bc" "0x410 0x080012bd" "0x468 0x080012bc" \
		"0x468 0x080012bd" "0x468 0x080012c1"; do
	part=${row% *} second=$T/page@${row#* }
	for files in "$T/app.hex $second" "$second $T/app.hex"; do
		about "two files in one granule of $part: $files"
		# shellcheck disable=SC2086 # two words
		set -- $files
		use_sim "sim:$part"
		flash -w "$1" -w "$2" -v "$dev"
		ends 0
		pictured "$T/app" 4096 "$T/page" $((${row#* } - 0x08000000))
	done
done
set -- -w "$T/boot@0x08000000" -w "$T/app.hex" -w "$T/page.dfu"

about "-S takes what lies in it, of all files"
use_sim sim:0x410
flash "$@" -S 0x08001000:126976 -v "$dev"
ends 0
says err "3001 bytes of the file lie outside"
pictured "$T/app" 4096 "$T/page" 129024

about "one damaged, one missing, too big, overlapping: nothing is touched"
use_sim sim:0x410 "$T/old"
sed '3s/.$/0/;4s/.$/1/' "$T/app.hex" >"$T/damaged.hex"
flash -w "$T/boot" -w "$T/damaged.hex" "$dev"
refused 7 "damaged.hex:"
flash -w "$T/boot" -w "$T/missing.hex" "$dev"
refused 7 "missing.hex: No such file"
flash -w "$T/page.dfu" -w "$T/boot@0x0801f900" "$dev"
refused 7 "it reaches to"
flash "$@" -w "$T/page@0x08001010" "$dev"
refused 7 "app.hex and $T/page@0x08001010 both have data at 0x08001010"
flash -w "$T/app.hex" -w "$T/old" "$dev"
refused 7 "both have data at 0x08001000"
flash -w "$T/app.hex" -w "$T/page" -S 0x08001100 "$dev"
refused 7 "both have data at 0x08001100"
untouched "$T/old"

about "a name that has an @ itself"
use_sim sim:0x410
cp "$T/app" "$T/app@0x08002000"
flash -w "$T/app@0x08002000" -v "$dev"
ends 0
pictured "$T/app" 0
rm "$T/app@0x08002000"
use_sim sim:0x410
flash -w "$T/app@0x08002000" -v "$dev"
ends 0
pictured "$T/app" 8192
flash -w "$T/app@home" "$dev"
refused 7 "app@home: No such file"

about "dry run and facts of several files"
use_sim sim:0x410 "$T/old"
flash "$@" --dry-run --json "$dev"
ends 0
says out "\"files\":[{\"name\":\"$boot\",\"format\":\"Raw BINARY\"},{\"name\""
flash --dry-run --device=0x410 "$@"
ends 0
says out "Write        : 3764 bytes"
untouched "$T/old"
about "the map of the plan, and the same in numbers"
use_sim sim:0x410 "$T/old"
flash --dry-run -w "$T/app" -w "$T/page@0x0801f810" --erase=pages "$dev"
ends 0
says out "0x08000000  k......"
says out "0x08010000  .............................................................."
says out ". stays (126), k kept in part, rewritten (2)"
flash --dry-run -w "$T/app" -S 0x08000000:2048 "$dev"
says out "0x08000000  we......"
flash --dry-run -w "$T/app" "$dev"
says out "0x08000000  weeee"
says out "e erased (127), w written (1)"
flash --dry-run --changed --json -w "$T/app" "$dev"
says out '"pages_stay":127,"pages_blank":0,"pages_written":0,"pages_differ":0,"pages_kept":1'
untouched "$T/old"
flash --verbose -w "$T/app" "$dev"
says out "0x08000000  weeee"
flash -w "$T/app" "$dev"
lacks out "0x08000000  weeee"
about "-k with several files that do not fit: checked before the erase"
use_sim sim:0x410 "$T/old"
flash -k -w "$T/app.hex" -w "$T/old" "$dev"
ends 7
untouched "$T/old"

# Compares, by reading and by checksum.
for part in 0x410 0x443; do
	about "compare on $part"
	use_sim sim:$part
	flash -w "$T/app" -v "$dev"
	ends 0
	cp "$T/flash.bin" "$T/was"
	flash --compare="$T/app" "$dev"
	ends 0
	says out "The same: 700 bytes"
	untouched "$T/was"
	# three bytes, two ranges
	printf '\1' | "$tool" patch 100 "$T/app" | "$tool" cut 0 700 >"$T/a"
	printf '\1' | "$tool" patch 104 "$T/a" >"$T/b"
	printf '\1' | "$tool" patch 699 "$T/b" >"$T/c"
	flash --compare="$T/c" --quiet "$dev"
	ends 6
	one_line
	says err "compare: 3 of 700 bytes differ, the first at 0x08000064"
	says out "Differs: 0x08000064-0x08000069"
	says out "Differs: 0x080002bb-0x080002bc"
	flash --compare="$T/c" --json "$dev"
	ends 6
	says out '"same":false,"bytes":700,"bytes_differ":3'
	says out '"range_count":2,"ranges":[[134217828,134217833],[134218427,134218428]]'
	says out '"pages_same":0,"pages_differ":1'
	untouched "$T/was"
	about "a map of a comparison on $part"
	printf '\377' >"$T/blank"
	set -- "--compare=$T/c" "--compare=$T/blank@0x08001fff"
	flash "$@" --verbose "$dev"
	ends 6
	case $part in
	0x410) says out "0x08000000  d......=........" ;;
	0x443) says out "0x08000000  d..=............" ;;
	esac
	says out "= the same (1), d differs (1)"
	flash "$@" --json "$dev"
	ends 6
	says out '"pages_same":1,"pages_differ":1'
	untouched "$T/was"
	about "blank check on $part"
	flash --blank-check "$dev"
	ends 6
	says err "blank check failed at 0x08000000: expected 0xFF, read 0x00"
	flash --blank-check -S 0x08000800:2048 "$dev"
	ends 0
	says out "Blank: 0x08000800-0x08001000"
	flash --blank-check --json -S 0x080002b0:256 "$dev"
	ends 6
	says out '"blank":false'
	says out '"first":134218416'
	untouched "$T/was"
done
about "erased is 00 on an L0"
use_sim sim:0x417
flash --blank-check "$dev"
ends 0
about "compare RAM and beyond what fits"
use_sim sim:0x410 "$T/old"
flash --compare="$T/old" "$dev"
ends 0
cat "$T/old" "$T/page" >"$T/more"
flash --compare="$T/more" "$dev"
ends 7
says err "too big"
untouched "$T/old"
about "blank check over such a line"
use_sim sim:0x410,flip=3e-4,drop=1e-3,seed=7
flash --blank-check "$dev"
ends 0
about "compare a protected chip"
use_sim sim:0x410,rdp=1 "$T/old"
flash --compare="$T/old" "$dev"
ends 5
about "compare over a line that damages and loses bytes"
use_sim sim:0x410,flip=1e-3,drop=1e-3,seed=5 "$T/old"
flash --compare="$T/old" "$dev"
ends 0
finish
