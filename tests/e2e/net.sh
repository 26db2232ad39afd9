#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ports over the network, tcp:// and rfc2217://, with the simulated device and
# servers that are slow, refuse requests, lie, flood, stall or disconnect
# (tests/relay.c).
. tests/e2e/lib.sh

relay=$BUILD/tests/relay
relay_pid='' slow_pid=''
trap 'stop_net; stop_sim; rm -rf "$T"' EXIT

stop_relay() {
	for pid in $relay_pid $slow_pid; do
		kill -TERM "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	relay_pid='' slow_pid=''
}

stop_net() {
	stop_relay
	stop_sim
}

# ready_line COMMAND...: starts it; $line is its first output.
ready_line() {
	mkfifo "$T/ready"
	"$@" >"$T/ready" 2>"$T/server.err" &
	started=$!
	read -r line <"$T/ready" || line=
	rm -f "$T/ready"
	[ -n "$line" ] || bad "$1 did not start: $(cat "$T/server.err")"
}

# device SPEC [FLASH]: starts a new device at tcp://$at.
device() {
	stop_net
	device_spec=$1
	shift
	new_chip "$@"
	ready_line "$server" -t 0 "$(spec "$device_spec")"
	sim_pid=$started
	at=${line#tcp://}
}

# relay KEY=VALUE...: starts a server in between, at $at.
relay() {
	stop_relay
	ready_line "$relay" log="$T/asked" "$@" "${at##*:}"
	relay_pid=$started
	device_at=$at at=127.0.0.1:$line
}

# slow MS: starts a network in between, at $at.
slow() {
	ready_line "$relay" delay="$1" "${at##*:}"
	slow_pid=$started at=127.0.0.1:$line
}

# server KEY=VALUE...: starts a server without a device.
server() {
	at=:0
	relay "$@"
}

# asked TEXT: the server received this request.
asked() {
	if grep -qxF -e "$1" "$T/asked"; then good; else
		bad "the server was not asked for: $1"
	fi
}

# json_member NAME FILE: sets n to a number of the result.
json_member() {
	n=$(sed -n "/\"type\":\"result\"/s/.*\"$1\":\([0-9]*\).*/\1/p" "$2")
}

"$tool" pattern 3000 1 >"$T/image"
"$tool" pattern 300 2 >"$T/small"
awk 'BEGIN { for (i = 0; i < 400; i++) printf "AZ\nZZB\rZ" }' |
	tr 'ABZ' '\000\376\377' >"$T/ff"

# jobs SCHEME: everything that works on a serial port.
jobs_over() {
	about "$1: info"
	flash "$1$at"
	ends 0
	says out "Interface ${1%://}: "
	says out "Device ID    : 0x0410"
	about "$1: write, verify"
	flash -w "$T/image" -v "$1$at"
	ends 0
	about "$1: read"
	flash -S 0x08000000:3000 -r "$T/back" "$1$at"
	ends 0
	same "$T/image" "$T/back"
	about "$1: bytes FF, 0D and 0A"
	flash -S 0x08001000 -w "$T/ff" -v "$1$at"
	ends 0
	flash -S 0x08001000:3200 -r "$T/back" "$1$at"
	ends 0
	same "$T/ff" "$T/back"
	about "$1: write what changed"
	"$tool" patch 1500 "$T/image" <"$T/small" >"$T/other"
	flash --changed -w "$T/other" -v "$1$at"
	ends 0
	says out "wrote and verified 1024 bytes"
	about "$1: erase"
	flash -o -S 0x08001000:0x400 "$1$at"
	ends 0
	about "$1: go"
	flash -g 0 "$1$at"
	ends 0
}

device sim:0x410
jobs_over tcp://
stop_net
holds 0 "$T/other"
device sim:0x410
relay telnet=1
jobs_over rfc2217://
stop_net
holds 0 "$T/other"
asked "rate 57600"
asked "bits 8"
asked "parity 3"
asked "stop 1"
asked "flow none"
asked "purge 1"

about "tcp: the bytes on the wire are those of a serial port"
start_sim sim:0x410
# wire NAME: stores the bytes each way, from Get on, in NAME.sent and
# NAME.received. The number of first 7F depends on the time of the answer.
wire() {
	for way in "> sent" "< received"; do
		sed -n '/^> 00 FF/,$p' "$T/$1.trace" | grep "^${way%% *}" |
			sed 's/[	#].*//; s/^..//' | tr -d ' \n' \
			>"$T/$1.${way##* }"
	done
}
flash --trace="$T/serial.trace" -w "$T/image" -v "$dev"
ends 0
wire serial
device sim:0x410
relay
flash --json --trace="$T/tcp.trace" -w "$T/image" -v "tcp://$at"
ends 0
wire tcp
until_said received "$T/asked"
for way in sent received; do
	if [ "$(wc -c <"$T/serial.$way")" -gt 6000 ]; then good; else
		bad "hardly anything was $way"
	fi
	same "$T/serial.$way" "$T/tcp.$way"
	json_member wire_$way "$T/out"
	asked "$way $n"
done

about "rfc2217: what the server was asked for its lines"
device sim:0x410
relay telnet=1
flash -R -i '-rts&dtr,-dtr,brk:rts&dtr,-dtr' -b 115200 -m 8o2 "rfc2217://$at"
ends 0
says out "Interface rfc2217: 115200 8O2"
grep -E '^(rts|dtr|brk) ' "$T/asked" | tr '\n' ' ' >"$T/lines"
echo "rts 0 dtr 1 dtr 0 brk 1 brk 0 rts 1 dtr 1 dtr 0 " | tr -d '\n' >"$T/want"
same "$T/lines" "$T/want"
asked "rate 115200"
asked "parity 2"
asked "stop 2"
about "rfc2217: -b auto"
flash -b auto -i 'dtr,-dtr' "rfc2217://$at"
ends 0
asked "rate 921600"
about "tcp: it has no lines"
at=$device_at
flash -i rts "tcp://$at"
ends 3
says err "-i rts: this port"
about "tcp: nor is there anything to find, or a rate to knock at"
flash -i auto "tcp://$at"
ends 3
says err "-i auto: this port has no RTS and DTR"
flash --knock=a@9600 "tcp://$at"
ends 3
says err "--knock: cannot set 9600 baud"

# moved: prints the changes of lines that the server received, in order.
moved() {
	grep -E '^(rts|dtr|brk) ' "$T/asked" | tr '\n' ' '
}

# Each wiring begins with both lines asserted; the last changes are for a board
# that sent nothing.
about "rfc2217: -i auto asks for the lines of each wiring"
device sim:0x410,mute=1
relay telnet=1
flash -i auto "rfc2217://$at"
ends 4
says err "no bootloader answers with any of 11 wirings"
says err "what came back: silence"
case $(moved) in
"rts 1 dtr 1 rts 0 dtr 1 dtr 0 rts 1 dtr 1 rts 1 dtr 1 dtr 0 rts 1 dtr 1 dtr 0 \
rts 1 rts 0 "*" brk 1 brk 0 rts 1 dtr 1 dtr 0 rts 0 dtr 0 ") good ;;
*) bad "it was asked for $(moved)" ;;
esac
about "rfc2217: -i auto moves nothing where a bootloader runs"
device sim:0x410
relay telnet=1
flash -i auto "rfc2217://$at"
ends 0
if [ -z "$(moved)" ]; then good; else bad "it was asked for $(moved)"; fi
about "rfc2217: -i auto and a server without lines"
device sim:0x410,mute=1
relay telnet=1 refuse=lines
flash -i auto "rfc2217://$at"
ends 3
says err "-i rts: this port has no rts line"

about "rfc2217: --knock, and back"
device sim:0x410,knock=boot@9600
relay telnet=1
flash --knock=boot@9600 "rfc2217://$at"
ends 0
grep -E '^(rate|parity) ' "$T/asked" | tr '\n' ' ' >"$T/rates"
printf 'rate 57600 parity 3 parity 1 rate 9600 parity 3 rate 57600 ' >"$T/want"
same "$T/rates" "$T/want"
device sim:0x410

# refused WHAT ARGS...: a server that refuses it; the run ends with 3.
refused() {
	about "a server that refuses: $1"
	device sim:0x410
	relay telnet=1 refuse="$1"
	shift
	flash "$@" -w "$T/small" "rfc2217://$at"
	ends 3
	one_line
	stop_net
	counts mass_erases 0
}
refused rate
says err "-b 57600: the server does not support this rate; it has 9600"
refused parity
says err "the server did not set 8e1, it has 8n1"
refused comport
says err "RFC 2217"
says err "use tcp://$at"
refused lines -i dtr
says err "-i dtr: this port"
about "a server that refuses parity, and a chip that wants none"
device sim:0x410,parity=n
relay telnet=1 refuse=parity
flash -m 8n1 -w "$T/small" -v "rfc2217://$at"
ends 0
about "a server that does not confirm binary transfer"
device sim:0x410
relay telnet=1 refuse=binary
flash -w "$T/ff" -v "rfc2217://$at"
ends 0
says err "does not confirm binary"
about "a server that does not answer a purge"
device sim:0x410
relay telnet=1 refuse=purge
flash -w "$T/small" -v "rfc2217://$at"
ends 0

for scheme in tcp:// rfc2217://; do
	about "$scheme: what the device said before"
	device sim:0x410
	if [ $scheme = tcp:// ]; then
		relay stale='y? yyyy'
	else
		relay telnet=1 stale='y? yyyy'
	fi
	flash -w "$T/small" -v $scheme"$at"
	ends 0
	lacks out "retried"
	says out "no retries"
	stop_net
	holds 0 "$T/small"
done

about "rfc2217: the server tells of a parity error"
device sim:0x410
relay telnet=1 damage=200
flash --verbose -w "$T/image" -v "rfc2217://$at"
ends 0
says out "parity"
stop_net
holds 0 "$T/image"

# late SCHEME MS FILE: bytes are delayed by MS in each direction.
late() {
	about "$1: $2 ms each way"
	device sim:0x410
	[ "$1" = tcp:// ] || relay telnet=1
	slow "$2"
	flash -w "$3" -v "$1$at"
	ends 0
	says err "--pipeline waits for fewer of them"
	flash --pipeline -S 0x08000000:300 -r "$T/back" "$1$at"
	ends 0
	lacks err "--pipeline"
	flash -c "$1$at"
	ends 0
	stop_net
	holds 0 "$3"
}
late tcp:// 20 "$T/image"
late rfc2217:// 20 "$T/image"
late tcp:// 200 "$T/small"
late rfc2217:// 200 "$T/small"
about "rfc2217: 700 ms each way"
device sim:0x410
relay telnet=1
slow 700
flash "rfc2217://$at"
ends 0

for scheme in tcp:// rfc2217://; do
	telnet=
	[ $scheme = tcp:// ] || telnet=telnet=1
	about "$scheme: the server dies in mid-write"
	device sim:0x410
	relay die=1500 ${telnet:+$telnet}
	flash -w "$T/image" $scheme"$at"
	ends 3
	says err "the server has ended the connection"
	at=$device_at
	relay ${telnet:+$telnet}
	flash -w "$T/image" -v $scheme"$at"
	ends 0
	stop_net
	holds 0 "$T/image"
	about "$scheme: the server stalls in mid-write"
	device sim:0x410
	relay stall=1500 ${telnet:+$telnet}
	flash -w "$T/image" $scheme"$at"
	if [ "$status" -ne 0 ] && [ "$status" -lt 8 ]; then good; else
		bad "exit status $status"
	fi
	about "$scheme: the server never answers"
	server stall=1 ${telnet:+$telnet}
	flash --connect-timeout=1 $scheme"$at"
	if [ $scheme = tcp:// ]; then ends 4; else ends 3; fi
	one_line
	about "$scheme: another client has the port"
	server say='Port already in use
'
	flash $scheme"$at"
	ends 3
	one_line
	says err 'the server has ended the connection at once ("Port already in use")'
	for key in flood=1 rubbish=1 rubbish=2 rubbish=3; do
		about "$scheme: $key"
		server $key
		flash --connect-timeout=1 $scheme"$at"
		case $status in
		3 | 4) good ;;
		*) bad "exit status $status" ;;
		esac
	done
done
about "tcp: a server that speaks telnet"
server say="$(printf '\377\375\054')"
flash "tcp://$at"
ends 3

# misnamed DEVICE: a usage error.
misnamed() {
	about "$1"
	flash "$1"
	ends 2
	one_line
	says err "$1: "
}
misnamed tcp://
misnamed tcp://host
misnamed tcp://host:
misnamed tcp://:2000
misnamed tcp://host:0
misnamed tcp://host:65536
misnamed tcp://host:http
misnamed tcp://::1:2000
misnamed 'tcp://[::1]'
misnamed 'tcp://[]:2000'
misnamed rfc2217://host:20x
misnamed "tcp://$(printf '%0300d' 1):2000"
about "names that resolve"
device sim:0x410
flash "tcp://localhost:${at##*:}"
ends 0
about "nothing listens"
stop_net
flash "tcp://$at"
ends 3
one_line
says err "tcp://$at: cannot connect: "
about "no such host"
flash tcp://no.such.host.invalid:2000
ends 3
one_line
says err "cannot find the host"

# One of the two pages differs. Its byte A7 reads as the file's byte, without
# any sign of an error.
"$tool" pad 2048 0x11 </dev/null >"$T/even"
printf '\247' | "$tool" patch 1700 "$T/even" >"$T/there"
printf "\042" | "$tool" patch 3 "$T/there" | "$tool" pad 16384 255 >"$T/before"
about "--changed: an error shows behind the compare: compared once more"
device sim:0x410,size=16K,silent=write:1:1 "$T/before"
relay hide=0xA7 as=0x11
flash --changed -w "$T/even" "tcp://$at"
ends 0
says out "1 of 2 pages differ; 1024 bytes"
says out "wrote 2048 bytes"
stop_net
holds 0 "$T/even"
about "--changed: no error, no second compare"
device sim:0x410,size=16K "$T/before"
flash --changed -w "$T/even" "tcp://$at"
ends 0
n=$(grep -c 'pages differ' "$T/out")
if [ "$n" -eq 1 ]; then good; else bad "compared $n times"; fi
stop_net
holds 0 "$T/even"

about "--label"
use_sim sim:0x410
flash --label=left -w "$T/small" -v "$dev"
ends 0
n=$(cat "$T/out" "$T/err" | grep -vc '^left: ')
if [ "$n" -eq 0 ]; then good; else bad "$n lines without it"; fi
says out "left: Device ID    : 0x0410"
flash --label=left --trace --verbose -R "$dev"
ends 0
n=$(cat "$T/out" "$T/err" | grep -vc '^left: ')
if [ "$n" -eq 0 ]; then good; else bad "$n lines without it"; fi
flash --label=left --nonsense
ends 2
n=$(grep -vc '^left: ' "$T/err")
if [ "$n" -eq 0 ]; then good; else bad "$n lines without it"; fi
flash --label='a "b"' --json "$dev"
ends 0
n=$(grep -vc '^{"type":.*,"label":"a \\"b\\""}$' "$T/out")
if [ "$n" -eq 0 ]; then good; else bad "$n objects without it"; fi
for label in '' "$(printf 'a\nb')" "$(printf '%065d' 1)"; do
	flash --label="$label" "$dev"
	ends 2
done
finish
