#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a release as a packager would: the tarball, twice with the same bytes;
# from it, without git and with hardening flags, a build, some tests, an
# install as root into a stage, a Debian package of the stage, and uninstall.
# Uses the last commit. Run from the top.
set -eu

fail() {
	echo "release: $*" >&2
	exit 1
}

# need WHAT COMMAND: without it this test proves nothing.
need() {
	command -v "$1" >/dev/null 2>&1 && return
	echo "skip: no $1"
	exit 77
}
need git
need fakeroot
need dpkg-deb
need readelf
[ -e .git ] || { echo "skip: not a repository"; exit 77; }

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
top=$PWD
version=$(sed -n 's/^VERSION *= *//p' Makefile)
name=stm32flash-$version
unset CFLAGS CPPFLAGS LDFLAGS SOURCE_DATE_EPOCH MAKEFLAGS

# The Makefile has the version; the other places must agree.
[ "$(head -n 1 ChangeLog)" = "$version" ] ||
	fail "ChangeLog begins with $(head -n 1 ChangeLog), not $version"

# The same bytes for another user, on another day, in another place.
git clone -q "$top" "$dir/one"
(cd "$dir/one" && make -s dist >/dev/null)
(
	umask 077
	git clone -q "$top" "$dir/the other"
	cd "$dir/the other"
	find . -type f ! -path './.git/*' -exec touch -t 200102030405 {} +
	echo "not committed" >rubbish
	TZ=Asia/Kathmandu LC_ALL=C.UTF-8 make -s dist >/dev/null
)
cmp "$dir/one/$name.tar.gz" "$dir/the other/$name.tar.gz"
echo "tarball: $(wc -c <"$dir/one/$name.tar.gz") bytes, twice the same"

# And from the tarball itself, after a build there.
(cd "$dir" && gzip -dc "one/$name.tar.gz" | tar -xf -)
cd "$dir/$name"
[ ! -e .git ] || fail "the repository is in the tarball"
tar -tvf "$dir/one/$name.tar.gz" | awk '
	$1 !~ /^(d|-..x)rwxr-xr-x$|^-rwxr-xr-x$|^-rw-r--r--$/ || $2 != "0/0" {
		print; bad = 1
	}
	END { exit bad }' || fail "owners or modes of the tarball"

# Hardening flags, as a distribution exports them.
export CFLAGS="-O2 -g -fstack-protector-strong -fPIE"
export CPPFLAGS="-D_FORTIFY_SOURCE=2"
export LDFLAGS="-pie -Wl,-z,relro,-z,now"
make -s -j2
shows() { # OPTION PATTERN: readelf says so
	readelf "-W$1" stm32flash | grep -q "$2" || fail "no $2 in the program"
}
shows h 'Type: *DYN'
shows l GNU_RELRO
shows d 'BIND_NOW\|FLAGS.*NOW'
shows s '__stack_chk_fail'
shows s '__[a-z]*printf_chk'
[ "$(./stm32flash --version)" = "stm32flash $version" ] ||
	fail "--version says $(./stm32flash --version), not $version"
make -s check TESTS="options write frames" >"$dir/log" 2>&1 ||
	{ cat "$dir/log"; fail "its own tests"; }
tail -n 1 "$dir/log"
make -s dist >/dev/null
cmp "$dir/one/$name.tar.gz" "$name.tar.gz"
echo "tarball: the same from the tarball"

# A package that contains only what make install puts there.
cat >"$dir/pack" <<'EOF'
set -eu
make -s install DESTDIR="$1" PREFIX=/usr
find "$1" ! -user root -o ! -group root
mkdir "$1/DEBIAN"
cat >"$1/DEBIAN/control" <<END
Package: stm32flash
Version: $2
Architecture: $(dpkg --print-architecture)
Maintainer: Nobody <nobody@localhost>
Depends: libc6
Section: devel
Priority: optional
Description: read, write and erase an STM32 through its ROM bootloader
 A package to see that one can be made.
END
dpkg-deb --build "$1" "$3" >/dev/null
rm -r "$1/DEBIAN"
EOF
deb=$dir/stm32flash.deb
foreign=$(fakeroot sh "$dir/pack" "$dir/stage" "$version" "$deb")
[ -z "$foreign" ] || fail "not of root: $foreign"
dpkg-deb -c "$deb" | awk '{ print $1, $2, $NF }' >"$dir/listed"
cat "$dir/listed"
cat >"$dir/expected" <<'EOF'
-rwxr-xr-x root/root ./usr/bin/stm32flash
-rw-r--r-- root/root ./usr/share/bash-completion/completions/stm32flash
-rw-r--r-- root/root ./usr/share/fish/vendor_completions.d/stm32flash.fish
-rw-r--r-- root/root ./usr/share/man/man1/stm32flash.1
-rw-r--r-- root/root ./usr/share/zsh/site-functions/_stm32flash
EOF
grep -v / "$dir/listed" || :
grep '^-' "$dir/listed" | cmp - "$dir/expected" || fail "files of the package"
if grep '^d' "$dir/listed" | grep -v '^drwxr-xr-x root/root '; then
	fail "directories of the package"
fi
[ "$(dpkg-deb -f "$deb" Package Version | sed 's/.*: //' | xargs)" = \
	"stm32flash $version" ] || fail "the package has another name"

make -s uninstall DESTDIR="$dir/stage" PREFIX=/usr
left=$(find "$dir/stage" -mindepth 1)
[ -z "$left" ] || fail "left behind: $left"
echo "release: $name can be packaged"
