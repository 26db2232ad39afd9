#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GPIO lines of a PL061, and a PL011, on a board with an ARM: see arm.py.
. tests/kernel/lib.sh

need qemu-system-aarch64 aarch64-linux-gnu-gcc
machine arm arm64 aarch64-linux-gnu-
