#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -i: entry and exit, on a board with RTS at BOOT0 and DTR at NRST.
. tests/e2e/lib.sh

"$tool" app 0x08000000 | "$tool" pad 65536 0xFF >"$T/full"
"$tool" app 0x08000000 >"$T/app"
"$tool" pattern 65537 1 >"$T/too-big"
board=sim:0x410,size=64K,boot0=rts,reset=dtr

about "without a sequence the application runs"
use_sim "$board" "$T/full"
flash --connect-timeout=1 "$dev"
ends 4
happened "app: U"

about "entry"
use_sim "$board" "$T/full"
flash -i 'rts&dtr,-dtr,' "$dev"
ends 0
happened "sync"
counts resets 1

about "entry with nothing to wait for"
flash -i 'rts&dtr&-dtr' "$dev"
ends 0

about "-R runs the exit"
flash -i 'rts&dtr,-dtr:-rts&dtr,-dtr' -R -w "$T/app" -v "$dev"
ends 0
counts resets 2
counts reset_stores 0
commands 21 0
same "$T/full" "$T/flash.bin"

about "without -R it does not run"
flash -i 'rts&dtr,-dtr:-rts&dtr,-dtr' "$dev"
ends 0
counts resets 1

about "-R with an entry only: by software"
flash -i 'rts&dtr,-dtr' -R "$dev"
ends 0
counts reset_stores 1

about "the exit runs after a failure, too"
flash -i 'rts&dtr,-dtr:-rts&dtr,-dtr' -R -w "$T/too-big" "$dev"
ends 7
one_line
counts resets 2
same "$T/full" "$T/flash.bin"
about "and when nothing answered"
flash -i 'dtr,-dtr:-rts&dtr,-dtr' -R --connect-timeout=1 "$dev"
ends 4
one_line
counts resets 2

about "lines that are the other way round"
use_sim sim:0x410,size=64K,boot0=-rts,reset=-dtr "$T/full"
flash -i 'dtr,-rts&-dtr,dtr,' "$dev"
ends 0
happened "sync"

about "a bad sequence moves nothing"
use_sim "$board" "$T/full"
flash -i 'rts&dtr,-dtr:-rts,what' "$dev"
ends 2
one_line
says err 'at character 19: "what"'
if [ -e "$T/log" ]; then bad "the device was opened"; else good; fi

about "a port that has no such lines"
start_sim sim:0x410,size=64K "$T/full"
for line in rts -dtr; do
	flash -i $line "$dev"
	ends 3
	one_line
	says err "-i ${line#-}"
done
about "a GPIO line that there is not"
flash -i gpiochip65535/3 "$dev"
ends 3
one_line
about "-i with nothing to do"
flash -i ,: "$dev"
ends 0
stop_sim
untouched "$T/full"
finish
