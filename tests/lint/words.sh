#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Part of `make lint`, also alone: phrases that are always worse than the plain
# word. Searches everything that users read, the code of the program, and the
# comments of the tests, also across the ends of lines, of strings and of
# comment lines. Silence is success.
set -u
export LC_ALL=C

# Each replaces a noun, a verb or a number that names the thing itself.
phrases='of ours|that (is|are) there|has none between|whoever|somebody|nobody'
phrases="$phrases|says which|likeliest|beyond that|(is|are) to be|half starts"
phrases="$phrases|(left|stays?) as (it|they) (is|are)|that cannot be[.,;\"]"
phrases="$phrases|one a line|all the same|to and fro|in its turn|in so many words"
phrases="$phrases|(comes?|came|brings?|brought) to (an|its|their) end|gone over"
phrases="$phrases|(become|becomes|became) of|what (becomes|became)|come of it"
phrases="$phrases|a byte (too many|more)|oftener|wants? to be|as [^ ]+ ha(s|ve) it"
phrases="$phrases|now and then|takes? apart|half done|has not (a|an|the)|anew"
phrases="$phrases|in the place of|said to be|as it is[.,;\"]"

# comments FILE: of a C file all, of others the lines with nothing else.
comments() {
	case $1 in
	*.[ch])
		awk '{ all = all $0 "\n" }
		END {
			while (match(all, /\/\*([^*]|\*+[^*\/])*\*+\//)) {
				print substr(all, RSTART, RLENGTH)
				all = substr(all, RSTART + RLENGTH)
			}
		}' "$1"
		;;
	*) sed -n 's/^[[:space:]]*#/ /p' "$1" ;;
	esac
}

# flat: stdin on one line.
flat() {
	sed -e 's/^[[:space:]]*\*[[:space:]]/ /' -e 's/^[[:space:]]*"//' \
		-e 's/"$//' | tr -s '[:space:]' ' '
}

# found: a line for each phrase in stdin, with $file. The first search is fast.
found() {
	cat >"$dir/flat"
	phrase="(^|[^a-z_])($phrases)([^a-z_]"
	! grep -qEi "$phrase|$)" "$dir/flat" ||
		grep -oEi ".{0,30}$phrase.{0,20}|$)" "$dir/flat" | sed "s|^|$file: |"
}

# Proves the search: a phrase across the end of a comment line, and one across
# the end of a string, which does not count in the comments.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
file=bad
printf '/* nothing of\n * ours */\n\t"where who"\n\t"ever"\n' >"$dir/bad.c"
printf 'x="of ours"\n\t# nothing of\n\t# ours\n' >"$dir/bad.sh"
if [ "$(flat <"$dir/bad.c" | found | grep -c 'of ours')" -ne 1 ] ||
	[ "$(comments "$dir/bad.c" | flat | found | grep -c .)" -ne 1 ] ||
	[ "$(comments "$dir/bad.sh" | flat | found | grep -c .)" -ne 1 ]; then
	echo "words.sh finds nothing"
	exit 1
fi

for file in README HACKING TODO ChangeLog stm32flash.1 Makefile ./*.[ch] \
	cli/*.[ch] flash/*.[ch] protocol/*.[ch] host/*.[ch] parsers/*.[ch] \
	sim/*.[ch] demo/*.[ch] completion/*.[ch] completion/*.in; do
	flat <"$file" | found
done >"$dir/found"
find tests completion/make.sh demo/run.sh \
	\( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.awk' -o \
	-name 'capture.*' -o -path tests/wine/stm32flash \) |
	sort | while read -r file; do
	comments "$file" | flat | found
done >>"$dir/found"
cat "$dir/found"
[ ! -s "$dir/found" ]
