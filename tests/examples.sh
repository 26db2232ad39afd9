#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every example of manual and README unchanged, with a simulated chip as
# its device, and checks its effect. An unknown example is a failure. Omits the
# sequences of GPIO lines: tests/preload/test_manual_sequences.sh runs these
# lines with them. Of the examples with servers, runs those for many boards
# without servers; tests/e2e/servers.sh runs README's Makefile with some.
. tests/e2e/lib.sh

top=$PWD
case $STM32FLASH in
/*) ;;
*) STM32FLASH=$top/$STM32FLASH ;;
esac
case $tool in
/*) ;;
*) tool=$top/$tool ;;
esac
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this

cr=$(printf '\r')

# --- the examples ---------------------------------------------------------------

# Each in a file of its own, $T/examples/manual.N: the text after .Dl with a
# prompt, and the text of a literal display.
mkdir "$T/examples" "$T/work" "$T/bin"
awk -v to="$T/examples/manual." '
	function begin() { file = sprintf("%s%02d", to, ++n) }
	/^\.Sh / { servers = $2 == "NETWORK" }
	servers { next }
	/^\.Dl [$#] / {
		begin()
		gsub(/\\e/, "\\")
		print substr($0, 5) >file
		close(file)
		next
	}
	/^\.Bd -literal/ { begin(); literal = 1; next }
	/^\.Ed/ { literal = 0; close(file) }
	literal {
		sub(/^\\&/, "")
		gsub(/\\e/, "\\")
		print >file
	}' stm32flash.1

# In README: text indented by four blanks after an empty line, and the commands
# in the table of messages. Strips the remark after a command.
awk -v to="$T/examples/readme." '
	function begin() { file = sprintf("%s%02d", to, ++n) }
	/^[A-Z][A-Z ,]*$/ { title = $0 }
	title ~ /^OVER THE NETWORK/ { next }
	title == "WHEN IT DOES NOT WORK" && /^          +(stm32flash|sudo) / {
		begin()
		sub(/^ */, "")
		print >file
		close(file)
		next
	}
	/^                    / { next }
	/^    / && (inside || empty) {
		if (empty && drawing) inside = 0
		if (!inside) begin()
		drawing = (inside && drawing) || /[+]---/
		if (inside && empty) print "" >file
		inside = 1
		empty = 0
		print substr($0, 5) >file
		next
	}
	/^$/ { empty = 1; next }
	{ inside = empty = 0 }' README
for file in "$T"/examples/readme.*; do
	sed 's/^\(make[^ ]*\( [^ ]*\)*\)   *.*/\1/' "$file" >"$T/file"
	mv "$T/file" "$file"
done

# --- their files ------------------------------------------------------------------

"$tool" app 0x08000000 >"$T/app"
"$tool" hex 0x08000000 16 <"$T/app" >"$T/app.hex"
"$tool" pattern 3000 1 >"$T/raw"
"$tool" pattern 65536 2 >"$T/old"

fresh_files() {
	rm -rf "$T/work"
	mkdir "$T/work" "$T/work/demo"
	cp "$T/app.hex" demo/firmware.hex "$T/work/"
	cp "$T/raw" "$T/work/app.bin"
	cp tests/formats/good/gcc.elf "$T/work/app.elf"
	cp demo/firmware.hex "$T/work/demo/"
}

# The result of writing gcc.elf to a blank chip, once the CRCs of its segments
# in tests/formats match.
segments=$(sed -n 's/^good\/gcc\.elf|ELF|//p' tests/formats/expected)
[ -n "$segments" ] || bad "tests/formats/expected lacks gcc.elf"
about "the segments of gcc.elf"
reference=sim:0x410,size=64K,file=$T/elf
flash --quiet -w tests/formats/good/gcc.elf "$reference"
for segment in $segments; do
	len=${segment#*+}
	words=$(((${len%%=*} + 3) / 4 * 4))
	flash --quiet -C -S "0x${segment%%+*}:$words" "$reference"
	says out " 0x${segment#*=}"
done

# elf_is_in FLASH: compares byte by byte; gaps are not part of the file.
elf_is_in() {
	for segment in $segments; do
		at=$((0x${segment%%+*} - 0x08000000)) len=${segment#*+}
		"$tool" cut $at "${len%%=*}" <"$T/elf" >"$T/wanted"
		"$tool" cut $at "${len%%=*}" <"$1" >"$T/held"
		same "$T/wanted" "$T/held"
	done
}

# has_file FILE FLASH OFFSET
has_file() {
	case $1 in
	app.elf)
		elf_is_in "$2"
		return
		;;
	app.hex) image=$T/app ;;
	app.bin) image=$T/raw ;;
	demo/firmware.hex) image=$top/demo/firmware.bin ;;
	*)
		bad "no such file here: $1"
		return
		;;
	esac
	"$tool" cut "$3" "$(wc -c <"$image")" <"$2" >"$T/held"
	same "$image" "$T/held"
}

# --- the commands -------------------------------------------------------------------

# From here on checks are counted in files, as examples run in subshells.
: >"$T/good"
: >"$T/bad"
good() {
	echo >>"$T/good"
}
bad() {
	echo "FAIL $about: $1" | tee -a "$T/bad"
	sed 's/^/  err: /' "$T/err" | tail -n 3
}

# place DEVICE: prints the simulated chip that replaces it.
place() {
	keys=file=$T/flash.bin,log=$T/log,stats=$T/stats
	case $1 in
	/dev/i2c-[0-9]) echo "sim:i2c:0x448,addr=$address,size=64K,$keys" ;;
	/dev/tty[A-Z]*[0-9] | PORT) echo "sim:0x410,size=64K,$board$keys" ;;
	sim:*) echo "$1" ;;
	*) echo "$1" && bad "no device known here: $1" >&2 ;;
	esac
}

# Checks what the options of the command promise.
look() {
	if [ -n "$wrote" ] && [ -n "$dry" ]; then
		says out "Dry run: nothing is changed"
		same "$T/old" "$flash"
	elif [ -n "$wrote" ]; then
		for file in $wrote; do
			case $file in
			*@*) has_file "${file%@*}" "$flash" \
				"$((${file#*@} - 0x08000000))" ;;
			*) has_file "$file" "$flash" "$((start))" ;;
			esac
		done
		says "$facts" "Summary      : "
	fi
	if [ -n "$kept" ]; then	# before the range
		"$tool" cut 0 "$((start))" <"$T/old" >"$T/before"
		"$tool" cut 0 "$((start))" <"$flash" >"$T/held"
		same "$T/before" "$T/held"
	fi
	[ -z "$go" ] || happened "go 0x0800"
	[ -z "$go" ] || [ "$wrote" != app.hex ] || happened "app: U"
	[ -z "$verify" ] || [ -n "$dry" ] || [ -n "$json" ] ||
		says "$facts" "verified"
	case $read in
	*.hex)
		flash --quiet --compare="$read" "sim:0x410,size=64K,file=$flash"
		ends 0
		;;
	?*) same "$T/old" "$read" ;;
	esac
	[ -z "$erased" ] || counts mass_erases 1
	[ -z "$ports" ] || says out /dev/
	[ -n "$wrote$read$ports$erased" ] || says out "Device ID    : 0x0410"
	case $board in
	*asserted=1,) says out "Sequence     : -i '-rts&dtr,-dtr:" ;;
	boot0=*) counts resets 2 ;;
	esac
}

# The program: parses the command, replaces the device by a simulated chip, and
# checks the result.
stm32flash() {
	echo "$*" >>"$T/ran"
	about "$example: stm32flash $*"
	wrote='' read='' start=0x08000000 go='' verify='' dry='' kept='' ports=''
	board='' address='' json='' device='' facts=out erased='' differs=''
	n=$#
	while [ "$n" -gt 0 ]; do
		option=$1
		shift
		n=$((n - 1))
		case $option in
		-w | -r | -S | -g | -i | -a | -b)
			value=$1
			shift
			n=$((n - 1))
			;;
		esac
		case $option in
		-w) wrote="$wrote $value" ;;
		-r) read=$value ;;
		-S) start=$value ;;
		-g) go=$value ;;
		-a) address=$value ;;
		-i)
			case $value in
			*rts*) board=boot0=-rts,reset=dtr, ;;
			auto) board=boot0=-rts,reset=dtr,asserted=1, ;;
			*) continue ;;	# lines of the host
			esac
			;;
		-v) verify=yes ;;
		-k) board=rdp=1, ;;
		-u) board=wrp=0+1, ;;
		--knock='boot\r@115200') board="knock=boot$cr@115200," ;;
		-b | -R | --changed | --option-bytes | --set=* | --verbose) ;;
		--dry-run) dry=yes ;;
		--erase=pages) kept=yes ;;
		--json) json=yes ;;
		--list-ports) ports=yes ;;
		--compare=*) differs=6 ;;	# the chip has something else
		-o) erased=yes ;;
		--format=* | --connect-timeout=* | --device=*) ;;
		-*) bad "no option known here: $option" ;;
		*)
			device=$option
			continue
			;;
		esac
		case $option in
		-w | -r | -S | -g | -i | -a | -b)
			set -- "$@" "$option" "$value"
			;;
		*) set -- "$@" "$option" ;;
		esac
	done
	new_chip "$T/old"
	[ -z "$device" ] || device=$(place "$device")
	flash=$T/flash.bin
	case $device in
	*file="$T"*) ;;
	*file=/tmp/*)
		device=$(echo "$device" | sed "s|/tmp/|$T/work/|")
		flash=$T/work/chip.bin
		;;
	*,file=*) flash=${device##*file=} ;;
	sim:*)
		device=$device,file=$flash
		rm -f "$flash"
		;;
	esac
	start=$((start - 0x08000000)) ended=0
	if [ -n "$ports" ]; then
		TEST_PORTS="1 1" "$top/$BUILD/tests/with-ports" "$@" \
			>"$T/out" 2>"$T/err" || ended=$?
	else
		"$STM32FLASH" "$@" ${device:+"$device"} >"$T/out" \
			2>"$T/err" || ended=$?
	fi
	if [ "$ended" -ne "${differs:-${expected:-0}}" ]; then
		bad "exit status $ended"
	elif [ -n "$differs" ]; then
		says err "bytes differ"
		return 0
	elif [ "$ended" -eq 0 ] && [ -z "$json" ]; then
		look
	fi
	[ -z "$json" ] || cat "$T/out"
	return "$ended"
}

# Commands that run the tests themselves or change the machine: tests/docs.sh
# checks the targets and variables of make.
make() {
	good
}
sudo() {
	[ "$*" = "usermod -aG dialout $USER" ] || bad "not known here: sudo $*"
}

# --- running them -----------------------------------------------------------------

# in_a_shell FILE: runs it as a script, with the commands above. Uses -e, as CI
# does, unless the example reads its status at once.
in_a_shell() {
	(
		cd "$T/work" || exit 1
		USER=nobody
		set +u -e
		# shellcheck disable=SC1090
		. "$1"
	)
}

# The name of an example: its first line.
name_of() {
	echo "${1##*/}" | sed 's/\.0*/ /'
}

run_shell() {
	: >"$T/ran"
	sed 's|^\./stm32flash|stm32flash|; s|^\$ ||' "$1" >"$T/script"
	in_a_shell "$T/script" >"$T/said" 2>&1
	ended=$?
	[ "$ended" -eq 0 ] || bad "ends with $ended: $(tail -n 2 "$T/said")"
	grep '^FAIL\|^  err' "$T/said"
	# every line that is a command was run
	about "$example"
	want=$(grep -c -e '^stm32flash ' "$T/script")
	if [ "$(grep -c . "$T/ran")" -eq "$want" ]; then good; else
		bad "not all of its commands were run"
	fi
}

# The program under its name, for make and cmake.
ln -s "$STM32FLASH" "$T/bin/stm32flash"
PATH=$T/bin:$PATH
export PATH
port=sim:0x410,size=64K,file=$T/flash.bin,log=$T/log

flashed() {
	if [ "$1" -eq 0 ]; then good; else
		cp "$T/said" "$T/err"
		bad "exit status $1"
	fi
	elf_is_in "$T/flash.bin"
	happened "go 0x08000000"
}

run_makefile() {
	about "$example: make flash"
	cp "$1" "$T/work/Makefile"
	new_chip
	(cd "$T/work" && command make flash "PORT=$port") >"$T/said" 2>&1
	flashed $?
	(cd "$T/work" && command make -n flash) >"$T/said" 2>&1
	says said " /dev/ttyUSB0"
}

run_cmake() {
	about "$example: cmake --build . --target flash"
	if ! command -v cmake >/dev/null 2>&1; then
		echo "$example: skip: no cmake"
		return
	fi
	new_chip
	{
		echo "cmake_minimum_required(VERSION 3.5)"
		echo "project(app NONE)"
		echo "add_executable(app IMPORTED)"
		echo "set_target_properties(app PROPERTIES" \
			"IMPORTED_LOCATION $T/work/app.elf)"
		cat "$1"
	} >"$T/work/CMakeLists.txt"
	(
		cd "$T/work" && cmake -DSTM32_PORT="$port" . &&
			cmake --build . --target flash
	) >"$T/said" 2>&1
	flashed $?
}

# run_ci FILE: once successfully, and once for each condition that it checks.
run_ci() {
	wired=$port,boot0=-rts,reset=dtr
	while read -r expected keys words; do
		about "$example with $keys"
		new_chip
		rm -f "$T/work/flash.json"
		PORT=$wired,$keys
		export PORT
		in_a_shell "$1" >"$T/said" 2>&1
		ended=$?
		grep '^FAIL' "$T/said"
		if [ "$ended" -eq "$expected" ]; then good; else
			bad "exit status $ended, expected $expected"
		fi
		cp "$T/work/flash.json" "$T/json"
		says json "\"status\":$expected,"
		[ -z "$words" ] || says said "$words"
	done
	expected=0
	unset PORT
}

# The same for README and manual, which handle a board that does not answer in
# different ways.
ci_cases() {
	echo "0 size=64K"
	if grep -q "not in its bootloader" "$1"; then
		echo "4 mute=1 not in its bootloader"
	else
		echo '4 mute=1 "code":"no_answer"'
	fi
	echo '5 rdp=1 "code":"protected"'
}

# Many boards: a wrapper with the program's name uses a simulated chip for each
# port of a server. The second board does not answer.
mkdir "$T/boards"
cat >"$T/boards/stm32flash" <<END
#!/bin/sh
n=\$#
while [ "\$n" -gt 0 ]; do
	case \$1 in
	rfc2217://127.0.0.1:2218) set -- "\$@" "sim:0x410,mute=1" ;;
	rfc2217://127.0.0.1:22*)
		set -- "\$@" "sim:0x410,size=64K,file=$T/work/\${1##*:}.bin" ;;
	*) set -- "\$@" "\$1" ;;
	esac
	shift
	n=\$((n - 1))
done
exec "$STM32FLASH" "\$@"
END
chmod +x "$T/boards/stm32flash"

# run_boards WHERE STATUS COMMAND...
run_boards() {
	about "$1: $3 for many boards"
	expected=$2
	shift 2
	(cd "$T/work" && PATH=$T/boards:$PATH command "$@") >"$T/out" 2>"$T/err"
	ended=$?
	if [ "$ended" -eq "$expected" ]; then good; else
		bad "exit status $ended, expected $expected"
	fi
	expected=0
	for board in 2217 2219; do
		has_file app.hex "$T/work/$board.bin" 0
	done
	says err "board-2218: stm32flash: "
	n=$(grep -c ": stm32flash: " "$T/err")
	if [ "$n" -eq 1 ]; then good; else bad "$n messages"; fi
}

fresh_files
sed -n '/^    BOARDS = /,/^    \.PHONY/s/^    //p' README >"$T/work/Makefile"
run_boards README 2 make -j -k flash
fresh_files
sed -n '/^BOARDS = /,/PHONY/p' stm32flash.1 | sed 's/^\\&//' >"$T/work/Makefile"
run_boards manual 2 make -j -k flash
fresh_files
sed -n '/^printf .* 2217 /,/boards\.json/p' stm32flash.1 | sed 's/\\e/\\/g' \
	>"$T/work/boards.sh"
run_boards manual 123 sh boards.sh
n=$(grep -c '"type":"result".*"label":"board-' "$T/work/boards.json")
if [ "$n" -eq 3 ]; then good; else bad "$n results in boards.json"; fi

# Lines of output that the manual quotes, except for their numbers.
about "what the manual quotes"
numbers() {
	sed -e 's/0x[0-9a-f]*/N/g' -e 's/[0-9][0-9.]*/N/g'
}
"$STM32FLASH" -w "$T/raw" -v sim:0x410 2>&1 | numbers >"$T/out"
"$STM32FLASH" -w "$T/raw" sim:0x410 2>&1 | numbers >>"$T/out"
"$STM32FLASH" -C sim:0x410 2>&1 | numbers >>"$T/out"
sed -n -e '/^Summary .*$/p' \
	-e 's/^\.Ql \(Wrote address .* Done\.\)$/\1/p' \
	-e 's/^\.Ql \(CRC(.*\) \.$/\1/p' stm32flash.1 | numbers >"$T/quoted"
n=$(grep -c . "$T/quoted")
if [ "$n" -eq 3 ]; then good; else bad "$n lines found"; fi
while IFS= read -r line; do
	if grep -qxF -e "$line" "$T/out"; then good; else
		bad "this is not said: $line"
	fi
done <"$T/quoted"

kinds=
for file in "$T"/examples/*; do
	example=$(name_of "$file")
	about "$example"
	fresh_files
	if grep -q -e '+--' "$file"; then
		kind=drawing
		good
	elif grep -q '^flash:' "$file"; then
		kind=makefile
		run_makefile "$file"
	elif grep -q add_custom_target "$file"; then
		kind=cmake
		run_cmake "$file"
	elif grep -q 'flash.json' "$file"; then
		kind=ci
		ci_cases "$file" >"$T/cases"
		run_ci "$file" <"$T/cases"
	elif grep -q '^# echo 1 >/sys/' "$file"; then
		kind=root
		good
	else
		kind=shell
		run_shell "$file"
	fi
	kinds="$kinds ${example%% *}:$kind"
done

about "the kinds of examples"
for kind in manual:shell manual:makefile manual:cmake manual:ci manual:root \
	readme:shell readme:makefile readme:cmake readme:ci readme:drawing; do
	case "$kinds " in
	*" $kind "*) good ;;
	*) bad "no $kind found" ;;
	esac
done

passed=$((passed + $(grep -c '' "$T/good")))
failed=$((failed + $(grep -c '' "$T/bad")))
finish
