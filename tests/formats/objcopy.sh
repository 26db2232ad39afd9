#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds a program for an STM32, converts it to every format by GNU objcopy and
# SRecord, and compares our parsers' results with objcopy -O binary; then has
# both tools read our output. Run from the top of the source tree. Needs
# arm-none-eabi-gcc and srec_cat; skips without them.
set -u

cross=${ARM:-arm-none-eabi-}
objcopy=${cross}objcopy
here=tests/formats
passed=0
failed=0

for tool in "${cross}gcc" "$objcopy" srec_cat; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "skip: $tool is not installed"
		exit 77
	}
done

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# shellcheck disable=SC2086 # CC and CFLAGS may be several words
${CC:-cc} -std=c11 -D_DEFAULT_SOURCE -I. ${CFLAGS:--O1} -o "$tmp/dump" \
	$here/dump.c parsers/*.c problem.c utils.c protocol/crc.c || exit 1

dump() {
	# shellcheck disable=SC2086 # the emulator may be several words
	${EMULATE:-} "$tmp/dump" "$@"
}

result() { # status, what
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $2"
	fi
}

# The file's bytes, with each filler, equal those of the two reference files.
same_bytes() { # file, what
	dump -b 00 "$1" >"$tmp/flat" && cmp "$tmp/flat" "$tmp/ref.00"
	result $? "$2: filled with 00"
	dump -b FF "$1" >"$tmp/flat" && cmp "$tmp/flat" "$tmp/ref.FF"
	result $? "$2: filled with FF"
}

# Checks the parser, and that the segments equal those of the ELF file.
same_segments() { # file, parser, what
	got=$(dump "$1" | cut -d'|' -f2-)
	want="$2|$(cat "$tmp/segments")"
	[ "$got" = "$want" ]
	result $? "$3: expected $want, got $got"
}

# Written to the simulated device, its flash equals objcopy -O binary.
on_device() { # file, what
	rm -f "$tmp/device"
	"${STM32FLASH:-./stm32flash}" --quiet -v -w "$1" \
		"sim:0x414,file=$tmp/device" &&
		tail -c "+$((flash - 0x08000000 + 1))" "$tmp/device" |
		head -c "$span" | cmp - "$tmp/ref.FF"
	result $? "$2: on the device"
}

check() { # file, parser, what
	same_segments "$@"
	same_bytes "$1" "$3"
	on_device "$1" "$3"
}

srecord() { # what, filters and output as srec_cat has them
	srec_about=$1
	shift
	srec_cat "$tmp/o.hex" -intel "$@" || result 1 "$srec_about: srec_cat $*"
}

from_objcopy() { # ELF file, name
	$objcopy -O ihex "$1" "$tmp/o.hex"
	check "$tmp/o.hex" "Intel HEX" "$2, objcopy ihex"
	$objcopy -O srec "$1" "$tmp/o.srec"
	check "$tmp/o.srec" "Motorola S-record" "$2, objcopy srec"
	$objcopy -O srec --srec-forceS3 --srec-len=200 "$1" "$tmp/o.s37"
	check "$tmp/o.s37" "Motorola S-record" "$2, objcopy long srec"
	$objcopy -O binary "$1" "$tmp/o.bin"
	same_bytes_raw "$tmp/o.bin" "$2, objcopy binary"
}

# The gaps of a raw file are already filled.
same_bytes_raw() { # file, what
	dump -b FF "$1" >"$tmp/flat" && cmp "$tmp/flat" "$tmp/ref.00"
	result $? "$2"
}

from_srecord() { # name
	srecord "$1" -output "$tmp/s.hex" -intel
	check "$tmp/s.hex" "Intel HEX" "$1, SRecord hex"
	srecord "$1" -output "$tmp/s2.hex" -intel \
		-line-length=255 -line-termination=crlf
	check "$tmp/s2.hex" "Intel HEX" "$1, SRecord hex, long lines, CR LF"
	srecord "$1" -output "$tmp/s3.hex" -intel \
		-output-block-size=1 -line-termination=cr
	check "$tmp/s3.hex" "Intel HEX" "$1, SRecord hex, single bytes, CR"
	srecord "$1" -output "$tmp/s.srec" -motorola
	check "$tmp/s.srec" "Motorola S-record" "$1, SRecord srec"
	srecord "$1" -output "$tmp/s2.srec" -motorola \
		-output-block-size=250 -address-length=4 \
		-execution-start-address=0x08000001
	check "$tmp/s2.srec" "Motorola S-record" "$1, SRecord srec, long lines"
	srecord "$1" -offset "-$flash" -fill 0 0 "$span" \
		-output "$tmp/s.bin" -binary
	same_bytes_raw "$tmp/s.bin" "$1, SRecord binary"
}

# The forms for small addresses: S1, S2, and segments of 64 KiB.
from_srecord_low() { # name
	srecord "$1" -offset "-$flash" -output "$tmp/low.hex" -intel \
		-address-length=3
	grep -q '^:02000002' "$tmp/low.hex"
	result $? "$1, SRecord hex has no segment record"
	same_bytes "$tmp/low.hex" "$1, SRecord hex with segments"
	srecord "$1" -offset "-$flash" -output "$tmp/low.srec" -motorola
	grep -q '^S1' "$tmp/low.srec" && grep -q '^S2' "$tmp/low.srec"
	result $? "$1, SRecord srec has no S1 and S2"
	same_bytes "$tmp/low.srec" "$1, SRecord S1 and S2"
}

to_tools() { # ELF file, name
	dump -w hex "$1" >"$tmp/w.hex"
	check "$tmp/w.hex" "Intel HEX" "$2, own hex"
	dump -w srec "$1" >"$tmp/w.srec"
	check "$tmp/w.srec" "Motorola S-record" "$2, own srec"
	for kind in hex:ihex:intel srec:srec:motorola; do
		file=$tmp/w.${kind%%:*}
		bfd=${kind#*:}
		$objcopy -I "${bfd%:*}" -O binary "$file" "$tmp/back" &&
			cmp "$tmp/back" "$tmp/ref.00"
		result $? "$2, objcopy reads our ${kind%%:*}"
		srec_cat "$file" "-${bfd#*:}" -offset "-$flash" \
			-fill 0 0 "$span" -output "$tmp/back" -binary &&
			cmp "$tmp/back" "$tmp/ref.00"
		result $? "$2, SRecord reads our ${kind%%:*}"
	done
	dump -w bin "$1" >"$tmp/w.bin"
	cmp "$tmp/w.bin" "$tmp/ref.FF"
	result $? "$2, own binary"
}

one() { # name, flash start, flags of the linker
	name=$1
	flash=$2
	shift 2
	"${cross}gcc" -mcpu=cortex-m3 -mthumb -Os -g -ffreestanding -nostdlib \
		-T $here/firmware.ld -Wl,--defsym=flash_start="$flash" \
		-Wl,--defsym=settings_start=0x08020000 -Wl,--build-id=none \
		"$@" -o "$tmp/f.elf" $here/firmware.c || {
		result 1 "$name: does not build"
		return
	}
	"${cross}nm" -S "$tmp/f.elf" | grep -q '^200.* 000004b0 [Bb] buffer'
	result $? "$name: no BSS to leave out"
	$objcopy -O binary "$tmp/f.elf" "$tmp/ref.00"
	$objcopy -O binary --gap-fill 0xFF "$tmp/f.elf" "$tmp/ref.FF"
	span=$(wc -c <"$tmp/ref.00")
	span=$((span))
	dump "$tmp/f.elf" | cut -d'|' -f3- >"$tmp/segments"
	grep -q " 08020000+37=" "$tmp/segments"
	result $? "$name: settings are not where they belong"
	check "$tmp/f.elf" ELF "$name, ELF"
	"${cross}strip" -o "$tmp/s.elf" "$tmp/f.elf"
	check "$tmp/s.elf" ELF "$name, stripped ELF"
	from_objcopy "$tmp/f.elf" "$name"
	from_srecord "$name"
	from_srecord_low "$name"
	to_tools "$tmp/f.elf" "$name"
}

# In the second and third the first segment includes the headers of the file,
# which must not be written to flash.
one plain 0x08000000
one headers 0x08000100 -Wl,-z,max-page-size=0x10000
one inside 0x08005000 -Wl,-z,max-page-size=0x10000
one packed 0x08000000 -Wl,--omagic

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
