# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every action over I2C. Sourced after tests/e2e/lib.sh by a test that defines
# the bus:
#	device SPEC [FLASH]	starts a fresh device of sim:i2c:SPEC; sets $dev
#	settled			from now on its files exist
# and `flash`, which runs the program on it.
# shellcheck disable=SC2154 # of lib.sh: tool, status, dev

# F07x, with pages of 2 KiB and protocol version 1.0.
chip=0x448,size=32K

"$tool" pattern 2600 1 >"$T/image"
"$tool" pattern 32768 2 >"$T/full"
"$tool" pad 32768 0xFF <"$T/image" >"$T/picture"
: | "$tool" pad 32768 0xFF >"$T/blank"
: | "$tool" pad 4096 0xFF >"$T/blank2"

# few_polls: less than one BUSY per 2 ms of work.
few_polls() {
	n=$(awk '{ n[$1] = $2 } END {
		print n["busy_polls"] * 2000 <= n["work_us"] ? "few" : "many"
		print n["busy_polls"], "in", n["work_us"], "us" }' "$T/stats")
	case $n in
	few*) good ;;
	*) bad "BUSY polls: $n" ;;
	esac
}

# some_polls YES-OR-NO: no-stretch commands did the work, or the others.
some_polls() {
	n=$(sed -n 's/^busy_polls //p' "$T/stats")
	case $1:$n in
	yes:0 | no:[1-9]*) bad "$n BUSY polls" ;;
	*) good ;;
	esac
}

# job NAME SPEC FLASH ARGS...: it succeeds; the device's files exist. FLASH
# empty: a new one.
job() {
	about "I2C, $variant: $1"
	job_spec=$2 job_flash=$3
	shift 3
	device "$job_spec,$variant" ${job_flash:+"$job_flash"}
	flash "$@" "$dev"
	ends 0
	settled
	few_polls
	counts granules_refused 0
}

reading_jobs() {
	job info "$chip" "$T/full"
	says out "Version      : $version"
	says out "Device ID    : 0x0448 (STM32F070xB"
	says out "- Flash size : 32KiB on this chip"
	untouched "$T/full"

	job "read whole" "$chip" "$T/full" -r "$T/back"
	same "$T/full" "$T/back"
	untouched "$T/full"

	job "read a range" "$chip" "$T/full" -r "$T/back" -S 0x08000123:700
	"$tool" cut 291 700 <"$T/full" >"$T/part"
	same "$T/part" "$T/back"

	job "CRC" "$chip" "$T/full" -C
	says out "$crc"
	commands A1 "$checksums"

	job "CRC of a range" "$chip" "$T/full" -C -S 0x08000400:512
	says out "$crc_part"
}

writing_jobs() {
	job "write and verify" "$chip" "$T/full" -w "$T/image" -v
	says out 'Wrote and verified address 0x08000a28 (100.00%) Done.'
	same "$T/picture" "$T/flash.bin"
	counts mass_erases 1
	counts resets "$resets"
	commands "$writes" 11
	commands "$erases" 1
	some_polls "$polls"

	job "write a page" "$chip" "$T/full" -w "$T/image" -S 0x08001000:2600 -v
	holds 4096 "$T/image"
	counts pages_erased 2
	"$tool" patch 4096 "$T/full" <"$T/image" >"$T/want"
	same "$T/want" "$T/flash.bin"

	job "short frames" "$chip" "$T/full" -F 64:66 -w "$T/image" -v \
		--trace="$T/trace"
	same "$T/picture" "$T/flash.bin"
	commands "$writes" 41
	n=$("$tool" longest '> ' <"$T/trace")
	if [ "$n" -le 66 ]; then good; else bad "a frame of $n bytes"; fi
	n=$("$tool" longest '< ' <"$T/trace")
	if [ "$n" -le 64 ]; then good; else bad "a read of $n bytes"; fi

	job "write to RAM" "$chip" "$T/full" -w "$T/part" -S 0x20001800 -v
	untouched_flash

	job "erase all" "$chip" "$T/full" -o
	same "$T/blank" "$T/flash.bin"
	counts mass_erases 1
	commands "$erases" 1

	job "erase pages" "$chip" "$T/full" -o -s 2 -e 2
	"$tool" patch 4096 "$T/full" <"$T/blank2" >"$T/want"
	same "$T/want" "$T/flash.bin"
	counts pages_erased 2
	commands "$erases" 1

	# 128 pages of 128 bytes, in two lists, as it has no mass erase
	job "erase page by page" 0x447,addr=0x3B,size=16K "" -o
	counts pages_erased 128
	commands "$erases" 2
	counts mass_erases 0
}

untouched_flash() {
	same "$T/full" "$T/flash.bin"
	counts pages_erased 0
	counts mass_erases 0
}

protection_jobs() {
	job "write unprotect" "$chip,wrp=0+3" "$T/full" -u
	counts resets $((resets + 1))
	if grep -qx wrp "$T/nv"; then good; else bad "still protected"; fi
	untouched_flash

	job "write unprotect and write" "$chip,wrp=0" "$T/full" \
		-u -w "$T/image" -v
	same "$T/picture" "$T/flash.bin"

	job "write protect" 0x440,addr=0x3B "" --write-protect=1:2
	happened "wrp 01 02"
	says out "0x08001000-0x08003000"
	counts resets $((2 * resets + 1))	# it comes back

	job "readout protect" "$chip" "$T/full" -j
	happened "rdp 1"
	counts resets $((resets + 1))
	untouched_flash

	job "write and protect" "$chip" "$T/full" -w "$T/image" -v -j
	happened "rdp 1"
	same "$T/picture" "$T/flash.bin"

	job "readout unprotect" "$chip,rdp=1" "$T/full" -k
	happened "rdp 0"
	same "$T/blank" "$T/flash.bin"

	job "readout unprotect and write" "$chip,rdp=1" "$T/full" \
		-k -w "$T/image" -v
	same "$T/picture" "$T/flash.bin"

	about "I2C, $variant: protected"
	device "$chip,rdp=1,$variant" "$T/full"
	flash -r "$T/back" "$dev"
	ends 5
	says err "readout protected"
	settled
}

ending_jobs() {
	job "go" "$chip" "$T/full" -g 0
	happened "go 0x08000000"
	untouched_flash

	job "write, verify and go" "$chip" "$T/full" -w "$T/image" -v -g 0
	happened "go 0x08000000"
	same "$T/picture" "$T/flash.bin"

	job "reset" "$chip" "$T/full" -R
	counts reset_stores 1
	happened "reset by AIRCR"

	job "write and reset" "$chip" "$T/full" -w "$T/image" -R
	counts reset_stores 1
	same "$T/picture" "$T/flash.bin"
}

# i2c_jobs VARIANT VERSION OPCODES POLLS CHECKSUMS RESETS: every action.
# VARIANT is added to the specification; OPCODES are those of Write and Erase;
# POLLS: they answer BUSY; CHECKSUMS: how often a CRC uses the ROM; RESETS: the
# cost of finding the length of the list of commands.
i2c_jobs() {
	variant=$1 version=$2 writes=${3%:*} erases=${3#*:} polls=$4
	checksums=$5 resets=$6
	reading_jobs
	writing_jobs
	protection_jobs
	ending_jobs
}

# The expected CRCs, from the same chip on a UART.
reference_crcs() {
	new_chip "$T/full"
	flash -C "$(spec "sim:$chip")"
	crc=$(grep '^CRC(' "$T/out")
	new_chip "$T/full"
	flash -C -S 0x08000400:512 "$(spec "sim:$chip")"
	crc_part=$(grep '^CRC(' "$T/out")
}

# Every protocol version, with and without no-stretch commands, and lists that
# are longer or shorter than in the version.
i2c_variants() {
	reference_crcs
	i2c_jobs i2c=0x10 0x10 31:44 no 0 0
	i2c_jobs i2c=0x11 0x11 32:45 yes 0 0
	i2c_jobs i2c=0x12 0x12 32:45 yes 2 0
	[ "${EFFORT:-}" != low ] || return 0
	i2c_jobs i2c=0x11,nostretch=0 0x11 31:44 no 0 1
	i2c_jobs i2c=0x12,nostretch=0 0x12 31:44 no 2 1
	i2c_jobs i2c=0x12,checksum=none,extra=50+51 0x12 32:45 yes 0 0
	i2c_jobs i2c=0x12,stretchbusy=1 0x12 32:45 yes 2 0
}
