#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# DIAGNOSTICS of the manual has exactly the messages of the program, each with
# a remedy; messages quoted in README exist. Run from the top.
set -u
export LC_ALL=C

manual=stm32flash.1
passed=0 failed=0
T=$(mktemp -d) || exit 1
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP

good() {
	passed=$((passed + 1))
}

bad() {
	failed=$((failed + 1))
	echo "FAIL diagnostics: $1"
}

# none FILE WHAT: each line of FILE is a failure; an empty file passes.
none() {
	if [ ! -s "$1" ]; then good; return; fi
	while IFS= read -r line; do bad "$2: $line"; done <"$1"
}

section() {
	awk '/^\.Sh / { inside = $0 == ".Sh DIAGNOSTICS"; next } inside' \
		"$manual"
}

# The headings of the list, as printed.
entries() {
	section | sed -n 's/^\.It "\(.*\)"$/\1/p' | sed -e 's/""/"/g'
}

# unmatched MESSAGES PATTERNS: writes the messages that match no pattern to
# $T/messages, and the unmatched patterns to $T/patterns. "..." in a pattern is
# any text; a pattern matches the whole message, except for its location.
unmatched() {
	awk -v messages="$T/messages" -v patterns="$T/patterns" '
	function regex(text) {
		sub(/^\.\.\.: /, "", text)
		gsub(/[][\\.^$*+?(){}|\/]/, "\\\\&", text)
		gsub(/\\\.\\\.\\\./, ".*", text)
		return "^" text "$"
	}
	FNR == NR { pattern[++count] = $0; expr[count] = regex($0); next }
	{
		text = $0
		sub(/^[^\t]*\t/, "", text)
		hit = 0
		for (i = 1; i <= count; i++)
			if (text ~ expr[i]) hit = used[i] = 1
		if (!hit) {
			gsub(/\001/, "...")
			print >messages
		}
	}
	END {
		for (i = 1; i <= count; i++)
			if (!used[i]) print pattern[i] >patterns
	}' "$2" "$1"
}

: >"$T/messages"
: >"$T/patterns"
awk -f tests/messages.awk ./*.c cli/*.c flash/*.c protocol/*.c host/*.c parsers/*.c sim/*.c >"$T/said"
entries >"$T/entries"

# Checks the extraction: one message of each kind.
for known in 'no such option' 'no answer' 'not a page number' \
	'no reply to 0x7F; is BOOT0 high' 'not a GPIO number' 'stopped' \
	'no serial port behind this name' 'the line is too long'; do
	if cut -f2 "$T/said" | grep -qF "$known"; then good; else
		bad "not found in the sources: $known"
	fi
done
grep '	? ' "$T/said" >"$T/bare"
none "$T/bare" "tests/messages.awk cannot tell where its words come from"

unmatched "$T/said" "$T/entries"
none "$T/messages" "$manual lacks"
none "$T/patterns" "no message of the program is"
passed=$((passed + $(wc -l <"$T/said") + $(wc -l <"$T/entries")))

# A nearly empty pattern would match everything.
sed -e 's/\.\.\.//g' -e 's/[^A-Za-z]//g' "$T/entries" |
	grep -x '.\{0,5\}' >"$T/loose"
none "$T/loose" "too little to look for in $manual"
sort "$T/entries" | uniq -d >"$T/twice"
none "$T/twice" "twice in $manual"
section | awk '
	/^\.It / { head = $0; text = 0; next }
	/^\.El/ && !text { print head }
	{ text = 1 }' >"$T/bald"
none "$T/bald" "nothing to do is said about"

# README quotes the beginnings of some in the first column of its table.
sed -n 's/^  "\([^"]*\)".*/\1/p' README >"$T/readme"
[ -s "$T/readme" ] || bad "no message found in README"
while IFS= read -r message; do
	if cut -f2 "$T/said" | grep -qF -e "$message"; then good; else
		bad "README has what is no message: $message"
	fi
done <"$T/readme"

# The first mistakes of users: no device, a missing one, one without the chip
# or with BOOT0 low and a silent program, and one with a program that sends
# text.
for first in 'no device given' 'no such device' 'no reply to 0x7F' \
	'text comes in'; do
	if grep -qxF -e "$first" "$T/readme"; then good; else
		bad "README lacks what beginners meet: $first"
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
