#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make demo`: shows the program's output with a simulated STM32F103 on a serial
# port. Leaves no files behind.
set -eu

: "${STM32FLASH:=./stm32flash}" "${BUILD:?}"
dir=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

# The flash has 64 KiB, as on most boards; the ROM does not know its size.
mkfifo "$dir/ready"
"$BUILD/sim-server" "sim:0x410,size=64K,file=$dir/flash,log=$dir/log" \
	>"$dir/ready" &
server=$!
read -r port <"$dir/ready"

# show ARGS...: prints the command as a user types it, then runs it.
show() {
	printf '\n$ stm32flash'
	printf ' %s' "$@" | sed "s|$dir/||g"
	printf '\n'
	"$STM32FLASH" "$@"
}

echo "A simulated STM32F103 with a ROM bootloader waits at $port."
show "$port"
show -w demo/firmware.hex -v "$port"
show -r "$dir/backup.bin" -S 0x08000000:"$(wc -c <demo/firmware.bin | tr -d ' ')" "$port"
printf '\n$ cmp backup.bin demo/firmware.bin\n'
cmp "$dir/backup.bin" demo/firmware.bin
echo "(no difference)"
show -g 0 "$port"

# The firmware runs in the simulator's interpreter; read its output.
kill -TERM "$server"
wait "$server" || :
server=
printf '\nWhat the firmware then says on its serial port:\n'
sed -n 's/^app: /    /p' "$dir/log" | head -n 12
grep -q '^app: .*self-test passed' "$dir/log"
printf '\nThe same with your board: stm32flash -w demo/firmware.hex -v -g 0 /dev/ttyUSB0\n'
