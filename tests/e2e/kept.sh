#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kept bytes of an erased page: a signal, a failure or a disconnect does not
# lose them.
. tests/e2e/lib.sh

program=$(realpath "$STM32FLASH") tool=$(realpath "$tool")
"$tool" pattern 65536 1 >"$T/full"
"$tool" pattern 3000 2 >"$T/image"
"$tool" pattern 16 3 >"$T/few"
kept=$T/work/stm32flash-kept.hex

# here ARGS...: runs the program in $T/work.
here() {
	(cd "$T/work" && exec "$program" "$@") >"$T/out" 2>"$T/err"
	status=$?
}

fresh() {
	rm -rf "$T/work"
	mkdir "$T/work"
}

# nothing_saved: no file in the working directory.
nothing_saved() {
	n=$(find "$T/work" -type f | wc -l)
	if [ "$n" -eq 0 ]; then good; else bad "$(ls "$T/work")"; fi
}

# as_before START LEN: the flash is unchanged outside this range.
as_before() {
	"$tool" cut "$1" "$2" <"$T/flash.bin" >"$T/mine"
	"$tool" patch "$1" "$T/full" <"$T/mine" >"$T/expected"
	same "$T/expected" "$T/flash.bin"
}

# begin ARGS...: starts a write in the background on a device of its own, and
# waits until it writes.
begin() {
	fresh
	start_sim sim:0x410,size=64K,pace=1 "$T/full"
	: >"$T/out"
	(cd "$T/work" && exec "$tool" interruptible "$program" \
		--progress=always "$@" "$dev") >"$T/out" 2>"$T/err" &
	writer=$!
	until_said 'Write .* [1-9][0-9]*%' "$T/out"
}

# stopped SIGNAL STATUS: the signal ends the writer, which has lost nothing.
stopped() {
	kill -"$1" $writer
	wait $writer 2>/dev/null
	status=$?
	ends "$2"
	stop_sim
	as_before "$start" "$len"
	nothing_saved
}

# saved NAME: a hint names that file; its command restores all but the range at
# $start, $len.
saved() {
	says err "kept bytes may be lost on the chip and are saved in $1;"
	sed -n 's/.*; restore them: stm32flash //p' "$T/err" >"$T/command"
	# shellcheck disable=SC2046 # several words
	here $(sed "s# [^ ]*\$# $dev#" "$T/command")
	ends 0
	as_before "$start" "$len"
}

if ! on_windows; then
	start=0 len=3000
	about "stopped: the file ends within a page"
	begin -w "$T/image" --erase=pages
	stopped INT 130

	start=2304 len=3000
	about "stopped: a range that begins and ends within pages"
	begin -w "$T/image" -S 0x08000900:3000 -v
	stopped TERM 143

	about "stopped: --changed"
	begin -w "$T/image" --changed -S 0x08000900:3000
	stopped HUP 129

	start=256 len=16
	about "stopped while a page is rewritten: it is whole first"
	begin -w "$T/few" -S 0x08000100:16 -F 256:20
	kill -INT $writer
	wait $writer 2>/dev/null
	stop_sim
	as_before $start $len
	holds $start "$T/few"
	nothing_saved

	about "unplugged while a page is rewritten"
	begin -w "$T/few" -S 0x08000100:16 -F 256:20
	stop_sim
	wait $writer 2>/dev/null
	status=$?
	ends 3
	cp "$T/flash.bin" "$T/torn"
	use_sim sim:0x410,size=64K "$T/torn"
	saved stm32flash-kept.hex
fi

# --- a failure ------------------------------------------------------------------

start=256 len=16
about "a failure: what was to be kept is in a file"
fresh
use_sim sim:0x413,size=64K,silent=write:3:2 "$T/full"
here -n 0 -w "$T/few" -S 0x08000100:16 "$dev"
ends 1
cp "$kept" "$T/first"
about "the next failure: the file of the first is left alone"
new_chip "$T/full"
here -n 0 -w "$T/few" -S 0x08000100:16 "$dev"
ends 1
same "$T/first" "$kept"
about "the command that writes it back"
saved stm32flash-kept-2.hex

about "a failure before anything is erased: nothing is saved"
fresh
use_sim sim:0x413,size=64K,rdp=1 "$T/full"
here -w "$T/few" -S 0x08000100:16 "$dev"
ends 5
nothing_saved
lacks err "kept bytes"

about "a failure before the pages with kept bytes are begun: they are there still"
"$tool" pattern 40000 4 >"$T/long"
use_sim sim:0x413,size=64K,silent=write:3:2 "$T/full"
here -n 0 -w "$T/long" -S 0x08000100:40000 "$dev"
ends 1
as_before 256 40000
nothing_saved

about "a failure behind the pages with kept bytes: they are whole"
use_sim sim:0x410,size=64K,silent=write:12:2 "$T/full"
here -n 0 -w "$T/image" --erase=pages "$dev"
ends 1
says err "2816 of 3072 bytes written; the vector table is not written"
as_before 0 3000
nothing_saved

if ! on_windows; then
	about "no file can be made: what is lost is said"
	use_sim sim:0x413,size=64K,silent=write:3:2 "$T/full"
	(
		cd "$T/work" && rmdir ../work &&
			exec "$program" -n 0 -w "$T/few" -S 0x08000100:16 "$dev"
	) >"$T/out" 2>"$T/err"
	status=$?
	ends 1
	says err "16368 kept bytes may be lost: stm32flash-kept.hex: "
fi
finish
