# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the messages in C sources, one per line: FILE:LINE, a tab, the text.
# Joins the pieces of a string, replaces variable parts by "\001", and strips a
# leading location (a device, a file, a line, an address). For a format without
# words ("%s: %s") prints the strings among its arguments; if there are none,
# the text comes from a known function, or the line has "?" and the format.
# Used by tests/diagnostics.sh.

BEGIN {
	# the functions with a message, and the number of that argument
	split("problem_set 2 problem_default 2 problem_append 2 " \
	      "report_failure 2 report_warning 1 report_hint 1 warn 2 " \
	      "bad 4 fail 3 damaged 2", list, " ")
	for (i = 1; i in list; i += 2)
		takes[list[i]] = list[i + 1]
	# the functions that return a message
	split("port_strerror stm32_strerror reason idle_otherwise", list, " ")
	for (i = 1; i in list; i++)
		returns[list[i]] = 1
	# expressions whose text is printed elsewhere: the system, one of these
	# functions, a struct problem, the argument of bad() and fail(), a row
	# of a list
	split("strerror port_strerror port_trouble stm32_strerror text lowered " \
	      "rule what line by_id other", list, " ")
	for (i = 1; i in list; i++)
		speaks[list[i]] = 1
}

# The result of snprintf is a message if it is stored in such a member.
function is_wanted(name) {
	if (name == "snprintf")
		return arg[depth] == 3 && target[depth] ~ / (trouble|lowered)$/
	if (depth == 0)
		return returning && (function_name in returns)
	return name in takes && arg[depth] == takes[name]
}

function normal(text) {
	gsub(/%%/, "\002", text)
	gsub(/%[-+ #0]*[0-9*]*(\.[0-9*]+)?(hh|h|ll|l|z|j|t)?[a-zA-Z]/, "\001",
	     text)
	gsub(/\002/, "%", text)
	gsub(/0x\001/, "\001", text)
	gsub(/\001\001+/, "\001", text)
	gsub(/\\n/, " ", text)
	gsub(/\\"/, "\"", text)
	while (sub(/^(byte )?(-?\001|[0-9]+)( at \001)?: ?/, "", text) ||
	       sub(/^[;, ] */, "", text))
		;
	return text
}

function has_words(text) {
	sub(/^sim: /, "", text)
	return text ~ /[a-z][a-z][a-z]/
}

function tell(line, text) {
	if (text != "no error" && text !~ /^unknown [a-z]+ error$/)
		print FILENAME ":" line "\t" text
}

function end_literal(   text) {
	if (!pending)
		return
	pending = 0
	text = normal(literal)
	if (is_wanted(depth > 0 ? callee[depth] : "")) {
		if (has_words(text))
			tell(where, text)
		else if (depth > 0) {
			bare[depth] = text
			bare_line[depth] = where
		}
		return
	}
	for (i = depth; i > 0 && bare[i] == ""; i--)
		;
	if (i > 0 && has_words(text)) {
		tell(where, text)
		spoken[i] = 1
	}
}

function begin_or_continue(text) {
	if (!pending) {
		pending = 1
		literal = ""
		where = FNR
	}
	literal = literal text
}

function open_bracket(name) {
	end_literal()
	depth++
	callee[depth] = name
	arg[depth] = 1
	target[depth] = bare[depth] = spoken[depth] = ""
}

function close_bracket() {
	if (bare[depth] != "" && !spoken[depth])
		tell(bare_line[depth], "? " bare[depth])
	depth--
}

function one_character(c) {
	end_literal()
	if (c == "(")
		open_bracket(word)
	else if (depth > 0 && (c == "{" || c == "["))
		open_bracket("")
	else if (depth > 0 && c ~ /[])}]/)
		close_bracket()
	else if (depth > 0 && c == ",")
		arg[depth]++
	else if (c == ";")
		returning = 0
	word = ""
}

function one_word(name) {
	if (pending && name ~ /^PRI/) {
		literal = literal substr(name, 4, 1)	# PRIx32: x
		return
	}
	if ((FILENAME, name) in macro) {
		begin_or_continue(macro[FILENAME, name])
		return
	}
	end_literal()
	word = name
	if (name == "return")
		returning = 1
	for (i = depth; i > 0 && (name in speaks); i--)
		spoken[i] = 1
	if (depth > 0 && arg[depth] == 1)
		target[depth] = target[depth] " " name
}

FNR == 1 {
	depth = comment = pending = returning = 0
	function_name = word = ""
}

skipped { skipped = /\\$/; next }

/^#define [A-Z_]+ "/ {
	split($0, list, "\"")
	macro[FILENAME, $2] = list[2]
}

/^#/ { skipped = /\\$/; next }

/^[a-z].*\(/ && depth == 0 {
	function_name = $0
	sub(/\(.*/, "", function_name)
	sub(/.*[ *]/, "", function_name)
}

{
	rest = $0
	while (rest != "") {
		if (comment) {
			if (!match(rest, /\*\//))
				break
			comment = 0
			rest = substr(rest, RSTART + 2)
		} else if (match(rest, /^[ \t]+/)) {
			rest = substr(rest, RLENGTH + 1)
		} else if (rest ~ /^\/\*/) {
			comment = 1
			rest = substr(rest, 3)
		} else if (match(rest, /^"([^"\\]|\\.)*"/)) {
			begin_or_continue(substr(rest, 2, RLENGTH - 2))
			rest = substr(rest, RLENGTH + 1)
		} else if (match(rest, /^'([^'\\]|\\.)*'/)) {
			end_literal()
			rest = substr(rest, RLENGTH + 1)
		} else if (match(rest, /^[A-Za-z_][A-Za-z0-9_]*/)) {
			one_word(substr(rest, 1, RLENGTH))
			rest = substr(rest, RLENGTH + 1)
		} else {
			one_character(substr(rest, 1, 1))
			rest = substr(rest, 2)
		}
	}
}
