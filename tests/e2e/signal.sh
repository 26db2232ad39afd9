#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A run ended by a signal, and the next run.
. tests/e2e/lib.sh

"$tool" pattern 20000 1 >"$T/image"
"$tool" pattern 1500 2 >"$T/next"

# Waits until the program with output in out is in the middle of its write.
until_writing() {
	until_said 'Write .*[1-9][0-9]*%' "$T/out"
}

# interrupt NAME [OPTIONS...]: during a write. Sets status.
interrupt() {
	name=$1
	shift
	start_run --progress=always -w "$T/image" "$@" "$dev"
	until_writing
	end_run "$name"
}

for signal in INT:130 TERM:143 HUP:129 KILL:137; do
	about "SIG${signal%:*}"
	start_sim sim:0x410,size=64K,pace=1
	interrupt "${signal%:*}"
	ends "${signal#*:}"
	about "the run after SIG${signal%:*}"
	flash -w "$T/next" -v "$dev"
	ends 0
	stop_sim
	"$tool" pad 65536 0xFF <"$T/next" >"$T/picture"
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
done

about "what was not finished does not start: no vector table yet"
start_sim sim:0x410,size=64K,pace=1
interrupt INT
ends 130
stop_sim
n=$("$tool" peek 0 8 <"$T/flash.bin")
if [ "$n" = ffffffffffffffff ]; then good; else bad "$n at the start"; fi

about "the exit sequence runs after a signal, too"
use_sim sim:0x410,size=64K,pace=1,boot0=rts,reset=dtr
interrupt TERM -R -i 'rts&dtr,-dtr:-rts&dtr,-dtr'
ends 143
counts resets 2

about "a signal while nothing answers"
start_sim sim:0x410,mute=1
began=$(date +%s)
start_run --connect-timeout=60 "$dev"
sleep 1
end_run TERM
ends 143
n=$(($(date +%s) - began))
if [ $n -lt 30 ]; then good; else bad "it took $n s"; fi

about "stopped while the chip resets after a write of option bytes"
printf '\245\132\377\000\377\000\377\000\377\000\377\000\377\000\377\000' \
	>"$T/options"
start_sim sim:0x410,startup=2000,pace=1
start_run -w "$T/options" -S 0x1FFFF800:16 --verbose "$dev"
until_said 'waiting for the reset' "$T/out"
end_run TERM
ends 143
stop_sim

# erase_then NAME: starts an erase and sends the signal.
erase_then() {
	start_run --progress=always -o "$dev"
	until_said 'Erase .* of at most' "$T/out"
	kill -"$1" "$running"
	until_said 'stopping after the erase' "$T/err"
}

about "a signal while the chip erases"
start_sim sim:0x413,pace=1,busy=2000
erase_then QUIT
end_run
ends 131
says err "stopping after the erase; Ctrl-C again aborts it"
stop_sim
counts mass_erases 1

about "a signal while the chip erases, and the ACK is lost: no second erase"
start_sim sim:0x410,pace=1,busy=1000,lostack=erase:1
erase_then INT
end_run
ends 130
n=$(grep -c 'stopping after the erase' "$T/err")
if [ "$n" -eq 1 ]; then good; else bad "said $n times"; fi
stop_sim
counts mass_erases 1

about "a second signal, of another kind"
start_sim sim:0x413,pace=1,busy=9000
erase_then INT
end_run TERM
ends 143
stop_sim

# wait_for_file ARGS...: a signal while nothing writes to the FIFO.
mkfifo "$T/fifo"
wait_for_file() {
	: >"$T/out"	# do not match the output of an earlier run
	"$tool" interruptible "$STM32FLASH" -w "$1" "$T/none" <&9 \
		>"$T/out" 2>"$T/err" &
	running=$!
	until_said 'Waiting for' "$T/out"
	end_run TERM
	ends 143
}

about "a signal while a FIFO is waited for"
exec 9</dev/null
wait_for_file "$T/fifo"
says out "Waiting for $T/fifo"

about "a signal while standard input is waited for"
exec 9<>"$T/fifo"
wait_for_file -
says out "Waiting for standard input"
exec 9>&-

about "what was ignored stays so: nohup"
start_sim sim:0x410,size=64K,pace=1
: >"$T/out"
(
	trap '' HUP INT
	exec "$STM32FLASH" --progress=always -b 115200 -w "$T/image" "$dev"
) >"$T/out" 2>"$T/err" &
running=$!
until_writing
if kill -HUP $running && kill -INT $running; then good; else bad "too late"; fi
end_run
ends 0
finish
