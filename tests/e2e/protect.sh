#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -u, -j, -k, what goes with them, and what a protected device says.
. tests/e2e/lib.sh

"$tool" pattern 65536 1 >"$T/full"
"$tool" pattern 3000 2 >"$T/image"
"$tool" pad 65536 0xFF <"$T/image" >"$T/picture"
"$tool" pad 65536 0xFF </dev/null >"$T/blank"
f103=sim:0x410,size=64K

about "-u"
start_sim "$f103,wrp=0+3" "$T/full"
flash -u "$dev"
ends 0
says out "Done."
stop_sim
happened "wrp none"
commands 73 1
counts resets 1
untouched "$T/full"

about "-j"
start_sim "$f103" "$T/full"
flash -j "$dev"
ends 0
flash -r "$T/back" "$dev"
ends 5
stop_sim
happened "rdp 1"
commands 82 1
untouched "$T/full"
about "-j when it is so already"
resume_sim "$f103"
flash -j "$dev"
ends 5
one_line
stop_sim
untouched "$T/full"

about "-k"
resume_sim "$f103"
flash -k "$dev"
ends 0
flash -r "$T/back" "$dev"
ends 0
same "$T/blank" "$T/back"
stop_sim
happened "rdp 0"
commands 92 1
same "$T/blank" "$T/flash.bin"

about "-k -w"
start_sim "$f103,rdp=1" "$T/full"
flash -k -w "$T/image" -v "$dev"
ends 0
says out "Wrote and verified"
stop_sim
happened "rdp 0"
same "$T/picture" "$T/flash.bin"
counts granules_refused 0
about "-u -w"
start_sim "$f103,wrp=0+1+2" "$T/full"
flash -w "$T/image" -u -v "$dev"
ends 0
stop_sim
happened "wrp none"
same "$T/picture" "$T/flash.bin"
counts granules_refused 0
about "-w -j"
start_sim "$f103" "$T/full"
flash -j -w "$T/image" -v "$dev"
ends 0
stop_sim
happened "rdp 1"
same "$T/picture" "$T/flash.bin"
about "-u on a part without classic option bytes"
use_sim sim:0x413,wrp=0
flash -u -w "$T/image" -v "$dev"
ends 0
happened "wrp none"
counts granules_refused 0
about "-k on another part"
use_sim sim:0x468,rdp=1
flash -k -w "$T/image" -v "$dev"
ends 0
happened "rdp 0"

about "-u -g: started after the reset"
"$tool" app 0x08000000 | "$tool" patch 0 "$T/full" >"$T/app"
use_sim "$f103,wrp=1" "$T/app"
flash -u -g 0 "$dev"
ends 0
happened "wrp none"
happened "app: U"

# The second ACK may be lost in the reset.
for letter in u j k; do
	about "-$letter, its last ACK lost"
	case $letter in
	u) use_sim "$f103,wrp=0,lostack=wunprotect:1" ;;
	j) use_sim "$f103,lostack=rprotect:1" ;;
	k) use_sim "$f103,rdp=1,lostack=runprotect:1" ;;
	esac
	flash -$letter "$dev"
	ends 0
	case $letter in
	u) happened "wrp none" ;;
	j) happened "rdp 1" ;;
	k) happened "rdp 0" ;;
	esac
done

# A ROM that has reset takes its rate from the first byte: that must be 7F.
# reset_after BYTES: so it was, after this line of the trace.
reset_after() {
	n=$(grep '^>' "$T/trace" | sed 's/\t.*//' | sed -n "/^> $1\$/{n;p;}")
	if [ "$n" = "> 7F" ]; then good; else bad "after $1 came $n"; fi
}
printf '\245\132\377\0\377\0\377\0\377\0\377\0\377\0\377\0' >"$T/options"
while read -r fault args; do
	sampled 3 || continue
	about "$args with $fault: 7F is the first after the reset"
	use_sim "$f103,wrp=0+3,$fault"
	args=$(echo "$args" | sed "s#OPTIONS#$T/options#")
	# shellcheck disable=SC2086 # several words
	flash $args --trace="$T/trace" "$dev"
	ends 0
	case $args in
	-u*) reset_after "73 8C" ;;
	-j*) reset_after "82 7D" ;;
	-k*) reset_after "92 6D" ;;
	esac
done <<'EOF'
lostack=wunprotect:1 -u
lostack=wunprotect:1:0 -u
garble=wunprotect:1 -u
lostack=rprotect:1 -j
lostack=rprotect:1:0 -j
rdp=1,lostack=runprotect:1 -k
rdp=1,lostack=runprotect:1:0 -k
lostack=write:1 -w OPTIONS -S 0x1FFFF800
EOF

# What it has done can be known though the answer to the first 7F was lost.
# lost_sync OPCODE: that did happen, or the test would prove nothing.
lost_sync() {
	n=$(sed -n "/^> $1 /,\$p" "$T/trace" | grep -c '^> 7F')
	if [ "$n" -gt 1 ]; then good; else bad "no 7F was in vain"; fi
}
"$tool" cut 0 16 <"$T/full" >"$T/small"
for seed in 36 62 144; do
	about "-k -w, the answer to the first 7F lost, seed $seed"
	use_sim "sim:0x410,size=16K,rdp=1,drop.out=0.01,seed=$seed"
	flash -k -w "$T/small" --trace="$T/trace" "$dev"
	ends 0
	lost_sync 92
	happened "rdp 0"
	holds 0 "$T/small"
done
for seed in 2 3 10; do
	about "-u -w, the answer to the first 7F lost, seed $seed"
	use_sim "sim:0x410,size=16K,wrp=0,drop.out=0.01,seed=$seed"
	flash -u -w "$T/small" --trace="$T/trace" "$dev"
	ends 0
	lost_sync 73
	happened "wrp none"
	holds 0 "$T/small"
done
about "-j, its last ACK and the answer to the first 7F lost"
use_sim "sim:0x410,size=16K,drop.out=0.05,seed=457"
flash -j --trace="$T/trace" "$dev"
ends 0
lost_sync 82
happened "rdp 1"
for letter in u j k; do
	about "-$letter: not heard, and said again"
	use_sim "$f103,silent=wunprotect:1,silent=rprotect:1,silent=runprotect:1"
	flash -$letter "$dev"
	ends 0
	case $letter in
	u) commands 73 1 ;;
	j) commands 82 1 ;;
	k) commands 92 1 ;;
	esac
done

# Readout protection: every command that it closes ends in 5.
while read -r args; do
	sampled 3 || continue
	about "rdp=1: $args"
	args=$(echo "$args" | sed "s#IMAGE#$T/image#;s#BACK#$T/back#")
	for rom in 2.2 3.1 strict; do
		use_sim "$f103,rom=$rom,rdp=1" "$T/full"
		echo old >"$T/back"
		# shellcheck disable=SC2086 # several words
		flash $args "$dev"
		ends 5
		one_line
		says err "protected"
		says err "-k"
		untouched "$T/full"
		n=$(cat "$T/back")
		if [ "$n" = old ]; then good; else bad "the file was changed"; fi
	done
done <<'EOF'
-r BACK
-r BACK -S 0x20000800:16
-w IMAGE -v
-w IMAGE -S 0x20000800
-w IMAGE -e 0
-o
-o -S 0x08000400:1024
-C -S 0x08000000:1024
-g 0
-R
-u
EOF
about "the facts of a protected device"
use_sim "$f103,rdp=1"
flash "$dev"
ends 0
says out "Device ID    : 0x0410 (STM32F10xxx Medium-density)"

# Write protection: the ROM says ACK and does nothing; -v sees it.
about "a write-protected page, whole flash erased"
start_sim "$f103,wrp=0" "$T/full"
flash -w "$T/image" -v "$dev"
ends 5
one_line
says err "write protected"
says err "-u"
stop_sim
same "$T/full" "$T/flash.bin"
about "a write-protected page behind the first ones"
"$tool" pattern 6000 3 >"$T/long"
use_sim "$f103,wrp=1" "$T/full"
flash -w "$T/long" --erase=pages -v "$dev"
ends 5
one_line
says err "write protected"
about "an erased page that is write protected"
use_sim "$f103,wrp=1"
flash -w "$T/long" --erase=pages -v "$dev"
ends 5
one_line
says err "write protected"
about "erased bytes of the image on a write-protected page that is used"
"$tool" pad 8192 0xFF <"$T/image" >"$T/long"
use_sim "$f103,wrp=1" "$T/full"
flash -w "$T/long" --erase=pages -v "$dev"
ends 5
about "page of another flash"
"$tool" pattern 131072 9 >"$T/g431"
use_sim sim:0x468,wrp=0 "$T/g431"
flash -w "$T/image" -v "$dev"
ends 5
same "$T/g431" "$T/flash.bin"
finish
