#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Output without a terminal: a line for each stage, no carriage return;
# --progress, --quiet, --verbose. tests/e2e/terminal.sh tests terminals.
. tests/e2e/lib.sh

"$tool" pattern 5000 3 >"$T/image"
cr=$(printf '\r') esc=$(printf '\033')

# plain: no cursor movement.
plain() {
	lacks out "$cr"
	lacks out "$esc"
	lacks err "$cr"
	lacks err "$esc"
}

about "a line for each stage, and one for it all"
use_sim sim:0x410,size=64K
flash -w "$T/image" -v "$dev"
ends 0
plain
sed -n '/address 0x/p; /^Summary/p' "$T/out" >"$T/stages"
cat >"$T/want" <<-'END'
	Erased address 0x08010000 (100.00%) Done.
	Wrote address 0x08001388 (100.00%) Done.
	Wrote and verified address 0x08001388 (100.00%) Done.
	Summary      : wrote and verified 5000 bytes in 2.3 s (2.1 KiB/s), no retries
END
same "$T/want" "$T/stages"

about "the summary counts retries"
use_sim sim:0x410,size=64K,silent=write:2,nack=read:9
flash -w "$T/image" -v "$dev"
ends 0
says out ", 2 retries"

about "the summary of a read, and of a look"
use_sim sim:0x410,size=64K
flash -r "$T/back" -S 0x08000000:4096 "$dev"
ends 0
says out "Summary      : read 4096 bytes in "
says out ", no retries"
use_sim sim:0x410,size=64K,garble=read:9:1
flash -r "$T/back" -S 0x08000000:4096 "$dev"
ends 0
says out ", 1 retry: the line is bad"
use_sim sim:0x410,size=64K
flash "$dev"
ends 0
lacks out "Summary"

about "none after a failure"
use_sim sim:0x410,size=64K,rdp=1
flash -w "$T/image" "$dev"
ends 5
lacks out "Summary"

about "--progress=always: redrawn, in a file too"
use_sim sim:0x410,size=64K,pace=1
flash --progress=always -b 115200 -w "$T/image" "$dev"
ends 0
says out "Write   ["
says out "$cr"
lacks out "$esc"
says out "Wrote address 0x08001388 (100.00%) Done."

about "--progress=never"
use_sim sim:0x410,size=64K
flash --progress=never -w "$T/image" "$dev"
ends 0
plain
says out "Wrote address 0x08001388 (100.00%) Done."

about "--quiet: errors only"
flash --quiet --progress=always -w "$T/image" -v "$dev"
ends 0
[ -s "$T/out" ] && bad "something on standard output"
[ -s "$T/err" ] && bad "something on standard error"
good
flash --quiet -w "$T/none" "$dev"
ends 7
one_line
[ -s "$T/out" ] && bad "something on standard output"

about "the file on standard output: progress on standard error"
flash --progress=always -r - -S 0x08000000:1024 "$dev"
ends 0
says err "Read address 0x08000400 (100.00%) Done."
"$tool" cut 0 1024 <"$T/image" >"$T/want"
same "$T/want" "$T/out"

about "--verbose: why these pages, which commands, what was retried"
use_sim sim:0x410,size=64K,silent=write:2
flash --verbose -w "$T/image" -v "$dev"
ends 0
says out "Get lists Erase (0x43) for erasing"
says out "aligned to 4 and filled up with 0xFF"
says out "erases 64 of 64 pages: all, as nothing limits it"
says out "the vector table is written last"
says out "resynchronising"
for case in "-S 0x08000400:5120|erases 5 of 64 pages: those of the range" \
	"-s 3|erases 61 of 64 pages: those of the range" \
	"-e 5|erases 5 of 64 pages: those of -s and -e" \
	"-e 0|erases 0 of 64 pages: as asked for" \
	"--erase=pages|erases 5 of 64 pages: those that the image touches" \
	"--erase=chip -S 0x08000400|erases 64 of 64 pages: all, by --erase" \
	"-S 0x20000200|erases 0 of 64 pages: it is no flash"; do
	# shellcheck disable=SC2086 # several words
	flash --verbose -w "$T/image" ${case%|*} "$dev"
	ends 0
	says out "${case#*|}"
done
use_sim sim:0x417
flash --verbose -w "$T/image" "$dev"
ends 0
says out "Get lists Extended Erase (0x44)"
says out "this part has no mass erase, so it is erased page by page"

about "a line for each tenth of a long stage, in a log"
"$tool" pattern 50000 9 >"$T/long"
use_sim sim:0x410
flash -w "$T/long" -v "$dev"
ends 0
for verb in Wrote 'Wrote and verified'; do
	n=$(grep -c "^$verb address 0x[0-9a-f]* ([1-9]0\.[0-9]*%)\$" "$T/out")
	if [ "$n" -eq 9 ]; then good; else bad "$n lines of $verb"; fi
done

about "none for a short one, none where none is wanted"
flash -w "$T/long" -b 921600 "$dev"
lacks out "(10."
flash -w "$T/long" --progress=never "$dev"
lacks out "(10."
flash -w "$T/long" --json "$dev"
lacks out "(10."

about "all is looked at after an error on the line, and that shows"
use_sim sim:0x410,garble=write:5:2
flash -w "$T/long" -v "$dev"
ends 0
says out "Checked address 0x0800c350 (100.00%) Done."
n=$(grep -c '^Checked address 0x[0-9a-f]* ([1-9]0\.[0-9]*%)$' "$T/out")
if [ "$n" -eq 9 ]; then good; else bad "$n lines of Checked"; fi
use_sim sim:0x410,garble=write:5:2
flash -w "$T/image" --erase=pages "$dev"
ends 0
says out "Checked address 0x08001400 (100.00%) Done."
use_sim sim:0x410
flash -w "$T/image" -v "$dev"
ends 0
lacks out "Checked"

about "a connection that takes its time"
start_sim sim:0x410,startup=1500
flash --progress=always "$dev"
ends 0
says out "Connect "
says out " of at most 3 s"
start_sim sim:0x410
flash --progress=always "$dev"
lacks out "Connect "
stop_sim
finish
