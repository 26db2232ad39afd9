#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""terminal.py COLUMNS FRAMES COMMAND...

Runs COMMAND on a terminal of COLUMNS columns, with a terminal emulator (pyte).
Writes every visible screen to FRAMES, each ended by a line "----", and the raw
bytes to FRAMES.raw. Exits with the status of COMMAND.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

import pyte

ROWS = 40


def run(columns, command):
    size = struct.pack("HHHH", ROWS, columns, 0, 0)
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    data = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:     # the far end is closed
            break
        if not some:
            break
        data += some
    _, status = os.waitpid(pid, 0)
    return data, os.waitstatus_to_exitcode(status)


def show(columns, data, frames):
    screen = pyte.Screen(columns, ROWS)
    stream = pyte.ByteStream(screen)
    last = None
    # A screen is visible whenever the program has flushed: at the latest
    # before the cursor moves back or down.
    pieces = data.replace(b"\r", b"\0\r").replace(b"\0\r\n", b"\r\n\0")
    for piece in pieces.split(b"\0"):
        stream.feed(piece)
        lines = [line.rstrip() for line in screen.display]
        while lines and not lines[-1]:
            lines.pop()
        if lines != last:
            frames.write("\n".join(lines) + "\n----\n")
        last = lines


def main():
    columns = int(sys.argv[1])
    data, status = run(columns, sys.argv[3:])
    with open(sys.argv[2] + ".raw", "wb") as raw:
        raw.write(data)
    with open(sys.argv[2], "w", encoding="utf-8") as frames:
        show(columns, data, frames)
    return status


sys.exit(main())
