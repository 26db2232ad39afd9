#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Parts of other vendors: those with an ID of their own, in any form, and those
# that identify as an ST part.
. tests/e2e/lib.sh

"$tool" pattern 2501 2 >"$T/image"

# job SPEC ARGS...: connects, erases, writes, verifies, reads everything.
job() {
	use_sim "$1"
	shift
	flash "$@" -w "$T/image" -v "$dev"
	ends 0
	holds 0 "$T/image"
	counts granules_refused 0
	flash "$@" -r "$T/back" "$dev"
	ends 0
	same "$T/flash.bin" "$T/back"
	flash "$@" -o -s 1 -e 2 "$dev"
	ends 0
	counts pages_erased 2
}

# Artery: with the access command (access_id_command), and without.
for part in 0x70050240 0x700301C1 0x70030241 0x50020100; do
	about "Artery $part: wants its access command first"
	job "sim:$part"
	commands FA 1
	about "Artery $part: what is refused before is no sign of a bad line"
	use_sim "sim:$part"
	flash -r "$T/back" --verbose "$dev"
	ends 0
	says out "command was refused (NACK)"
	says out ", no retries"
	lacks out "reading again"
done
for part in 0x700A3240 0x50092100 0x70084598 0x70030250; do
	about "Artery $part: has none"
	job "sim:$part"
	commands FA 0
done
about "Artery: the facts"
use_sim sim:0x70050240
flash "$dev"
ends 0
says out "Device ID    : 0x70050240 (Artery AT32F403AVCT7)"
says out "- Flash      : Up to 256KiB (size first sector: 1x2048)"
about "Artery: an ID of two parts"
use_sim sim:0x70030240
flash "$dev"
says out "AT32F413RCT7 and AT32F415RCT7"
about "Artery: an unknown ID of theirs"
use_sim sim:0x70050240,pid=0x70051234
flash "$dev"
ends 0
says out "Device ID    : 0x70051234 (unknown)"

# GigaDevice: the part number comes by get_id_command, max_transfer is 240.
about "GD32VW553: the part number"
job sim:0x504D4836
flash "$dev"
ends 0
says out "Device ID    : 0x504d4836 (GigaDevice GD32VW553HMQ6)"
commands 06 1
about "GD32VW553: no block is longer than it can take"
use_sim sim:0x50494B36
flash -w "$T/image" -v --trace="$T/trace" "$dev"
ends 0
n=$("$tool" longest '> ' <"$T/trace")
if [ "$n" -eq 130 ]; then good; else bad "a frame of $n bytes"; fi
n=$("$tool" longest '< ' <"$T/trace")
if [ "$n" -le 240 ]; then good; else bad "an answer of $n bytes"; fi
about "GD32VW553: an unknown part number"
use_sim sim:0x504D4836,pid=0x41424344
flash "$dev"
ends 0
says out "Device ID    : 0x41424344 (unknown)"

# These identify as ST parts.
about "GD32VF103: by its ID the F103"
use_sim sim:GD32VF103
flash "$dev"
ends 0
says out "Device ID    : 0x0410 (STM32F10xxx Medium-density)"
about "GD32VF103: by its name"
job sim:GD32VF103 --device=GD32VF103
flash --device=GD32VF103 "$dev"
ends 0
says out "taken for    : 0x410 (GigaDevice GD32VF103)"
lacks out "- RAM"
about "GD32VF103: lists a command 06 that is none (listed_command)"
flash --trace="$T/trace" "$dev"
ends 0
if grep -q '^< 30 00 .* 06[[:blank:]]' "$T/trace"; then good; else
	bad "06 is not in the list"
fi
job sim:GD32VF103,extra=06 --device=GD32VF103
about "the F103 of another maker that has an ID"
job sim:0x641
about "STM32W, BlueNRG"
job sim:0x9A8 -m 8n1
job sim:0x02F -m 8n1
about "a part of which the name is all that is known"
use_sim sim:0x410,pid=0x801
flash "$dev"
ends 0
says out "Wiznet W7500"
flash -w "$T/image" "$dev"
ends 2
one_line
says err "--device"
flash -w "$T/image" -S 0x08000000 -v "$dev"
ends 0
finish
