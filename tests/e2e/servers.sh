#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ports over the network with common servers: ser2net 4, and the RFC 2217
# server example of python3-serial. Eight boards at once.
. tests/e2e/lib.sh

example=/usr/share/doc/python3-serial/examples/rfc2217_server.py
python=/usr/bin/python3
lacks_tool=
[ -f $example ] && $python -c 'import serial' 2>/dev/null ||
	lacks_tool=python3-serial
command -v ser2net >/dev/null 2>&1 || lacks_tool=ser2net
if [ -n "$lacks_tool" ]; then
	echo "skip: no $lacks_tool"
	exit 77
fi
pids='' port=$((20000 + $$ % 20000))
trap 'stop_all; stop_sim; rm -rf "$T"' EXIT

stop_all() {
	for pid in $pids; do
		kill -TERM "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	pids=
}

# until_open: waits until the server listens at $port.
until_open() {
	n=0
	until "$STM32FLASH" --connect-timeout=1 -c "$1" 2>&1 |
		grep -qv 'cannot connect' || [ $n -ge 100 ]; do
		"$tool" wait 100
		n=$((n + 1))
	done
}

"$tool" pattern 3000 1 >"$T/image"
"$tool" pattern 300 2 >"$T/small"
"$tool" patch 1500 "$T/image" <"$T/small" >"$T/other"
awk 'BEGIN { for (i = 0; i < 400; i++) printf "AZ\nZZB\rZ" }' |
	tr 'ABZ' '\000\376\377' >"$T/ff"

# jobs_at DEVICE NAME
jobs_at() {
	about "$2: write, verify"
	flash -w "$T/image" -v "$1"
	ends 0
	about "$2: read"
	flash -S 0x08000000:3000 -r "$T/back" "$1"
	ends 0
	same "$T/image" "$T/back"
	about "$2: bytes FF, 0D and 0A"
	flash -S 0x08001000 -w "$T/ff" -v "$1"
	ends 0
	about "$2: what changed; erase"
	flash --changed -w "$T/other" -v "$1"
	ends 0
	says out "wrote and verified 1024 bytes"
	flash -o -S 0x08001000:0x400 "$1"
	ends 0
}

# ser2net NAME...: one connection for each pty $T/NAME, at $port and above: raw
# bytes if the name begins with r, else telnet.
ser2net_for() {
	n=0
	for name; do
		n=$((n + 1))
		accepter=tcp
		case $name in r*) ;; *) accepter='telnet(rfc2217),tcp' ;; esac
		cat <<-END
			connection: &c$n
			  accepter: $accepter,127.0.0.1,$((port + n))
			  connector: serialdev,$T/$name,115200n81,local
		END
	done >"$T/ser2net.yaml"
	ser2net -n -c "$T/ser2net.yaml" >"$T/ser2net.log" 2>&1 &
	ser2net_pid=$!
	pids="$pids $ser2net_pid"
	until_open "tcp://127.0.0.1:$((port + 1))"
}

for name in raw telnet; do
	start_sim sim:0x410
	ln -sf "$dev" "$T/$name"
	ser2net_for "$name"
	case $name in
	raw) jobs_at "tcp://127.0.0.1:$((port + 1))" "ser2net $name" ;;
	*) jobs_at "rfc2217://127.0.0.1:$((port + 1))" "ser2net $name" ;;
	esac
	about "ser2net $name: killed in mid-write"
	"$tool" pattern 60000 3 >"$T/big"
	case $name in
	raw) at=tcp://127.0.0.1:$((port + 1)) ;;
	*) at=rfc2217://127.0.0.1:$((port + 1)) ;;
	esac
	start_run -w "$T/big" --progress=always "$at"
	until_said 'Wrote\|Write.*[1-9]%' "$T/out"
	kill -KILL $ser2net_pid
	end_run
	ends 3
	says err "the server has ended the connection"
	about "ser2net $name: written again, and started"
	port=$((port + 5))
	ser2net_for "$name"
	flash -w "$T/image" -v -g 0 "${at%:*}:$((port + 1))"
	ends 0
	stop_all
	stop_sim
	port=$((port + 10))
done

about "python3-serial"
start_sim sim:0x410
$python tests/e2e/pyserial_server.py $example "$T/asked" -p $port "$dev" \
	>"$T/python.log" 2>&1 &
pids=$!
until_open "rfc2217://127.0.0.1:$port"
jobs_at "rfc2217://127.0.0.1:$port" python3-serial
about "python3-serial: what it was asked for"
flash -b 9600 -m 8o2 -R -i '-rts&dtr,-dtr,brk:rts&dtr,-dtr' \
	"rfc2217://127.0.0.1:$port"
ends 0
says asked "9600 8O2"
sed '1,/9600 8O2/d' "$T/asked" | grep -E '^(rts|dtr|break)' |
	sed -n 1,8p | tr '\n' ' ' >"$T/lines"
echo "rts 0 dtr 1 dtr 0 break 1 break 0 rts 1 dtr 1 dtr 0 " |
	tr -d '\n' >"$T/want"
same "$T/lines" "$T/want"
flash -g 0 "rfc2217://127.0.0.1:$port"
ends 0
stop_all
stop_sim

about "eight boards at once, one of which fails"
port=$((port + 10))
boards='' sims=
for i in 1 2 3 4 5 6 7 8; do
	chip="sim:0x410,file=$T/board$i.bin"
	[ $i -ne 5 ] || chip=$chip,mute=1
	mkfifo "$T/ready"
	"$server" "$chip" >"$T/ready" &
	sims="$sims $!"
	read -r dev <"$T/ready"
	rm -f "$T/ready"
	ln -sf "$dev" "$T/board$i"
	boards="$boards board$i"
done
# shellcheck disable=SC2086 # several words
ser2net_for $boards
# The Makefile in README, with the ports of these boards.
sed -n '/^    BOARDS = /,/^    \.PHONY/s/^    //p' README >"$T/Makefile"
mkdir "$T/bin"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/app.hex"
case $STM32FLASH in
/*) ln -s "$STM32FLASH" "$T/bin/stm32flash" ;;
*) ln -s "$PWD/$STM32FLASH" "$T/bin/stm32flash" ;;
esac
ports=
for i in 1 2 3 4 5 6 7 8; do ports="$ports $((port + i))"; done
(cd "$T" && PATH=$T/bin:$PATH make -j8 -k "BOARDS=$ports" flash) \
	>"$T/out" 2>"$T/err"
status=$?
ends 2
for i in 1 2 3 4 5 6 7 8; do
	if [ $i -eq 5 ]; then
		says err "board-$((port + i)): stm32flash: rfc2217://"
		says err "Error 4"
	else
		says out "board-$((port + i)): Summary      : wrote and verified 3000 bytes"
	fi
done
n=$(grep -c 'stm32flash: rfc2217' "$T/err")
if [ "$n" -eq 1 ]; then good; else bad "$n messages"; fi
about "the same by xargs and --json"
# shellcheck disable=SC2016 # for the shell that xargs starts
for i in 1 2 3 4 5 6 7 8; do echo "board-$i $((port + i))"; done |
	xargs -P 8 -n 2 sh -c '"$0" --label="$2" --json -w "$1" \
		"rfc2217://127.0.0.1:$3"' "$STM32FLASH" "$T/image" \
		>"$T/out" 2>"$T/err"
status=$?
ends 123
n=$(grep -c '"type":"result","code":"done".*"label":"board-[1-8]"}$' "$T/out")
if [ "$n" -eq 7 ]; then good; else bad "$n boards done"; fi
says out '"label":"board-5"'
stop_all
for pid in $sims; do
	kill -TERM "$pid"
	wait "$pid" 2>/dev/null
done
for i in 1 2 3 4 6 7 8; do
	"$tool" cut 0 3000 <"$T/board$i.bin" >"$T/held"
	same "$T/image" "$T/held"
done
finish
