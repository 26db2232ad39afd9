#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Output on terminals of 80 and 40 columns: every screen of every stage,
# through a terminal emulator. LOOK=1 shows the screens.
. tests/e2e/lib.sh

python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import pyte' 2>/dev/null && python=$p && break
done
if [ -z "$python" ]; then
	echo "skip: no terminal emulator (python3-pyte)"
	exit 77
fi
esc=$(printf '\033')
"$tool" pattern 12000 1 >"$T/image"
"$tool" pattern 3000 1 >"$T/small"
export TERM=xterm
unset NO_COLOR

# terminal COLUMNS ARGS...: a run; $T/frames has every screen, $T/screen the
# last one, $T/raw the bytes.
terminal() {
	columns=$1
	shift
	"$python" tests/e2e/terminal.py "$columns" "$T/frames" "$STM32FLASH" \
		"$@" 2>"$T/err"
	status=$?
	mv "$T/frames.raw" "$T/raw"
	awk 'BEGIN { RS = "----\n" } { last = $0 } END { printf "%s", last }' \
		"$T/frames" >"$T/screen"
	cp "$T/screen" "$T/out"
	[ -z "${LOOK:-}" ] || {
		printf '== %s: %s\n' "$about" "$*"
		cat "$T/screen"
	}
}

# On any terminal: only this escape sequence, no screen with two lines of
# progress, no progress left after a completed stage, no wrapped progress.
decent() {
	n=$(sed "s/$esc\[K//g" "$T/raw" | grep -c "$esc")
	if [ "$n" -eq 0 ]; then good; else bad "other escape sequences"; fi
	awk -v columns="$columns" '
		BEGIN { RS = "----\n"; FS = "\n" }
		{
			bars = 0
			for (i = 1; i <= NF; i++)
				if ($i ~ /^[A-Z][a-z]+ +\[[# ]*\]/) {
					bars++
					if (length($i) >= columns) wide++
				}
			if (bars > 1) twice++
		}
		END { print twice + 0, wide + 0, bars + 0 }' "$T/frames" \
		>"$T/bars"
	read -r twice wide left <"$T/bars"
	if [ "$twice" -eq 0 ]; then good; else bad "$twice screens with two"; fi
	if [ "$wide" -eq 0 ]; then good; else bad "$wide lines too wide"; fi
	if [ "$left" -eq "${1:-0}" ]; then good; else
		bad "$left lines of progress left"
	fi
}

# seen TEXT: some screen matched this pattern.
seen() {
	if grep -q -e "$1" "$T/frames"; then good; else
		bad "no screen with $1"
	fi
}

# redraws: prints how often a line was redrawn.
redraws() {
	tr -d '\n' <"$T/raw" | tr '\r' '\n' | grep -c '^[A-Z][a-z]* *\['
}

chip=sim:0x410,size=64K,pace=1
for columns in 80 40; do
	about "$columns columns: a write"
	terminal "$columns" -b 115200 -w "$T/image" -v "$chip"
	ends 0
	decent
	seen '^Write   \[#* *\]  *[0-9]*%'
	seen '^Verify  \[#* *\]  *[0-9]*%'
	seen ' KiB/s  0:0[0-9]'
	# the last line, as a narrow terminal wraps it
	tr -d ' \n' <"$T/screen" >"$T/joined"
	says joined "Erasedaddress0x08010000(100.00%)Done."
	says joined "Wroteaddress0x08002ee0(100.00%)Done."
	says joined "Wroteandverifiedaddress0x08002ee0(100.00%)Done."
	says joined "wroteandverified12000bytesin"

	# five times per second, and at the start of each of three stages
	seconds=$(sed -n 's/.*bytesin\([0-9]*\)\.[0-9]s.*/\1/p' "$T/joined")
	n=$(redraws)
	most=$(((${seconds:-0} + 1) * 5 + 3))
	if [ "$n" -le $most ] && [ "$n" -gt 3 ]; then good; else
		bad "drawn $n times in ${seconds:-no} s"
	fi

	about "$columns columns: an erase that lasts"
	terminal "$columns" -b 115200 -o sim:0x413,size=128K,pace=1
	ends 0
	decent
	seen '^Erase   \[#* *\] *[0-9]* of at most [0-9]* s'

	about "$columns columns: a read"
	terminal "$columns" -b 115200 -r "$T/back" -S 0x08000000:12000 "$chip"
	ends 0
	decent
	seen '^Read    \[#* *\]  *[0-9]*%'

	about "$columns columns: a failure in the middle"
	terminal "$columns" -b 115200 -w "$T/image" -v "$chip,wrp=2"
	ends 5
	decent 1
	tr -d ' \n' <"$T/screen" >"$T/joined"
	says joined "thepageiswriteprotected;use-utoliftthat"
	# on a line of its own
	if grep -q '^stm32flash: ' "$T/screen"; then good; else
		bad "the message is not on a line of its own"
	fi

	about "$columns columns: no device there"
	terminal "$columns" sim:0x410,mute=1
	ends 4
	decent 1
	tr -d ' \n' <"$T/screen" >"$T/joined"
	says joined "noreplyto0x7F;isBOOT0high"
done

about "much too narrow"
terminal 9 -b 115200 -w "$T/small" "$chip"
ends 0
decent

about "NO_COLOR: the same without an escape sequence"
NO_COLOR=1 terminal 80 -b 115200 -w "$T/small" -v "$chip"
ends 0
decent
lacks raw "$esc"
seen '^Write   \[#* *\]  *[0-9]*%'
NO_COLOR='' terminal 80 -b 115200 -w "$T/small" -v "$chip"
says raw "${esc}[K"

about "TERM=dumb: a line for each stage"
TERM=dumb terminal 80 -b 115200 -w "$T/small" -v "$chip"
ends 0
decent
lacks raw "$esc"
n=$(redraws)
if [ "$n" -eq 0 ]; then good; else bad "drawn $n times"; fi
says screen "Wrote address 0x08000bb8 (100.00%) Done."

about "--progress=never, --quiet and --json"
for quiet in --progress=never --quiet --json; do
	terminal 80 $quiet -b 115200 -w "$T/small" "$chip"
	ends 0
	lacks raw "$esc"
	n=$(redraws)
	if [ "$n" -eq 0 ]; then good; else bad "drawn $n times"; fi
done
finish
