#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files and their names in odd surroundings: what is closed, what is one file
# under two names, what a name can hold.
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
finish
