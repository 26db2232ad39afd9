#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A 16550, FTDI adapters and an SMBus-only adapter on a PC: see x86.py.
. tests/kernel/lib.sh

need qemu-system-x86_64 ser2net socat
$python -c 'import serial' 2>/dev/null || skip "no python3-serial"
machine x86 amd64 ''
