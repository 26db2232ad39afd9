# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests on a real kernel: Debian's, in QEMU, with Linux's drivers of
# ports and GPIO lines; the effects on a chip are read from its registers. The
# device is simulated outside. Sourced. Downloads stay in build/kernel until
# the list of modules changes.
set -u

: "${BUILD:?}"
export BUILD
here=tests/kernel
python=/usr/bin/python3	# Debian's, as its packages are used
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this

skip() {
	echo "skip: $1"
	exit 77
}

# need TOOL...: what this test requires.
need() {
	for tool in cpio flock $python apt-get dpkg-deb "$@"; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# made ARCH CROSS: builds the parts of a guest in $dir. Other tests may be
# running from it, so old files are replaced, not overwritten.
made() {
	program=$BUILD/stm32flash-static
	if ! cmp -s "$dir/files/modules.list" "$here/modules.$1"; then
		timeout -k 10 600 sh "$here/fetch.sh" "$1" "$dir" || {
			echo "FAIL no kernel: $(tail -n 1 "$dir/log")"
			return 1
		}
	fi
	if [ -n "$2" ]; then
		# The tests of other Linux variants may have built most of it.
		build=$dir/build flags=-O0
		[ ! -e "build/$1/main.o" ] ||
			build=build/$1 flags='-O1 -Werror'
		program=$build/stm32flash-static
		make -s -j2 CC="$2gcc" BUILD="$build" CFLAGS="$flags" "$program" ||
			return
	fi
	"$BUILD/tests/tool" pattern 6000 1 >"$dir/image.new" &&
		mv "$dir/image.new" "$dir/image" &&
		sh "$here/initramfs.sh" "$dir/files" "$program" \
			"$dir/initramfs.new" "$dir/image" &&
		mv "$dir/initramfs.new" "$dir/initramfs"
}

# machine NAME ARCH CROSS: builds what NAME.py boots, and runs it. Two of the
# same kind wait for each other's build.
machine() {
	dir=build/kernel/$2
	mkdir -p "$dir"
	exec 9>"$dir/lock"
	flock -w 900 9 || exit 1
	made "$2" "$3" || exit 1
	exec 9>&-
	exec $python "$here/$1.py" "$dir" "$dir/image"
}
