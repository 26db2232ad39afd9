#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -g and -R: what the processor does afterwards.
. tests/e2e/lib.sh

"$tool" app 0x08000000 >"$T/app"
"$tool" app 0x20001000 >"$T/ram-app"
"$tool" pattern 2000 1 >"$T/image"

about "-g 0 after a write"
start_sim sim:0x410
flash -w "$T/app" -v -g 0 "$dev"
ends 0
says out "Starting execution at address 0x08000000... done."
stop_sim
happened "go 0x08000000"
happened "app: U"
counts reset_stores 0
commands 21 1

about "-g of an address in the flash"
"$tool" app 0x08001000 >"$T/high-app"
use_sim sim:0x410
flash -w "$T/high-app" -S 0x08001000:24 -g 0x08001000 "$dev"
ends 0
happened "go 0x08001000"
happened "app: U"

about "-g of a program in RAM"
start_sim sim:0x410
flash -w "$T/ram-app" -S 0x20001000:24 -g 0x20001000 "$dev"
ends 0
stop_sim
happened "go 0x20001000"
happened "app: U"
counts granules_programmed 0
counts mass_erases 0

about "-g after the file of an earlier run"
"$tool" pad 131072 0xFF <"$T/app" >"$T/full"
start_sim sim:0x410 "$T/full"
flash -g 0x08000000 "$dev"
ends 0
stop_sim
happened "app: U"
untouched "$T/full"

about "-g where there is no vector table"
for k in 2.2 3.1 strict; do
	start_sim "sim:0x410,rom=$k"
	flash -g 0 "$dev"
	ends 1
	says err "-g 0x08000000: no program can start there: the stack"
	says err "; a vector table has a stack pointer"
	stop_sim
	never "go 0x"
done

about "a refused Go behind a write"
use_sim "sim:0x410,rom=strict"
flash -w "$T/image" -v -g 0x08010000 "$dev"
ends 1
says err "; the write succeeded"
never "go 0x"

about "an ACK of Go that is lost: it runs all the same"
use_sim sim:0x410,lostack=go:1 "$T/full"
flash -g 0 "$dev"
ends 0
happened "app: U"
about "a Go that did not arrive is sent again"
use_sim sim:0x410,silent=go:1:1 "$T/full"
flash -g 0 "$dev"
ends 0
happened "app: U"

# -R without a sequence: code in RAM requests the reset.
about "-R"
start_sim sim:0x410,boot0=0
flash -w "$T/app" -R "$dev"
ends 0
says out "Resetting device..."
says out "Reset done."
stop_sim
counts reset_stores 1
counts resets 1
happened "reset by AIRCR"
happened "app: U"
about "-R alone"
start_sim sim:0x413
flash -R "$dev"
ends 0
stop_sim
counts reset_stores 1
counts granules_programmed 0
for part in 0x447 0x468 0x440 0x448 0x412 0x435 0x460 0x450; do
	about "-R of $part"
	use_sim sim:$part
	flash -R "$dev"
	ends 0
	counts reset_stores 1
	counts resets 1
done
about "-R after a read"
use_sim sim:0x410
flash -r "$T/back" -S 0x08000000:16 -R "$dev"
ends 0
counts reset_stores 1
about "-R after an erase"
flash -o -R "$dev"
ends 0
counts reset_stores 1
counts mass_erases 1
about "-R after a CRC"
flash -C -S 0x08000000:16 -R "$dev"
ends 0
counts reset_stores 1
about "no reset after a failure"
use_sim sim:0x410,rdp=1
flash -r "$T/back" -R "$dev"
ends 5
counts reset_stores 0

about "-R where a reset by software stays in the ROM: option byte launch"
start_sim sim:0x442,boot0=0
flash -w "$T/app" -R "$dev"
ends 0
stop_sim
counts reset_stores 0
counts resets 1
happened "reset by option load"
happened "app: U"

# These sample at power-up whether the flash is empty.
for part in 0x460 0x435 0x466 0x468; do
	about "-R of $part, which was empty when the power came"
	start_sim sim:$part,boot0=0
	flash -w "$T/app" -R "$dev"
	ends 0
	stop_sim
	counts reset_stores 1
	happened "app: U"
	about "-R of $part, which was not empty"
	rm "$T/log" "$T/stats"
	resume_sim sim:$part,boot0=0
	flash -R "$dev"
	ends 0
	stop_sim
	happened "app: U"
done

about "-R of a part that has no RAM for it"
use_sim sim:0x445
flash -w "$T/app" -R "$dev"
ends 1
one_line
says err "no RAM"
says err "-i"
commands 21 0
"$tool" pad 32768 0xFF <"$T/app" >"$T/expected"
same "$T/expected" "$T/flash.bin"

about "-g with -R: the program runs, no reset"
start_sim sim:0x410 "$T/full"
flash -g 0 -R "$dev"
ends 0
stop_sim
happened "app: U"
counts resets 0
counts reset_stores 0

for letter in -u -j -k; do
	about "$letter with -R: it resets anyway"
	use_sim sim:0x410
	flash $letter -R "$dev"
	ends 0
	counts reset_stores 0
	counts resets 1
done
finish
