#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL in the middle of a write, KILLS times at different points: the chip
# never has the vector table of an incomplete image, and the next run connects
# without a reset and completes the write. test_cut.c does the same at exact
# bytes.
. tests/e2e/lib.sh

: "${KILLS:=8}"
"$tool" pattern 6000 1 >"$T/image"

# whole: the flash has no vector table of the image, or the whole image.
whole() {
	"$tool" cut 0 8 <"$T/flash.bin" >"$T/head"
	"$tool" cut 0 8 <"$T/image" >"$T/vectors"
	if cmp -s "$T/head" "$T/vectors"; then
		holds 0 "$T/image"
	else
		good
	fi
}

# Measures a whole run.
start_sim sim:0x410,size=16K,pace=1
n=0
while [ $n -lt "$KILLS" ]; do
	n=$((n + 1))
	about "kill $n"
	"$tool" kill-after "$((20 + n * 977 % 1500))" "$STM32FLASH" -b 115200 \
		-w "$T/image" "$dev" >"$T/out" 2>"$T/err"
	kill -USR1 "$sim_pid"
	"$tool" wait 30
	whole
done
about "the run after"
flash -b 115200 -w "$T/image" -v "$dev"
ends 0
stop_sim
"$tool" pad 16384 0xFF <"$T/image" >"$T/picture"
same "$T/picture" "$T/flash.bin"
counts granules_refused 0
finish
