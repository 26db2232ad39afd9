#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual, -h, README and the program agree. Run from the top, with
# STM32FLASH=./stm32flash.
set -u
export LC_ALL=C

: "${STM32FLASH:=./stm32flash}"
. tests/options_lib.sh
manual=stm32flash.1
passed=0 failed=0
newline='
'

good() {
	passed=$((passed + 1))
}

bad() {
	failed=$((failed + 1))
	echo "FAIL docs: $1"
}

# has LIST LINE
has() {
	case $newline$1$newline in
	*"$newline$2$newline"*) return 0 ;;
	esac
	return 1
}

# all_in LIST OTHER MESSAGE: every line of LIST is in OTHER.
all_in() {
	while IFS= read -r line; do
		[ -n "$line" ] || continue
		if has "$2" "$line"; then good; else bad "$3: $line"; fi
	done <<-END
	$1
	END
}

# same WHERE LIST: LIST, from WHERE, is the program's list.
same() {
	[ -n "$2" ] || bad "nothing found in $1"
	all_in "$2" "$3" "$1 has what cli/options_table.c has not"
	all_in "$3" "$2" "$1 lacks what cli/options_table.c has"
}

# section NAME: prints that section of the manual.
section() {
	awk -v name="$1" '
		/^\.Sh / { inside = substr($0, 5) == name; next }
		inside' "$manual"
}

# --- options: "letter name argument", "-" for none -------------------------

# mdoc's output for ".It Fl b Ar rate , Fl -baud Ns = Ns Ar rate": the text "-b
# rate , --baud=rate", one option per line.
rendered_options() {
	awk '
	function add(word) {
		text = text (glue || text == "" ? "" : " ") word
		glue = 0
	}
	/^\.It Fl / || /^\.Op Fl / {
		text = ""
		glue = flag = 0
		optional = $1 == ".Op" ? "" : "]"
		for (i = 2; i <= NF; i++) {
			if ($i == "Ns") glue = 1
			else if ($i == "Fl") flag = 1
			else if ($i == "Ar") continue
			else if ($i == "Op" || $i == "Oo") {
				add("["); glue = 1; open = 1
			} else if ($i == "Oc") { glue = 1; add("]"); open = 0 }
			else { add((flag ? "-" : "") $i); flag = 0 }
		}
		if (open) text = text "]"
		open = 0
		print text
	}'
}

# The options explained in DESCRIPTION.
described_options() {
	section DESCRIPTION | rendered_options | awk '
	{
		letter = name = argument = "-"
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^--/) {
				name = substr($i, 3)
				if (match(name, /=|\[/)) {
					argument = substr(name, RSTART)
					name = substr(name, 1, RSTART - 1)
					sub(/^=/, "", argument)
					sub(/^\[=/, "[", argument)
				}
			} else if ($i ~ /^-/) letter = substr($i, 2)
		}
		print letter, name, argument
	}'
}

letters() {
	awk '$1 != "-" { print $1 }'
}

# The names of the options without a letter.
long_only() {
	awk '$1 == "-" { print $2 }'
}

names() {
	awk '{ print $2 }'
}

# One line each for the letters, or for the long names, of a synopsis.
synopsis_letters() {
	section SYNOPSIS | rendered_options | awk '
	$1 !~ /^--/ {
		for (i = 2; i <= length($1); i++) print substr($1, i, 1)
	}'
}

synopsis_names() {
	section SYNOPSIS | rendered_options |
		sed -n 's/^--\([a-z-]*\).*/\1/p'
}

options=$(table_options)
help=$("$STM32FLASH" --help=all) || bad "--help=all ends with status $?"
short_help=$("$STM32FLASH" -h) || bad "-h ends with status $?"
described=$(described_options)

same "$manual, DESCRIPTION" "$described" "$options"
same "$manual, SYNOPSIS" "$(synopsis_letters)" "$(echo "$options" | letters)"
same "$manual, SYNOPSIS" "$(synopsis_names)" "$(echo "$options" | long_only)"

help_letters=$(echo "$help" | sed -n 's/^ *-\([A-Za-z]\)[ ,].*/\1/p')
same "--help=all" "$help_letters" "$(echo "$options" | letters)"
help_names=$(echo "$help" | sed -n \
	's/^  \(-[A-Za-z], \)\{0,1\}--\([a-z-]*\).*/\2/p')
same "--help=all" "$help_names" "$(echo "$options" | names)"

# fits NAME MOST: stdin has at most MOST lines, none of more than 80 columns.
fits() {
	if awk -v most="$2" 'length > 80 { wide = 1 }
		END { exit wide || NR > most }'; then
		good
	else
		bad "$1: more than $2 lines, or longer ones than 80 columns"
	fi
}

# Each fits one screen: -h, and every group of options, with the usage above
# the first.
echo "$short_help" | fits "-h" 24
set -- "what to do" where how port output
for title; do
	echo "$help" | awk -v title="$title" '
		NR == 1 || /^[a-z].*:$/ { inside = NR == 1 && title == first }
		$0 == title ":" { inside = 1 }
		inside' first="$1" | fits "--help=all, $title" 24
done

# Alphabetical, capitals first: C c e F f; options without a letter at the end.
order=$(echo "$described" | awk '{
	if ($1 == "-") print "~ " $2
	else print tolower($1), ($1 ~ /[A-Z]/ ? 0 : 1)
}')
if [ "$order" = "$(echo "$order" | sort)" ]; then
	good
else
	bad "$manual, DESCRIPTION: the options are not in order"
fi

# --- simulated chips ----------------------------------------------------------

keys=$(sed -n '/ struct key keys/,/^}/p' sim/spec.c |
	sed -n -e 's/^\t{ "\([a-z0-9]*\)".*/\1/p' -e 's/^\tNOISE("\(.*\)".*/\1/p')
explained=$(section "SIMULATED CHIPS" | sed -n 's/^\.It Cm \(.*\) Ns = Ns.*/\1/p' |
	sed 's/ , /\n/g')
[ -n "$keys" ] || bad "no keys found in sim/spec.c"
all_in "$keys" "$explained" "$manual lacks the key of sim:"
all_in "$explained" "$keys" "$manual has an unknown key of sim:"

# --- option bytes -------------------------------------------------------------

names=$(sed 's/[" ]/\n/g' option_table.c |
	sed -n 's/^\([A-Za-z][A-Za-z0-9_]*\):[0-9].*/\1/p' | sort -u)
explained=$(section "OPTION BYTES" | sed -n 's/^\.It Cm //p' | sed 's/ , /\n/g')
[ -n "$explained" ] || bad "no option bytes found in $manual"
all_in "$explained" "$names" "$manual explains what no part has"
for name in nBOOT_SEL nBOOT0 nBOOT1 RDP BOR_LEV IWDG_SW WRP0 BOOT_ADD0; do
	if has "$explained" $name; then good; else bad "$manual lacks $name"; fi
done

# --- exit statuses ------------------------------------------------------------

statuses=$(sed -n 's/.*STATUS_[A-Z_]* = \([0-9]*\).*/\1/p' cli/status.h)
explained=$(section "EXIT STATUS" | sed -n 's/^\.It \([0-9]*\).*/\1/p')
[ -n "$statuses" ] || bad "no status found in cli/status.h"
all_in "$statuses" "$explained" "$manual lacks the exit status"
all_in "$explained" "$statuses" "$manual has an unknown exit status"

# --- commands -----------------------------------------------------------------

# The indented lines of README and HACKING, joined with the next one after a \,
# up to two blanks, which start a remark.
commands=$(sed -n 's/^    *//p' README HACKING | sed -e ':more' -e '/\\$/{' -e N \
	-e 's/ *\\\n */ /' -e 'b more' -e '}' -e 's/  .*//')
examples=$(section EXAMPLES | sed -n 's/^\.Dl \$ //p')

makes=$(echo "$commands" | grep -e '^make ' -e '^make$')
targets=$(echo "$makes" | tr ' ' '\n' | grep -x '[a-z]*' | sort -u |
	grep -vx make)
variables=$(echo "$makes" | tr ' ' '\n' | sed -n 's/^\([A-Za-z]*\)=.*/\1/p' |
	sort -u)
for target in $targets; do
	if grep -q "^$target:" Makefile; then
		good
	else
		bad "README, HACKING: the Makefile has no target $target"
	fi
done
for variable in $variables; do
	if grep -q -e "\$($variable)" -e "^export.* $variable" Makefile; then
		good
	else
		bad "README, HACKING: the Makefile has no variable $variable"
	fi
done
[ -n "$targets" ] || bad "README, HACKING: no make command found"

used=$(printf '%s\n%s\n' "$commands" "$examples" | grep '^stm32flash ' |
	tr ' ' '\n' | sed -n 's/^-\([a-zA-Z]\)$/\1/p' | sort -u)
used_names=$(printf '%s\n%s\n' "$commands" "$examples" |
	grep '^stm32flash ' | tr ' ' '\n' | sed -n 's/^--\([a-z-]*\).*/\1/p' |
	sort -u)
all_in "$used" "$(echo "$options" | letters)" "an example uses unknown -"
all_in "$used_names" "$(echo "$options" | names)" "an example uses unknown --"
[ -n "$used" ] || bad "no examples found"

# --- the file map -------------------------------------------------------------

files=$(awk '
	/^WHERE THINGS ARE/ { inside = 1; next }
	/^[A-Z][A-Z ,]*$/ { inside = 0 }
	inside && /^    [^ ]/ { print $1 }' HACKING)
[ -n "$files" ] || bad "HACKING: no file map found"
# Every file that HACKING names exists.
for file in $files $(tr ' (' '[\n*]' <HACKING |
	sed -n 's/^\([a-z0-9_]*\/[a-z0-9_/]*\.[a-z]*\)[.,:;)]*$/\1/p'); do
	if [ -e "$file" ]; then good; else bad "HACKING: no file $file"; fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
