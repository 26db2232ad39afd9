#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --knock: an application that enters the bootloader on a text, at its own
# rate; and the message if nothing answers.
. tests/e2e/lib.sh

# knocks KEY KNOCK [ARGS...]: a board with knock=KEY responds to KNOCK.
knocks() {
	about "$2 at knock=$1"
	use_sim "sim:0x410,size=64K,knock=$1"
	knock=$2
	shift 2
	flash --knock="$knock" "$@" "$dev"
	ends 0
	happened knock
	says out "Device ID    : 0x0410"
}

# not_heard KEY KNOCK [ARGS...]
not_heard() {
	about "$2 at knock=$1"
	use_sim "sim:0x410,size=64K,knock=$1"
	knock=$2
	shift 2
	flash --knock="$knock" "$@" "$dev"
	ends 4
	one_line
	says err "; no bootloader answers after --knock"
	never knock
}

cr=$(printf '\r')
knocks 'boot!@115200' 'boot!@115200'
says out "Interface sim: sim 57600 8E1"
knocks "enter bootloader$cr@9600" 'enter bootloader\r@9600' -b 230400
says out "Interface sim: sim 230400 8E1"
knocks "$(printf '\001\\@x')@1000000" '\x01\\\x40x@1000000' -m 8e1
knocks 'a@b@57600' 'a\x40b'
knocks @1200 @1200
knocks 'R@38400' 'R@38400,8N1'

not_heard 'boot!@115200' 'boot!'
not_heard 'boot!@115200' 'boot!@9600'
not_heard 'boot!@115200' 'boot?@115200'
not_heard 'boot!@115200' 'boot!@115200,8e1'
not_heard @1200 @2400
not_heard "boot$cr@9600" 'boot@9600'
about "an application that was heard"
use_sim sim:0x410,chatter=hello
flash --verbose --knock=x@57600,8e1 "$dev"
ends 4
says out '--knock: the application answers "hello'
says err "text comes in ("
says err "; no bootloader answers after --knock"
lacks err "--knock=TEXT"

about "a write, at another rate than the text"
"$tool" app 0x08000000 >"$T/app"
use_sim sim:0x410,size=64K,knock=go@19200
flash --knock=go@19200 -b 115200 -w "$T/app" -v "$dev"
ends 0
holds 0 "$T/app"

about "--knock-wait: in the time of the board"
use_sim sim:0x410,knock=go@19200,startup=1500
flash --knock=go@19200 --knock-wait=2000 --trace="$T/trace" "$dev"
ends 0
n=$(lasted)
if [ "$n" -ge 2000 ] && [ "$n" -lt 2300 ]; then good; else bad "$n ms"; fi
flash --knock=go@19200 --knock-wait=0 --connect-timeout=1 "$dev"
ends 4

about "an entry sequence runs before"
use_sim sim:0x410,knock=go@19200,reset=dtr,boot0=0
flash -i dtr,-dtr, --knock=go@19200 "$dev"
ends 0
counts resets 1
happened knock

# Invalid texts, rates and modes, and conflicting options.
refused() {
	about "$*"
	flash "$@" "$T/none"
	ends 2
	one_line
	says err "--knock"
}
refused --knock=
refused --knock=a@
refused --knock=a@0
refused --knock=a@9600,
refused --knock=a@9600,9n1
refused --knock=a@9600,8n1,
refused --knock=me@home
refused '--knock=a\@9600'
refused '--knock=\q'
refused '--knock=\x4'
refused '--knock=\x4g@9600'
refused --knock="$("$tool" ramp 257 | tr -c x x)@9600"
refused --knock-wait=60001 --knock=a
refused --knock-wait=-1 --knock=a
refused --knock-wait=100
refused --knock=a -c
refused --knock=a -i auto
refused --knock=a -b auto -i rts,-rts

about "what to try next"
use_sim sim:0x410,mute=1
flash "$dev"
ends 4
says err "  try -i auto, which tests the common wirings"
lacks err "--knock"
flash -i dtr,-dtr "$dev"
says err "  try -i auto, which tests the other wirings"
use_sim sim:0x410,chatter=hello
flash "$dev"
says err "  try -i auto, which tests the common wirings"
says err "  try --knock=TEXT@RATE if the application"
use_sim sim:0x410,mute=1,echo=1
flash "$dev"
lacks err "-i auto"
use_sim sim:0x410
flash -c "$dev"
lacks err "-i auto"
use_sim sim:i2c:0x448
flash -a 0x10 "$dev"
lacks err "-i auto"

about "a bus has no rate"
use_sim sim:i2c:0x448
flash --knock=a@9600 "$dev"
ends 3
one_line
says err "--knock: cannot set 9600 baud, 8n1: "

if ! on_windows; then
	about "behind a pseudo-terminal, which has any rate"
	start_sim sim:0x410,knock=boot@57600
	flash --knock=boot@57600 -w "$T/app" -v "$dev"
	ends 0
	stop_sim
	happened knock
fi
finish
