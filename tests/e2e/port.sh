#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The port: rates and modes; missing, busy, disconnected; and the messages if
# no bootloader answers.
. tests/e2e/lib.sh

"$tool" pattern 3000 1 >"$T/image"

# took FROM MOST: at most MOST seconds.
took() {
	n=$(($(date +%s) - $1))
	if [ "$n" -le "$2" ]; then good; else bad "it took $n s"; fi
}

about "a device that does not exist"
flash "$T/nothing"
ends 3
one_line
says err "$T/nothing"
about "a file"
: >"$T/file"
flash "$T/file"
ends 3
one_line
about "/dev/null"
flash /dev/null
ends 3
one_line
about "a directory"
flash "$T"
ends 3
one_line

about "a name that leads nowhere"
ln -s loop "$T/loop"
flash "$T/loop"
ends 3
one_line
on_windows || says err "$T/loop: cannot open it: "

# denied MODE: the port has this mode, and the program is not root.
user=
[ "$(id -u)" -ne 0 ] || user='setpriv --reuid=65534 --regid=65534 --clear-groups'
denied() {
	about "a port with mode $1"
	chmod "$1" "$dev"
	# shellcheck disable=SC2086 # several words
	$user "$T/program" "$dev" >"$T/out" 2>"$T/err"
	status=$?
	ends 3
	says err "$dev: permission denied; "
}
if [ -z "${EMULATE:-}" ] && ! on_windows && { [ -z "$user" ] || $user true 2>/dev/null; }; then
	start_sim sim:0x410
	chmod 755 "$T"
	cp "$STM32FLASH" "$T/program"
	denied 060
	# shellcheck disable=SC2012 # a number in a column
	case $(ls -ln "$dev" | awk '{ print $4 }') in
	0) ;;
	*) says err "add yourself to the group that owns it (" ;;
	esac
	denied 000
	says err "add a udev rule that gives it to a group"
	stop_sim
fi

# qemu-user supports only the usual rates.
fast=1000000
[ -z "${EMULATE:-}" ] || fast=230400
for args in '-b 115200' '-b 9600' '-b 0' '-m 8n1' '-m 8e1' "-b $fast"; do
	about "$args"
	start_sim sim:0x410
	# shellcheck disable=SC2086 # several words
	flash $args -w "$T/image" -v "$dev"
	ends 0
	stop_sim
	holds 0 "$T/image"
done
about "-m of a device that wants no parity"
use_sim sim:0x410,parity=n
flash -m 8n1 -w "$T/image" -v "$dev"
ends 0
holds 0 "$T/image"
about "the wrong parity"
flash --connect-timeout=1 -w "$T/image" -v "$dev"
ends 4
one_line
says err "-m"
commands 31 0

about "a port that is in use"
start_sim sim:0x410,pace=1
"$STM32FLASH" --progress=always -r "$T/back" "$dev" >"$T/out1" 2>&1 &
first=$!
n=0
until grep -q "Read  .*[1-9][0-9]*%" "$T/out1" || [ $n -ge 20 ]; do
	sleep 1
	n=$((n + 1))
	kill -0 $first 2>/dev/null || break
done
if ! on_windows; then	# Wine lets two programs open a port
	flash "$dev"
	ends 3
	one_line
	says err "$dev"
fi
if kill -0 $first 2>/dev/null; then good; else bad "the first run ended"; fi

about "a device that goes away"
stop_sim
wait $first
status=$?
cp "$T/out1" "$T/out"
ends 3
n=$(grep -c 'stm32flash: ' "$T/out1")
if [ "$n" -eq 1 ]; then good; else bad "$n messages"; fi

about "a port that stays silent"
start_sim sim:0x410,mute=1
began=$(date +%s)
flash -w "$T/image" "$dev"
ends 4
took "$began" 10
one_line
says err "BOOT0"
says err "RX"
stop_sim
commands 31 0
counts mass_erases 0

about "--connect-timeout"
start_sim sim:0x410,mute=1
began=$(date +%s)
flash --connect-timeout=1 "$dev"
ends 4
took "$began" 8

about "the sent bytes come back"
start_sim sim:0x410,mute=1,echo=1
flash --connect-timeout=1 "$dev"
ends 4
one_line
says err "the sent bytes come back"
about "the sent bytes come back, and a chip answers"
flash sim:0x410,echo=1
ends 4
says err "the sent bytes come back"

about "an application that talks"
start_sim "sim:0x410,chatter=Hello from the application"
flash --connect-timeout=1 "$dev"
ends 4
one_line
says err "application"

about "one byte again and again is no text"
start_sim "sim:0x410,chatter=????????"
flash --connect-timeout=1 "$dev"
ends 4
one_line
says err "the same byte repeats"
stop_sim

about "an adapter without parity"
start_sim sim:0x410,noparity=1
flash --connect-timeout=1 -w "$T/image" "$dev"
ends 4
one_line
says err "parity"
stop_sim
counts mass_erases 0

about "another rate: the chip was left in a session at 115200"
use_sim sim:0x410,synced=1,rate=115200
flash "$dev"
ends 4
one_line
says err "check rate and parity"
flash -b 115200 "$dev"
ends 0

# The ACK for the first 7F may arrive after the second was sent.
for latency in 60 140 150 160 200 250 300 400 490; do
	sampled 4 || continue
	about "answers that take $latency ms"
	use_sim "sim:0x410,latency=$latency"
	flash "$dev"
	ends 0
	use_sim "sim:0x410,latency=$latency,synced=1"
	flash "$dev"
	ends 0
	use_sim "sim:0x410,latency=$latency,synced=1"
	flash -c "$dev"
	ends 0
done

# other_byte: prints the time of the first byte other than 7F, or 80 after it.
other_byte() {
	sed -n '/^> [78][F0]\t#/d;s/^> .*# \([0-9]*\)\..*/\1/p' "$T/trace" |
		sed -n 1p
}
for timeout in 1 3 4 20; do
	about "--connect-timeout=$timeout: a ROM that starts hears a 7F first"
	use_sim sim:0x410,mute=1
	flash --connect-timeout=$timeout --trace="$T/trace" "$dev"
	ends 4
	n=$(lasted)
	if [ "$n" -le $((timeout * 1000 + 1000)) ]; then good; else
		bad "it took $n ms"
	fi
	n=$(other_byte)
	if [ "${n:-2000}" -ge 2000 ]; then good; else
		bad "another byte after $n ms"
	fi
done
for startup in 100 1900 3500 4000 6000 9000; do
	sampled 3 || continue
	about "a ROM that needs $startup ms"
	use_sim "sim:0x410,startup=$startup"
	flash --connect-timeout=20 "$dev"
	ends 0
done

about "a device that is late"
use_sim sim:0x410,startup=1500
flash -w "$T/image" -v "$dev"
ends 0
holds 0 "$T/image"
finish
