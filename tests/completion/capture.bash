# SPDX-License-Identifier: GPL-2.0-or-later
# capture.bash LINE: what $completion offers where LINE ends, one a line. $breaks
# are the characters that bash breaks words at, which the user may have changed.
# shellcheck shell=bash disable=SC1090,SC2034,SC2154
. "$completion"

# Cut as bash does: at blanks, and around those.
COMP_WORDS=()
rest=$1
piece=
while [[ $rest =~ ^([[:blank:]]+|[$breaks]+|[^[:blank:]$breaks]+)(.*)$ ]]; do
	piece=${BASH_REMATCH[1]}
	rest=${BASH_REMATCH[2]}
	[[ $piece == [[:blank:]]* ]] || COMP_WORDS+=("$piece")
done
[[ $piece != [[:blank:]]* ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))

_stm32flash
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
