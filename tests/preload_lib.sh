# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of the whole program with recorder.so instead of hardware. Sourced
# first; it sources tests/e2e/lib.sh. Skips if that is impossible, and with a
# sanitizer, whose runtime must be preloaded first itself.

: "${STM32FLASH:=./stm32flash}"
. tests/preload_skip.sh
if grep -q -e __asan_init -e __ubsan_handle -e __tsan_init "$STM32FLASH"; then
	echo "skip: a program with sanitizers cannot be recorded"
	exit 77
fi

. tests/e2e/lib.sh

recorder=$T/recorder.so
# shellcheck disable=SC2086 # CC may be several words
$CC -std=c11 -D_DEFAULT_SOURCE -I. -O1 -shared -fPIC -o "$recorder" \
	tests/preload/recorder.c -ldl || exit 1

# recorded PROGRAM ARGS...: with the recorder's settings in $with; stores the
# changes of lines in $T/lines.
with=
recorded() {
	: >"$T/lines"
	# shellcheck disable=SC2086 # several words
	env $with RECORDER_LOG="$T/lines" LD_PRELOAD="$recorder" "$@"
}

# start_bus SPEC [FLASH]: a fresh device of sim:i2c:SPEC on /dev/i2c-1, for
# runs with $bus in $with. Sets $dev.
# shellcheck disable=SC2034 # for those who source this
bus="RECORDER_I2C=$T/bus"
start_bus() {
	stop_sim
	bus_spec=$(spec "sim:i2c:$1")
	shift
	new_chip "$@"
	mkfifo "$T/ready"
	"$server" -i "$T/bus" "$bus_spec" >"$T/ready" 2>"$T/server.err" &
	sim_pid=$!
	read -r dev <"$T/ready" || dev=
	rm -f "$T/ready"
	[ -n "$dev" ] || bad "the bus did not start: $(cat "$T/server.err")"
	dev=/dev/i2c-1
}
