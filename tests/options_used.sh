#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every option of the table is used by a test: by an end-to-end test that runs
# the program, or by a valid command line in test_options.c. Run from the top.
set -u
export LC_ALL=C

. tests/options_lib.sh
passed=0 failed=0

# The commands of the end-to-end tests, one per line.
commands() {
	# shellcheck disable=SC2016 # "$STM32FLASH" is what is searched for
	cat tests/e2e/*.sh | sed -e ':more' -e '/\\$/{' -e N \
		-e 's/\\\n/ /' -e 'b more' -e '}' |
		sed -n -e 's/^[	 ]*flash \(.*\)/\1/p' \
			-e 's/^[^#]*"\$STM32FLASH" \(.*\)/\1/p'
}

# The valid command lines in test_options.c.
meanings() {
	sed -n '/^static const struct row meanings/,/^};/p' \
		tests/unit/cli/test_options.c | sed -n 's/^	{ "\([^"]*\)",.*/\1/p'
}

# used_options OPTIONS: prints letters and --names of the command lines on
# stdin; -vw file has two, -wfile has one, as w takes an argument.
used_options() {
	awk -v table="$1" '
	BEGIN {
		n = split(table, row, "\n")
		for (i = 1; i <= n; i++) {
			split(row[i], field, " ")
			if (field[3] != "-") takes[field[1]] = 1
		}
	}
	{
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^--[a-z]/) {
				sub(/[^a-z-].*/, "", $i)
				print $i
			} else if ($i ~ /^-[A-Za-z]/) {
				for (k = 2; k <= length($i); k++) {
					letter = substr($i, k, 1)
					print "-" letter
					if (letter in takes) break
				}
			}
		}
	}' | sort -u
}

options=$(table_options)
[ -n "$options" ] || failed=1
used=$({ commands; meanings; } | used_options "$options")
while read -r letter name _; do
	if echo "$used" | grep -qx -e "-$letter" -e "--$name"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL no test uses --$name, neither in tests/e2e nor in" \
			"the meanings of tests/unit/cli/test_options.c"
	fi
done <<END
$options
END

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
