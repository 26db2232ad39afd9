#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The differences on Windows: names of ports, their settings, files, and the
# ways to stop a run. See run.sh.
. tests/e2e/lib.sh

# com N: the device is COMN.
com() {
	ln -sfn "$dev" "$WINEPREFIX/dosdevices/com$1"
}

# exe ARGS...: runs the program itself; again if Wine failed to start it (see
# tests/wine/stm32flash).
exe() {
	for _ in 1 2; do
		"$WINE" "$EXE" "$@" >"$T/out" 2>"$T/err"
		status=$?
		if [ $status -ne 1 ] || [ -s "$T/err" ]; then break; fi
	done
}

# settings: rate and mode of the port, as this system reports them.
settings() {
	stty -F "$dev" speed
	stty -F "$dev" -a | tr ' ' '\n' |
		grep -E '^-?(parenb|parodd|cs.|cstopb|crtscts|ixon|ixoff)$'
}

# put_back: the settings are $before again.
put_back() {
	after=$(settings)
	if [ "$before" = "$after" ]; then good; else
		bad "$(echo "was $before, is $after" | tr '\n' ' ')"
	fi
}

"$tool" pattern 3000 1 >"$T/image"

for name in COM3 com3 COM3: COM12 COM12: '\\.\COM12' '\\.\com12' '//./COM12' \
	COM120; do
	about "$name"
	start_sim sim:0x410
	com 3
	com 12
	com 120
	exe -w "$T/image" -v "$name"
	ends 0
	says out "Interface serial_w32: 57600 8E1"
	stop_sim
	holds 0 "$T/image"
done

for name in COM77 '\\.\COM77' 'C:\windows' /tmp NUL z:/etc/passwd COM ''; do
	about "no such port: \"$name\""
	exe "$name"
	ends 3
	one_line
	says err "stm32flash: $name: "
done
about "COM77"
exe COM77
says err "no such port; check that the adapter is plugged in"

about "a port that stays silent"
start_sim sim:0x410,mute=1
com 12
exe --connect-timeout=1 COM12
ends 4
says err "COM12: no reply to 0x7F"

for rate in 1200 9600 19200 38400 115200 230400 460800 921600 1000000; do
	about "-b $rate"
	start_sim sim:0x410
	com 12
	exe -b "$rate" COM12
	ends 0
	says out "Interface serial_w32: $rate 8E1"
done
about "a rate that is not there"
before=$(settings)
exe -b 57601 COM12
ends 3
one_line
says err "COM12: -b 57601: this port does not support this rate"
put_back

# A pty always has 8 bits without parity, which the program must report.
for mode in 8n1 8n2; do
	about "-m $mode"
	exe -m "$mode" COM12
	ends 0
	lacks err warning
done
for mode in 8e1 8o1 7e1 8e2; do
	about "-m $mode"
	exe -m "$mode" COM12
	ends 0
	says err "COM12: the driver did not set $mode: it has no parity"
done
for mode in 5n1 5n2 6n2; do
	about "-m $mode"
	exe -m "$mode" COM12
	ends 0
	says err "COM12: the driver did not set $mode"
	lacks err "no parity"
done

about "-b 0 takes what is there, and all is put back"
stty -F "$dev" 115200 cstopb icanon echo
before=$(settings)
exe -b 0 COM12
ends 0
says out "Interface serial_w32: 115200 8N2"
exe -b 57600 COM12
ends 0
put_back

# Then only the parity would change, and the system refuses.
about "a port as a run leaves it that was killed"
stty -F "$dev" 57600 -cstopb raw -echo
exe COM12
ends 0
says err "no parity"

about "a mode that is refused: no other change, and it is not made"
exe -m 7n1 COM12
ends 3
one_line
says err "COM12: -m 7n1: this port does not support this mode"

about "a pty has no RTS and DTR"
exe -m 8n1 -i 'rts,-dtr' COM12
ends 3
one_line

about "hex with CRLF"
start_sim sim:0x410
com 12
exe -w demo/firmware.hex COM12
ends 0
stop_sim
cp "$T/flash.bin" "$T/picture"
sed "s/\$/$(printf '\r')/" demo/firmware.hex >"$T/crlf.hex"
start_sim sim:0x410
com 12
exe -w "$T/crlf.hex" -v COM12
ends 0
stop_sim
same "$T/picture" "$T/flash.bin"

about "every byte passes through standard input and output"
{
	"$tool" pattern 500 1
	printf '\r\n\n\r\032\r\n\032\000\377\032'
	"$tool" pattern 500 2
	printf '\r\032'
} >"$T/bytes"
start_sim sim:0x410
com 12
"$WINE" "$EXE" -w - -v COM12 <"$T/bytes" >"$T/out" 2>"$T/err"
status=$?
ends 0
len=$(wc -c <"$T/bytes")
"$WINE" "$EXE" -r - -S "0x08000000:$len" COM12 2>"$T/err" | cat >"$T/back"
same "$T/bytes" "$T/back"

about "-r takes the place of a file, and of no other"
echo old >"$T/back"
echo mine >"$T/back.part"
exe -r "$T/back" -S "0x08000000:$len" COM12
ends 0
same "$T/bytes" "$T/back"
says back.part mine
if [ -e "$T/back.part1" ]; then bad "back.part1 is left"; else good; fi
about "-r of nothing that can be read leaves the old file"
stop_sim
start_sim sim:0x410,rdp=1
com 12
exe -r "$T/back" COM12
ends 5
same "$T/bytes" "$T/back"
about "-r NUL"
use_sim sim:0x410
exe -r NUL "$dev"
ends 0
n=$(find . -maxdepth 1 -iname 'nul*' | wc -l)
if [ "$n" -eq 0 ]; then good; else bad "a file of this name"; fi

# --- the ways to stop -------------------------------------------------------

# stop HOW FILE TEXT ARGS...: runs the program in a console, and stops it this
# way as soon as the file has the text.
stop() {
	how=$1 file=$2 text=$3
	shift 3
	mkfifo "$T/do"
	: >"$file"
	"$WINE" "$CONSOLE" "z:$EXE" "$@" <"$T/do" >"$T/out" 2>"$T/err" &
	running=$!
	exec 9>"$T/do"
	n=0
	until grep -aq -e "$text" "$file" || [ $n -ge 20 ]; do
		sleep 1
		n=$((n + 1))
	done
	echo "$how" >&9
	exec 9>&-
	wait $running
	status=$?
	rm "$T/do"
}

"$tool" pattern 20000 1 >"$T/long"
for how in c:130:Ctrl-C b:130:Ctrl-Break x:129:close s:143:shutdown; do
	about "${how##*:} in mid-write"
	rest=${how#*:}
	start_sim sim:0x410,size=64K,pace=1
	com 12
	before=$(settings)
	stop "${how%%:*}" "$T/out" 'Write .*[1-9][0-9]*%' --progress=always \
		-w "$T/long" COM12
	ends "${rest%:*}"
	says err "the vector table is not written, so no partial program can start"
	put_back
	about "the run after ${how##*:}"
	exe -w "$T/image" -v COM12
	ends 0
	stop_sim
	"$tool" pad 65536 0xFF <"$T/image" >"$T/picture"
	same "$T/picture" "$T/flash.bin"
	counts granules_refused 0
done

about "the exit sequence runs before the console is closed"
use_sim sim:0x410,size=64K,pace=1,boot0=rts,reset=dtr
stop x "$T/out" 'Write .*[1-9][0-9]*%' --progress=always -w "$T/long" -R \
	-i 'rts,dtr,-dtr:-rts,dtr,-dtr' "$dev"
ends 129
counts resets 2

about "Ctrl-C while nothing answers"
start_sim sim:0x410,mute=1
com 12
stop c "$T/err" '^> 7F' --connect-timeout=60 --trace COM12
ends 130
finish
