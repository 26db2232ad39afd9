#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Out of memory, at each allocation of a job in turn: the run ends with one
# message about it and leaves nothing incomplete without a message, or it works
# without that memory and completes.
: "${STM32FLASH:=./stm32flash}"
. tests/preload_skip.sh
if grep -q -e __asan_init -e __ubsan_handle -e __tsan_init "$STM32FLASH"; then
	echo "skip: a program with sanitizers has an allocator of its own"
	exit 77
fi

. tests/e2e/lib.sh

library=$T/no_memory.so
# shellcheck disable=SC2086 # CC may be several words
$CC -std=c11 -D_DEFAULT_SOURCE -O1 -shared -fPIC -o "$library" \
	tests/preload/no_memory.c || exit 1

# starved N ARGS...: replaces `flash`; the Nth allocation fails.
starved() {
	nth=$1
	shift
	rm -f "$T/failed"
	NO_MEMORY_AT=$nth NO_MEMORY_SAYS=$T/failed LD_PRELOAD=$library \
		"$STM32FLASH" "$@" >"$T/out" 2>"$T/err"
	status=$?
}

# says_so: an error message about memory.
says_so() {
	if [ "$status" -ge 1 ] && [ "$status" -le 7 ]; then good; else
		bad "status $status"
	fi
	if grep -q '^stm32flash: .*memory' "$T/err"; then good; else
		bad "no word about memory"
	fi
	n=$(grep -c '^stm32flash: ' "$T/err")
	if [ "$n" -eq 1 ]; then good; else bad "$n messages"; fi
}

step=1
[ "${EFFORT:-}" != low ] || step=3

# job NAME DEVICE SPEC FLASH ARGS...: repeats it until no allocation fails.
# DEVICE: start_sim, with a server that has its own memory, or use_sim.
# `done_well` checks the result of a run that reports success.
job() {
	job_name=$1 job_device=$2 job_spec=$3 job_flash=$4
	shift 4
	at=$((1 - step))
	: >"$T/failed"
	while [ -e "$T/failed" ] && [ $at -lt 1000 ]; do
		at=$((at + step))
		about "$job_name: allocation $at"
		rm -f "$T/back"
		$job_device "$job_spec" "$job_flash"
		starved $at "$@" "$dev"
		if [ "$status" -eq 0 ]; then done_well; else says_so; fi
		stop_sim
	done
	about "$job_name"
	ends 0
	if [ $at -gt 5 ]; then good; else bad "only $at allocations"; fi
	echo "$job_name: $at allocations"
}

"$tool" pattern 9000 1 >"$T/image"
"$tool" pattern 32768 2 >"$T/full"
: | "$tool" pad 524288 0xFF >"$T/blank"
chip=sim:0x410,size=32K

done_well() {
	stop_sim
	same "$T/picture" "$T/flash.bin"
}
"$tool" pad 32768 0xFF <"$T/image" >"$T/picture"
job "write and verify" start_sim $chip "$T/full" -w "$T/image" -v
"$tool" patch 1500 "$T/full" <"$T/image" >"$T/picture"
job "write inside of pages" start_sim $chip "$T/full" \
	-w "$T/image" -S 0x080005DC:9000 -v
job "write what differs" start_sim $chip "$T/full" --changed \
	-w "$T/image" -S 0x080005DC:9000

done_well() {
	says out "(100.00%) Done."
}
flash -r "$T/image.hex" --format=hex "$chip,file=$T/full"
flash -r "$T/image.srec" --format=srec "$chip,file=$T/full"
for file in "$T/image.hex" "$T/image.srec" tests/formats/good/gcc.elf; do
	job "write ${file##*.}" use_sim sim:0x414,size=512K "$T/blank" \
		--trace="$T/trace" -w "$file"
done
job "over I2C" use_sim sim:i2c:0x448,size=32K "$T/full" \
	-w "$T/image" -v
job "a sequence" use_sim "$chip,boot0=rts,reset=dtr" "$T/full" \
	-i 'rts&dtr,-dtr:-rts&dtr,-dtr' -R -w "$T/image"

done_well() {
	same "$T/full" "$T/back"
}
job "read" use_sim $chip "$T/full" -r "$T/back"
for format in hex srec; do
	done_well() {
		same "$T/image.$format" "$T/back"
	}
	job "read to $format" use_sim $chip "$T/full" --format=$format \
		-r "$T/back"
done
done_well() {
	says out "CRC(0x08000000-0x08008000) = "
}
job "CRC" use_sim $chip "$T/full" -C
finish
