#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The promises of README and HACKING about the Makefile, in a copy of the
# sources: the list of targets, the place of each compiler's program, a program
# without libraries, and the message without EMULATE. Run from the top. Skips,
# with a message, what needs a compiler that is not installed.
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this
passed=0 failed=0

good() {
	passed=$((passed + 1))
}

bad() {
	failed=$((failed + 1))
	echo "FAIL $*"
}

# have COMPILER...
have() {
	for tool; do
		command -v "$tool" >/dev/null 2>&1 && continue
		echo "left out: $tool is not installed"
		return 1
	done
}

tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$dir"
cd "$dir" || exit 1
rm -f stm32flash stm32flash.exe

# --- make help ---------------------------------------------------------------

phony=$(sed -n -e ':more' -e '/^\.PHONY:/{' -e '/\\$/{' -e N -e 's/\\\n//' \
	-e 'b more' -e '}' -e 's/^.PHONY: *//p' -e '}' Makefile)
make -s help | grep -oE '(^|; )make [a-z]+' | sed 's/.* //' | sort -u >helped
for target in $phony; do
	case $target in
	# Parts of other targets, and the default target.
	FORCE | all | tests | far-end | fuzz-targets) continue ;;
	esac
	if grep -qx -e "$target" helped; then good; else
		bad "make help does not list $target"
	fi
done
while read -r target; do
	case " $phony " in
	*" $target "*) good ;;
	*) bad "make help lists $target, which is no target" ;;
	esac
done <helped

# --- where the program goes -----------------------------------------------------

# links WORDS: prints the program that `make WORDS` would link.
links() {
	# shellcheck disable=SC2086 # several words
	make -n $1 2>/dev/null | sed -n 's/.* -o \([^ ]*\) .*\/main\.o .*/\1/p'
}

# program WORDS COMPILER NAME
program() {
	have "$2" || return
	if [ "$(links "$1")" = "$3" ]; then good; else
		bad "make $1 links '$(links "$1")', not $3"
	fi
}
program "" cc stm32flash
program CC=clang clang stm32flash
program "CC=musl-gcc LDFLAGS=-static" musl-gcc stm32flash
program CROSS=x86_64-w64-mingw32- x86_64-w64-mingw32-gcc stm32flash.exe
for cross in arm-linux-gnueabihf aarch64-linux-gnu s390x-linux-gnu; do
	program "CROSS=$cross-" $cross-gcc build/$cross/stm32flash
	program "CC=$cross-gcc" $cross-gcc build/$cross/stm32flash
done

# --- without libraries, and of another processor ------------------------------------

export CFLAGS=-O0	# quickly
if have musl-gcc readelf; then
	if make -s -j2 CC=musl-gcc LDFLAGS=-static >log 2>&1 &&
		./stm32flash --version >/dev/null; then good; else
		bad "make CC=musl-gcc LDFLAGS=-static: $(cat log)"
	fi
	if readelf -ld stm32flash | grep -q -e INTERP -e NEEDED; then
		bad "the static program asks for libraries"
	else
		good
	fi
fi

# A cross build does not touch this machine's program. Its tests cannot run
# without an emulator, unless the kernel is configured with one.
cross=arm-linux-gnueabihf
if have $cross-gcc; then
	echo "of this machine" >stm32flash
	make -s -j2 CROSS=$cross- >log 2>&1 || bad "CROSS=$cross-: $(cat log)"
	if [ "$(cat stm32flash)" = "of this machine" ]; then good; else
		bad "CROSS=$cross- replaces ./stm32flash"
	fi
	if build/$cross/stm32flash --version >/dev/null 2>&1; then
		echo "left out: this kernel runs programs of $cross"
	else
		STM32FLASH=build/$cross/stm32flash BUILD=build/$cross \
			sh tests/run.sh >log 2>&1
		status=$?
		if [ $status -eq 1 ] && grep -q "EMULATE='qemu-arm" log &&
			! grep -q "Exec format" log; then good; else
			bad "without EMULATE, status $status: $(cat log)"
		fi
	fi
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
