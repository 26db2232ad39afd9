#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files and names in unusual conditions: closed descriptors, one file with two
# names, odd characters in names.
. tests/e2e/lib.sh

if on_windows; then
	echo "skip: descriptors, modes and links are those of POSIX"
	exit 77
fi

"$tool" pattern 16384 1 >"$T/old"
"$tool" pattern 1000 2 >"$T/image"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/t.hex"

# closed TEXT NUMBER...: -r with these descriptors closed; the file is right.
for which in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
	about "closed: $which"
	use_sim sim:0x410,size=16K "$T/old"
	eval "\"\$STM32FLASH\" -r \"\$T/back\" \"\$dev\" \
		>\"\$T/out\" 2>\"\$T/err\" $which"
	same "$T/old" "$T/back"
	rm -f "$T/back"
done

about "closed: the device gets no text"
start_sim sim:0x410,size=16K "$T/old"
"$STM32FLASH" -r "$T/back" --trace="$T/trace" "$dev" 2>"$T/err" >&-
says err "standard output: "
same "$T/old" "$T/back"
lacks trace 'Version'
stop_sim
rm -f "$T/back"

about "closed: the trace has nowhere to go"
use_sim sim:0x410,size=16K "$T/old"
"$STM32FLASH" --trace "$dev" >"$T/out" 2>&-
status=$?
ends 7

about "a name with control characters"
name=$(printf '%s/a\033[2J\302\233b\nforged' "$T")
flash -w "$name" "$dev"
ends 7
says err 'a?[2J?b?forged: '

about "the reason behind a long name"
long=$(printf '%0250d' 0)
flash -w "$T/$long/$long/$long" "$dev"
ends 7
says err 'No such file or directory'

about "the same message once"
use_sim sim:0x410,size=16K "$T/old"
flash -k -w "$T/image" --device=0x412 "$dev"
sort "$T/err" | uniq -d >"$T/twice"
if [ -s "$T/twice" ]; then bad "$(cat "$T/twice")"; else good; fi

about "a serial port is no file to write"
start_sim sim:0x410,size=16K "$T/old"
flash -w "$dev" "$dev"
ends 7
says err "$dev: a device, not a file to write"
stop_sim

# refused FILE ARGS...: refuses to overwrite FILE, which does not change.
refused() {
	kept=$1
	cp "$kept" "$T/copy"
	shift
	flash "$@"
	ends 2
	says err "$why"
	same "$T/copy" "$kept"
}

about "the file of -w under other names"
use_sim sim:0x410,size=16K,mute=1 "$T/old"
ln "$T/t.hex" "$T/hard"
ln -s t.hex "$T/soft"
why='is also an input of this run'
for other in t.hex ./t.hex hard soft; do
	refused "$T/t.hex" -w "$T/t.hex" --trace="$T/$other" "$dev"
done

about "what is replayed"
use_sim sim:0x410,size=16K "$T/old"
flash --trace="$T/rec" "$dev"
ends 0
refused "$T/rec" --trace="$T/./rec" replay:"$T/rec"
refused "$T/rec" -r "$T/./rec" replay:"$T/rec"

about "the memory of a simulated chip"
refused "$T/flash.bin" -r "$T/flash.bin" "$dev"
refused "$T/flash.bin" --trace="$T/flash.bin" "$dev"

about "-r and its trace"
why='is also the file of -r'
cp "$T/old" "$T/back"
refused "$T/back" -r "$T/back" --trace="$T/./back" "$dev"
ln -s nothing "$T/dangling"
flash -r "$T/dangling" --trace="$T/nothing" "$dev"
ends 2
says err "$why"
rm -f "$T/nothing" "$T/back"

about "-r makes no privileges"
use_sim sim:0x410,size=16K "$T/old"
: >"$T/back"
chmod 7750 "$T/back"
flash -r "$T/back" "$dev"
ends 0
same "$T/old" "$T/back"
mode=$(find "$T/back" -perm 0750)
if [ -n "$mode" ]; then good; else bad "$(ls -l "$T/back")"; fi

about "a link that leads nowhere"
use_sim sim:0x410,size=16K,rdp=1 "$T/old"
flash -r "$T/dangling" "$dev"
ends 5
if [ -e "$T/nothing" ]; then bad "an empty file is left"; else good; fi
use_sim sim:0x410,size=16K "$T/old"
flash -r "$T/dangling" "$dev"
ends 0
same "$T/old" "$T/nothing"
if [ -L "$T/dangling" ]; then good; else bad "the link is gone"; fi

about "a link to a link, in another directory"
mkdir "$T/sub"
ln -s ../far "$T/sub/second"
ln -s sub/second "$T/first"
flash -r "$T/first" "$dev"
ends 0
same "$T/old" "$T/far"

about "SIGQUIT leaves nothing beside the target"
start_sim sim:0x410,size=64K,pace=1
start_run --progress=always -r "$T/sub/back" "$dev"
until_said 'Read .*[1-9][0-9]*%' "$T/out"
end_run QUIT
ends 131
if [ -e "$T/sub/back.part" ]; then bad "back.part is left"; else good; fi
stop_sim

about "a directory that cannot be changed"
if [ "$(id -u)" -eq 0 ] && ! command -v setpriv >/dev/null; then
	echo "note: root may write everywhere"
else
	"$tool" pattern 20000 7 >"$T/sub/back"
	chmod 666 "$T/sub/back"
	chmod 755 "$T" "$T/sub"
	[ "$(id -u)" -eq 0 ] || chmod 555 "$T/sub"
	as=
	[ "$(id -u)" -ne 0 ] ||
		as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	$as "$STM32FLASH" -r "$T/sub/back" sim:0x410,size=16K \
		>"$T/out" 2>"$T/err"
	status=$?
	ends 0
	"$tool" pad 16384 0xFF </dev/null >"$T/blank"
	same "$T/blank" "$T/sub/back"
	chmod 755 "$T/sub"
fi
finish
