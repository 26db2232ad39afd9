#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions of bash, zsh and fish, in those that are installed.
set -u
export LC_ALL=C

. tests/options_lib.sh
top=$PWD
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0 asked=
export HOME="$T/home" XDG_CONFIG_HOME="$T/home" XDG_DATA_HOME="$T/home" \
	XDG_CACHE_HOME="$T/home"

# A separate /dev, and files to complete.
mkdir -p "$T/home" "$T/zsh" "$T/dev/serial/by-id" "$T/files"
for port in ttyUSB0 ttyACM3 ttyS1 i2c-1 serial/by-id/usb-ft cu.usb cuaU2 \
	ttyAMA0 tty1 null; do
	: >"$T/dev/$port"
done
: >"$T/files/fw.hex"
: >"$T/files/fw 2.bin"
for file in stm32flash.bash _stm32flash stm32flash.fish; do
	sed "s,/dev/,$T/dev/,g" "completion/$file" >"$T/$file"
done
cd "$T/files" || exit 1

# SHELL_offers LINE: prints the offers, one per line, without the part that the
# line already has, except for the last word; each shell has them in this form.
breaks=:=
bash_offers() {
	breaks=$breaks completion=$T/stm32flash.bash \
		bash --norc "$top/tests/completion/capture.bash" "$1"
}

zsh_offers() {
	fpath_first=$T zsh -f "$top/tests/completion/capture.zsh" "$T/zsh" "$1"
}

fish_offers() {
	# shellcheck disable=SC2016 # $argv is for fish
	fish --no-config -c 'set fish_complete_path; source $argv[1]
		complete -C $argv[2]' -- "$T/stm32flash.fish" "$1" |
		sed -e 's/	.*//' -e 's/^--[a-z-]*=//' -e 's/^sim:\(.\)/\1/'
}

# offers LINE WORD...: exactly these, in any order.
offers() {
	line=$1
	shift
	want=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
	got=$("${shell}_offers" "stm32flash $line" 2>&1 | sed '/^$/d' | sort)
	if [ "$got" = "$want" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $shell: stm32flash $line"
		echo "$want" | sed 's/^/  expected /'
		echo "$got" | sed 's/^/  offered  /'
	fi
}

ask() {
	offers "--er" --erase --erase-only --erase-pages
	offers "-v --dry" --dry-run
	# shellcheck disable=SC2086 # every name is a word
	offers "--" $long_names
	offers "--erase=" chip none pages
	offers "--erase " chip none pages
	offers "--erase=p" pages
	offers "--format s" srec
	offers "--progress=a" always auto
	offers "--on-chip=" boot0
	offers "-b 9" 9600 921600
	offers "--baud=11" 115200
	offers "-vb 11" 115200
	offers "-r fw" "fw 2.bin" fw.hex
	offers "-w fw" "fw 2.bin" fw.hex
	offers "-vw fw." fw.hex
	offers "--write=fw." fw.hex
	offers "--trace=fw." fw.hex
	offers "--help=" all
	offers "--device=STM32F40" STM32F40xxx
	offers "--device 0x45" 0x450 0x451 0x452 0x453 0x454 0x455 0x456 \
		0x457 0x458 0x459 0x45A
	offers "--device=STM32F10" STM32F105xx STM32F107xx
	offers "sim:0x41" 0x410 0x411 0x412 0x413 0x414 0x415 0x416 0x417 \
		0x418 0x419
	offers "sim:STM32L4P" STM32L4P5xx
	offers "s" sim:
	offers "" sim: "$T/dev/ttyUSB0" "$T/dev/ttyACM3" "$T/dev/ttyS1" \
		"$T/dev/ttyAMA0" "$T/dev/i2c-1" "$T/dev/serial/by-id/usb-ft" \
		"$T/dev/cu.usb" "$T/dev/cuaU2"
	offers "-v $T/dev/ttyU" "$T/dev/ttyUSB0"
	# Neither parts nor ports nor files.
	offers "-e "
	offers "-i rts:"
}

# With = and : removed from COMP_WORDBREAKS, a user gets whole words.
ask_unbroken() {
	breaks=@
	offers "--erase=p" --erase=pages
	offers "--device=STM32F40" --device=STM32F40xxx
	offers "sim:STM32L4P" sim:STM32L4P5xx
}

long_names=$(cd "$top" && table_options | awk '{ print "--" $2 }')
for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null 2>&1; then
		echo "skip: $shell not installed"
		continue
	fi
	if [ $shell = zsh ] && ! zsh -f -c 'zmodload zsh/zpty' 2>/dev/null; then
		echo "skip: zsh has no zpty"
		continue
	fi
	ask
	[ $shell != bash ] || ask_unbroken
	asked="$asked $shell"
done
if [ -z "$asked" ]; then
	echo "skip: no bash, zsh or fish"
	exit 77
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
