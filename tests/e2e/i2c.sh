#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# I2C: every action with every protocol version, on the simulated bus, and
# errors there.
. tests/e2e/lib.sh

device() {
	i2c_spec=sim:i2c:$1
	shift
	use_sim "$i2c_spec" "$@"
}

settled() {
	:
}

. tests/i2c_jobs.sh
i2c_variants

# mended FAULT: a write with it succeeds, with versions 1.0 and 1.2.
mended() {
	sampled 3 || return 0
	for v in 0x10 0x12; do
		sampled 3 || continue
		variant=i2c=$v
		job "$1" "$chip,$1" "$T/full" -w "$T/image" -v
		same "$T/picture" "$T/flash.bin"
	done
}

for command in version get id read erase write; do
	mended "nack=$command:1"
	mended "silent=$command:1"
	mended "garble=$command:1"
	mended "lostack=$command:1"
done
for phase in 1 2; do
	mended "nack=write:3:$phase"
	mended "silent=write:3:$phase"
	mended "garble=write:3:$phase"
done
for phase in 1 2; do
	mended "nack=read:9:$phase"
	mended "garble=read:9:$phase"
done
mended nackbusy=1
mended startup=1500
mended nackaddr=1
mended nackaddr=1+2+3+4+5+6+7+8+9+10
mended nackaddr=30+31+40+50+51+52+53
mended flip=1e-3,seed=4
mended giveup=300
mended i2ctimeout=20,giveup=3000

# Each transaction of a session in turn.
"$tool" cut 0 300 <"$T/image" >"$T/short"
"$tool" pad 32768 0xFF <"$T/short" >"$T/short_picture"
for variant in i2c=0x10 i2c=0x12; do
	nth=1
	total=999
	while [ "$nth" -le "$total" ]; do
		sampled 7 || { nth=$((nth + 1)); continue; }
		job "no answer to transaction $nth" \
			"$chip,nackaddr=$nth+$((nth + 1))+$((nth + 2))" \
			"$T/full" -w "$T/short" -v
		same "$T/short_picture" "$T/flash.bin"
		total=$(sed -n 's/^transactions //p' "$T/stats")
		nth=$((nth + 1))
	done
done

for variant in i2c=0x10 i2c=0x12; do
	# The last ACK of Go is lost, but the application runs.
	job "lost ACK of go" "$chip,lostack=go:1" "$T/full" -g 0
	happened "go 0x08000000"
	job "lost ACK of pages" "$chip,lostack=erase:1" "$T/full" \
		-o -s 2 -e 2
	"$tool" patch 4096 "$T/full" <"$T/blank2" >"$T/want"
	same "$T/want" "$T/flash.bin"
	for phase in 0 1 2; do
		job "erase, NACK in phase $phase" \
			"$chip,nack=erase:1:$phase" "$T/full" -o -s 2 -e 2
		same "$T/want" "$T/flash.bin"
	done
done

# Every part with an address in the table, with defaults.
"$STM32FLASH" --list-devices --json >"$T/parts"
ids=$(sed -n '/"i2c":\[\]/d; s/.*"id":"\([^"]*\)".*/\1/p' "$T/parts")
parts=0
for id in $ids; do
	parts=$((parts + 1))
	sampled 7 || continue
	about "I2C: $id"
	device "$id"
	flash -w "$T/image" -v "$dev"
	ends 0
	holds 0 "$T/image"
	few_polls
	counts granules_refused 0
	counts resets 0
done
about "parts with an address"
if [ $parts -ge 60 ]; then good; else bad "only $parts"; fi

about "the adapter does not wait as long as the ROM holds the clock"
device "$chip,i2c=0x10,i2ctimeout=50,busy=600000" "$T/full"
flash -o "$dev"
ends 1
one_line
says err "longer than the adapter allows"

about "it asks again until the erase is over"
device "$chip,i2c=0x10,i2ctimeout=50,busy=30000" "$T/full"
flash -o "$dev"
ends 0

about "it waits long enough when it asks again"
device "$chip,i2c=0x10,i2ctimeout=3" "$T/full"
flash -w "$T/image" -v "$dev"
ends 0
same "$T/picture" "$T/flash.bin"

about "a version of the protocol that is new"
device "$chip,i2c=0x20,nostretch=1,checksum=2,extra=50+51+52+53" "$T/full"
flash -w "$T/image" -v "$dev"
ends 0
same "$T/picture" "$T/flash.bin"
commands 32 11

about "no device there"
device "$chip,mute=1" "$T/full"
flash "$dev"
ends 4
one_line
says err "no answer at this address (sim addr 0x3b)"
about "another address"
device "$chip" "$T/full"
flash -a 0x3C "$dev"
ends 4
one_line
says err "(sim addr 0x3c)"
flash -a 0x3B "$dev"
ends 0

about "the clock line is held low"
device "$chip,silent=version:1,giveup=600000,i2ctimeout=1000" "$T/full"
flash "$dev"
ends 4
one_line
says err "the clock line is held low"

about "modem lines"
device "$chip" "$T/full"
flash -i rts "$dev"
ends 3
one_line
says err "rts"
finish
