#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every test and adds up. Each one ends with "N passed, N failed", or says
# "skip: why" and exits with 77. Run by `make check`, from the top.
# With names (tests/run.sh write read) only the tests whose name has one.
# JOBS is how many run at a time; many of them wait more than they work.
# WITHOUT="docs quirks" leaves out those whose name has one of these words.
# SCRIPTS names the tests, in place of all that there are.
# EMULATE is what runs a program of another processor: "qemu-arm -L /usr/...";
# FAR_END is a build of this one then, for the device that is simulated.
# EFFORT=low leaves out most of the cases that tests generate, always the same.
# LIMIT=900 kills a test that runs for more seconds, with all that it started,
# as failed.
# TIMES=10 lists the ten tests that took most processor time, in seconds.
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
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || cores=2
: "${JOBS:=$((cores + 1))}"
bounded=
[ -z "${LIMIT:-}" ] || bounded="timeout -k 10 $LIMIT"
only=$*
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
	[ -z "${FAR_END:-}" ] || for file in sim-server tests/tool; do
		ln -sf "$(realpath "$FAR_END/$file")" "$BUILD/emulated/$file"
	done
	BUILD=$BUILD/emulated
	STM32FLASH=$BUILD/${STM32FLASH##*/}
}
[ -z "${EMULATE:-}" ] || emulated

# A compiler of another processor was named, and not what runs its programs.
if ! "$STM32FLASH" --version >"$dir/said" 2>&1; then
	grep -v 'Exec format error' "$dir/said" | tail -n 3
	if [ -n "${EMULATE:-}" ]; then
		echo "EMULATE=$EMULATE does not run $STM32FLASH"
	else
		echo "$STM32FLASH does not run here; if it is of another" \
			"processor, EMULATE says what runs it, as in" \
			"EMULATE='qemu-arm -L /usr/arm-linux-gnueabihf'"
	fi
	echo "0 passed, 1 failed"
	exit 1
fi >&2

# files: the tests there are. Those that take longest come first, so that none
# of them is begun when the others are nearly done.
files() {
	if [ -n "${SCRIPTS:-}" ]; then
		# shellcheck disable=SC2086 # several words
		printf '%s\n' $SCRIPTS
		return
	fi
	printf '%s\n' tests/e2e/net.sh tests/e2e/terminal.sh
	# Of the sources that exist: a test that was renamed is still in $BUILD.
	for file in tests/unit/test_*.c tests/unit/*/test_*.c; do
		echo "$BUILD/${file%.c}"
	done
	printf '%s\n' tests/formats/*.sh \
		tests/fuzz/*.sh tests/soak/*.sh tests/preload/*.sh \
		tests/completion/*.sh \
		tests/docs.sh tests/diagnostics.sh tests/examples.sh \
		tests/options_used.sh tests/routine.sh tests/cores.sh \
		tests/e2e/*.sh |
		grep -v -e '/lib\.sh$' -e '\*' \
			-e '^tests/e2e/net\.sh$' -e '^tests/e2e/terminal\.sh$'
}

# has_one NAME WORD...: whether the name has one of the words.
has_one() {
	name=$1
	shift
	for word; do
		case $name in *"$word"*) return 0 ;; esac
	done
	return 1
}

wanted() {
	# shellcheck disable=SC2086 # several words
	! has_one "$1" ${WITHOUT:-} && { [ -z "$only" ] || has_one "$1" $only; }
}

# list: "NAME FILE" of those that are wanted, a line each.
list() {
	files | while IFS= read -r file; do
		case $file in
		tests/*.sh) name=${file#tests/} name=${name%.sh} ;;
		*) name=unit/${file##*/test_} ;;
		esac
		! wanted "$name" || echo "$name $file"
	done
}

# run NAME FILE SUM: shows what it says if that is of interest, and writes how
# many checks passed, failed, and whether it was skipped. A test that fails to
# say how it went has failed once.
run() {
	p=0 f=0 s=0
	times >"$3.times"
	case $2 in
	*.sh) $bounded sh "$2" >"$3.log" 2>&1 ;;
	*) $bounded "$2" >"$3.log" 2>&1 ;;
	esac
	status=$?
	times >>"$3.times"
	[ $status -ne 124 ] || echo "FAIL $1: no end after $LIMIT s" >>"$3.log"
	last=$(tail -n 1 "$3.log")
	if [ $status -eq 77 ]; then
		s=1
	else
		p=${last%% passed,*} f=${last##*passed, }
		f=${f%% failed*}
		case $p$f in
		'' | *[!0-9]*)
			p=0 f=1 last="ended with status $status"
			echo "FAIL $1: $last" >>"$3.log"
			;;
		esac
		if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
			f=1 last="$last, but status $status"
		fi
	fi
	[ "$f" -ne 0 ] || : >"$3.log"
	echo "$1: $last" >>"$3.log"
	cat "$3.log"
	echo "$p $f $s" >"$3"
}

# worker: runs what no other has begun, until nothing is left.
worker() {
	n=0
	while read -r name file; do
		n=$((n + 1))
		mkdir "$dir/$n" 2>/dev/null || continue
		run "$name" "$file" "$dir/$n/sum" </dev/null
	done <"$dir/list"
}

list >"$dir/list"
n=0
while [ $n -lt "$JOBS" ]; do
	worker &
	n=$((n + 1))
done
wait

count=$(wc -l <"$dir/list")
n=0 passed=0 failed=0 skipped=0
while [ $n -lt "$count" ]; do
	n=$((n + 1))
	read -r p f s <"$dir/$n/sum" || p=0 f=1 s=0
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
# slowest N: times has a line of the shell and one of its children, twice a test.
slowest() {
	n=0
	while read -r name _; do
		n=$((n + 1))
		tr 'ms' '  ' <"$dir/$n/sum.times" |
			awk -v name="$name" '{ t[NR] = $1 * 60 + $2 + $3 * 60 + $4 }
				END { printf "%7.1f s %s\n", t[4] - t[2], name }'
	done <"$dir/list" | sort -rn | head -n "$1"
}
[ -z "${TIMES:-}" ] || slowest "$TIMES"
[ "${EFFORT:-full}" = full ] || echo "EFFORT=low: a sample of the cases"
[ -z "${WITHOUT:-}" ] || echo "left out: $WITHOUT"
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
if [ "$count" -eq 0 ]; then
	echo "FAIL no test has a name with: $only"
	failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
