#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bytes of info, -r and -w -v on the line, compared with those before the
# program was made safe on ROMs that take counts and data for commands (commit
# 29e6e19): at most 4 bytes more. Registers are now read as words, by N = 03.
. tests/e2e/lib.sh

MORE=4
LIST=7	# bytes of one more list of pages: 44 BB, count, XOR, two ACKs

"$tool" pattern 12001 3 >"$T/image"

# cost ARGS...: sets $bytes to the bytes in both directions.
cost() {
	use_sim "sim:$part"
	# shellcheck disable=SC2086 # none, or several words
	flash $options "$@" "$dev"
	ends 0
	counter bytes_in
	bytes=$n
	counter bytes_out
	bytes=$((bytes + n))
}

# at_most BEFORE WANTED: does not count WANTED bytes.
at_most() {
	if [ "$((bytes - $2))" -le "$(($1 + MORE))" ]; then good; else
		bad "$bytes bytes, $2 of them wanted; $1 before"
	fi
}

# row PART INFO READ WRITE IDENTITY LISTS [OPTIONS...]: the bytes before. info
# now shows the unique ID and the version of the ROM, each read twice: IDENTITY
# bytes. Lists of pages are short until the line is known to be good: LISTS
# bytes.
row() {
	part=$1 info=$2 read=$3 write=$4 identity=$5 lists=$6
	shift 6
	options=$*
	about "$part: info"
	cost
	at_most "$info" "$identity"
	about "$part: -r"
	cost -r "$T/back" -S 0x08000000:1001
	at_most "$read" 0
	about "$part: -w -v"
	cost -w "$T/image" -v
	at_most "$write" $((lists * LIST))
}

#   part       info read write identity lists
row 0x410 47 1096 25270 48 0
row 0x413 47 1096 25231 80 0
row 0x416 47 1096 26338 104 5
row 0x42B 47 1096 25279 32 0
row 0x436 47 1096 28456 104 6
row 0x440 47 1096 25271 80 0
row 0x447 47 1096 28504 104 6
row 0x450 60 1109 25313 80 0
row 0x460 60 1109 25365 80 0
row 0x467 60 1109 25365 80 0
row 0x469 63 1112 25371 80 0
row 0x483 47 1096 25375 80 0
row 0x641 33 1082 25255 0 0
row 0x5001000C 58 1107 25464 0 0
row 0x504D4836 36 1121 26377 0 0
finish
