#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --changed and --dry-run: writes nothing unnecessary; a dry run writes
# nothing, and its plan is what the real run does.
. tests/e2e/lib.sh

"$tool" pattern 20001 5 >"$T/image"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"
"$tool" pattern 65536 6 >"$T/other"
"$tool" patch 0 "$T/other" <"$T/image" >"$T/full"

# stat KEY: prints a counter of the device, 0 if it is missing.
stat() {
	n=$(sed -n "s/^$1 //p" "$T/stats")
	echo "${n:-0}"
}

# no_writes: none was tried.
no_writes() {
	counts granules_programmed 0
	counts pages_erased 0
	counts mass_erases 0
	for opcode in 31 43 44; do commands "$opcode" 0; done
}

# --- nothing differs ---------------------------------------------------------

for part in 0x410 0x413,size=64K 0x447 0x460; do
	for form in none 4 2; do
		for file in image image.hex; do
			sampled 5 || continue
			about "$part, checksum=$form: $file is there already"
			use_sim "sim:$part,size=64K,checksum=$form" "$T/full"
			flash -w "$T/$file" --changed -v "$dev"
			ends 0
			says out "0 of "
			says out "20001 bytes are already there"
			untouched "$T/full"
			no_writes
		done
	done
done

about "a word for how it was found"
use_sim sim:0x410,size=64K,checksum=4 "$T/full"
flash -w "$T/image" --changed "$dev"
says out "by checksum"
# the size, the trial of the checksum, and the byte after the last word
commands 11 3
use_sim sim:0x410,size=64K "$T/full"
flash -w "$T/image" --changed "$dev"
says out "by reading"

# --- one byte differs ----------------------------------------------------------

for offset in 0 1 255 256 1023 1024 9999 19999 20000; do
	"$tool" peek "$offset" 1 <"$T/image" >"$T/byte"
	if [ "$(cat "$T/byte")" = 55 ]; then byte=f; else byte=U; fi
	printf %s "$byte" | "$tool" patch "$offset" "$T/image" >"$T/edited"
	"$tool" patch 0 "$T/full" <"$T/edited" >"$T/expected"
	for form in none 4 2; do
		sampled 4 || continue
		about "byte $offset differs, checksum=$form"
		use_sim "sim:0x410,size=64K,checksum=$form" "$T/full"
		flash -w "$T/edited" --changed -v "$dev"
		ends 0
		says out "1 of 20 pages differ"
		same "$T/expected" "$T/flash.bin"
		counts pages_erased 1
		counts mass_erases 0
		counts granules_refused 0
	done
done

about "a page that is shared is kept"
use_sim sim:0x413,size=64K "$T/full"
flash -w "$T/edited" --changed -v "$dev"
ends 0
same "$T/expected" "$T/flash.bin"
counts pages_erased 1

about "--changed and a range"
use_sim sim:0x410,size=64K "$T/other"
"$tool" cut 4096 3000 <"$T/full" >"$T/piece"
flash -w "$T/image.hex" --changed -v -S 0x08001000:3000 "$dev"
ends 0
"$tool" patch 4096 "$T/other" <"$T/piece" >"$T/expected"
same "$T/expected" "$T/flash.bin"

for mode in --erase=chip --erase=none "-e 3"; do
	about "--changed $mode: one or the other"
	use_sim sim:0x410,size=64K "$T/full"
	# shellcheck disable=SC2086
	flash -w "$T/image" --changed $mode "$dev"
	ends 2
	one_line
done

# --- a dry run -----------------------------------------------------------------

about "without a port"
for part in 0x410 0x413 0x447 STM32F407; do
	flash -w "$T/image" -v --dry-run --device="$part"
	ends 0
	says out "nothing is changed"
done
flash -o --dry-run --device=0x410
ends 0
about "without a port and without a part"
flash -w "$T/image" --dry-run
ends 2
about "what differs cannot be told without the device"
flash -w "$T/image" --dry-run --device=0x410 --changed
ends 2
one_line

# said KEY: prints the number after it in the output of the dry run.
said() {
	sed -n "s/^$1 *: \([0-9]*\).*/\1/p" "$T/out"
}

# near WHAT SAID GOT: GOT exceeds SAID by at most 8.
near() {
	if [ -n "$2" ] && [ "$3" -ge "$2" ] && [ "$3" -le $(($2 + 8)) ]; then
		good
	else
		bad "$1: $3, the dry run said ${2:-nothing}"
	fi
}

# as_said SPEC ARGS...: the dry run does nothing, the real run does what it
# said.
as_said() {
	spec=$1
	shift
	about "$spec $*"
	use_sim "$spec" "$T/full"
	flash "$@" --dry-run "$dev"
	ends 0
	idle=$(stat turnarounds)
	untouched "$T/full"
	no_writes
	waits=$(sed -n 's/.* and \([0-9]*\) answers to wait for/\1/p' "$T/out")
	blocks=$(sed -n 's/^Write .* in \([0-9]*\) blocks/\1/p' "$T/out")
	pages=$(said Erase)
	flash "$@" "$dev"
	ends 0
	near waits "$waits" $(($(stat turnarounds) - idle))
	commands 31 "$blocks"
	if [ "$(stat mass_erases)" = 0 ]; then
		counts pages_erased "$pages"
	fi
}

for spec in sim:0x460,size=64K sim:0x413,size=64K sim:0x447,size=64K; do
	as_said "$spec" -w "$T/image"
	as_said "$spec" -w "$T/image" -v
	as_said "$spec" -w "$T/image" -v --erase=pages
	as_said "$spec" -w "$T/image" -v -S 0x08004100
	as_said "$spec" -w "$T/image" -v --erase=pages -F 128:258
done
finish
