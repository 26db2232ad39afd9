#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No hidden state: neither an environment variable nor a dot file changes the
# results or messages of a command. Runs each with a minimal environment, and
# with one full of traps.
. tests/e2e/lib.sh

top=$PWD
case $STM32FLASH in
/*) ;;
*) STM32FLASH=$top/$STM32FLASH ;;
esac
"$tool" pattern 5000 3 >"$T/image"
"$tool" pattern 65536 4 >"$T/old"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"

# A home and a working directory with every dot file that a program might read;
# each would change the behaviour.
trap_files() {
	mkdir -p "$1/.config/stm32flash" "$1/.stm32flash"
	for name in .stm32flashrc .config/stm32flash/config \
		.config/stm32flash.conf .config/stm32flashrc \
		.stm32flash/config stm32flash.conf stm32flash.ini; do
		printf '%s\n' '--dry-run' '-n 0' 'baud = 9600' >"$1/$name"
	done
}
trap_files "$T/home"
trap_files "$T/hostile"
mkdir "$T/plain"

# run_in DIR ARGS...: runs there, with only the variables in $with; stores the
# results in $T/DIR.out, .err, .flash, .log and .status.
run_in() {
	place=$1
	shift
	new_chip "$T/old"
	rm -f "$T/back"
	(
		cd "$T/$place" || exit 99
		env -i "PATH=$PATH" "$@"
	) >"$T/$place.out" 2>"$T/$place.err" </dev/null
	echo $? >"$T/$place.status"
	for file in flash.bin log stats back; do
		rm -f "$T/$place.$file"
		[ ! -f "$T/$file" ] || cp "$T/$file" "$T/$place.$file"
	done
}

hostile() {
	run_in hostile POSIXLY_CORRECT=1 POSIX_ME_HARDER=1 \
		STM32FLASH=/none STM32FLASH_OPTS=--dry-run \
		STM32FLASH_OPTIONS=--dry-run STM32FLASHFLAGS=-n0 \
		STM32FLASH_PORT=/dev/null STM32FLASH_BAUD=9600 \
		"HOME=$T/home" "XDG_CONFIG_HOME=$T/home/.config" \
		COLUMNS=1 LINES=1 LANG=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 \
		LC_NUMERIC=de_DE.UTF-8 LANGUAGE=de TERM=dumb NO_COLOR=1 \
		CLICOLOR_FORCE=1 FORCE_COLOR=1 CI=true DEBUG=1 VERBOSE=1 \
		TZ=Asia/Kathmandu TMPDIR=/none TMP=/none PORT=/none \
		BAUD=1 GETOPT_COMPATIBLE=1 "$@"
}

# same_both_ways ARGS...
same_both_ways() {
	about "$*"
	run_in plain "$STM32FLASH" "$@"
	hostile "$STM32FLASH" "$@"
	for file in status out err flash.bin log stats back; do
		if [ -f "$T/plain.$file" ] || [ -f "$T/hostile.$file" ]; then
			same "$T/plain.$file" "$T/hostile.$file"
		fi
	done
}

use_sim sim:0x410,size=64K,drop=1e-4,seed=2
same_both_ways "$dev"
same_both_ways -w "$T/image.hex" -v -g 0 "$dev"
# options after the device, and numbers with a point
same_both_ways "$dev" -w "$T/image.hex" --verbose
same_both_ways --progress=always -w "$T/image" -v "$dev"
same_both_ways --json -w "$T/image" --changed "$dev"
same_both_ways -w "$T/image" --dry-run "$dev"
same_both_ways -r "$T/back" --format=hex "$dev"
same_both_ways -C "$dev"
same_both_ways --trace -S 0x08000000:16 -r "$T/back" "$dev"
same_both_ways -w "$T/none" "$dev"
same_both_ways -b x "$dev"
same_both_ways "$T/no-port"
same_both_ways
same_both_ways -h
same_both_ways --help=all
same_both_ways --list-devices

about "nothing is left behind"
for place in home hostile; do
	n=$(find "$T/$place" -type f | wc -l)
	if [ "$n" -eq 7 ]; then good; else bad "$n files in $place"; fi
done
n=$(find "$T/plain" -type f | wc -l)
if [ "$n" -eq 0 ]; then good; else bad "$n files in plain"; fi

# The program reads two variables, both for drawing the progress.
about "the sources"
grep -n -e 'getenv' -e 'environ[^a-z]' -e setlocale ./*.[ch] \
	cli/*.[ch] flash/*.[ch] protocol/*.[ch] host/*.[ch] \
	parsers/*.[ch] sim/*.[ch] | grep -v -e '^cli/report\.c:.*getenv("NO_COLOR")' \
	-e '^cli/report\.c:.*getenv("TERM")' >"$T/found"
while IFS= read -r line; do bad "$line"; done <"$T/found"
n=$(grep -c 'getenv("[A-Z_]*")' cli/report.c)
if [ "$n" -eq 2 ]; then good; else bad "$n variables in cli/report.c"; fi
about "the manual"
for variable in TERM NO_COLOR; do
	if grep -q "^\.It Ev $variable\$" stm32flash.1; then good; else
		bad "ENVIRONMENT lacks $variable"
	fi
done
n=$(grep -c '^\.It Ev ' stm32flash.1)
if [ "$n" -eq 2 ]; then good; else bad "$n variables"; fi
finish
