# SPDX-License-Identifier: GPL-2.0-or-later
"""arm.py FILES IMAGE: QEMU's virt board, with a PL011 that is also the kernel's
console, a PL061 with eight GPIO lines, and a 16550 on PCI.

Reads the levels of the lines from the outputs of the PL061.
"""
import sys

from guest import Bench, try_out

UART, PCI = "/dev/ttyAMA0", "/dev/ttyS0"
CHIP = "gpiochip0"


class Board(Bench):
    def __init__(self, guest, image):
        super().__init__(guest, image)
        self.base = int(self.guest.run(
            "cat /sys/class/gpio/gpiochip*/base").out)

    # --- what the chips saw -------------------------------------------------

    def outputs(self):
        """(time, line, level) of every change of a pin."""
        return [(when, int(line), int(level)) for when, line, level in
                self.guest.traced(
                    r"pl061_set_output .* setting output (\d) to (\d)")]

    def changes(self):
        return [change[1:] for change in self.outputs()]

    def register(self, number):
        return [(when, int(value, 16)) for when, value in self.guest.traced(
            rf"pl011_write addr 0x0*{number:x} value (0x\w+)")]

    # --- the ways to name a line --------------------------------------------

    def by_chip(self, line):
        return f"{CHIP}/{line}"

    def by_number(self, line):
        return str(self.base + line)

    def is_exported(self, line):
        path = f"/sys/class/gpio/gpio{self.base + line}"
        return self.guest.run(f"[ -d {path} ]").status == 0

    def export(self, line, *settings):
        directory = f"/sys/class/gpio/gpio{self.base + line}"
        self.guest.run(f"echo {self.base + line} >/sys/class/gpio/export")
        for name, value in settings:
            self.guest.run(f"echo {value} >{directory}/{name}")

    def unexport(self, line):
        self.guest.run(f"echo {self.base + line} >/sys/class/gpio/unexport")

    def exported_as(self, line):
        directory = f"/sys/class/gpio/gpio{self.base + line}"
        return self.guest.run(
            f"cd {directory} && cat direction active_low value").out.split()

    # --- jobs ---------------------------------------------------------------

    def whole_job(self):
        self.about("PL011: write, verify, read")
        with self.device("uart"):
            result = self.flash(f"-w /image -v {UART}")
            self.ends(result, 0)
            self.ends(self.flash("-r /tmp/back -S 0x08000000:"
                                 f"{len(self.image)} {UART}"), 0)
            self.ends(self.guest.run("cmp /image /tmp/back"), 0)
        self.written()

    def modes(self):
        """The port is in another mode before the run, which is restored."""
        self.guest.run(f"stty -F {UART} cs7 parenb parodd -cstopb")
        before = self.settings(UART)
        for mode, bits in (("8e1", 0x66), ("8n1", 0x60), ("8o1", 0x62),
                           ("7o2", 0x4a)):
            self.about(f"PL011: -m {mode}")
            with self.device("uart"):
                self.ends(self.flash(f"-m {mode} {UART}"), 0)
            seen = [value & ~0x10 for _, value in self.register(0x2c)]
            self.check(bits in seen, f"no {bits:#x} in LCRH: {seen}")
        self.equal(self.settings(UART), before, "stty")
        self.about("PL011: a break")
        with self.device("uart") as wire:
            self.one_break(wire, UART, self.register, 0x2c, 1)
        self.about("PL011: a rate that it cannot do")
        result = self.flash(f"-b 4000000 {UART}")
        self.ends(result, 3)
        self.says(result.err, "this port does not support this rate; the driver sets "
                  "1500000")

    def sequences(self):
        for name in (self.by_chip, self.by_number):
            self.about(f"a sequence by {name(1)}")
            boot, reset = name(2), name(1)
            with self.device("uart"):
                self.ends(self.flash(
                    f"-i '{boot}&{reset},-{reset},{reset}:-{boot}&-{reset},"
                    f"{reset}' -R -w /image {UART}"), 0)
            self.equal(self.changes(), [
                (2, 1), (1, 1), (1, 0), (1, 1),
                (2, 0), (1, 0), (1, 1), (1, 0)], "what the lines did")
            times = [when for when, _, _ in self.outputs()]
            if len(times) == 8:
                for i, what in ((2, "before the reset"), (3, "of reset"),
                                (6, "of the last reset")):
                    gap = times[i] - times[i - 1]
                    self.check(gap >= 85, f"{gap} ms {what}")
            self.equal(self.is_exported(1) or self.is_exported(2), False,
                       "left exported")
            self.about(f"a failure after an entry by {name(1)}")
            self.guest.mark()
            self.ends(self.flash(f"-i '{boot}:-{boot},{boot}' -R "
                                 f"--connect-timeout=1 {UART}"), 4)
            self.equal(self.changes(), [(2, 1), (2, 0), (2, 1), (2, 0)],
                       "what the line did")

    def stopped(self):
        for name in (self.by_chip, self.by_number):
            self.about(f"a signal with {name(2)} held")
            line = name(2)
            with self.device("uart") as wire:
                self.waiting(wire, f"-i '{line}:-{line},{line}' -R "
                             f"-w /image {UART}")
                self.equal(self.changes(), [(2, 1)], "before the signal")
                self.guest.run("kill $(pidof stm32flash)")
                self.ends(self.ended(), 143)
            self.equal(self.changes(), [(2, 1), (2, 0), (2, 1), (2, 0)],
                       "what the line did")
            self.equal(self.is_exported(2), False, "left exported")

    def as_found(self):
        for direction, level in (("high", "1"), ("low", "0")):
            self.about(f"an exported line that was {direction}")
            self.export(4, ("direction", direction))
            line = self.by_number(4)
            with self.device("uart"):
                self.ends(self.flash(f"-i '-{line},{line},-{line},{line}:"
                                     f"-{line}' -R {UART}"), 0)
            self.equal(self.exported_as(4), ["out", "0", level], "the line")
            self.about(f"a free line that was {direction}")
            self.unexport(4)
            line = self.by_chip(4)
            with self.device("uart"):
                self.ends(self.flash(f"-i '-{line},{line},-{line},{line}:"
                                     f"-{line}' -R {UART}"), 0)
            self.export(4)
            self.equal(self.exported_as(4), ["out", "0", level], "the line")
            self.guest.run(f"echo in >/sys/class/gpio/gpio{self.base + 4}"
                           "/direction")
            self.unexport(4)
        self.about("an exported line that is inverted")
        self.export(4, ("direction", "high"), ("active_low", "1"))
        line = self.by_number(4)
        with self.device("uart"):
            self.ends(self.flash(f"-i '-{line},{line},-{line}' {UART}"), 0)
        self.equal(self.changes(), [(4, 0), (4, 1), (4, 0), (4, 1)],
                   "what the line did")
        self.equal(self.exported_as(4), ["out", "1", "0"], "the line")
        self.about("an exported line that was an input")
        self.export(4, ("direction", "in"))
        with self.device("uart"):
            self.ends(self.flash(f"-i '{line}' {UART}"), 0)
        self.equal(self.exported_as(4)[:2], ["in", "1"], "the line")
        self.unexport(4)

    def refused(self, sequence, *words):
        """Before any line changes, and before the first byte."""
        with self.device("uart") as wire:
            result = self.flash(f"-i '{sequence}' {UART}")
            self.ends(result, 3)
            for part in words:
                self.says(result.err, part)
            self.equal(result.err.count("stm32flash: "), 1, "messages")
            self.equal(wire.sent, b"", "what was sent")
        self.equal(self.changes(), [], "what the lines did")

    def lacking(self):
        self.about("a line that does not exist")
        self.refused(f"{CHIP}/2,{CHIP}/8",
                     f"{CHIP}/8: no such line, /dev/{CHIP} has 0 to 7")
        self.refused(f"{self.by_number(2)},{self.base + 8}",
                     f"GPIO {self.base + 8}: no such line")
        self.equal(self.is_exported(2), False, "left exported")
        self.about("a chip that does not exist")
        self.refused("gpiochip7/0", "/dev/gpiochip7: no such device")
        self.about("no permission for a line")
        self.guest.run(f"chmod 666 {UART}")
        for line in (self.by_chip(1), self.by_number(1)):
            result = self.flash(f"-i {line} {UART}", user="user")
            self.ends(result, 3)
            self.says(result.err, "permission denied")

    def held(self):
        self.about("a line that sysfs holds")
        self.export(1)
        self.refused(f"{CHIP}/2,{CHIP}/1", f"{CHIP}/1: in use by sysfs")
        self.unexport(1)
        with self.device("pci") as wire:
            self.waiting(wire, f"-i '{CHIP}/1' -w /image {PCI}")
            self.about("a line that a run holds by the character device")
            self.refused(f"{CHIP}/2,{CHIP}/1",
                         f"{CHIP}/1: in use by stm32flash")
            self.about("a line that a run holds by the character device, "
                       "from sysfs")
            self.refused(f"{self.by_number(2)},{self.by_number(1)}",
                         f"GPIO {self.base + 1}: in use by the kernel or "
                         "another program")
            self.equal(self.is_exported(2), False, "left exported")
            self.about("a 16550 that goes away")
            self.guest.mark()
            self.guest.start(
                "echo 1 >/sys/class/tty/ttyS0/device/remove")
            self.guest.finish()
            result = self.ended()
            self.ends(result, 3)
            self.says(result.err, "the port has disappeared; plug the adapter in again")
        self.equal(self.changes(), [(1, 0)], "what the line did")

    def all(self):
        for job in (self.whole_job, self.modes, self.sequences, self.stopped,
                    self.as_found, self.lacking, self.held):
            job()


COMMAND = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57",
           "-m", "256", "-accel", "tcg", "-serial", "chardev:uart",
           "-device", "pci-serial,chardev=pci", "-append",
           "console=ttyAMA0 console=hvc0 quiet panic=-1 nokaslr"]

if __name__ == "__main__":
    sys.exit(try_out(Board, COMMAND, ["uart", "pci"],
                     ["pl011_write", "pl061_set_output"]))
