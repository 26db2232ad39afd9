#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# wine32.sh DIR: what Wine needs for programs of 32 bits, for WINE32=DIR, on a
# Debian of 64 bits that has Wine. Its package, of another architecture, is not
# installed: apt gets lists of its own, and the packages of the machine stay as
# they are. Where the kernel runs programs of 32 bits, Wine of 64 bits needs the
# Windows libraries only. Elsewhere, as under some hypervisors, DIR/lib/wine/wine
# is Wine of 32 bits, run by qemu-i386. Run by make check WINE32=DIR.
set -eu

dir=$1
[ ! -d "$dir" ] || exit 0
version=$(dpkg-query -W -f '${Version}' libwine)
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM HUP

mkdir -p "$T/lists/partial" "$T/cache/archives/partial"
: >"$T/status"
chmod -R go+rwX "$T"
apt="apt-get -qq -o Dir::State=$T -o Dir::State::status=$T/status
	-o Dir::Cache=$T/cache -o APT::Architecture=i386
	-o APT::Architectures::=i386 -o APT::Sandbox::User=root"
# A list that is missing may be one that is not needed.
# shellcheck disable=SC2086 # several words
$apt update >/dev/null 2>&1 || :
# download PACKAGE: its archive, in $T.
download() {
	# shellcheck disable=SC2086
	(cd "$T" && $apt download "$1" >/dev/null)
}

download "libwine=$version"
# What run.sh takes of it; all of it is half a gigabyte.
set -- ntdll.so conhost.exe
for name in ntdll kernel32 kernelbase msvcrt ucrtbase advapi32 sechost user32 \
	gdi32 win32u version rpcrt4 apisetschema; do
	set -- "$@" "$name.dll"
done
dpkg-deb --fsys-tarfile "$T"/libwine_*.deb | tar -x -C "$T" --wildcards \
	--no-anchored "$@" --exclude='*/doc/*'
wine=$(echo "$T"/usr/lib/*/wine)

# emulated: Wine finds its parts by where its loader is, as in the package, and
# begins anew by the program beside it that is called wine-preloader. With the
# libc of the cross compiler it hangs when it forks; with Debian's it does not.
emulated() {
	bin=$wine/lib/wine
	mkdir -p "$bin" "$wine/share"
	download libc6
	dpkg-deb --fsys-tarfile "$T"/libc6_*.deb | tar -x -C "$wine" ./lib
	ln -s /usr/share/wine "$wine/share/wine"
	ln -s "$(command -v wineserver)" "$bin/wineserver"
	i686-linux-gnu-gcc -O1 -no-pie -rdynamic -Wl,-Ttext-segment=0x7d000000 \
		-Wl,-rpath,"\$ORIGIN/../../i386-unix" -o "$bin/loader" \
		tests/wine/loader.c
	cp /usr/lib/*/wine/i386-windows/zlib1.dll "$wine/i386-windows/"
	i686-w64-mingw32-gcc -o "$wine/i386-windows/wineboot.exe" \
		tests/wine/wineboot.c -lntdll
	cat >"$bin/wine-preloader" <<-'END'
		#!/bin/sh
		WINELOADERNOEXEC=1 exec qemu-i386 -L "${0%/*}/../.." "$@"
	END
	cat >"$bin/wine" <<-'END'
		#!/bin/sh
		exec timeout --foreground 120 \
			"${0%/*}/wine-preloader" "${0%/*}/loader" "$@"
	END
	chmod +x "$bin/wine" "$bin/wine-preloader"
}

echo 'int main(void) { return 0; }' >"$T/nothing.c"
i686-linux-gnu-gcc -static -o "$T/nothing" "$T/nothing.c"
if "$T/nothing" 2>/dev/null; then
	rm -r "$wine/i386-unix"
else
	emulated
fi
mkdir -p "${dir%/*}"
mv "$wine" "$dir"
