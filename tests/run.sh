#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every test and adds up. Each one ends with "N passed, N failed", or says
# "skip: why" and exits with 77. Run by `make check`, from the top.
# With names (tests/run.sh write read) only the tests whose name has one.
# EMULATE is what runs a program of another processor: "qemu-arm -L /usr/...".
# EFFORT=low leaves out most of the cases that tests generate, always the same.
set -u

case ${EFFORT:-full} in
full | low) ;;
*)
	echo "EFFORT=$EFFORT: it is full or low" >&2
	exit 2
	;;
esac
: "${STM32FLASH:=./stm32flash}" "${BUILD:?}"
export STM32FLASH BUILD
passed=0 failed=0 skipped=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP

# The tests start programs by their names, so each gets a script of its name,
# in a directory that takes the place of the one they were built in.
emulated() {
	rm -rf "$BUILD/emulated"
	for file in "$STM32FLASH" $(find "$BUILD" -type f -perm -u+x); do
		script=$BUILD/emulated/${file#"$BUILD"/}
		[ "$file" != "$STM32FLASH" ] ||
			script=$BUILD/emulated/${file##*/}
		mkdir -p "${script%/*}"
		printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$EMULATE" \
			"$(realpath "$file")" >"$script"
		chmod +x "$script"
	done
	BUILD=$BUILD/emulated
	STM32FLASH=$BUILD/${STM32FLASH##*/}
}
[ -z "${EMULATE:-}" ] || emulated

wanted() {
	[ -z "$only" ] && return 0
	for word in $only; do
		case $1 in *"$word"*) return 0 ;; esac
	done
	return 1
}

# run NAME COMMAND...: a test that fails to say how it went has failed once.
run() {
	name=$1
	shift
	wanted "$name" || return 0
	"$@" >"$log" 2>&1
	status=$?
	if [ $status -eq 77 ]; then
		skipped=$((skipped + 1))
		echo "$name: $(tail -n 1 "$log")"
		return
	fi
	last=$(tail -n 1 "$log")
	p=${last%% passed,*} f=${last##*passed, }
	f=${f%% failed*}
	case $p$f in
	'' | *[!0-9]*)
		p=0 f=1 last="ended with status $status"
		echo "FAIL $name: $last"
		;;
	esac
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1 last="$last, but status $status"
	fi
	passed=$((passed + p)) failed=$((failed + f))
	[ "$f" -eq 0 ] || cat "$log"
	echo "$name: $last"
}

# Two lanes, for two cores, of about the same length: the programs and what
# compiles some of its own, and the end-to-end tests. Each leaves what it says
# in a file, and its sum in another. LANE1 and LANE2 name other scripts.
programs() {
	if [ -n "${LANE1:-}" ]; then
		# shellcheck disable=SC2086 # several words
		run_scripts $LANE1
		return
	fi
	for test in "$BUILD"/tests/unit/test_*; do
		case $test in
		*.o | *.d | *.gc??) ;;
		*) run "unit/${test##*/test_}" "$test" ;;
		esac
	done
	run_scripts tests/formats/*.sh tests/fuzz/*.sh tests/preload/*.sh
}

# run_scripts FILE...
run_scripts() {
	for test in "$@"; do
		case $test in
		*/lib.sh | *'*'*) ;;
		*)
			name=${test#tests/}
			run "${name%.sh}" sh "$test"
			;;
		esac
	done
}

scripts() {
	if [ -n "${LANE2:-}" ]; then
		# shellcheck disable=SC2086 # several words
		run_scripts $LANE2
		return
	fi
	run_scripts tests/docs.sh tests/diagnostics.sh tests/examples.sh \
		tests/options_used.sh \
		tests/completion/*.sh tests/e2e/*.sh
}

# lane COMMAND: one of them, in a shell of its own.
lane() {
	(
		log=$dir/$1.log
		"$1"
		echo "$passed $failed $skipped" >"$dir/$1.sum"
	) >"$dir/$1.out" 2>&1
}

only=$*
lane programs &
lane scripts
wait
cat "$dir/programs.out" "$dir/scripts.out"
passed=0 failed=0 skipped=0
for sum in "$dir/programs.sum" "$dir/scripts.sum"; do
	read -r p f s <"$sum" || p=0 f=1 s=0
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
[ "${EFFORT:-full}" = full ] || echo "EFFORT=low: a sample of the cases"
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
if [ $((passed + failed + skipped)) -eq 0 ]; then
	echo "FAIL no test has a name with: $only"
	failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
