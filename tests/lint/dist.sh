#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `make dist`: stm32flash-VERSION.tar.gz of the last commit, the same bytes
# every time.
set -eu

name=stm32flash-$1
git archive --format=tar --prefix="$name/" HEAD | gzip -n -9 >"$name.tar.gz.part"
mv "$name.tar.gz.part" "$name.tar.gz"
echo "$name.tar.gz"
