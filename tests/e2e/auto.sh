#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -b auto: the fastest rate without retries; and runs that end before a session
# begins.
. tests/e2e/lib.sh

board=sim:0x410,size=32K,boot0=rts,reset=dtr
"$tool" pattern 3000 1 >"$T/image"
"$tool" pad 32768 0xFF <"$T/image" >"$T/picture"

# auto SPEC ARGS...: with the sequence that it needs.
auto() {
	use_sim "$1"
	shift
	flash -b auto -i 'rts&dtr,-dtr' "$@" "$dev"
}

# tried RATE...: these did not work.
tried() {
	n=$(sed -n 's/^.* -b auto: \([0-9]*\) does not work.*/\1/p' \
		"$T/err" | tr '\n' ' ')
	if [ "$n" = "$*${1:+ }" ]; then good; else bad "tried $n"; fi
}

about "the fastest works"
auto "$board" -w "$T/image" -v
ends 0
says out "Rate         : 921600"
says out "sim 921600 8E1"
tried
same "$T/picture" "$T/flash.bin"
counts resets 1
about "an answer that has to be asked for again is not good enough"
auto "$board,garble=id:2" -w "$T/image" -v
ends 0
says out "Rate         : 460800"
says out "sim 460800 8E1"
tried 921600
same "$T/picture" "$T/flash.bin"
counts resets 2
about "nor is the last of many"
auto "$board,garble=id:17"
ends 0
tried 921600
about "no device at any rate"
auto "$board,mute=1" --connect-timeout=1
ends 4
tried 921600 460800 230400 115200
lacks out "Rate "
says err "no reply to 0x7F"
counts resets 5

about "a file without data"
printf ':00000001FF\n' >"$T/empty.hex"
use_sim "$board"
flash -w "$T/empty.hex" "$dev"
ends 7
one_line
says err "$T/empty.hex: no data in this file"
about "GPIO lines of a board that has none"
flash -i 18 "$dev"
ends 3
one_line
says err "a simulated board has no GPIO lines"

if ! on_windows; then
	about "-b auto: lines that the port does not have, said once"
	start_sim sim:0x410
	flash -b auto -i rts,-rts "$dev"
	ends 3
	one_line
fi
finish
