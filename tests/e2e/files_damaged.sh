#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that are cut short or have a byte changed, and what is no firmware: the
# memory gets what the whole file says, or nothing is touched.
. tests/e2e/lib.sh

formats=tests/formats
"$tool" pattern 3001 1 >"$T/boot"
"$tool" pattern 300 2 >"$T/app"
"$tool" pattern 60 3 >"$T/page"
"$tool" pad 131072 0x55 </dev/null >"$T/old"
use_sim sim:0x410 "$T/old"

# refused TEXT: in one line, before the port was opened.
refused() {
	ends 7
	one_line
	says err "$1"
	same "$T/old" "$T/flash.bin"
	if [ ! -e "$T/stats" ]; then good; else bad "the port was opened"; fi
}

# right_or_refused FILE: the memory is $T/right, or what it was.
right_or_refused() {
	flash -w "$1" "$dev"
	if [ "$status" -eq 0 ]; then
		same "$T/right" "$T/flash.bin"
		taken=$((taken + 1))
		new_chip "$T/old"
	else
		refused "${1##*/}: "
	fi
}

# damaged FILE LEN STEP: changed in every STEPth byte, cut there.
damaged() {
	about "${1##*/}"
	flash -w "$1" -v "$dev"
	ends 0
	cp "$T/flash.bin" "$T/right"
	new_chip "$T/old"
	taken=0 changed=0 at=0
	while [ "$at" -lt "$2" ]; do
		if sampled 3; then
			changed=$((changed + 1))
			about "${1##*/} with byte $at changed"
			printf x | "$tool" patch "$at" "$1" >"$T/x.${1##*.}"
			right_or_refused "$T/x.${1##*.}"
			about "${1##*/} cut to $at"
			"$tool" cut 0 "$at" <"$1" >"$T/cut.${1##*.}"
			flash -w "$T/cut.${1##*.}" "$dev"
			refused "cut.${1##*.}: "
		fi
		at=$((at + $3))
	done
	# Of what is changed more is refused than is of no account.
	if [ "$taken" -lt "$changed" ]; then good; else bad "nothing refused"; fi
}

"$tool" dfuse 0x08001000 <"$T/page" >"$T/page.dfu"
damaged "$T/page.dfu" 369 13
if [ "$taken" -eq 0 ]; then good; else bad "$taken were taken"; fi
"$tool" uf2 0x08001000 0x5ee21072 md5 <"$T/app" >"$T/app.uf2"
damaged "$T/app.uf2" 1024 31

# Of each three, one is damaged; it may be any.
"$tool" hex 0x08002000 16 <"$T/app" | sed '3s/.$/0/;4s/.$/1/' >"$T/x.hex"
"$tool" dfuse 0x08002000 <"$T/page" >"$T/whole.dfu"
printf x | "$tool" patch 300 "$T/whole.dfu" >"$T/x.dfu"
printf x | "$tool" patch 100 "$T/app.uf2" >"$T/x.uf2"
for file in x.hex x.dfu x.uf2; do
	set -- "$T/boot@0x08000000" "$T/whole.dfu" "$T/$file"
	for turn in first second third; do
		about "$file, $turn of three"
		flash -w "$1" -w "$2" -w "$3" "$dev"
		refused "$file:"
		set -- "$2" "$3" "$1"
	done
done

# Or one is too big, or has bytes where another has some: known by the chip.
for file in "boot@0x0801f900|it reaches to" \
		"page@0x08000bb8|both have data at 0x08000bb8" \
		"page@0x0800203b|both have data at 0x0800203b"; do
	set -- "$T/boot@0x08000000" "$T/whole.dfu" "$T/${file%|*}"
	for turn in first second third; do
		about "${file%|*}, $turn of three"
		flash -w "$1" -w "$2" -w "$3" "$dev"
		ends 7
		one_line
		says err "${file#*|}"
		if [ -e "$T/stats" ]; then untouched "$T/old"; else good; fi
		set -- "$2" "$3" "$1"
	done
done
new_chip "$T/old"

# alien FILE -f|- WORDS: named before a port is opened; -f takes it, and is
# offered where that makes sense.
alien() {
	about "$1"
	flash -w "$formats/$1" /dev/no-such-port
	ends 7
	one_line
	says err "$1: "
	says err "$3"
	lacks err "no-such-port"
	if [ "$2" = -f ]; then says err "; -f takes"; else lacks err " -f"; fi
	new_chip "$T/old"
	flash -f -w "$formats/$1" -v "$dev"
	ends 0
	holds 0 "$formats/$1"
	new_chip "$T/old"
}

alien cases/page-404.bin - "this is a web page (HTML)"
alien bad/page-html.bin - "this is a web page (HTML)"
alien bad/page-head.bin - "this is a web page (HTML)"
alien bad/page.hex - "this is a web page (HTML)"
alien bad/answer.bin - "this is the answer of a web server"
alien bad/xml.bin - "this is an XML file"
alien bad/lfs.bin - "this is a Git LFS pointer"
alien bad/gzip.bin -f "this is a gzip file"
alien bad/zip.hex -f "this is a zip archive"
alien bad/xz.bin -f "this is an xz file"
alien bad/7z.bin -f "this is a 7z archive"
alien bad/png.bin -f "this is a PNG picture"
alien bad/pdf.bin -f "this is a PDF document"
alien bad/utf16.HEX - "this is text in UTF-16"
alien bad/utf16be.bin - "this is text in UTF-16"
alien bad/plain-dfu.bin -f "this is a DFU file without addresses"
alien bad/vendor.dfu - "a DFU file for USB vendor 0x1EAF, not for ST"
alien bad/rp2040.uf2 - "not an STM32 family"
alien bad/machine.elf - "an ELF file for another machine"
alien bad/machine-0.elf - "ELF file"
alien bad/x86-64 - "ELF file"
alien bad/class-64.elf - "ELF"
alien bad/object.o - "ELF"
finish
