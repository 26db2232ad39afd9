#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Invalid input: one clear line, the documented status, nothing sent, nothing
# erased. A row is: status|text of the message|command line. @ is the device,
# AT is a literal @, IMAGE a valid file, FILES the directory of this test's
# files.
. tests/e2e/lib.sh

"$tool" pattern 3000 1 >"$T/image"
"$tool" pattern 65536 2 >"$T/full"
"$tool" pattern 65537 2 >"$T/too-big"
: >"$T/empty"
"$tool" pattern 100 3 >"$T/small"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"
sed 's/^:1000100008/:1000100009/; 5s/.$/Z/' "$T/image.hex" >"$T/damaged.hex"
sed '$d' "$T/image.hex" | sed '$d' >"$T/cut.hex"

# refused STATUS TEXT: the last run ended with this status and one line.
refused() {
	ends "$1"
	says err "$2"
	one_line
	lacks out "Wrote"
	lacks out "Erasing"
}

# row STATUS TEXT WORDS...
row() {
	about "$3"
	args=$(echo "$3" | sed "s#@#$dev#g;s#AT0x#@0x#g;s#IMAGE#$T/image#g;s#FILES#$T#g")
	# shellcheck disable=SC2086 # several words
	flash $args
	refused "$1" "$(echo "$2" | sed "s#FILES#$T#")"
}

# Errors in the command line or the file are detected before anything is sent.
start_sim sim:0x410,size=64K "$T/full"
while IFS='|' read -r want text words; do
	sampled 4 || continue
	row "$want" "$text" "$words"
done <<'EOF'
2|no such option|-q @
2|no such option|--frobnicate @
2|--w: ambiguous; one of --write --write-unprotect|--w @
2|--er=chip: ambiguous; one of --erase-only --erase-pages --erase|-o --er=chip @
2|no such option|--=chip @
2|follows -w, -r or --trace=|--trace FILE @
2|no such option|-w IMAGE -Z @
2|no argument given|@ -w
2|no argument given|@ -b
2|no argument given|@ --baud
2|takes no argument|--quiet=1 @
2|no device given|-w IMAGE
2|no device given|-o
2|one device|@ /dev/another
2|-b abc|-b abc @
2|-b 57600x|-b 57600x @
2|-b -1|-b -1 @
2|-b 0x1ffffffff|-b 0x1ffffffff @
2|-m 8x1|-m 8x1 @
2|-m 9e1|-m 9e1 @
2|-m 8e3|-m 8e3 @
2|-m 8e|-m 8e @
2|-m 8e11|-m 8e11 @
2|-e x|-w IMAGE -e x @
2|-e -1|-w IMAGE -e -1 @
2|-e 65536|-w IMAGE -e 65536 @
2|-e 1e|-w IMAGE -e 1e @
2|-s x|-o -s x @
2|-s -1|-o -s -1 @
2|-S zz|-r FILES/back -S zz @
2|-S 0x1ffffffff|-r FILES/back -S 0x1ffffffff @
2|-S :16|-r FILES/back -S :16 @
2|-S 0x08000000:|-r FILES/back -S 0x08000000: @
2|-S 0x08000000:0|-r FILES/back -S 0x08000000:0 @
2|-S 0x08000000:zz|-o -S 0x08000000:zz @
2|-S 0x08000000:-4|-o -S 0x08000000:-4 @
2|-S 0x08000000:0x100000000|-o -S 0x08000000:0x100000000 @
2|after the last address|-r FILES/back -S 0xfffffff0:32 @
2|-n x|-w IMAGE -n x @
2|-n -1|-w IMAGE -n -1 @
2|-g zz|-g zz @
2|-g 0x08000002|-g 0x08000002 @
2|-g 0x100000000|-g 0x100000000 @
2|20 to 256|-F 19 @
2|20 to 256|-F x @
2|20 to 256|-F :20 @
2|5 to 258|-F 256:4 @
2|5 to 258|-F 256: @
2|5 to 258|-F 256:x @
2|no room|-F 256:5 -w IMAGE @
2|-a 0x78|-a 0x78 @
2|-a 2|-a 2 @
2|-a zz|-a zz @
2|exclude|-r FILES/back -w IMAGE @
2|exclude|-w IMAGE -r FILES/back @
2|more than one action|-o -w IMAGE @
2|more than one action|-C -r FILES/back @
2|more than one action|-C -w IMAGE @
2|more than one action|-o -r FILES/back @
2|more than one action|-u -k @
2|more than one action|-u -j @
2|more than one action|-k -j @
2|more than one action|-j -r FILES/back @
2|more than one action|-k -r FILES/back @
2|more than one action|-u -o @
2|more than one action|-k -w IMAGE -j @
2|more than one action|-u -k -w IMAGE @
2|both raw binaries without an address|-w IMAGE -w IMAGE @
2|not an address after the @|-w IMAGEAT0x @
2|not an address after the @|-w IMAGEAT0x08000000x @
2|not an address after the @|-w IMAGEAT0x1ffffffff @
2|only a raw binary takes an address|-w IMAGE.hexAT0x08000000 @
2|only a raw binary takes an address|--compare=IMAGE.hexAT0x08000000 @
7|both have data at 0x08000100|-w IMAGE.hex -w IMAGEAT0x08000100 @
7|both have data at 0x08000bb7|-w IMAGEAT0x08000bb7 -w IMAGE.hex -w IMAGEAT0x08000000 @
7|after the last address|-w IMAGEAT0xfffffff0 @
2|standard input (-) can be given only once|-w - -w -AT0x08000000 @
2|exclude each other|-w IMAGE --compare=IMAGE @
2|more than one action|--compare=IMAGE --blank-check @
2|exclude each other|-r FILES/x --compare=IMAGE @
2|is also an input of this run|--compare=IMAGE --trace=IMAGE @
2|--dry-run: needs the action|--compare=IMAGE --dry-run @
2|twice|--blank-check --blank-check @
2|twice|-o -o @
2|excludes|-S 0x08000000 -s 1 -o @
2|excludes|-s 0 -S 0x08000000 -o @
2|excludes|-S 0x08000000 -e 3 -w IMAGE @
2|excludes|-e 3 -S 0x08000000 -w IMAGE @
2|exclude|-g 0 -j @
2|multiples of 4|-C -S 0x08000002:4 @
2|multiples of 4|-C -S 0x08000000:6 @
2|multiple of 4|-w IMAGE -S 0x08000001:3000 @
2|no pages to erase given|-o -e 0 @
2|no pages to erase given|-o --erase=none @
2|exclude|-w IMAGE --erase=pages -e 3 @
2|--erase some|-w IMAGE --erase=some @
2|--format doc|-r FILES/back --format=doc @
2|--progress much|--progress=much @
2|--connect-timeout 0|--connect-timeout=0 @
2|--connect-timeout 1s|--connect-timeout=1s @
2|--device nothing|--device=nothing @
2|at character 1:|-i foo @
2|at character 5:|-i rts,foo @
2|at character 2:|-i -foo @
2|at character 9:|-i 4&-dtr,,rtss @
2|at character 9:|-i gpiochip/4 @
2|at character 11:|-i gpiochip0/x @
2|at character 9:|-i rts:-rts:dtr @
2|at character 5:|-i rts:foo @
7|FILES/nothing|-w FILES/nothing @
7|FILES|-w FILES @
7|empty|-w FILES/empty @
7|:5:|-w FILES/damaged.hex @
7|without an end record|-w FILES/cut.hex @
EOF
for file in tests/formats/bad/*; do
	sampled 5 || continue
	about "-w $file"
	flash -w "$file" -v "$dev"
	refused 7 "$file"
done
about "an empty standard input"
flash -w - "$dev" </dev/null
refused 7 "standard input"
about "an argument that is empty"
for letter in -b -m -S -s -e -n -g -F -a; do
	flash -w "$T/image" $letter '' "$dev"
	refused 2 "$letter"
done
about "nothing of all that was sent"
stop_sim
counts bytes_in 0
same "$T/full" "$T/flash.bin"

# Errors that depend on the part are detected before the first change.
"$tool" hex 0x30000000 16 <"$T/image" >"$T/nowhere.hex"
"$tool" hex 0x0800F800 16 <"$T/image" >"$T/past.hex"
"$tool" hex 0x08010000 16 <"$T/image" >"$T/behind.hex"
"$tool" hex 0x20004F00 16 <"$T/image" >"$T/past-ram.hex"
"$tool" hex 0x20000000 16 <"$T/image" >"$T/rom-ram.hex"
"$tool" hex 0x1FFFF800 16 <"$T/image" >"$T/options.hex"
"$tool" hex 0x00000100 16 <"$T/full" >"$T/zero.hex"
sed '$d' "$T/image.hex" | cat - "$T/nowhere.hex" >"$T/part.hex"
while IFS='|' read -r want text words; do
	sampled 4 || continue
	use_sim sim:0x410,size=64K "$T/full"
	row "$want" "$text" "$words"
	untouched "$T/full"
done <<'EOF'
7|too big|-w FILES/too-big @
7|too big|-w FILES/too-big -v @
7|too big|-w IMAGE -S 0x08000000:2999 @
7|too big|-w IMAGE -S 0x0800f800 @
7|too big|-w IMAGE -s 63 @
7|too big|-w IMAGE -S 0x1FFFF800 @
7|too big|-w FILES/past.hex @
7|0x08010000|-w FILES/behind.hex @
7|too big|-w FILES/past-ram.hex @
7|0x20000000|-w FILES/rom-ram.hex @
7|0x30000000|-w FILES/nowhere.hex @
7|0x30000000|-w FILES/part.hex @
7|0x00000100|-w FILES/zero.hex @
7|option bytes|-w FILES/options.hex @
7|no data between|-w FILES/image.hex -S 0x08008000:1024 @
2|ends at 0x08010000|-w IMAGE -S 0x0800f800:4096 @
2|ends at 0x08010000|-r FILES/back -S 0x0800f800:4096 @
2|ends at 0x1ffff800|-r FILES/back -S 0x1ffff7f0:32 @
2|ends at 0x08010000|-C -S 0x08000000:0x20000 @
2|ends at 0x08010000|-o -S 0x0800f800:4096 @
2|known|-r FILES/back -S 0x30000000 @
2|known|-C -S 0x30000000 @
2|known|-o -S 0x30000000 @
2|size register|-r FILES/back -S 0x08010000 @
2|whole pages|-o -S 0x30000000:1024 @
2|whole pages|-o -S 0x08000001:1023 @
2|whole pages|-o -S 0x08000000:100 @
2|whole pages|-o -S 0x08000200:1024 @
2|whole pages|-o -S 0x20001000:1024 @
2|pages 0 to 63|-o -s 64 @
2|pages 0 to 63|-r FILES/back -s 64 @
2|pages 0 to 63|-w IMAGE -s 64 @
EOF
about "a file larger than the part, through a pty"
start_sim sim:0x410,size=64K "$T/full"
flash -w "$T/too-big" -v "$dev"
refused 7 "too big"
stop_sim
untouched "$T/full"
if [ -e "$T/back" ]; then bad "a file was made"; else good; fi

about "a write to where there is no memory"
use_sim sim:0x410,size=64K "$T/full"
flash -w "$T/image" -S 0x30000000 "$dev"
ends 1
one_line
untouched "$T/full"
about "a write to the ROM"
use_sim sim:0x410,size=64K "$T/full"
flash -w "$T/image" -S 0x1FFFF000:2048 "$dev"
if [ "$status" -ne 0 ]; then good; else bad "status 0"; fi
one_line
untouched "$T/full"
finish
