#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -u, -j, -k, options used with them, and the messages for a protected device.
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

# The reset may suppress the second ACK.
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

about "-u -w: an ACK cut off by the reset is no sign of a bad line"
use_sim "$f103,wrp=0,lostack=wunprotect:1"
flash -u -w "$T/image" -v "$dev"
ends 0
says out "no retries"

# A ROM that was reset measures its rate on the first byte, which must be 7F.
# reset_after BYTES: it was, after this line of the trace.
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

# The result of the command is known even if the answer to the first 7F is
# lost. lost_sync OPCODE: it was lost, or the test proves nothing.
lost_sync() {
	n=$(sed -n "/^> $1 /,\$p" "$T/trace" | grep -c '^> 7F')
	if [ "$n" -gt 1 ]; then good; else bad "no 7F was in vain"; fi
}
# The same for some of several seeds: which ones depends on all bytes sent.
count_sync() {
	n=$(sed -n "/^> $1 /,\$p" "$T/trace" | grep -c '^> 7F')
	[ "$n" -le 1 ] || vain=$((vain + 1))
}
some_vain() {
	if [ "$vain" -gt 0 ]; then good; else bad "no 7F was in vain"; fi
	vain=0
}
"$tool" cut 0 16 <"$T/full" >"$T/small"
vain=0
for seed in 6 11 26 30 39 44 45 49; do
	about "-k -w, the answer to the first 7F lost, seed $seed"
	use_sim "sim:0x410,size=16K,rdp=1,drop.out=0.01,seed=$seed"
	flash -k -w "$T/small" --trace="$T/trace" "$dev"
	ends 0
	count_sync 92
	happened "rdp 0"
	holds 0 "$T/small"
done
some_vain
for seed in 2 3 8 11 14 17 20 23; do
	about "-u -w, the answer to the first 7F lost, seed $seed"
	use_sim "sim:0x410,size=16K,wrp=0,drop.out=0.01,seed=$seed"
	flash -u -w "$T/small" --trace="$T/trace" "$dev"
	ends 0
	count_sync 73
	happened "wrp none"
	holds 0 "$T/small"
done
some_vain
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

# Readout protection: every command that it disables ends with 5.
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

# Write protection: the ROM sends an ACK and does nothing; -v detects it.
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
# Side effects of the two known ROMs.
for rom in 2.2 3.1; do
	about "rom=$rom: -k on a chip that is not protected"
	use_sim "$f103,rom=$rom" "$T/full"
	flash -k "$dev"
	ends 0
	says out "The chip was not readout protected"
	says out "USER and DATA"
	same "$T/full" "$T/flash.bin"
	about "rom=$rom: -k -w on it erases like any -w"
	use_sim "$f103,rom=$rom" "$T/full"
	flash -k -w "$T/image" -v "$dev"
	ends 0
	holds 0 "$T/image"
	counts mass_erases 1
	counts granules_refused 0
	about "rom=$rom: -k on a protected one"
	use_sim "$f103,rom=$rom,rdp=1" "$T/full"
	flash -k "$dev"
	ends 0
	lacks out "was not readout protected"
	about "rom=$rom: pairs that -u has erased"
	start_sim "$f103,rom=$rom,wrp=0+1" "$T/full"
	flash -u "$dev"
	ends 0
	says out "USER and DATA"
	flash -r "$T/pairs" -S 0x1FFFF800:16 "$dev"
	ends 0
	about "rom=$rom: as they were read, and one of them"
	flash -w "$T/pairs" -S 0x1FFFF800:16 -v "$dev"
	ends 0
	flash -u "$dev"
	ends 0
	printf '\125\252' >"$T/data"
	flash -w "$T/data" -S 0x1FFFF804:2 -v "$dev"
	ends 0
	about "rom=$rom: a byte without its complement"
	printf '\063' >"$T/data"
	flash -w "$T/data" -S 0x1FFFF804:1 -v "$dev"
	ends 0
	stop_sim
done

# --- --write-protect ------------------------------------------------------------

about "--write-protect, and -u"
start_sim "$f103,wrp=0+9+10" "$T/full"
flash --write-protect=1:2 "$dev"
ends 0
says out "Units        : 1 to 2 of 0 to 15, 4 pages each: 0x08001000-0x08003000"
says out "units 0, 9 to 10 lose their protection"
says out "reset the option bytes DATA as well"
flash -w "$T/image" -S 0x08001000 -v "$dev"
ends 5
flash -u "$dev"
ends 0
says out "reset the option bytes USER and DATA as well"
flash -w "$T/image" -S 0x08001000 -v "$dev"
ends 0
stop_sim
happened "wrp 01 02"
happened "wrp none"
commands 63 1

about "--write-protect --dry-run"
use_sim "$f103" "$T/full"
flash --write-protect=3 --dry-run "$dev"
ends 0
says out "Dry run: nothing is changed"
says out "0x08003000-0x08004000"
commands 63 0
counts resets 0

about "--write-protect after -w, before -g"
"$tool" app 0x08000000 | "$tool" patch 0 "$T/full" >"$T/app"
use_sim "$f103"
flash -w "$T/app" -v --write-protect=0 -g 0 "$dev"
ends 0
happened "wrp 00"
happened "app: U"
about "-u -w --write-protect"
use_sim "$f103,wrp=0+1" "$T/full"
flash -u -w "$T/image" -v --write-protect=0 "$dev"
ends 0
happened "wrp none"
happened "wrp 00"
holds 0 "$T/image"
about "units that there are not: before anything is erased"
use_sim "$f103" "$T/full"
flash -w "$T/image" --write-protect=15:2 "$dev"
ends 2
says err "units 0 to 15, of 4 pages each"
untouched "$T/full"
commands 63 0

# Each kind of option bytes: sets these, and the pages are protected.
printf '\001\002\003\004' >"$T/four"
while read -r id units start end names; do
	about "$id: --write-protect=$units"
	new_chip
	dev=sim:$id,nv=$T/nv,log=$T/log,stats=$T/stats,file=$T/flash.bin
	flash --write-protect="$units" "$dev"
	ends 0
	says out ": $start-$end"
	lacks err "not checked"
	counts resets 1
	commands 63 1
	flash --quiet --option-bytes "$dev"
	for name in $names; do says out "$(echo "$name" | sed 's/=/ = /')"; done
	flash -w "$T/four" -e 0 -S "$start" -v "$dev"
	case $status in 5 | 6) good ;; *) bad "the first is not protected" ;; esac
	flash -w "$T/four" -e 0 -S "$end" -v "$dev"
	ends 0
	flash -u "$dev"
	ends 0
	flash -w "$T/four" -e 0 -S "$start" -v "$dev"
	ends 0
done <<'EOF'
0x410,rom=2.2 0:2 0x08000000 0x08002000 WRP0=0xFC WRP8=0xFF
0x410,rom=3.1 0:9 0x08000000 0x08009000 WRP0=0x00 WRP8=0xFE
0x410,rom=strict 8 0x08008000 0x08009000 WRP0=0xFF WRP8=0xFE
0x414 30 0x0801e000 0x0801f000 WRP24=0xBF
0x440 1:8 0x08001000 0x08009000 WRP_bit0=0x01 nWRP_bit8=0xFE
0x422 0 0x08000000 0x08001000 nWRP0=0xFE
0x411 4 0x08010000 0x08020000 WRP0=0xFEF
0x419 12 0x08100000 0x08104000 WRP0=0xFFF WRP12=0xFFE
0x449 2:2 0x08010000 0x08020000 nWRP0=0xF3
0x416 16 0x08010000 0x08011000 WRP0=0x00 WRP16=0x01
0x447 32:2 0x08020000 0x08022000 WRPOT0=0x00 WRPOT32=0x03
EOF

# Unknown units are refused.
for id in 0x460 0x415 0x468 0x482 0x484 0x450 0x495 0x497; do
	about "$id: units that are not known"
	use_sim "sim:$id"
	flash --write-protect=0 "$dev"
	ends 2
	one_line
	says err "is not known; use --set with"
	commands 63 0
done
about "bits that mean PCROP"
new_chip
dev=sim:0x423,nv=$T/nv,stats=$T/stats
flash --quiet --yes --set=SPRMOD=1 "$dev"
ends 0
flash --write-protect=0 "$dev"
ends 5
says err "SPRMOD is 1"
commands 63 0

# Lost, damaged and refused: the result is as requested.
while read -r fault; do
	for rom in 2.2 3.1 strict; do
		about "rom=$rom: --write-protect with $fault"
		use_sim "$f103,rom=$rom,wrp=5,$fault"
		flash --write-protect=0:3 "$dev"
		ends 0
		n=$(grep '^wrp' "$T/log" | tail -n 1)
		if [ "$n" = "wrp 00 01 02" ]; then good; else
			bad "in the end: $n"
		fi
	done
done <<'EOF'
lostack=wprotect:1
lostack=wprotect:1:0
garble=wprotect:1
garble=wprotect:1:0
nack=wprotect:1
nack=wprotect:1:0
silent=wprotect:1
silent=wprotect:1:0
EOF
about "a ROM that does not do it"
silent=$(for n in 1 2 3 4 5; do printf ',silent=wprotect:%d:1' $n; done)
use_sim "$f103$silent"
flash --write-protect=0 "$dev"
ends 1
says err "the chip did not reset itself"
about "the application starts after the reset"
use_sim "$f103,boot0=0" "$T/app"
flash --write-protect=0 "$dev"
ends 4
says err "write protect was acknowledged"
happened "wrp 00"
about "option bytes that are not shown"
use_sim sim:0x413,shortread=nack
flash --write-protect=0 "$dev"
ends 0
says out "all other units lose their protection"
says err "acknowledged, but not checked"

about "an action without an address names none"
use_sim "$f103,rdp=1"
flash -u "$dev"
ends 5
says err "write unprotect refused: the chip is readout protected"

finish
