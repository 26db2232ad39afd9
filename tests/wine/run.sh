#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The end-to-end tests with the Windows program, under Wine, and tests of the
# differences. Run by `make check CROSS=x86_64-w64-mingw32-` from the top; $EXE
# is the program, $CONSOLE the helper, $MACHINE their processor, $BUILD has
# this system's simulated device. Words as for tests/run.sh. A 32-bit program
# runs if the kernel supports it and Wine has its 32-bit libraries, on Debian
# the package wine32 of i386.
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

# provide WINE-DIRECTORY WINDOWS-DIRECTORY: Wine's own part of Windows.
provide() {
	mkdir -p "$WINEPREFIX/drive_c/windows/$2"
	for dir in /usr/lib/*/wine /usr/lib/wine /usr/lib64/wine \
		/opt/wine*/lib*/wine; do
		[ -f "$dir/$1/kernel32.dll" ] || continue
		ln -s "$dir/$1"/*.dll "$dir/$1"/*.exe \
			"$WINEPREFIX/drive_c/windows/$2/"
		return
	done
}

works() {
	"$WINE" "$EXE" --version >/dev/null 2>&1
}

# server: starts Wine's server, and keeps its messages: if it ends with an error,
# its programs wait for ever, and the messages say why.
server() {
	wineserver -p >/dev/null 2>"$WINEPREFIX/server.err"
}

# A Windows made of links is ready at once; if that is not enough, a complete
# one takes half a minute.
mkdir -p "$WINEPREFIX/dosdevices"
ln -s ../drive_c "$WINEPREFIX/dosdevices/c:"
ln -s / "$WINEPREFIX/dosdevices/z:"
echo disable >"$WINEPREFIX/.update-timestamp"
provide x86_64-windows system32
[ "$MACHINE" != i686 ] || provide i386-windows syswow64
server
if ! works; then
	wineserver -k
	rm -rf "$WINEPREFIX"
	mkdir "$WINEPREFIX"
	WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=' \
		wineboot -i >/dev/null 2>&1
	server
fi
if ! works; then
	echo "skip: wine does not run $EXE"
	exit 77
fi

# Not the tests of what only this system has: its signals, its terminals, its
# environment, and made-up ports. The one that waits longest comes first.
SCRIPTS="tests/e2e/net.sh tests/wine/windows.sh"
for name in i2c port quirks write changed clones crc erase formats frames go \
	json parts pipeline progress protect read reject resume retry safety \
	sequence sim trace unknown; do
	SCRIPTS="$SCRIPTS tests/e2e/$name.sh"
done
export SCRIPTS
sh tests/run.sh "$@" && exit
status=$?
tail -n 3 "$WINEPREFIX/server.err" | cut -c 1-200
exit $status
