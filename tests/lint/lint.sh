#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make lint`: what other people's tools say about manual, scripts and code.
# A tool that is not installed is reported as skipped.
set -u

bad=0
say() {
	printf '%-12s %s\n' "$1" "$2"
}

# have TOOL
have() {
	command -v "$1" >/dev/null 2>&1 && return 0
	say "$1" "skip: not installed"
	return 1
}

# check TOOL COMMAND...: silence is success.
check() {
	name=$1
	shift
	if said=$("$@" 2>&1) && [ -z "$said" ]; then
		say "$name" "clean"
	else
		say "$name" "findings:"
		printf '%s\n' "$said"
		bad=1
	fi
}

# Code for the target is not checked.
sources=$(find . -name '*.c' ! -path './build/*' ! -path './demo/*' \
	! -path './tests/formats/firmware.c' \
	! -path './tests/cores/start.c' | sort)
program=$(printf '%s\n' *.c cli/*.c flash/*.c protocol/*.c host/*.c \
	parsers/*.c sim/*.c)
scripts=$(find . -name '*.sh' ! -path './build/*' | sort)

if have mandoc; then
	check mandoc mandoc -T lint -W warning stm32flash.1
fi
if have shellcheck; then
	# shellcheck disable=SC2086
	check shellcheck shellcheck -x $scripts .ci/run \
		completion/stm32flash.bash tests/completion/capture.bash
fi
if have cppcheck; then
	set -- --quiet --std=c11 -I. -D_DEFAULT_SOURCE -DVERSION='""' \
		-j 2 --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem
	# Variables stand at the head of their function; one step after the
	# other asks `if (err == OK)` again; members are set by designators.
	# shellcheck disable=SC2086
	check cppcheck cppcheck "$@" \
		--enable=warning,portability,performance,style \
		--suppress=variableScope --suppress=duplicateCondition \
		--suppress=unusedStructMember $program
	# In the tests it does not see that CHECK() gives back what it is
	# given, and takes `if (!CHECK(file != NULL)) return` for a leak.
	# shellcheck disable=SC2046
	check cppcheck cppcheck "$@" --enable=warning,portability \
		--suppress=resourceLeak --suppress=memleak \
		--suppress=ctuuninitvar \
		$(printf '%s\n' "$sources" | grep '^\./tests/')
fi

# analyse TOOL: every source of the program, two at a time.
# shellcheck disable=SC2317 # check() runs it
analyse() {
	printf '%s\n' "$program" |
		xargs -n 1 -P 2 sh tests/lint/analyse.sh "$1"
}
if have gcc; then
	check gcc-analyzer analyse gcc
fi
if have clang-tidy; then
	check clang-tidy analyse clang-tidy
fi
check words sh tests/lint/words.sh
# Compiled with declarations, never run: see TODO.
check macos,bsd sh tests/lint/bsd.sh
# The text of the licence is what Debian ships, where it ships it.
if [ -r /usr/share/common-licenses/GPL-2 ]; then
	check licence cmp gpl-2.0.txt /usr/share/common-licenses/GPL-2
fi
if have nm; then
	said=$(sh tests/lint/shape.sh 2>&1) || bad=1
	echo "$said" | sed 's/^/shape        /'
fi
# Every source says under which licence it is.
# shellcheck disable=SC2046,SC2086
check spdx printf '%s' "$(grep -L 'SPDX-License-Identifier: GPL-2.0-or-later' \
	$sources $scripts $(find . -name '*.h' ! -path './build/*') Makefile)"
exit $bad
