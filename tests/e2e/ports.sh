#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The list of ports: --list-ports, no device given, a device that does not
# exist. The ports are made up, as the machine may have none.
. tests/e2e/lib.sh

# The texts contain bytes that are not UTF-8.
export LC_ALL=C

# with PORTS BUSES ARGS...: as flash, with this many of them.
with() {
	TEST_PORTS="$1 $2"
	export TEST_PORTS
	shift 2
	"$BUILD/tests/with-ports" "$@" >"$T/out" 2>"$T/err"
	status=$?
}

# is FILE TEXT: out or err is exactly this.
is() {
	printf '%s' "$2" >"$T/want"
	if cmp -s "$T/want" "$T/$1"; then good; else
		bad "$1 is not:
$2"
	fi
}

# empty FILE
empty() {
	if [ ! -s "$T/$1" ]; then good; else bad "something in $1"; fi
}

# row N: the line of adapter N, of one digit, without its end.
row() {
	printf '/dev/ttyUSB%s  ftdi_sio  0403:6001 "A\\ %s"  %b' "$1" "$1" \
		'FT232R \0302\0256 \0377'
}

nl='
'
usage="usage: stm32flash [options] device; -h lists the options$nl"
which="stm32flash: no device given; name a serial port or I2C bus$nl"
none="no serial port or I2C bus found: is the adapter plugged in, and its"
none="$none driver loaded?$nl"

about "--list-ports"
with 2 1 --list-ports
ends 0
empty err
is out "$(row 0)
    /dev/serial/by-id/usb-0
$(row 1)
    /dev/serial/by-id/usb-1
/dev/i2c-0    -         -                 made up$nl"
cp "$T/out" "$T/listed"
about "--list-ports, whatever else is asked for"
with 2 1 --quiet --list-ports -w "$T/nothing" /dev/null
ends 0
empty err
same "$T/listed" "$T/out"
about "--list-ports: in order"
with 12 0 --list-ports
ends 0
sed -n 's,^/dev/ttyUSB\([0-9]*\) .*,\1,p' "$T/out" | tr '\n' ' ' >"$T/order"
if [ "$(cat "$T/order")" = "0 1 2 3 4 5 6 7 8 9 10 11 " ]; then good; else
	bad "the order is $(cat "$T/order")"
fi
about "--list-ports --json"
with 12 2 --list-ports --json
ends 0
empty err
# without the first and the last object of every run
sed -e 1d -e '$d' "$T/out" >"$T/ports"
mv "$T/ports" "$T/out"
shape='{"type":"port","kind":"[a-z0-9]*","name":"[^"]*","driver":'
if [ "$(grep -c -e "^$shape" "$T/out")" -eq 14 ]; then good; else
	bad "not 14 objects"
fi
says out '{"type":"port","kind":"i2c","name":"/dev/i2c-1","driver":null,'
says out '"usb_vendor":"0x0403","usb_product":"0x6001","serial":"\"A\\ 11\"",'
if python3 -c '' 2>/dev/null; then
	python3 -c '
import json, sys
ports = [json.loads(line.decode()) for line in open(sys.argv[1], "rb")]
assert len(ports) == 14
assert [p["name"] for p in ports[:12]] == [
    "/dev/ttyUSB%d" % i for i in range(12)]
assert ports[11]["serial"] == "\"A\\ 11\"", ports[11]
assert ports[11]["product"] == "FT232R \u00ae \ufffd", ports[11]
assert ports[11]["manufacturer"] == "FTDI?[2J", ports[11]
assert ports[12]["kind"] == "i2c" and ports[12]["adapter"] == "made up"
' "$T/out" 2>"$T/err"
	status=$?
	if [ $status -eq 0 ]; then good; else bad "python3 refuses it"; fi
else
	echo "not checked by a parser of JSON: no python3"
fi

about "--list-ports, and there are none"
with 0 0 --list-ports
ends 0
empty out
is err "stm32flash: warning: $none"
with 0 0 --list-ports --json
ends 0
lacks out '"port"'
is err "stm32flash: warning: $none"

about "no device named"
with 1 1
ends 2
empty out
is err "$which  ports found:
    $(row 0)
        /dev/serial/by-id/usb-0
    /dev/i2c-0    -         -                 made up
$usage"
for args in '-o' '--verbose'; do
	about "no device named: $args"
	with 12 1 $args
	ends 2
	empty out
	one_line
	says err /dev/ttyUSB11
	lacks err "more"
done
about "no device named, --quiet"
with 1 1 --quiet
ends 2
is err "$which"
about "no device named, and there is none"
with 0 0
ends 2
empty out
is err "$which  $none$usage"
about "another usage error"
with 1 1 -b abc
ends 2
one_line
lacks err ttyUSB

missing=$T/nothing
# the output after the message about a missing device
missed() {
	sed 1d "$T/err" >"$T/rest"
	mv "$T/rest" "$T/err"
	is err "$1"
}
about "a device that does not exist"
with 2 1 "$missing"
ends 3
says err "stm32flash: $missing: no such device"
empty out
missed "  ports found:
    $(row 0)
    $(row 1)$nl"
about "a device that does not exist, and many that do"
with 12 1 "$missing"
ends 3
one_line
says err "/dev/ttyUSB7 "
lacks err "/dev/ttyUSB8 "
says err "    and 4 more: --list-ports"
with 8 1 "$missing"
says err "/dev/ttyUSB7 "
lacks err "more"
about "a device that does not exist, and none does"
with 0 1 "$missing"
ends 3
missed "  no serial port found$nl"
about "a device that does not exist, --quiet"
with 2 1 --quiet "$missing"
ends 3
missed ""
about "no device, a directory"
with 1 0 "$T"
ends 3
says err /dev/ttyUSB0
if [ "$(uname -s)" = Linux ]; then
	about "an I2C bus that does not exist"
	with 1 2 -a 0x33 /dev/i2c-nothing
	ends 3
	missed "  ports found:
    /dev/i2c-0  made up
    /dev/i2c-1  made up$nl"
fi
# none exists for root
for device in /dev/tty0 /dev/console /dev/mem; do
	if [ -c "$device" ] && [ ! -r "$device" ] && [ ! -w "$device" ]; then
		about "permission denied: $device"
		with 2 1 "$device"
		ends 3
		says err "permission denied"
		missed ""
	fi
done
about "a wrong name of a simulated part"
with 2 1 sim:nonsense
lacks err ttyUSB

about "the ports of this machine"
flash --list-ports
ends 0
n=$(grep -c -v '^ ' "$T/out")
flash --list-ports --json
ends 0
if [ "$(grep -c '^{"type":"port",.*}$' "$T/out")" -eq "$n" ]; then good; else
	bad "$n ports, but not so many objects"
fi
if [ -c /dev/full ]; then
	about "the list does not arrive"
	TEST_PORTS="1 0" "$BUILD/tests/with-ports" --list-ports \
		>/dev/full 2>"$T/err"
	status=$?
	ends 7
	says err "standard output"
fi
finish
