#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Part of `make lint`, also alone: the structure of the program, with figures.
# Short functions, no state outside of structs, one writer, and dependencies in
# one direction. A broken rule is a line with FAIL. Run from the top; needs
# what `make` needs, and nm.
set -u

LONGEST=100	# lines of any function
LONG_P95=50	# lines of 95 in 100 of them

# Files that may print or write, and why.
writers='
cli/report.o     *		# the writer
cli/options.o    fprintf fputs	# usage, to the stream that main passes
main.o       stdout	# passed for the usage
parsers/file.o       fwrite stdout	# the file of -r; for - standard output
host/gpio_sysfs.o write	# attributes of a GPIO line
i2c.o        write	# bytes to the bus
serial_posix.o write	# bytes to the wire
sim/store.o  fprintf fputs fputc fwrite	# files of the simulated device
sim/server.o *		# a program of its own, for the tests'
printing='^(v?[fd]?w?printf|f?put(s|ws|c|wc|char|wchar)|fwrite|p?writev?'
printing="$printing|perror|psignal|stdout|stderr|acrt_iob_func|WriteConsole.)\$"

# Files that may open something.
openers='
cli/report.o     fopen	# the file of --trace
parsers/file.o       fopen	# the files of -r and -w
host/devnode.o    open	# the device
host/terminal_posix.o open	# /dev/null, for a standard descriptor
host/gpio_sysfs.o open	# attributes of a GPIO line
host/socket.o     socket	# the server of a network port
host/serial_linux.o open opendir	# which program has the device open
host/ports_linux.o opendir	# facts about the ports in sysfs
host/sysfs.o      open	# facts about a device in sysfs
host/ports_bsd.o  opendir	# the names of the ports
serial_w32.o CreateFileA	# the device
sim/store.o  fopen	# files of the simulated device
sim/server.o open socket	# the pty, the socket of the bus'
opening='^(f|fd|fre|p)?open(at|dir)?$|^(creat|socket|CreateFile.)$'

# Variables that may change outside of a struct that is passed on.
states='
host/stop_posix.o caught	# set by a signal handler
host/stop_w32.o   caught	# set by the handler of console events
cli/report.o     report	# state of the writer
sim/server.o stop save	# set by the signal handlers of this test program'

# A run ends by returning from main.
leavers=
leaving='^(_?exit|_Exit|quick_exit|abort|ExitProcess)$'

bad=0
fail() {
	echo "FAIL $*"
	bad=1
}

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP

sources=$(printf '%s\n' *.c cli/*.c flash/*.c protocol/*.c host/*.c parsers/*.c sim/*.c)
headers=$(printf '%s\n' *.h cli/*.h flash/*.h protocol/*.h host/*.h parsers/*.h sim/*.h)

# --- length ----------------------------------------------------------------

# A function begins with a name in the first column, its body is between braces
# in the first column. Prints "lines name file" for each.
# shellcheck disable=SC2086
awk '
FNR == 1 { body = start = 0 }
body && /^}/ {
	print FNR - start + 1, name, FILENAME
	body = start = 0
	next
}
body { next }
/^{/ && start { body = 1; next }
/^[A-Za-z_]/ {
	if (/\) *{ *$/)
		print "FAIL", FILENAME ":" FNR ": brace not on a line of its own"
	start = FNR
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[^A-Za-z0-9_]/, "", name)
}
/[;}] *$/ { start = 0 }' $sources >"$dir/lengths"
grep '^FAIL' "$dir/lengths" && bad=1
sort -n "$dir/lengths" | awk -v limit="$LONGEST" -v limit95="$LONG_P95" '
/^[0-9]/ { n++; lines[n] = $1; name[n] = $2; file[n] = $3 }
END {
	p95 = lines[int((n * 95 + 99) / 100)]
	printf "%d functions: median %d lines, 95th percentile %d, longest",
		n, lines[int((n + 1) / 2)], p95
	for (i = n; i > n - 5 && i > 0; i--)
		printf "%s %d %s (%s)", i < n ? "," : "",
			lines[i], name[i], file[i]
	print ""
	if (n == 0 || p95 > limit95) {
		print "FAIL 95th percentile of function length above", limit95
		bad = 1
	}
	for (i = n; i > 0 && lines[i] > limit; i--) {
		printf "FAIL %s: %s has %d lines, the limit is %d\n",
			file[i], name[i], lines[i], limit
		bad = 1
	}
	exit bad
}' || bad=1

# --- objects ---------------------------------------------------------------

# build DIR FLAGS... -- SOURCE...: objects of these sources. Without
# optimisation a call keeps its name from the source, and without -fpic const
# data with addresses is not in a writable section.
build() {
	build=$1
	shift
	objects=
	for source in "$@"; do
		objects="$objects $build/${source%.c}.o"
	done
	# shellcheck disable=SC2086
	MAKEFLAGS='' make -s -j2 BUILD="$build" ${cross:+CROSS=$cross} \
		CFLAGS="-O0 -fno-builtin -fno-pic" $objects
}

# symbols NM DIR SOURCE...: prints "object type symbol" for each, U if
# undefined.
symbols() {
	nm=$1 build=$2
	shift 2
	for source in "$@"; do
		object=${source%.c}.o
		"$nm" "$build/$object" | awk -v object="$object" '
			{ sub(/\.[0-9]+$/, "", $NF); sub(/(64|_chk)$/, "", $NF)
			  sub(/^(__imp_|__mingw_|__)/, "", $NF) }
			$NF !~ /^\./ { print object, $(NF - 1), $NF }'
	done
}

cross=
# Compiled by the compiler for Windows.
windows=$(echo "$sources" | grep '_w32\.c$')
# shellcheck disable=SC2046
set -- $(echo "$sources" | grep -v '_w32\.c$')
if build build/shape "$@"; then
	symbols nm build/shape "$@" >"$dir/symbols"
else
	fail "the program does not compile"
fi
without=
cross=x86_64-w64-mingw32-
# shellcheck disable=SC2086 # several files
if ! command -v "${cross}gcc" >/dev/null 2>&1; then
	without="; without *_w32.c: no ${cross}gcc"
elif build build/shape.windows $windows; then
	symbols "${cross}nm" build/shape.windows $windows >>"$dir/symbols"
else
	fail "*_w32.c do not compile"
fi
cut -d ' ' -f 1 "$dir/symbols" | sort -u >"$dir/objects"
echo "$(wc -l <"$dir/objects") objects$without"

# only WHAT TYPES SYMBOLS TABLE: only the objects in the table have such
# symbols, and every row of the table is used.
only() {
	printf '%s\n' "$4" | awk -v what="$1" -v types="$2" -v symbols="$3" '
	{ sub(/#.*/, "") }
	FILENAME == "-" {
		for (i = 2; i <= NF; i++)
			allowed[$1, $i] = 1
		next
	}
	index(types, $2) && $3 ~ symbols && !said[$1, $3]++ {
		if (!($1 in found))
			order[++n] = $1
		found[$1] = found[$1] " " $3
		used[$1, $3] = used[$1, "*"] = 1
		if (($1, $3) in allowed || ($1, "*") in allowed)
			next
		print "FAIL", $1 ": may not", what ":", $3
		bad = 1
	}
	{ there[$1] = 1 }
	END {
		for (pair in allowed) {
			split(pair, part, SUBSEP)
			if (part[1] in there && !(pair in used)) {
				print "FAIL", part[1] ": may", what,
					part[2] ", and does not: this table is old"
				bad = 1
			}
		}
		printf "%s:", what
		for (i = 1; i <= n; i++)
			printf "%s %s (%s)", (i > 1 ? "," : ""), order[i],
				substr(found[order[i]], 2)
		print n ? "" : " none"
		exit bad
	}' - "$dir/symbols" || bad=1
}

only "keep state" bBdDC . "$states"
only print U "$printing" "$writers"
only open U "$opening" "$openers"
only exit U "$leaving" "$leavers"

# --- arrows ----------------------------------------------------------------

# The allowed includes. A chapter is a folder, or a file at the top with its
# header; port includes its back-ends. A header named alone is the only one
# allowed of its chapter. Every file may include problem and utils.
arrows='
main		cli flash/leave.h host/stop.h host/terminal.h parsers/file.h
cli		dev_table flash host init parsers port sim/transcript.h stm32
flash		dev_table option_table parsers/image.h protocol/crc.h stm32
stm32		port protocol
protocol	port
init		host/gpio.h port
port		host
host		port		# what a port is, and its errors
parsers
sim		dev_table option_table parsers/file.h port protocol/crc.h tests/preload/i2c_wire.h
dev_table
option_table
problem
utils'

# shellcheck disable=SC2086
grep '^#include "' $sources $headers /dev/null | tr -d '"' | sed 's/#include //' |
	sort | awk -F : -v table="$arrows" '
	function chapter(file) {
		if (file ~ /^(serial_[a-z0-9]*|i2c|port)\.[ch]$/) return "port"
		sub(file ~ /\// ? "/.*" : "\\..*", "", file)
		return file
	}
	BEGIN {
		n = split(table, line, "\n")
		for (i = 1; i <= n; i++) {
			sub(/#.*/, "", line[i])
			count = split(line[i], word, /[ \t]+/)
			if (word[1] != "") order[++chapters] = word[1]
			for (j = 2; j <= count; j++)
				if (word[j] != "") allowed[word[1], word[j]] = 1
		}
	}
	{
		from = chapter($1); to = chapter($2)
		known[from] = 1
		if (from == to || to ~ /^(problem|utils)$/)
			next
		if ((from, to) in allowed) arrow = to
		else if ((from, $2) in allowed) arrow = $2
		else {
			print "FAIL", $1 " includes " $2 ": " from \
				" may not use " to
			bad = 1
			next
		}
		if (!used[from, arrow]++) list[from] = list[from] " " arrow
	}
	END {
		for (i = 1; i <= chapters; i++)
			printf "%s ->%s\n", order[i], list[order[i]] ? \
				list[order[i]] : " none"
		for (pair in allowed)
			if (!(pair in used)) {
				split(pair, part, SUBSEP)
				print "FAIL", part[1] " may use " part[2] \
					", and does not: this table is old"
				bad = 1
			}
		exit bad
	}' || bad=1

# No circles either: a file and its header are one; tsort fails on a circle in
# the order of their dependencies.
# shellcheck disable=SC2086
grep '^#include "' $sources $headers /dev/null | tr -d '"' |
	sed 's/\.[ch]:#include / /; s/\.h$//' |
	awk '$1 != $2' |
	sort -u >"$dir/arrows"
tsort <"$dir/arrows" >/dev/null 2>"$dir/circles" ||
	fail "these include each other in a circle:" \
		"$(sed -n 's/^tsort: //p' "$dir/circles" | grep -v ' ' | tr '\n' ' ')"

# knows_not SOURCE HEADERS WHY: it includes none of these, directly or not.
knows_not() {
	said=$(tr -s ' ' '\n' <"build/shape/${1%.c}.d" |
		grep -E "^($2)\$" | tr '\n' ' ')
	[ -z "$said" ] || fail "$1 includes $said: $3"
}

# includes_nothing HEADER
includes_nothing() {
	! grep '^#include "' "$1" || fail "$1 includes one of our headers"
}

knows_not cli/options.c 'cli/report\.h|parsers/file\.h' "the command line opens nothing"
includes_nothing dev_table.h
includes_nothing option_table.h
includes_nothing parsers/parser.h
for header in $headers; do
	said=$(${CC:-cc} -std=c11 -D_DEFAULT_SOURCE -I. -Wall -Wextra \
		-fsyntax-only -x c "$header" 2>&1)
	[ -z "$said" ] || fail "$header does not compile on its own: $said"
done
echo "$(echo "$headers" | wc -l) headers, each compiles on its own"
[ $bad -eq 0 ] && echo "clean"
exit $bad
