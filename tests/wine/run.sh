#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The end-to-end tests with the Windows program, under Wine; and those of what
# is different there. Run by `make check CROSS=x86_64-w64-mingw32-` from the
# top; $EXE is the program, $CONSOLE the helper, $MACHINE what they are for,
# $BUILD has the simulated device of this system. Words as for tests/run.sh.
set -u

: "${EXE:?}" "${CONSOLE:?}" "${MACHINE:?}" "${BUILD:?}"
WINE=$(command -v wine || command -v wine64) || {
	echo "skip: no wine"
	exit 77
}
EXE=$PWD/$EXE CONSOLE=$PWD/$CONSOLE
WINEPREFIX=$(mktemp -d) || exit 1
WINEDEBUG=-all
STM32FLASH=tests/wine/stm32flash
export WINE EXE CONSOLE WINEPREFIX WINEDEBUG STM32FLASH
unset DISPLAY
trap 'wineserver -k; rm -rf "$WINEPREFIX"' EXIT
trap 'exit 1' INT TERM HUP

# provide WINE-DIRECTORY WINDOWS-DIRECTORY: Wine's own part of Windows, as much
# as a program of the console needs.
provide() {
	to=$WINEPREFIX/drive_c/windows/$2
	mkdir -p "$to"
	# What WINEDLLPATH names is several words.
	# shellcheck disable=SC2086
	for dir in $(echo "${WINEDLLPATH:-}" | tr : ' ') /usr/lib/*/wine \
		/usr/lib/wine /usr/lib64/wine /opt/wine*/lib*/wine; do
		[ -f "$dir/$1/kernel32.dll" ] || continue
		for name in ntdll kernel32 kernelbase msvcrt ucrtbase \
			advapi32 sechost user32 gdi32 win32u version rpcrt4; do
			ln -sf "$dir/$1/$name.dll" "$to/"
		done
		ln -sf "$dir/$1/conhost.exe" "$to/"
		return
	done
}

works() {
	"$WINE" "$EXE" --version >/dev/null 2>&1
}

# A Windows of a few links is there at once; where that is not enough, all of
# it takes half a minute.
mkdir -p "$WINEPREFIX/dosdevices"
ln -s ../drive_c "$WINEPREFIX/dosdevices/c:"
ln -s / "$WINEPREFIX/dosdevices/z:"
echo disable >"$WINEPREFIX/.update-timestamp"
provide x86_64-windows system32
[ "$MACHINE" != i686 ] || provide i386-windows syswow64
wineserver -p >/dev/null 2>&1	# its last words are long
if ! works; then
	wineserver -k
	rm -rf "$WINEPREFIX"
	mkdir "$WINEPREFIX"
	WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=' \
		wineboot -i >/dev/null 2>&1
	wineserver -p >/dev/null 2>&1
fi
if ! works; then
	echo "skip: wine does not run $EXE"
	exit 77
fi

# Signals and kills would end the wrapper only; windows.sh has what is there
# in their place.
lane1=tests/wine/windows.sh lane2=
for test in tests/e2e/*.sh; do
	case $test in
	*/lib.sh | */signal.sh | */kill.sh) ;;
	*/i2c.sh | */port.sh | */quirks.sh | */write.sh) lane1="$lane1 $test" ;;
	*) lane2="$lane2 $test" ;;
	esac
done
LANE1=$lane1 LANE2=$lane2 sh tests/run.sh "$@"
