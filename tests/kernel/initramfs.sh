#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs.sh FILES PROGRAM OUT [FILE...]: makes an initramfs of the output of
# fetch.sh in FILES, the program and other files.
set -eu

files=$1 program=$2 out=$3
shift 3
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/etc" "$root/dev" "$root/proc" "$root/run" "$root/sys" \
	"$root/tmp" "$root/modules"
cp "$files/busybox" "$root/bin/"
for name in sh mount insmod usleep sed base64 poweroff cat cmp pidof chmod echo ls \
	setsid sleep stat stty grep readlink id mkdir rm printf head tail \
	mv su; do
	ln -s busybox "$root/bin/$name"
done
printf '%s\n' root:x:0:0::/:/bin/sh user:x:1000:1000::/tmp:/bin/sh \
	>"$root/etc/passwd"
cp "$files"/modules/* "$root/modules/"
cp "$files/modules.list" "$root/modules/list"
cp "$program" "$root/bin/stm32flash"
cp "$(dirname "$0")/init" "$root/init"
chmod 755 "$root/init" "$root/bin/busybox"
[ $# -eq 0 ] || cp "$@" "$root/"
chmod 755 "$root"
out=$(realpath "$out")
(cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$out"
