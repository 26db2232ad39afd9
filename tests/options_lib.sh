# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The options in the table, for the tests that compare. Sourced, from the top.

# The rows of cli/options_table.c: { 'r', "read", TAKES_FILE("file"), ... as
# "letter name argument", "-" for none.
table_options() {
	awk '
	/^const struct option_row option_rows/ { inside = 1 }
	/^};/ { inside = 0 }
	inside && /^\t\{ / {
		split($0, field, /, */)
		letter = substr(field[1], 4)
		gsub(/\047/, "", letter)
		gsub(/"/, "", field[2])
		takes = field[3]
		gsub(/^[^"]*"|"[^"]*$/, "", takes)
		print (letter == "0" ? "-" : letter), field[2],
		      (takes == "TAKES_NOTHING" ? "-" : takes)
	}' cli/options_table.c
}
