#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Entry and exit sequences, and the transports, on hardware emulated by
# recorder.so: which line changes, in which order, with which delays. Linux
# with glibc only. Builds the programs here without sanitizers, whose runtime
# must be preloaded first itself.

export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
. tests/preload_skip.sh
if [ -n "${COVERAGE:-}" ] && grep -q __asan_init "$BUILD/stm32flash"; then
	cannot "objects with sanitizers cannot be recorded"
fi

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

passed=0
failed=0

pass() {
	passed=$((passed + 1))
}

fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
}

# build OUT FLAG-OR-FILE...: CC may be several words.
build() {
	out=$1
	shift
	# shellcheck disable=SC2086
	$CC -std=c11 -D_DEFAULT_SOURCE -I. -O1 -g -o "$tmp/$out" "$@" ||
		exit 1
}

sources='i2c.c init.c port.c problem.c serial_posix.c utils.c
	host/devnode.c host/gpio.c host/gpio_cdev.c host/gpio_sysfs.c
	host/marks.c host/ports.c host/ports_info.c host/ports_linux.c
	host/serial.c host/serial_linux.c host/sysfs.c'
# For coverage, the instrumented objects.
[ -z "${COVERAGE:-}" ] || sources="--coverage $(
	echo "$sources" | sed "s,\([a-z0-9_/]*\)\.c,$BUILD/\1.o,g")"
build recorder.so -shared -fPIC tests/preload/recorder.c -ldl
# shellcheck disable=SC2086
build run_sequence tests/preload/run_sequence.c tests/preload/no_sim.c \
	$sources
# shellcheck disable=SC2086
build test_transports tests/preload/test_transports.c tests/preload/no_sim.c \
	$sources

# recorded COMMAND...: with the recorder's settings in $with.
recorded() {
	rm -f "$tmp/log"
	: >"$tmp/log"
	# shellcheck disable=SC2086
	env $with RECORDER_LOG="$tmp/log" LD_PRELOAD="$tmp/recorder.so" "$@"
}

# Compares the log with $tmp/want: lines of "<ms> <what>". Times count from the
# first line with one, up to 20 ms early and 60 late; an extra delay is 100.
# "-" is any time. 1: other lines, 2: other times.
compare() {
	cut -d' ' -f2- "$tmp/log" >"$tmp/what"
	cut -d' ' -f2- "$tmp/want" | cmp -s - "$tmp/what" || return 1
	cut -d' ' -f1 "$tmp/log" | paste -d' ' - "$tmp/want" | awk '
		$2 == "-" { next }
		!begun { begun = 1; start = $1 }
		{ off = $1 - start - $2; if (off < -20 || off > 60) bad = 1 }
		END { exit bad ? 2 : 0 }'
}

# expect NAME SEQUENCE: the log matches standard input. A busy machine gets
# more than one chance to be in time.
expect() {
	cat >"$tmp/want"
	for _ in 1 2 3 4; do
		prepare
		said=$(recorded "$tmp/run_sequence" "$2")
		compare
		result=$?
		test "$result" -eq 2 || break
	done
	if test "$result" -eq 0 && test -z "$said"; then
		pass
	else
		fail "$1: $2: $said"
		echo "  expected:"
		sed 's/^/    /' "$tmp/want"
		echo "  recorded:"
		sed 's/^/    /' "$tmp/log"
	fi
}

# refuse NAME SEQUENCE TEXT: fails with TEXT, and drives nothing.
refuse() {
	prepare
	said=$(recorded "$tmp/run_sequence" "$2")
	case $said in
	*"$3"*) pass ;;
	*) fail "$1: $2: expected \"$3\", got \"$said\"" ;;
	esac
	if grep -Eq ' (0|1|in)$' "$tmp/log"; then
		fail "$1: $2: a line was driven"
	else
		pass
	fi
}

prepare() {
	:
}

# The sysfs directory as in the kernel; GPIO 5 is exported already, as a high
# output, and 6 too, with its value inverted.
prepare_sysfs() {
	rm -rf "$tmp/gpio"
	mkdir -p "$tmp/gpio/gpio5" "$tmp/gpio/gpio6"
	: >"$tmp/gpio/export"
	: >"$tmp/gpio/unexport"
	for n in 5 6; do
		echo out >"$tmp/gpio/gpio$n/direction"
		echo 1 >"$tmp/gpio/gpio$n/value"
		echo 0 >"$tmp/gpio/gpio$n/active_low"
	done
	echo 1 >"$tmp/gpio/gpio6/active_low"
}

with='RECORDER_MODEM=1'
expect 'modem lines' 'rts,-dtr,dtr:-rts,dtr,,' <<'END'
0 rts 1
100 dtr 0
200 dtr 1
200 rts 0
300 dtr 1
END
expect 'break' '-rts&dtr,,brk,rts:' <<'END'
0 rts 0
0 dtr 1
200 brk 1
450 brk 0
550 rts 1
END
expect 'delays add up' 'rts,-rts,rts,-rts,rts,-rts,rts,-rts,rts' <<'END'
0 rts 1
100 rts 0
200 rts 1
300 rts 0
400 rts 1
500 rts 0
600 rts 1
700 rts 0
800 rts 1
END

for version in v1 v2; do
	with="RECORDER_GPIO=$version RECORDER_OUT=gpiochip1/3"
	# A line that was an input becomes one again, one that was a high
	# output is high again; version 1 needs a request for each change.
	if test $version = v2; then
		expect "chip, $version" '17,-gpiochip1/3:-17' <<'END'
- gpiochip0/17 request
- gpiochip1/3 request
0 gpiochip0/17 1
100 gpiochip1/3 0
100 gpiochip0/17 0
- gpiochip1/3 1
- gpiochip1/3 close
- gpiochip0/17 in
- gpiochip0/17 close
END
	else
		expect "chip, $version" '17,-gpiochip1/3:-17' <<'END'
- gpiochip0/17 request
- gpiochip1/3 request
- gpiochip0/17 close
- gpiochip0/17 request
0 gpiochip0/17 1
- gpiochip1/3 close
- gpiochip1/3 request
100 gpiochip1/3 0
100 gpiochip0/17 0
- gpiochip1/3 1
- gpiochip1/3 close
- gpiochip0/17 close
- gpiochip0/17 request
- gpiochip0/17 in
- gpiochip0/17 close
END
	fi
	with="RECORDER_GPIO=$version RECORDER_BUSY=gpiochip0/18"
	refuse "busy, $version" '17,18' 'gpiochip0/18: in use by heartbeat'
	refuse "line too high, $version" '17,gpiochip0/54' \
		'gpiochip0/54: no such line, /dev/gpiochip0 has 0 to 53'
	refuse "no such chip, $version" '17,gpiochip9/1' \
		'/dev/gpiochip9: no such device'
done
with='RECORDER_GPIO=v2'
expect 'a line of the exit only is held from the start' '17:18' <<'END'
- gpiochip0/17 request
- gpiochip0/18 request
0 gpiochip0/17 1
0 gpiochip0/18 1
- gpiochip0/18 in
- gpiochip0/18 close
- gpiochip0/17 in
- gpiochip0/17 close
END

prepare() {
	prepare_sysfs
}
with="RECORDER_SYSFS=$tmp/gpio RECORDER_GPIO=v2"
expect 'sysfs' '17,-5&-6,6:-17,17' <<'END'
- gpio17 export
0 gpio17 1
100 gpio5 0
100 gpio6 0
200 gpio6 1
200 gpio17 0
300 gpio17 1
- gpio6 0
- gpio5 1
- gpio17 in
- gpio17 unexport
END
expect 'sysfs and chip' '17&gpiochip0/4' <<'END'
- gpio17 export
- gpiochip0/4 request
0 gpio17 1
0 gpiochip0/4 1
- gpiochip0/4 in
- gpiochip0/4 close
- gpio17 in
- gpio17 unexport
END
with="RECORDER_SYSFS=$tmp/gpio RECORDER_UDEV_MS=150"
expect 'udev is late' '17,-17' <<'END'
- gpio17 export
0 gpio17 1
100 gpio17 0
- gpio17 in
- gpio17 unexport
END
with="RECORDER_SYSFS=$tmp/gpio RECORDER_UDEV_MS=60000"
refuse 'udev never comes' '5,17' 'GPIO 17: permission denied'
with="RECORDER_SYSFS=$tmp/gpio RECORDER_BUSY=gpio18"
refuse 'sysfs, busy' '5,18' 'GPIO 18: in use'
refuse 'sysfs, no such number' '5,1024' 'numbers start at 512'

with=
recorded "$tmp/test_transports" "$tmp" >"$tmp/out"
sed '$d' "$tmp/out"
counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$tmp/out")
if test -n "$counts"; then
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
else
	fail 'test_transports ended early'
fi

echo "$passed passed, $failed failed"
test $failed -eq 0
