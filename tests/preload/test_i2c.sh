#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every action over I2C with the real back-end: recorder.so replaces the
# i2c-dev driver and passes each transaction to the simulated device.
. tests/preload_lib.sh

device() {
	start_bus "$@"
}

settled() {
	stop_sim
}

# flash ARGS...: as in the library, on the recorded bus.
address=0x3B
flash() {
	recorded "$STM32FLASH" -a "$address" "$@" >"$T/out" 2>"$T/err"
	status=$?
}

. tests/i2c_jobs.sh

with=$bus
i2c_variants

# did N TEXT: N lines of the recording end in TEXT.
did() {
	n=$(grep -c " $2\$" "$T/lines")
	if [ "$n" -eq "$1" ]; then good; else
		bad "$n times \"$2\", expected $1"
	fi
}

# last TEXT: the last line of the recording.
last() {
	n=$(tail -n 1 "$T/lines")
	case $n in
	*" $1") good ;;
	*) bad "the last was \"$n\", expected \"$1\"" ;;
	esac
}

about "what the adapter is told"
device "$chip,i2c=0x12" "$T/full"
flash "$dev"
ends 0
did 1 "i2c address 0x3b"
did 1 "i2c timeout 10000"
last "i2c timeout 1000"
about "a stretch that is longer than that"
device 0x413,addr=0x3B,i2c=0x10,busy=0
flash -o "$dev"
ends 0
n=$(sed -n 's/.*i2c timeout //p' "$T/lines" | sort -n | tail -n 1)
if [ "$n" -gt 30000 ]; then good; else bad "no more than $n ms"; fi
last "i2c timeout 1000"

# refused STATUS TEXT: no byte was sent.
refused() {
	ends "$1"
	one_line
	says err "$2"
	did 0 "i2c write.*"
}

about "no address"
recorded "$STM32FLASH" "$dev" >"$T/out" 2>"$T/err"
status=$?
refused 2 "no I2C address given"
about "no such address"
for address in 0x02 0x78 0x100; do
	flash "$dev"
	refused 2 "-a"
done
address=0x3B
about "an address that a driver has"
with="$bus RECORDER_BUSY=i2c/0x3b"
flash "$dev"
refused 3 "in use by a kernel driver"
about "SMBus only"
with="$bus RECORDER_I2C_FUNCS=0x0eff0008"
flash "$dev"
refused 3 "SMBus only"
about "no such bus"
with=
flash /dev/i2c-7
refused 3 "/dev/i2c-7: no such device"
with=$bus
about "no device at this address"
address=0x3C
flash "$dev"
ends 4
one_line
says err "(addr 0x3c)"
address=0x3B
about "the device is gone in the middle"
device "$chip,i2c=0x12,nackaddr=1" "$T/full"
flash "$dev"
ends 0

# A signal in the middle of a write: runs the exit sequence and releases all
# lines.
lines='gpiochip0/17&-gpiochip0/18,gpiochip0/18'
lines="$lines:-gpiochip0/17&-gpiochip0/18,gpiochip0/18"
sed 's/^/0 /' >"$T/left" <<'END'
gpiochip0/17 0
gpiochip0/18 0
gpiochip0/18 1
gpiochip0/18 in
gpiochip0/18 close
gpiochip0/17 in
gpiochip0/17 close
END

# Long enough for a busy machine to hit the middle of it.
"$tool" pattern 20000 3 >"$T/long"

# interrupted SIGNAL DEVICE ARGS...: sets status.
interrupted() {
	signal=$1
	shift
	: >"$T/out"
	: >"$T/lines"
	# shellcheck disable=SC2086 # several words
	env $with RECORDER_LOG="$T/lines" LD_PRELOAD="$recorder" \
		"$tool" interruptible "$STM32FLASH" --progress=always -R -w "$T/long" \
		"$@" >"$T/out" 2>"$T/err" &
	writer=$!
	n=0
	until grep -q 'Write .*[1-9][0-9]*%' "$T/out" || [ $n -ge 200 ]; do
		sleep 0.1
		n=$((n + 1))
	done
	kill "-$signal" $writer
	wait $writer 2>/dev/null
	status=$?
}

for number in INT:130 TERM:143; do
	about "SIG${number%:*} over I2C, with GPIO lines"
	device "$chip,i2c=0x12,busy=100" "$T/full"
	with="$bus RECORDER_GPIO=v2"
	interrupted "${number%:*}" -a 0x3B -i "$lines" "$dev"
	ends "${number#*:}"
	says out "Write  "
	lacks out "Wrote address 0x08004e20 (100.00%)"
	grep gpiochip "$T/lines" | tail -n 7 | cut -d' ' -f2- |
		sed 's/^/0 /' >"$T/did"
	same "$T/left" "$T/did"
	did 1 "i2c timeout 1000"
	about "the run after SIG${number%:*}"
	with=$bus
	flash -w "$T/image" -v "$dev"
	ends 0
	settled
	same "$T/picture" "$T/flash.bin"
done

about "SIGINT on a serial port, with modem lines"
start_sim "sim:$chip,pace=1" "$T/full"
with=RECORDER_MODEM=1
interrupted INT -i '-rts&dtr,-dtr:rts&dtr,-dtr' "$dev"
ends 130
n=$(cut -d' ' -f2- "$T/lines" | tr '\n' ',')
if [ "$n" = 'rts 0,dtr 1,dtr 0,rts 1,dtr 1,dtr 0,' ]; then good; else
	bad "lines: $n"
fi
finish
