#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Part of `make lint`, also alone: phrases that are always worse than the plain
# word. Searched for in what users read and in the code of the program, over
# the ends of lines, of strings and of comment lines too. Silence is success.
set -u

# Each stands for a noun, a verb or a number that names the thing itself.
phrases='of ours|that (is|are) there|has none between|whoever|somebody|nobody'
phrases="$phrases|says which|likeliest|beyond that|(is|are) to be|half starts"
phrases="$phrases|left as it is|stays? as it is|that cannot be[.,;\"]"

# flat FILE: its words on one line.
flat() {
	sed -e 's/^[[:space:]]*\*[[:space:]]/ /' -e 's/^[[:space:]]*"//' \
		-e 's/"$//' "$1" | tr -s '[:space:]' ' '
}

# found FILE: a line for each phrase in it.
found() {
	flat "$1" | grep -oEi ".{0,30}(^|[^a-z])($phrases)([^a-z].{0,20}|$)" |
		sed "s|^|$1: |"
}

# The search itself: a phrase over the end of a comment line and of a string.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
printf '/* nothing of\n * ours */\n\t"where some"\n\t"body is"\n' >"$dir/bad"
if [ "$(found "$dir/bad" | grep -c 'of ours')" -ne 1 ]; then
	echo "words.sh finds nothing"
	exit 1
fi

status=0
for file in README HACKING TODO ChangeLog stm32flash.1 Makefile ./*.[ch] \
	cli/*.[ch] flash/*.[ch] protocol/*.[ch] host/*.[ch] parsers/*.[ch] \
	sim/*.[ch] completion/*.[ch] completion/*.in; do
	found "$file" >"$dir/found"
	if [ -s "$dir/found" ]; then
		cat "$dir/found"
		status=1
	fi
done
exit $status
