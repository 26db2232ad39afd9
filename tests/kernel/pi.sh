#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A Raspberry Pi 3 with its GPIO lines: see pi.py.
. tests/kernel/lib.sh

need qemu-system-aarch64 aarch64-linux-gnu-gcc
machine pi arm64 aarch64-linux-gnu-
