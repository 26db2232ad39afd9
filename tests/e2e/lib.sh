# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For the end-to-end tests: the simulated device behind a pty, the real
# program, and what came of it. Sourced; `finish` is the last line.
set -u

: "${STM32FLASH:=./stm32flash}" "${BUILD:?}"
server=$BUILD/sim-server
# shellcheck disable=SC2034 # for those who source this
tool=$BUILD/tests/tool
T=$(mktemp -d) || exit 1
sim_pid=
passed=0 failed=0
about=
# To look for what was not freed takes a sanitized program longer than all else
# it does. The unit tests look for it, and valgrind at whole programs.
: "${ASAN_OPTIONS:=detect_leaks=0}"
export ASAN_OPTIONS
trap 'stop_sim; rm -rf "$T"' EXIT
trap 'echo "stopped at: $about"; exit 1' INT TERM HUP

# about TEXT: what the next checks are about.
about() {
	about=$1
}

# sampled N: whether to run this one of many like it. EFFORT=low: the first that
# was asked about and then every Nth, else all.
asked=0
sampled() {
	asked=$((asked + 1))
	[ "${EFFORT:-}" != low ] || [ $(((asked - 1) % $1)) -eq 0 ]
}

good() {
	passed=$((passed + 1))
}

# bad TEXT: a failure, with what the program said.
bad() {
	failed=$((failed + 1))
	echo "FAIL $about: $1"
	for f in out err; do
		[ ! -s "$T/$f" ] || sed "s/^/  $f: /" "$T/$f" | tail -n 5
	done
}

# new_chip [FLASH]: the files of a device that was never used, but for what
# is in its flash.
new_chip() {
	rm -f "$T/flash.bin" "$T/nv" "$T/log" "$T/stats"
	[ $# -eq 0 ] || cp "$1" "$T/flash.bin"
}

# on_windows: is it the program for Windows that is tested? See tests/wine.
on_windows() {
	[ -n "${EXE:-}" ]
}

# start_sim SPEC [FLASH]: a fresh device behind a pty. Sets $dev; the flash is
# in $T/flash.bin, events in $T/log, counters in $T/stats once it is stopped.
start_sim() {
	stop_sim
	start_spec=$1
	shift
	new_chip "$@"
	resume_sim "$start_spec"
}

# use_sim SPEC [FLASH]: the same device without a pty, on a clock of its own,
# so that waiting takes no time. Every run is a power-up, and leaves the files.
use_sim() {
	stop_sim
	dev=$(spec "$1")
	shift
	new_chip "$@"
}

spec() {
	echo "$1,file=$T/flash.bin,nv=$T/nv,log=$T/log,stats=$T/stats"
}

# resume_sim SPEC: behind a pty, with the memory of the one before.
resume_sim() {
	mkfifo "$T/ready"
	"$server" "$(spec "$1")" >"$T/ready" 2>"$T/server.err" &
	sim_pid=$!
	read -r dev <"$T/ready" || dev=
	rm -f "$T/ready"
	[ -n "$dev" ] || bad "the simulated device did not start: $(
		cat "$T/server.err")"
}
# stop_sim: ends the device; now its files are there.
stop_sim() {
	[ -n "$sim_pid" ] || return 0
	kill -TERM "$sim_pid" 2>/dev/null
	wait "$sim_pid" 2>/dev/null
	sim_pid=
}

# flash ARGS...: runs the program; $status, $T/out and $T/err are what came.
flash() {
	"$STM32FLASH" "$@" >"$T/out" 2>"$T/err"
	status=$?
}

# start_run ARGS...: runs the program in the background, with the signals that a
# shell ignores there. until_said does not see what the run before has said.
start_run() {
	: >"$T/out"
	: >"$T/err"
	"$tool" interruptible "$STM32FLASH" "$@" >"$T/out" 2>"$T/err" &
	running=$!
}

# end_run [SIGNAL]: sends this signal, if given, and waits for the end. Sets
# $status.
# shellcheck disable=SC2120 # the signal is optional
end_run() {
	[ $# -eq 0 ] || kill -"$1" "$running"
	wait "$running" 2>/dev/null
	status=$?
}

# lasted: milliseconds of the run in the trace.
lasted() {
	sed -n 's/.*# \([0-9]*\)\.[0-9]* ms$/\1/p' "$T/trace" | sed -n '$p'
}

# until_said PATTERN FILE...: until a program in the background has said it, for
# at most 20 s.
until_said() {
	n=0
	until grep -q "$@" || [ $n -ge 400 ]; do
		"$tool" wait 50
		n=$((n + 1))
	done
}

# ends N: the exit status is N.
ends() {
	if [ "$status" -eq "$1" ]; then good; else
		bad "exit status $status, expected $1"
	fi
}

# says FILE TEXT: out or err has this text somewhere.
says() {
	if grep -qF -e "$2" "$T/$1"; then good; else
		bad "no \"$2\" in $1"
	fi
}

# lacks FILE TEXT: out or err does not have it.
lacks() {
	if grep -qF -e "$2" "$T/$1"; then bad "\"$2\" in $1"; else good; fi
}

# one_line: a single line on stderr besides the usage hint, and the list of
# ports, which is indented.
one_line() {
	n=$(grep -vc -e '^usage: ' -e '^  ' "$T/err")
	if [ "$n" -eq 1 ]; then good; else bad "$n lines on stderr"; fi
}

# same FILE1 FILE2
same() {
	if cmp -s "$1" "$2"; then good; else
		bad "$1 and $2 differ: $(cmp "$1" "$2" 2>&1)"
	fi
}

# counter KEY: sets n to this counter of the device, empty if there is none. No
# program is started for it: there are thousands of these.
counter() {
	n=
	while read -r key value; do
		[ "$key" != "$1" ] || n=$value
	done <"$T/stats"
}

# counts KEY N: a counter of the device.
counts() {
	counter "$1"
	if [ "${n:-none}" = "$2" ]; then good; else
		bad "$1 is ${n:-missing}, expected $2"
	fi
}

# happened TEXT, never TEXT: an event of the device.
happened() {
	if grep -qF -e "$1" "$T/log"; then good; else
		bad "no event \"$1\" in: $(tail -n 5 "$T/log")"
	fi
}
never() {
	if [ ! -f "$T/log" ]; then bad "no log"; return; fi
	if grep -qF -e "$1" "$T/log"; then bad "event \"$1\""; else good; fi
}

# commands OPCODE N: the device accepted this command so often (0: never).
commands() {
	counter "command_$1"
	if [ -f "$T/stats" ] && [ "${n:-0}" = "$2" ]; then good; else
		bad "${n:-0} commands $1, expected $2"
	fi
}

# untouched FLASH: nothing was erased or written, the flash is this still.
untouched() {
	same "$1" "$T/flash.bin"
	counts granules_programmed 0
	counts granules_refused 0
	counts pages_erased 0
	counts mass_erases 0
	never store
	never option
}

# holds OFFSET FILE: so the flash has it there.
holds() {
	holds_len=$(wc -c <"$2")
	"$tool" cut "$1" "$holds_len" <"$T/flash.bin" >"$T/held"
	same "$2" "$T/held"
}

finish() {
	stop_sim
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
