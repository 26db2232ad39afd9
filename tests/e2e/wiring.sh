#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -i auto on boards with every wiring, and on boards without a way in; the
# names of wirings.
. tests/e2e/lib.sh

MOST_FOUND=6000 MOST_FAILED=10000	# ms of the board's time

# board SPEC: runs an application that sends text.
board() {
	use_sim "$1,chatter=hello"
}

# takes_at_most MS
takes_at_most() {
	n=$(lasted)
	if [ "${n:-99999}" -le "$1" ]; then good; else bad "it took $n ms"; fi
}

# runs: at the end the application is running.
runs() {
	case $(tail -n 1 "$T/log") in
	"app: hello") good ;;
	*) bad "the last event is: $(tail -n 1 "$T/log")" ;;
	esac
}

# left: no board is held in reset, and the application runs if BOOT0 can be
# low.
left() {
	never "held in reset"
	[ "$1" = jumper ] || runs
}

# found: prints the sequence that was found.
found() {
	sed -n "s/^Sequence     : -i '\(.*\)'\$/\1/p" "$T/out"
}

# A wiring, whether BOOT0 has a line, and what is found: the name of the
# wiring, or of another one that works as well.
wirings='
boot0=-rts,reset=dtr			line boot0-rts
boot0=rts,reset=dtr			line boot0-rts-inverted
boot0=-dtr,reset=rts			line boot0-dtr
boot0=dtr,reset=rts			line boot0-dtr-inverted
boot0=-rts,reset=-dtr			line boot0-rts-nrst-inverted
boot0=rts,reset=-dtr			line boot0-rts-both-inverted
boot0=-dtr,reset=-rts			line boot0-dtr-nrst-inverted
boot0=dtr,reset=-rts			line boot0-dtr-both-inverted
boot0=-rts,reset=dtr,capacitor=1	line boot0-rts-capacitor
boot0=rts,reset=dtr,capacitor=1		line boot0-rts-both-inverted
boot0=-dtr,reset=rts,capacitor=1	line boot0-dtr-capacitor
boot0=dtr,reset=rts,capacitor=1		line boot0-dtr-both-inverted
boot0=1,reset=dtr			jumper boot0-rts
boot0=1,reset=-dtr			jumper boot0-rts-nrst-inverted
boot0=1,reset=rts			jumper boot0-dtr
boot0=1,reset=-rts			jumper boot0-dtr-nrst-inverted
boot0=1,reset=dtr,capacitor=1		jumper boot0-rts-nrst-inverted
boot0=1,reset=rts,capacitor=1		jumper boot0-dtr-nrst-inverted
boot0=dtr,reset=rts,crossed=1		line two-transistors
boot0=rts,reset=dtr,crossed=1		line two-transistors-swapped
boot0=1,reset=brk			jumper break'

"$STM32FLASH" -i list >"$T/list"
sequence_of() {
	awk -v name="$1" '$1 == name { print $NF }' "$T/list"
}

# finds PART BOARD KIND NAME ASSERTED: the next run connects at once, also with
# the lines in the other state.
finds() {
	about "$1,$2,asserted=$5"
	board "sim:$1,$2,asserted=$5"
	flash -i auto -R --trace="$T/trace" "$dev"
	ends 0
	takes_at_most $MOST_FOUND
	left "$3"
	sequence=$(found)
	if [ "$sequence" = "$(sequence_of "$4")" ]; then good; else
		bad "found $sequence"
	fi
	about "$1,$2: $sequence again"
	board "sim:$1,$2,asserted=$((1 - $5))"
	flash -i "$sequence" -R --trace="$T/trace" "$dev"
	ends 0
	takes_at_most 1000
	left "$3"
	about "$1,$2: -i $4"
	board "sim:$1,$2,asserted=$5"
	flash -i "$4" "$dev"
	ends 0
}

asserted=0
echo "$wirings" | grep . >"$T/wirings"
for part in 0x410 0x440; do
	while read -r spec kind name; do
		asserted=$((1 - asserted))
		sampled 5 || continue
		finds $part "$spec" "$kind" "$name" $asserted
	done <"$T/wirings"
done

about "a write, from an application to an application"
"$tool" app 0x08000000 >"$T/app"
use_sim sim:0x410,size=64K,boot0=rts,reset=dtr
flash -i auto -R -w "$T/app" -v "$dev"
ends 0
never "held in reset"
case $(tail -n 1 "$T/log") in app:*) good ;; *) bad "it does not run" ;; esac
holds 0 "$T/app"

about "a slow ROM"
board sim:0x410,boot0=rts,reset=dtr,startup=90
flash -i auto -R "$dev"
ends 0
left line

about "a bootloader that runs already needs no sequence"
use_sim sim:0x410
flash -i auto --trace="$T/trace" "$dev"
ends 0
says out "Sequence     : none, the bootloader runs already"
lacks trace "line "
about "and -R is by software then"
flash -i auto -R "$dev"
ends 0
counts reset_stores 1
about "that in a session, too"
use_sim sim:0x410,synced=1
flash -i auto "$dev"
ends 0

about "--json"
board sim:0x410,boot0=rts,reset=dtr
flash --json -i auto -R "$dev"
ends 0
says out '"type":"sequence","sequence":"rts&dtr,-dtr:-rts&dtr,-dtr","wiring":"boot0-rts-inverted"'
about "--verbose says what is tried"
flash --verbose -i auto -R "$dev"
says out "trying -i '-rts&dtr,-dtr:rts&dtr,-dtr' (boot0-rts)"

about "a trace is replayed"
flash -i auto -R --trace="$T/trace" "$dev"
cp "$T/out" "$T/first"
flash -i auto -R "replay:$T/trace"
ends 0
sed 's/^Interface.*//' "$T/first" >"$T/want"
sed 's/^Interface.*//' "$T/out" >"$T/got"
same "$T/want" "$T/got"

# fails BOARD: without lasting effects.
fails() {
	about "no way in: $1"
	board "sim:0x410,$1"
	flash -i auto -R --trace="$T/trace" "$dev"
	ends 4
	one_line
	says err "no bootloader answers with any of 11 wirings of RTS and DTR"
	takes_at_most $MOST_FAILED
	never "held in reset"
}

fails boot0=0
runs
says err 'each time                what came back: text ("hello'
for line in dtr rts; do
	name=$(echo $line | tr drst DRST)
	fails boot0=0,reset=$line
	runs
	says err "  boot0-$line "
	says err "silent while $name is asserted, so this line seems to drive NRST"
	fails boot0=0,reset=-$line,asserted=1
	runs
	says err "silent while $name is not asserted, so this line seems to drive NRST"
done
about "no hint where both lines are part of it"
fails boot0=0,reset=rts,crossed=1
runs
lacks err "seems to drive"
about "a ROM that is not heard: the application comes back"
for spec in boot0=-rts,reset=dtr boot0=rts,reset=dtr boot0=-dtr,reset=rts \
	boot0=dtr,reset=-rts,asserted=1 boot0=dtr,reset=rts,crossed=1 \
	boot0=-rts,reset=dtr,capacitor=1; do
	fails $spec,mute=1
	runs
done
about "silence"
use_sim sim:0x410,mute=1,boot0=-rts,reset=dtr
flash -i auto --trace="$T/trace" "$dev"
ends 4
says err "each time                what came back: silence"
takes_at_most $MOST_FAILED
never "held in reset"
about "an echo"
use_sim sim:0x410,mute=1,echo=1
flash -i auto --trace="$T/trace" "$dev"
ends 4
says err "what came back: echo"
takes_at_most $MOST_FAILED
about "an application that says y, which is an ACK"
use_sim sim:0x410,boot0=0,reset=dtr,chatter=yyyy
flash -i auto --trace="$T/trace" "$dev"
ends 4
takes_at_most $MOST_FAILED
never "held in reset"
about "what came back, for programs"
board sim:0x410,boot0=0,reset=dtr
flash --json -i auto "$dev"
ends 4
says out '"type":"attempt","wiring":null,"heard":"text","text":"hello'
says out '"type":"attempt","wiring":"break","heard":"silence","text":""'

about "a failure after it was found leaves by the exit"
"$tool" pattern 65537 1 >"$T/too-big"
board sim:0x410,size=64K,boot0=dtr,reset=-rts
flash -i auto -R -w "$T/too-big" "$dev"
ends 7
left line

about "with -c there is nothing to find"
flash -c -i auto "$dev"
ends 2
one_line
says err "-i auto and -c exclude each other"
about "the last -i counts"
use_sim sim:0x410,boot0=rts,reset=dtr
flash -i auto -i boot0-rts-inverted "$dev"
ends 0
lacks out "Sequence "
about "what is no name"
flash -i boot0-rtx "$dev"
ends 2
says err 'at character 1: "boot0-rtx"'

about "a port without lines"
use_sim sim:i2c:0x448
flash -i auto "$dev"
ends 3
one_line
says err "-i auto: this port has no RTS and DTR"
start_sim sim:0x410,mute=1
flash -i auto "$dev"
ends 3
one_line
says err "-i rts: this port has no rts line"
stop_sim

about "-i list: the manual has it"
awk '/^[a-z]/ { print $1, $NF }' "$T/list" >"$T/pairs"
n=$(wc -l <"$T/pairs")
if [ "$n" -eq 17 ]; then good; else bad "$n names"; fi
while read -r name sequence; do
	if tr -s ' ' <stm32flash.1 | grep -qxF -e "$name $sequence"; then
		good
	else
		bad "$name is not in the manual"
	fi
done <"$T/pairs"
flash --json -i list
ends 0
says out '{"type":"wiring","name":"boot0-rts","sequence":"-rts&dtr,-dtr:rts&dtr,-dtr"}'

# stopped_at NAME: a signal while that wiring is tried.
stopped_at() {
	about "a signal while $1 is tried"
	board sim:0x410,boot0=0,reset=dtr,pace=1
	start_run --verbose -i auto -R "$dev"
	until_said "($1)" "$T/out"
	end_run INT
	ends 130
	never "held in reset"
	runs
}
if ! on_windows; then
	stopped_at boot0-rts
	stopped_at boot0-rts-nrst-inverted
fi
finish
