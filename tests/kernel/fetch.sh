#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fetch.sh ARCH DIR: downloads Debian's kernel and busybox for amd64 or arm64,
# and puts their files into DIR; installs nothing. Uses apt's servers with
# separate lists and a separate cache, so that this machine keeps its one
# architecture.
set -eu

arch=$1 dir=$2
mkdir -p "$dir"
dir=$(realpath "$dir")
here=$(realpath "$(dirname "$0")")
state=$dir/apt

# apt TOOL ARGS...: runs apt-get or apt-cache as for another machine. root is
# the user who may write here, so no other user downloads.
apt() {
	tool=$1
	shift
	"$tool" -q -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
		-o APT::Architecture="$arch" -o APT::Architectures::="$arch" \
		-o Dir::State::Lists="$state/lists" -o APT::Sandbox::User=root \
		-o Dir::State::Status="$state/status" \
		-o Dir::Cache="$state/cache" -o APT::Update::Post-Invoke= \
		-o APT::Update::Post-Invoke-Success= "$@"
}

rm -rf "$dir/new"
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$dir/new"
: >"$state/status"
apt apt-get update >"$dir/log" 2>&1
kernel=$(apt apt-cache depends "linux-image-$arch" |
	sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | sed -n 1p)
if [ -z "$kernel" ]; then
	echo "apt has no linux-image-$arch" >>"$dir/log"
	exit 1
fi
(cd "$dir/new" && apt apt-get download "$kernel" busybox-static) \
	>>"$dir/log" 2>&1

# The kernel's package contains the device tree of the Raspberry Pi 3.
modules=$(sed 's/#.*//; s|[^[:space:]][^[:space:]]*|*/&.ko|g' \
	"$here/modules.$arch")
[ "$arch" = amd64 ] || modules="$modules */broadcom/bcm2837-rpi-3-b.dtb"
dpkg-deb --fsys-tarfile "$dir"/new/linux-image-*.deb >"$dir/new/tar"
# shellcheck disable=SC2086 # several patterns
tar -x -C "$dir/new" -f "$dir/new/tar" --wildcards './boot/vmlinuz-*' $modules
dpkg-deb --fsys-tarfile "$dir"/new/busybox-static_*.deb |
	tar -x -C "$dir/new" ./bin/busybox
mkdir "$dir/new/modules"
find "$dir/new/lib" -name '*.ko' -exec mv {} "$dir/new/modules/" \;
find "$dir/new/usr" -name '*.dtb' -exec mv {} "$dir/new/" \; 2>/dev/null || :
mv "$dir"/new/boot/vmlinuz-* "$dir/new/vmlinuz"
# On amd64 this is a program that decompresses the kernel, which takes an
# emulated processor as long as the rest of the boot.
[ "$arch" != amd64 ] || /usr/bin/python3 - "$dir/new/vmlinuz" <<'END'
import lzma
import sys

with open(sys.argv[1], "r+b") as file:
    data = file.read()
    kernel = lzma.LZMADecompressor().decompress(data[data.index(b"\xfd7zXZ\0"):])
    file.seek(0)
    file.write(kernel)
END
mv "$dir/new/bin/busybox" "$dir/new/busybox"
cp "$here/modules.$arch" "$dir/new/modules.list"
rm -rf "$dir/new/tar" "$dir/new/lib" "$dir/new/usr" "$dir/new/boot" "$dir/new/bin" \
	"$dir"/new/*.deb "$dir/files"
mv "$dir/new" "$dir/files"
