#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An option without effect: a warning or a refusal.
. tests/e2e/lib.sh

"$tool" pattern 1000 1 >"$T/image"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"

# Arguments, a bar, and the warning; after "2|" the error.
while IFS='|' read -r args text; do
	use_sim sim:0x410,size=16K
	about "$args"
	# shellcheck disable=SC2046
	set -- $(echo "$args" | sed -e "s|IMAGE|$T/image|" -e "s|BACK|$T/back|")
	flash "$@" "$dev"
	if [ $status -lt 2 ]; then
		says err "stm32flash: warning: $text"
	else
		ends 2
		says err "stm32flash: $text"
	fi
done <<'END'
-v|-v: no effect without -r or -w
-n 3|-n: no effect without -w
-f|-f: no effect without -w
-S 0x08000000:16|-S: no effect without -C, -o, -r, -w, --compare or --blank-check
-s 1|-s: no effect without -C, -o, -r, -w, --compare or --blank-check
-e 5|-e: no effect without -C, -o, -r, -w, --compare or --blank-check
--on-chip -w IMAGE|--on-chip: no effect; with -w it needs -v or --changed
--on-chip -o|--on-chip: needs the action -C, -w, --compare or --blank-check
--format=hex|--format: needs the action -r
--dry-run|--dry-run: needs the action -o, -w, --set or --write-protect
--erase=chip|--erase: needs the action -o or -w
--changed -r BACK|--changed: needs the action -w
-r BACK -f|-f: no effect without
-r BACK -e 0|-e 0: no effect without -w
-C -e 0|-e 0: no effect without -w
-C -v|-v: no effect without
-o -v|-v: no effect without
-k -S 0x08000000:16|-S: no effect without
-w IMAGE --format=hex|--format: needs the action -r
-w IMAGE -g 0 -R|-R: no effect with -g or -j
-j -R -i rts:-rts|-R: no effect with -g or -j, nor with -k or -u unless -w
-k -R|-R: no effect with -g or -j
-u -R|-R: no effect with -g or -j
-i rts:dtr -R -g 0|-R: no effect with -g or -j, nor with -k or -u unless -w follows; no exit sequence runs
-i rts:-rts|-i: the exit sequence runs only with -R
-b 0 -m 8n1|-m: no effect with -b 0
END

for args in "-r $T/back -v -S 0x08000000:64" "-w $T/image -fvn 3 -e 0" \
	"-k -w $T/image -R" "-u -w $T/image -R" "-o -s 1 -e 2" "-C -S 0x08000000:64" \
	"-w $T/image -R -i rts:-rts" "-i rts" "-r $T/back --format=hex"; do
	about "nothing to warn about: $args"
	use_sim sim:0x410,size=16K
	# shellcheck disable=SC2086
	flash $args "$dev"
	ends 0
	lacks err 'effect'
	lacks err 'needs the action'
	lacks err 'only'
done

about "part of a hex file left out"
use_sim sim:0x410,size=16K
flash -w "$T/image.hex" -S 0x08000000:256 "$dev"
ends 0
says err "warning: 744 bytes of the file lie outside 0x08000000-0x08000100 and are not written"
flash -w "$T/image.hex" -S 0x08000000:1000 "$dev"
ends 0
lacks err warning
finish
