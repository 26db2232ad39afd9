#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --trace, and the port that replays a trace.
. tests/e2e/lib.sh

"$tool" pattern 5000 3 >"$T/image"
"$tool" pattern 5000 4 >"$T/other"

# replays ARGS...: repeats the last run with the same arguments from $T/trace,
# without a device; output and status are the same.
replays() {
	cp "$T/out" "$T/out1"
	cp "$T/err" "$T/err1"
	first=$status
	new_chip
	flash "$@" "replay:$T/trace"
	ends "$first"
	for f in out err; do
		# the name of the port, and the time, which excludes the host's
		# computing time
		sed -e '/^Interface /d' -e '/^Summary /d' -e "s|$dev|DEV|g" \
			"$T/${f}1" >"$T/a"
		sed -e '/^Interface /d' -e '/^Summary /d' \
			-e "s|replay:$T/trace|DEV|g" "$T/$f" >"$T/b"
		same "$T/a" "$T/b"
	done
	[ ! -e "$T/flash.bin" ] || bad "a device was used"
}

# traced ARGS...
traced() {
	flash --trace="$T/trace" "$@" "$dev"
}

about "what it looks like"
use_sim sim:0x410,size=64K
traced -S 0x08000000:4 -r "$T/back"
ends 0
head -n 1 "$T/trace" >"$T/first"
echo "# stm32flash $("$STM32FLASH" --version | cut -d' ' -f2), sim, sim 57600 8E1" \
	>"$T/want"
same "$T/want" "$T/first"
# every line is a comment, or bytes with the time after the first 16
n=$(grep -vcE '^#|^[<>]( [0-9A-F]{2}){1,16}(	# [0-9]+\.[0-9]{3} ms)?$' \
	"$T/trace")
if [ "$n" -eq 0 ]; then good; else bad "$n lines of another kind"; fi
says trace "> 11 EE"
says trace "> 08 00 00 00 08"
says trace "> 03 FC"
says trace "< FF FF FF FF"

about "all bytes are there"
stop_sim
for way in in:\> out:\<; do
	n=$(grep -e "^${way#*:} " "$T/trace" | sed 's/#.*//' | tr ' ' '\n' |
		grep -c '^[0-9A-F][0-9A-F]')
	counts "bytes_${way%:*}" "$n"
done

about "a write and its verify, replayed"
use_sim sim:0x410,size=64K
traced -w "$T/image" -v --verbose
ends 0
replays -w "$T/image" -v --verbose

about "the same behind a terminal, by the clock of the wall"
start_sim sim:0x413
traced -w "$T/image" -v
ends 0
stop_sim
replays -w "$T/image" -v

about "noise, retries and resynchronisation, replayed"
use_sim sim:0x410,size=64K,drop=2e-4,flip=2e-4,seed=5
traced -w "$T/image" -v --verbose
ends 0
says out "resynchronising"
replays -w "$T/image" -v --verbose

about "bytes whose parity was wrong, replayed"
use_sim sim:0x410,size=64K,flip.out=3e-4,seen=1,seed=2
traced -w "$T/image" -v --verbose
ends 0
says out "a received byte has wrong parity; resynchronising"
says trace "<?"
replays -w "$T/image" -v --verbose

about "a failure, replayed"
use_sim sim:0x410,size=64K,rdp=1
traced -w "$T/image"
ends 5
replays -w "$T/image"

about "silence, replayed"
use_sim sim:0x410,mute=1
traced
ends 4
replays

about "modem lines"
use_sim sim:0x410,boot0=-rts,reset=dtr
traced -i '-rts&dtr,-dtr:rts&dtr,-dtr' -R
ends 0
sed -n 's/^\(line .*\)	.*/\1/p' "$T/trace" >"$T/lines"
printf 'line %s\n' 'rts 0' 'dtr 1' 'dtr 0' 'rts 1' 'dtr 1' 'dtr 0' >"$T/want"
same "$T/want" "$T/lines"
replays -i '-rts&dtr,-dtr:rts&dtr,-dtr' -R

about "I2C: a line for each transaction"
use_sim sim:i2c:0x447,i2c=0x11
traced -w "$T/image" -v
ends 0
says trace "W 32 CD"
n=$(grep -vcE '^#|^[WR][-~!]?( [0-9A-F]{2})+	# [0-9]+\.[0-9]{3} ms$' \
	"$T/trace")
if [ "$n" -eq 0 ]; then good; else bad "$n lines of another kind"; fi
replays -w "$T/image" -v

about "I2C: addresses that are not acknowledged"
use_sim sim:i2c:0x447,nackaddr=7+8
traced -w "$T/image" -v
ends 0
n=$(grep -c '^[WR]- ' "$T/trace")
if [ "$n" -eq 2 ]; then good; else bad "$n transactions without an ACK"; fi
replays -w "$T/image" -v

about "another run than the recorded one"
use_sim sim:0x410,size=64K
traced -w "$T/image"
ends 0
flash -w "$T/other" "replay:$T/trace"
ends 3
one_line
says err "of the trace differs; this run has >"
flash -w "$T/image" -v "replay:$T/trace"
ends 3
says err "the trace"

about "by hand, without times"
cat >"$T/trace" <<-'END'
	> 7F		# a 2.2 ROM of the F103
	< 79
	> 00 FF
	< 79 0B 22 00 01 02 11 21 31 43 63 73 82 92 79
	> 01 FE
	< 79 22 00 00 79
	> 02 FD
	< 79 01 04 10 79
	> 11 EE
	< 79
	> 1F FF F7 E0 *
	< 79
	> 03 FC
	< 79 80 00 FF FF
END
flash -S 0x08000000:4 -r "$T/back" "replay:$T/trace"
ends 3
says out "Flash size : 128KiB"
says err "the trace ends here; this run has > 11 EE"

about "a run that does less than the recorded one"
use_sim sim:0x410,size=64K
traced -w "$T/image" -v
ends 0
flash -w "$T/image" "replay:$T/trace"
ends 3
flash -w "$T/image" --dry-run "replay:$T/trace"
ends 3
says err "of the trace was not reached"

about "GPIO lines, which a replay has not"
awk 'NR == 2 { print "line rts 1"; print "line rts 0" } { print }' \
	"$T/trace" >"$T/with-lines"
flash -i 'rts,17&-rts,gpiochip0/3' -w "$T/image" -v "replay:$T/with-lines"
ends 0

about "a trace in the place of another file"
cp "$T/image" "$T/mine"
flash --trace="$T/mine" -w "$T/mine" "$dev"
ends 2
one_line
same "$T/image" "$T/mine"
flash --trace="$T/none" -r "$T/none" "$dev"
ends 2
[ ! -e "$T/none" ] || bad "a file was made"

about "files that are no trace, or not there"
flash "replay:$T/none"
ends 3
one_line
echo ":00000001FF" >"$T/trace"
flash "replay:$T/trace"
ends 3
says err "trace:1: not a line of a trace"

about "a trace that cannot be written"
use_sim sim:0x410
flash --trace="$T/none/trace" "$dev"
ends 7
one_line
if [ -w /dev/full ]; then
	flash --trace=/dev/full "$dev"
	ends 7
	says err "cannot write the trace"
	flash --trace=/dev/full sim:0x410,mute=1
	ends 4
	says err "warning: /dev/full: cannot write the trace"
	if ! on_windows; then
		"$STM32FLASH" --trace "$dev" >"$T/out" 2>/dev/full
		status=$?
		ends 7
	fi
fi

about "to standard error"
flash --trace "$dev"
ends 0
says err "> 7F"
lacks out "> 7F"
finish
