#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make valgrind`: end-to-end tests, on simulated devices and behind a pty,
# with the program under valgrind: no invalid access, no uninitialised reads,
# no leaks. With names runs only these: make valgrind TESTS="crc write". Run
# from the top.
set -u

: "${STM32FLASH:=./stm32flash}" "${BUILD:?}"

# valgrind needs half a second per run, so runs these, with a sample of
# generated tests. The sanitizers can run all tests.
export BUILD EFFORT=low
export SCRIPTS='tests/e2e/trace.sh tests/e2e/go.sh tests/e2e/write.sh
	tests/e2e/read.sh tests/e2e/protect.sh tests/e2e/sequence.sh
	tests/e2e/formats.sh'
[ $# -eq 0 ] || unset SCRIPTS

command -v valgrind >/dev/null 2>&1 || {
	echo "skip: valgrind is not installed"
	exit 77
}
if grep -q -e __asan_init -e __ubsan_handle -e __tsan_init "$STM32FLASH"; then
	echo "skip: a program with sanitizers does not run under valgrind"
	exit 77
fi

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$dir/said"

# It knows few ioctls of terminals and GPIO, but still detects uninitialised
# data in later reads. Its findings are in a separate file, and the status is
# one that no test expects.
cat >"$dir/stm32flash" <<END
#!/bin/sh
exec valgrind -q --error-exitcode=99 --leak-check=full \\
	--show-leak-kinds=all --errors-for-leak-kinds=all \\
	--sim-hints=lax-ioctls --log-file="$dir/said/%p" "$STM32FLASH" "\$@"
END
chmod +x "$dir/stm32flash"

STM32FLASH=$dir/stm32flash sh tests/run.sh "$@" >"$dir/log" 2>&1
sed '$d' "$dir/log"
sum=$(tail -n 1 "$dir/log")
passed=${sum%% *} failed=${sum##*, }
failed=${failed%% *}
runs=0
for said in "$dir"/said/*; do
	runs=$((runs + 1))
	[ -s "$said" ] || continue
	failed=$((failed + 1))
	echo "FAIL valgrind:"
	cat "$said"
done
echo "$runs runs under valgrind"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$runs" -gt 0 ]
