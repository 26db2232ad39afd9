# SPDX-License-Identifier: GPL-2.0-or-later
"""pi.py FILES IMAGE: GPIO lines of a Raspberry Pi 3.

The jobs arrive over its PL011. QEMU's mini UART hangs on received bytes, so the
port is a virtual console, which never answers. QEMU does not trace GPIO lines:
reads their levels from the registers of the chip.
"""
import os
import sys

from guest import Bench, try_out, wait_until

PORT = "/dev/tty1"
GPFSEL1, GPLEV0 = 0x3f200004, 0x3f200034    # of BCM2837 ARM Peripherals, 6.1


class Pi(Bench):
    def register(self, address):
        text = self.guest.qmp("human-monitor-command", **{
            "command-line": f"xp /1wx {address:#x}"})
        return int(text.split()[-1], 16)

    def pin(self, line):
        """(is it an output, is it high) of a line from 10 to 19."""
        function = self.register(GPFSEL1) >> (line - 10) * 3 & 7
        return function == 1, bool(self.register(GPLEV0) >> line & 1)

    def pins(self):
        return self.pin(17), self.pin(18)

    def base(self):
        return int(self.guest.run(
            "for chip in /sys/class/gpio/gpiochip*; do "
            "[ $(cat $chip/ngpio) != 54 ] || cat $chip/base; done").out)

    def become(self, *expected):
        self.check(wait_until(lambda: self.pins() == expected),
                   f"never {expected}, now {self.pins()}")

    def lines(self, boot, reset):
        """While there is no answer the lines stay as the entry has left them.
        Lines that change later are not outputs before."""
        self.about(f"{boot} and {reset}")
        free = self.pin(18)
        self.equal(free[0], False, "an output before")
        slowly = "," * 40   # time to observe it on a busy machine
        self.background(f"-i '{boot}:-{boot}&{reset}{slowly}' "
                        f"-R -b 38400 {PORT}")
        self.become((True, True), free)
        self.guest.run("kill $(pidof stm32flash)")
        self.become((True, False), (True, True))
        self.ends(self.ended(), 143)
        self.equal([output for output, _ in self.pins()], [False, False],
                   "outputs afterwards")

    def by_number(self, boot, reset):
        """The driver turns a released line into an input. A line exported before
        is not released."""
        self.guest.run(f"echo {boot} >/sys/class/gpio/export")
        self.lines(boot, reset)
        self.ends(self.guest.run(f"cd /sys/class/gpio; [ -d gpio{boot} ] && "
                                 f"[ ! -d gpio{reset} ]"), 0)
        self.guest.run(f"echo {boot} >/sys/class/gpio/unexport")

    def refused(self, line, text):
        self.about(line)
        before = self.pins()
        result = self.flash(f"-b 38400 -i 'gpiochip0/17,{line}' {PORT}")
        self.ends(result, 3)
        self.says(result.err, text)
        self.equal(self.pins(), before, "the pins")

    def all(self):
        base = self.base()
        self.lines("gpiochip0/17", "gpiochip0/18")
        self.by_number(base + 17, base + 18)
        self.refused("gpiochip0/54", "no such line, /dev/gpiochip0 has 0 to 53")
        self.refused("17", "GPIO 17: no such line")


def board(file):
    """The device tree of the board, with the PL011 free for terminals: removes
    "compatible" from the Bluetooth device on it."""
    with open(file, "rb") as data:
        tree = bytearray(data.read())
    name = tree.index(b"brcm,bcm43438-bt\0") - 4
    offset = int.from_bytes(tree[name:name + 4], "big")
    tree[name:name + 4] = (offset + 1).to_bytes(4, "big")   # "ompatible"
    out = os.path.join(sys.argv[1], "pi.dtb")
    with open(out, "wb") as data:
        data.write(tree)
    return out


if __name__ == "__main__":
    sys.exit(try_out(
        # With several threads, idle processors would use time.
        Pi, ["qemu-system-aarch64", "-M", "raspi3b",
             "-accel", "tcg,thread=single",
             "-dtb", board(f"{sys.argv[1]}/files/bcm2837-rpi-3-b.dtb"),
             "-append", "console= loglevel=0 panic=-1 agent=/dev/ttyAMA0"],
        [], [], ["-serial", "chardev:agent"]))
