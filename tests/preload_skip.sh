# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests that preload a library instead of hardware; skips if
# that is impossible: it needs Linux, glibc, a compiler for this machine, and a
# dynamically linked program.

CC=${CC:-cc}
cannot() {
	echo "skip: $1"
	exit 77
}
case $(uname -s)-$($CC -dumpmachine 2>/dev/null) in
Linux-*-linux-gnu*) ;;
*) cannot "needs Linux, glibc and a compiler for this machine" ;;
esac
# musl-gcc claims to be a gcc for glibc
! printf '#include <features.h>\n__GLIBC__\n' | $CC -E - 2>/dev/null |
	grep -q '^__GLIBC__' || cannot "needs glibc"
case " ${LDFLAGS:-} " in
*" -static "*) cannot "nothing can be preloaded into a static program" ;;
esac
[ -z "${EMULATE:-}" ] ||
	cannot "nothing can be preloaded into an emulated program"
