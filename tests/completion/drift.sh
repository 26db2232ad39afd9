#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The completion files in the repository are those that the tables produce.
set -u

: "${BUILD:?}"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0

# bad TEXT
bad() {
	failed=$((failed + 1))
	echo "FAIL completion: $1"
}

sh completion/make.sh "$BUILD/completion/generate" "$dir" ||
	bad "the generator ends with status $?"
for file in stm32flash.bash _stm32flash stm32flash.fish actions.mdoc; do
	if cmp "completion/$file" "$dir/$file"; then
		passed=$((passed + 1))
	else
		bad "completion/$file is old; run: make completion"
	fi
done

# The manual contains the lines of the last one.
sed -n '/^\.\\" from the table of options/,/^\.\\" end of the table/p' \
	stm32flash.1 | sed -e 1d -e '$d' >"$dir/manual"
if diff "$dir/manual" completion/actions.mdoc; then
	passed=$((passed + 1))
else
	bad "stm32flash.1 does not have completion/actions.mdoc"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
