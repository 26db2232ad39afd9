#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The unchanged examples with -i in manual and README: which line gets which
# level, when, and for how long. recorder.so emulates the lines; the simulated
# device is connected to the port or bus.
. tests/preload_lib.sh

uart_chip=sim:0x410,size=32K
i2c_chip=0x448,size=32K
top=$PWD
case $STM32FLASH in
/*) program=$STM32FLASH ;;
*) program=$top/$STM32FLASH ;;
esac
case $server in
/*) ;;
*) server=$top/$server ;;
esac
"$tool" app 0x08000000 | "$tool" hex 0x08000000 16 >"$T/app.hex"

# examples FILE: prints the commands with -i, and the variables set for them,
# one per line. Omits the CI step, which tests/examples.sh runs.
examples() {
	case $1 in
	README)
		sed -n 's/^    *//p' README
		;;
	*)
		awk '
		/^\.Bd -literal/ { literal = 1; next }
		/^\.Ed/ { literal = 0 }
		/^\.Dl \$ / { print substr($0, 7); next }
		literal { gsub(/\\e$/, "\\"); print }' "$1"
		;;
	esac | sed -e ':more' -e '/\\$/{' -e N -e 's/ *\\\n */ /' \
		-e 'b more' -e '}' |
		grep -e '^[A-Za-z]*=' -e '^stm32flash .*-i ' |
		grep -v -e --json
}

# The expected events: E and X are times in ms since the first change of entry
# and exit, - is any time.
expect_modem() {
	cat <<-END
	E0 rts 0
	E0 dtr 1
	E100 dtr 0
	X0 rts 1
	X0 dtr 1
	X100 dtr 0
	END
}
expect_chip() {
	cat <<-END
	- gpiochip0/17 request
	- gpiochip0/18 request
	E0 gpiochip0/17 1
	E0 gpiochip0/18 0
	E100 gpiochip0/18 1
	X0 gpiochip0/17 0
	X0 gpiochip0/18 0
	X100 gpiochip0/18 1
	- gpiochip0/18 in
	- gpiochip0/18 close
	- gpiochip0/17 in
	- gpiochip0/17 close
	END
}
expect_sysfs() {
	cat <<-END
	- gpio17 export
	- gpio18 export
	E0 gpio17 1
	E0 gpio18 0
	E100 gpio18 1
	X0 gpio17 0
	X0 gpio18 0
	X100 gpio18 1
	- gpio18 in
	- gpio18 unexport
	- gpio17 in
	- gpio17 unexport
	END
}

# compare: 0 as expected, 1 other lines, 2 other times.
compare() {
	grep -v ' i2c ' "$T/lines" >"$T/did"
	cut -d' ' -f2- "$T/did" >"$T/did_what"
	cut -d' ' -f2- "$T/want" >"$T/want_what"
	cmp -s "$T/did_what" "$T/want_what" || return 1
	cut -d' ' -f1 "$T/did" | paste -d' ' - "$T/want" | awk '
		$2 == "-" { next }
		{ half = substr($2, 1, 1); due = substr($2, 2) }
		!(half in start) { start[half] = $1 }
		{ off = $1 - start[half] - due }
		off < -20 || off > 60 { bad = 1 }
		END { exit bad ? 2 : 0 }'
}

# The lines of the host: settings of the recorder.
prepare_lines() {
	case $1 in
	modem) with=RECORDER_MODEM=1 ;;
	chip) with=RECORDER_GPIO=v2 ;;
	sysfs)
		rm -rf "$T/gpio"
		mkdir "$T/gpio"
		: >"$T/gpio/export"
		: >"$T/gpio/unexport"
		with="RECORDER_SYSFS=$T/gpio"
		;;
	esac
}

# Replaces the device of the example; sets dev.
prepare_device() {
	case $1 in
	/dev/i2c-1)
		start_bus "$i2c_chip"
		with="$with $bus"
		;;
	*) start_sim "$uart_chip" ;;
	esac
}

# kind_of ARGS...: the kind of lines that -i names.
kind_of() {
	while [ "$1" != -i ]; do shift; done
	case $2 in
	*rts* | *dtr*) echo modem ;;
	*gpiochip*) echo chip ;;
	*) echo sysfs ;;
	esac
}

# run_on DEVICE ARGS...: replaces the last argument by DEVICE.
run_on() {
	on=$1
	shift
	n=$#
	while [ "$n" -gt 1 ]; do
		set -- "$@" "$1"
		shift
		n=$((n - 1))
	done
	shift
	(cd "$T" && "$runner" "$program" "$@" "$on") >"$T/out" 2>"$T/err"
	status=$?
}

plainly() {
	"$@"
}

# RTS and DTR are connected to the simulated board as the text says: BOOT0 is
# high while RTS is not asserted, and reset is low while DTR is asserted.
on_the_board() {
	about "$file on a simulated board: $*"
	use_sim "$uart_chip,boot0=-rts,reset=dtr"
	runner=plainly
	run_on "$dev" "$@"
	ends 0
	counts resets 2
	counts reset_stores 0
	happened "app: U"
}

# The command of the examples. A busy machine gets more than one chance to be
# in time.
stm32flash() {
	case " $* " in
	*" -i auto "*) return ;;	# other lines: tests/e2e/wiring.sh
	esac
	for last in "$@"; do :; done
	kind=$(kind_of "$@")
	found="$found $kind:${last%[0-9]}"
	about "$file: $*"
	"expect_$kind" >"$T/want"
	runner=recorded
	for _ in 1 2 3 4; do
		prepare_lines "$kind"
		prepare_device "$last"
		run_on "$dev" "$@"
		stop_sim
		compare
		result=$?
		[ "$result" -eq 2 ] || break
	done
	ends 0
	if [ "$result" -eq 0 ]; then good; else
		bad "not these lines, or not in time"
		paste "$T/want" "$T/did"
	fi
	"$tool" app 0x08000000 >"$T/app"
	holds 0 "$T/app"
	[ "$kind" != modem ] || on_the_board "$@"
}

for file in stm32flash.1 README; do
	examples "$file" >"$T/examples"
	found=
	# shellcheck source=/dev/null
	. "$T/examples"
	about "$file"
	for wanted in modem:/dev/ttyUSB chip:/dev/ttyAMA chip:/dev/i2c- \
		sysfs:/dev/ttyAMA; do
		case $found:$file in
		*" $wanted"*) good ;;
		*:README)
			# plain numbers are for the manual's variant
			[ "${wanted%%:*}" = sysfs ] || bad "no $wanted"
			;;
		*) bad "no example for $wanted" ;;
		esac
	done
done
finish
