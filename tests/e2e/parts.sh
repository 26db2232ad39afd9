#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The real chip instead of its family: flash size, bank mode, memories; the
# list of parts; and every fact of dev_table.h is used.
. tests/e2e/lib.sh

"$tool" pattern 2501 2 >"$T/image"

# used SPEC SIZE: a device with a full flash.
used() {
	"$tool" pattern "$2" 7 >"$T/full"
	use_sim "$1" "$T/full"
}

# erased OFFSET LEN: exactly that part of the flash is erased.
erased() {
	"$tool" pad "$2" 0xFF </dev/null |
		"$tool" patch "$1" "$T/full" >"$T/expected"
	same "$T/expected" "$T/flash.bin"
}

# The size: 64 KiB in a family with up to 128.
about "the size register narrows the flash"
used sim:0x410,size=64K 65536
flash "$dev"
ends 0
says out "- Flash      : Up to 128KiB"
says out "- Flash size : 64KiB on this chip"
flash -r "$T/back" "$dev"
ends 0
same "$T/full" "$T/back"
flash -C "$dev"
ends 0
says out "CRC(0x08000000-0x08010000)"
flash -o -s 63 -e 1 "$dev"
ends 0
erased 64512 1024
about "the size register narrows the flash: beyond it"
used sim:0x410,size=64K 65536
"$tool" pattern 65537 3 >"$T/big"
flash -w "$T/big" "$dev"
ends 7
one_line
says err "too big"
untouched "$T/full"
for args in "-o -s 64 -e 1" "-r $T/none -s 64" \
	"-r $T/none -S 0x0800ff00:257" "-w $T/image -S 0x0800fc00:2501"; do
	about "beyond the size of the chip: $args"
	# shellcheck disable=SC2086 # several words
	flash $args "$dev"
	ends 2
	one_line
	untouched "$T/full"
done
[ ! -e "$T/none" ] || bad "a file was made"

about "sectors of a smaller F4"
used sim:0x413,size=512K 524288
flash -r "$T/back" "$dev"
same "$T/full" "$T/back"
flash -o -s 7 -e 1 "$dev"
ends 0
erased 393216 131072
flash -o -s 8 -e 1 "$dev"
ends 2

for register in 0x0000 0xFFFF 0x0081; do
	about "a size register of $register"
	used "sim:0x410,sizereg=$register" 131072
	flash --verbose "$dev"
	ends 0
	says out "flash size register says $register; taking the family's"
	lacks out "Flash size :"
	flash -r "$T/back" "$dev"
	ends 0
	same "$T/full" "$T/back"
	flash "$dev"
	lacks out "register"
done

for part in "0x423 128" "0x417 32" "0x469 256" "0x450 128"; do
	# shellcheck disable=SC2086 # two words
	set -- $part
	about "$1: a ROM that refuses short reads tells it all the same"
	use_sim "sim:$1,size=$2K,shortread=nack"
	flash "$dev"
	ends 0
	says out "Flash size : $2KiB on this chip"
done
for rom in 2.2 3.1 strict worst; do
	about "rom=$rom: a register that is refused is asked for six times"
	use_sim sim:0x410,pid=0x460,rom=$rom
	flash --verbose -r "$T/back" -S 0x08000000:256 "$dev"
	ends 0
	says out "0x1fff75e0: the address was refused (NACK); taking the"
	says out ", no retries"
	commands 11 7
	about "rom=$rom: nor is it --pipeline's fault"
	flash --verbose --pipeline -r "$T/back" -S 0x08000000:256 "$dev"
	ends 0
	says out ", no retries"
	lacks out "lost"
	commands 11 9
done
about "short reads refused, and frames too short for others"
use_sim sim:0x423,size=128K,shortread=nack
flash -F 20 --verbose "$dev"
ends 0
says out "taking the family's largest"

about "a protected chip"
used sim:0x469,rdp=1,size=256K 262144
flash --verbose "$dev"
ends 0
says out "flash size register at 0x1fff75e0"
says out "taking the family's largest"
says out "bank mode of this chip cannot be read"
lacks out "Flash size :"
about "a protected chip, asked again when it is open"
flash -k -w "$T/image" -S 0x08000000 --erase=pages -v --verbose "$dev"
ends 0
says out "the option bytes say: two banks"
holds 0 "$T/image"
counts granules_refused 0

# Bank modes, with option bytes that are not the factory's.
# banks SPEC SIZE OPTION-BYTES
banks() {
	used "$1" "$2"
	echo "bytes $3" >"$T/nv"
}
two="sim:0x451 sim:0x469 sim:0x470 sim:0x471 sim:0x472"
for spec in $two; do
	case $spec in
	*451) size=2097152 nv="0x1FFF0008 FF DF" one=32768 two=16384 ;;
	*469) size=524288 nv="0x1FFF7800 AA FF FF FF" one=4096 two=2048 ;;
	*470) size=2097152 nv="0x1FF00000 AA FF FF FF" one=8192 two=4096 ;;
	*471) size=1048576 nv="0x1FF00000 AA FF FF FF" one=8192 two=4096 ;;
	*472) size=524288 nv="0x40022040 AA FF FF FF" one=4096 two=2048 ;;
	esac
	about "$spec with two banks: pages_dual or pages"
	banks "$spec" "$size" "$nv"
	flash -o -s 3 -e 1 --verbose "$dev"
	ends 0
	says out "the option bytes say: two banks"
	erased $((3 * two)) "$two"
	case $spec in
	*451) nv="0x1FFF0008 FF FF" ;;
	*471) nv="0x1FF00000 AA FF DF FF" ;;
	*) nv="${nv% FF FF} BF FF" ;;
	esac
	about "$spec with one bank: pages_single or pages"
	banks "$spec" "$size" "$nv"
	flash -o -s 3 -e 1 --verbose "$dev"
	ends 0
	says out "the option bytes say: one bank"
	erased $((3 * one)) "$one"
	about "$spec with one bank: what shares a page is kept"
	banks "$spec" "$size" "$nv"
	flash -w "$T/image" -S $((0x08000000 + 2 * one + 256)) --erase=pages \
		-v "$dev"
	ends 0
	"$tool" patch $((2 * one + 256)) "$T/full" <"$T/image" >"$T/expected"
	same "$T/expected" "$T/flash.bin"
	counts granules_refused 0
	counts pages_erased 1
done

# refused ARGS...: suggests --erase=chip, and does nothing.
refused() {
	flash "$@" "$dev"
	ends 2
	one_line
	says err "--erase=chip"
	untouched "$T/full"
}

about "bank_mode: two banks in half an F42x: the first is certain"
for spec in sim:0x419,size=1M sim:0x434,size=1M; do
	banks $spec 1048576 "0x1FFFC008 FF FF FF FF"
	refused -o -s 8 -e 1
	refused -w "$T/image" -S 0x08080000:2501
	flash -o -s 7 -e 1 "$dev"
	ends 0
	erased 393216 131072
	about "bank_mode: one bank in half an F42x"
	banks $spec 1048576 "0x1FFFC008 FF BF FF FF"
	flash -o -s 11 -e 1 --verbose "$dev"
	ends 0
	says out "one bank"
	erased 917504 131072
done
about "bank_mode: the largest F42x has two, whatever DB1M says"
banks sim:0x419 2097152 "0x1FFFC008 FF BF FF FF"
flash -o -s 12 -e 1 --verbose "$dev"
ends 0
lacks out "bank"
erased 1048576 16384
about "bank_mode: half a G47x"
banks sim:0x469,size=256K 262144 "0x1FFF7800 AA FF BF FF"
flash -o -s 63 -e 1 "$dev"
ends 0
erased 258048 4096
banks sim:0x469,size=256K 262144 "0x1FFF7800 AA FF FF FF"
refused -o -s 127 -e 1

# The smaller parts use another bit; or the ROM refuses every read of the
# register.
nacks=
for n in 2 3 4 5 6 7 8 9 10; do nacks=$nacks,nack=read:$n:1; done
for spec in "sim:0x470,size=1M 1048576" "sim:0x471,size=512K 524288" \
	"sim:0x472,size=256K 262144" "sim:0x469$nacks 524288"; do
	about "a bank mode that cannot be told: $spec"
	used "${spec% *}" "${spec#* }"
	flash --verbose "$dev"
	ends 0
	says out "the bank mode of this chip cannot be read"
	# before blaming the pages it reads again, which works here
	case $spec in *nack*) continue ;; esac
	refused -o -s 0 -e 1
	refused -o -S 0x08000000:8192
	refused -w "$T/image" --erase=pages
	refused -w "$T/image" -s 0 -e 2
	refused -w "$T/image" -S 0x08000000:2501
	flash -w "$T/image" --erase=chip -S 0x08000400 -v "$dev"
	ends 0
	holds 1024 "$T/image"
	counts mass_erases 1
	flash -o "$dev"
	ends 0
	flash -r "$T/back" "$dev"
	ends 0
	same "$T/flash.bin" "$T/back"
done

# Memories
about "ram_safe: code goes where all sources agree"
for part in "0x441 0x20004000" "0x460 0x20003000" "0x464 0x20003100"; do
	# shellcheck disable=SC2086 # two words
	set -- $part
	use_sim "sim:$1"
	flash -R "$dev"
	ends 0
	happened "store $2"
done
about "more_ram"
use_sim sim:0x450
flash -w "$T/image" -S 0x24005000 -v "$dev"
ends 0
happened "store 0x24005000+256"
counts mass_erases 0
about "option_bytes: the second place"
"$tool" ramp 8 >"$T/options"
use_sim sim:0x415
flash -w "$T/options" -S 0x1FFFF800:8 -v "$dev"
ends 0
happened "option 0x1FFFF800"
about "system_memory: it can be read, and not be written"
for rom in 2.2 3.1 strict; do
	use_sim sim:0x467,rom=$rom
	flash -r "$T/back" -S 0x1FFF8000:24 "$dev"
	ends 0
	printf 'simulated system memory ' >"$T/expected"
	same "$T/expected" "$T/back"
	flash -w "$T/image" -S 0x1FFF8000 "$dev"
	ends 7
	says err "system memory"
	commands 31 0
done
about "eeprom: at a place of its own"
use_sim sim:0x44E
flash -w "$T/image" -S 0x09000000 -v "$dev"
ends 0
counts mass_erases 0
happened "store 0x09000000+256"
about "uid_reg: read like any memory"
use_sim sim:0x413
flash -r "$T/back" -S 0x1FFF7A10:12 "$dev"
ends 0
printf 123456789:\;\< >"$T/expected"
same "$T/expected" "$T/back"
about "wrp_pages: so many share a unit of the write protection"
used sim:0x410,wrp=1 131072
"$tool" cut 0 1000 <"$T/image" >"$T/short"
flash -w "$T/short" -S 0x08001C00:1000 -v "$dev"
ends 5
says err "24 kept bytes may be lost on the chip and are saved in stm32flash-kept"
rm -f stm32flash-kept.hex
counts pages_erased 0
flash -w "$T/image" -S 0x08002000:2501 -v "$dev"
ends 0
counts granules_refused 0
about "timing: a mass erase that takes its time is waited for"
use_sim sim:0x450
flash -o "$dev"
ends 0
counts erase_us 14336000

# The list
about "--list-devices"
flash --list-devices
ends 0
[ ! -s "$T/err" ] || bad "something on stderr"
grep -v '^0x' "$T/out" >"$T/head"
says out "ID "
[ "$(wc -l <"$T/head")" -eq 2 ] || bad "$(wc -l <"$T/head") lines of heading"
rows=$(grep -c '^0x' "$T/out")
listed() { # TEXT: a line equals this, except for blanks
	if tr -s ' ' <"$T/out" | grep -qxF -e "$1"; then good; else
		bad "no line: $1"
	fi
}
listed "0x410 128 19 128x1024 0x43 - STM32F10xxx Medium-density"
listed "0x413 1024 116 4x16384+1x65536+7x131072 0x44 0x3A STM32F40xxx/41xxx"
listed "0x447 192 15 1536x128 pages 0x42 STM32L07xxx/08xxx"
listed "0x454 1024 240 256x4096 0x44 0x6C/0x5A STM32U375xx/385xx"
listed "0x500 0 0 - ? - STM32MP15xx (another protocol)"
listed "0x70050240 256 0 128x2048 0x44 - Artery AT32F403AVCT7"
about "--list-devices --json: an object a line"
flash --list-devices --json
ends 0
shape='{"type":"device","id":"0x[0-9a-f]*","name":"[^"]*","flash_start":'
shape=$shape'[0-9]*,"flash_bytes":[0-9]*,"ram_start":[0-9]*,"ram_end":[0-9]*,'
shape=$shape'"pages":\[\(\[[0-9]*,[0-9]*\],\{0,1\}\)*\],"erase":"[^"]*",'
shape=$shape'"i2c":\[[0-9,]*\],"an3155":[a-z]*}'
# one more at the beginning and one at the end
for n in "$(($(grep -c . "$T/out") - 2))" \
	"$(grep -cx -e "$shape" "$T/out")"; do
	if [ "$n" -eq "$rows" ]; then good; else
		bad "$n objects, $rows in the text"
	fi
done
says out '"id":"0x447","name":"STM32L07xxx/08xxx","flash_start":134217728,'
says out '"pages":[[4,16384],[1,65536],[7,131072]],"erase":"0x44","i2c":[58],'

# Every fact is used, and every quirk is tested.
engine=
for file in *.c cli/*.c flash/*.c protocol/*.c host/*.c sim/*.c; do
	[ "$file" = dev_table.c ] || engine="$engine $file"
done
# used_by NAME PATTERN: the code uses it.
used_by() {
	about "$1"
	# shellcheck disable=SC2086 # many files
	if grep -qE -e "$2" $engine; then good; else
		bad "in dev_table.h, but not used"
	fi
}
quirks=$(sed -n 's/^\t\(DEV_[A-Z0-9_]*\) = .*/\1/p' dev_table.h)
defects=$(sed -n 's/^\tstruct dev_defect \([a-z_]*\);.*/\1/p' dev_table.h)
[ "$(echo "$quirks" | wc -l)" -gt 20 ] || bad "no quirks found"
[ "$(echo "$defects" | wc -l)" -eq 4 ] || bad "no defects found"
for name in $quirks; do
	used_by "$name" "\\b$name\\b"
done
for name in $quirks $defects; do
	about "$name"
	if grep -q "^[	]*quirk $name " tests/e2e/quirks.sh; then good; else
		bad "no check in quirks.sh"
	fi
done
# Without the comments: a declarator ends with its name.
fields=$(sed -n '/^struct dev {/,/^};/p' dev_table.h | tr '\n' ' ' |
	sed 's|/\*[^*]*\**\([^/*][^*]*\**\)*/||g' | awk '{
		n = split($0, part, /[;,]/)
		for (i = 1; i <= n; i++)
			if (match(part[i], /[a-z][a-z0-9_]*(\[[A-Z0-9_]*\])*$/)) {
				name = substr(part[i], RSTART)
				sub(/\[.*/, "", name)
				print name
			}
	}')
[ "$(echo "$fields" | wc -l)" -ge 40 ] || bad "no fields found"
for name in $fields; do
	case $name in
	by_name_only | debug_id) # used by the look-up in the table
		about "$name"
		if grep -q "if (dev->.*$name" dev_table.c; then good; else
			bad "not used"
		fi
		;;
	*) used_by "$name" "(dev|row)(->|\\.)$name\\b" ;;
	esac
	if grep -rqw -e "$name" tests/e2e tests/unit; then good; else
		bad "no test has it"
	fi
done
finish
