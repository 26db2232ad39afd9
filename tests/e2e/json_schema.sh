#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# JSON OUTPUT of the manual has exactly the types and members that the program
# emits, and their possible words.
export LC_ALL=C
. tests/e2e/lib.sh

"$tool" pattern 5000 3 >"$T/image"
"$tool" pattern 65536 4 >"$T/old"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"

# members: prints "type member" for the objects on stdin. Strings may hold
# anything; elements of an array have no name.
members() {
	awk '
	{
		rest = $0
		depth = n = 0
		type = ""
		while (rest != "") {
			if (match(rest, /^"([^"\\]|\\.)*"/)) {
				text = substr(rest, 2, RLENGTH - 2)
				rest = substr(rest, RLENGTH + 1)
				if (depth == 1 && rest ~ /^:/) name[++n] = text
				else if (n == 1 && name[1] == "type") type = text
				continue
			}
			c = substr(rest, 1, 1)
			if (c ~ /[[{]/) depth++
			if (c ~ /[]}]/) depth--
			rest = substr(rest, 2)
		}
		for (i = 2; i <= n; i++) print type, name[i]
	}' | sort -u
}

# words MEMBER: prints its values.
words() {
	grep -h -o "\"$1\":\"[^\"]*\"" "$T/objects" | cut -d'"' -f4 | sort -u
}

section() {
	awk '/^\.Sh / { inside = $0 == ".Sh JSON OUTPUT"; next } inside' \
		stm32flash.1
}

# The same from the manual: .It Cm has one or two types, .It Va a member.
explained() {
	section | awk '
	/^\.It Cm / {
		types = 0
		for (i = 3; i <= NF; i++) if ($i != ",") type[++types] = $i
	}
	/^\.It Va / {
		for (i = 3; i <= NF; i++)
			for (k = 1; k <= types; k++)
				if ($i != ",") print type[k], $i
	}' | sort -u
}

# quoted MEMBER TYPE: prints the words after that member.
quoted() {
	section | awk -v member="$1" -v type="$2" '
	/^\.It Cm / { in_type = (" " $0 " ") ~ (" " type " ") }
	/^\.It Va / || /^\.El/ { inside = 0 }
	/^\.It Va / && in_type { inside = (" " $0 " ") ~ (" " member " ") }
	inside && /^\.Dq / {
		sub(/^\.Dq (\\&)?/, "")
		sub(/ [,:;]$/, "")
		print
	}' | sort -u
}

json() {
	"$STM32FLASH" --json "$@" >>"$T/objects" 2>/dev/null
}

# --- what is emitted ------------------------------------------------------------

: >"$T/objects"
use_sim sim:0x410,size=64K,pace=1 "$T/old"
json --verbose -b 460800 -w "$T/image.hex" -S 0x08000000:5500 -v -g 0 "$dev"
use_sim sim:0x410,size=64K "$T/old"
json -w "$T/image" --changed "$dev"
json -w "$T/image" --changed --dry-run "$dev"
json -r "$T/back" -S 0x08000000:512 "$dev"
json -C "$dev"
json --compare="$T/image" "$dev"
json --compare="$T/old" --compare="$T/image@0x08001000" "$dev"
json --blank-check "$dev"
json --option-bytes sim:0x460
json sim:0x413
json --set=WRP0=0xFE "$dev"
json --set=WRP0=0xFF "$dev"
json -R "$dev"
json --write-protect=1:2 "$dev"
json -u "$dev"
json -j "$dev"
json -k "$dev"
json --device=0x447 "$dev"
json -o sim:0x413,pace=1,size=64K,busy=2000
# a line with errors
json -w "$T/image" sim:0x410,size=64K,garble=write:5:2
# a bootloader with checksums, and a file that is no program
use_sim sim:0x410,size=64K,checksum=4
"$tool" ramp 5000 >"$T/ramp"
json -w "$T/ramp" "$dev"
json -w "$T/ramp" --changed "$dev"
# each status except that of a signal, which json.sh tests
json
json -w "$T/image" -S 0x09000000 sim:0x410
json "$T/none"
json sim:0x410,mute=1
json -r "$T/back" sim:0x410,rdp=1
json -w "$T/none" sim:0x410
# flash that was not erased refuses it
use_sim sim:0x410,size=64K "$T/old"
json -w "$T/image" -v -e 0 "$dev"
"$tool" uf2 0x08000000 0x5ee21072 <"$T/image" >"$T/image.uf2"
json -w "$T/image.uf2" --dry-run --device=0x410
json -i auto sim:0x410,boot0=rts,reset=dtr
json -i auto sim:0x410,mute=1
json -i list
json --list-devices
TEST_PORTS="1 1" "$BUILD/tests/with-ports" --json --list-ports >>"$T/objects"

# --- against the manual -----------------------------------------------------------

members <"$T/objects" >"$T/emitted"
explained >"$T/manual"
about "types and members"
for known in "chip id" "stage at_most_seconds" "port adapter" "device i2c"; do
	if grep -qx "$known" "$T/emitted"; then good; else bad "no $known"; fi
done
comm -23 "$T/emitted" "$T/manual" >"$T/more"
while read -r member; do bad "the manual lacks $member"; done <"$T/more"
comm -13 "$T/emitted" "$T/manual" >"$T/less"
while read -r member; do bad "nothing emits $member"; done <"$T/less"
passed=$((passed + $(wc -l <"$T/emitted")))

# To find names that no run here emits: the manual has every name in the
# sources.
about "the sources"
sed -n 's/.*json_[a-z]*(&*json, "\([a-z_0-9]*\)".*/\1/p' ./*.c cli/*.c | sort -u \
	>"$T/names"
cut -d' ' -f2 "$T/manual" >"$T/explained"
cut -d' ' -f1 "$T/manual" >>"$T/explained"
echo type >>"$T/explained"
while read -r name; do
	if grep -qx "$name" "$T/explained"; then good; else
		bad "the manual lacks $name"
	fi
done <"$T/names"
[ -s "$T/names" ] || bad "no names found"

# same_words MEMBER TYPE [MORE...]: MORE are words of another test.
same_words() {
	about "the words of $2.$1"
	grep "^{\"type\":\"$2\"" "$T/objects" >"$T/all"
	grep -h -o "\"$1\":\"[^\"]*\"" "$T/all" | cut -d'"' -f4 >"$T/used"
	quoted "$1" "$2" >"$T/quoted"
	shift 2
	printf '%s\n' "$@" >>"$T/used"
	grep . "$T/used" | sort -u >"$T/words"
	same "$T/quoted" "$T/words"
}
same_words event stage
same_words stage stage
same_words unit stage
same_words action action
same_words by changed
same_words by compare checksum
same_words kind port
same_words heard attempt echo text answers noise
same_words erase device
same_words code error signal
same_words format file DfuSe ELF "Motorola S-record"

about "the number of the schema"
schema=$(section | awk '/^\.It Va schema/ { getline; print $1 + 0; exit }')
says objects "\"schema\":$schema}"
finish
