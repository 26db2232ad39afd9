# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests on a real kernel: Debian's, in QEMU, so that the drivers of ports
# and GPIO lines are those of Linux, and what they did to a chip is read from its
# registers. The device is simulated outside. Sourced. What is downloaded stays in
# build/kernel, until the list of modules changes.
set -u

: "${BUILD:?}"
export BUILD
here=tests/kernel
unset MAKEFLAGS MAKELEVEL MFLAGS	# of the make that runs this

skip() {
	echo "skip: $1"
	exit 77
}

# need TOOL...: what this test cannot do without.
need() {
	for tool in cpio python3 apt-get dpkg-deb "$@"; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# machine NAME ARCH CROSS: builds what NAME.py boots, and runs it.
machine() {
	dir=build/kernel/$2
	mkdir -p "$dir"
	if ! cmp -s "$dir/files/modules.list" "$here/modules.$2"; then
		sh "$here/fetch.sh" "$2" "$dir" ||
			skip "no kernel: $(tail -n 1 "$dir/log")"
	fi
	make -s CROSS="$3" BUILD="$dir/build" program="$dir/stm32flash.$2" \
		CFLAGS='-Os -g' LDFLAGS='-static -Wl,--no-warnings' &&
		"$BUILD/tests/tool" pattern 6000 1 >"$dir/image" &&
		sh "$here/initramfs.sh" "$dir/files" "$dir/stm32flash.$2" \
			"$dir/initramfs" "$dir/image" &&
		exec python3 "$here/$1.py" "$dir" "$dir/image"
}
