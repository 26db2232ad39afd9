# SPDX-License-Identifier: GPL-2.0-or-later
# capture.bash LINE: prints what $completion offers at the end of LINE, one per
# line. $breaks are the characters at which bash splits words; a user may have
# changed them.
# shellcheck shell=bash disable=SC1090,SC2034,SC2154
. "$completion"

# Splits as bash does: at blanks, and around those.
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
