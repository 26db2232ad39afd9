# SPDX-License-Identifier: GPL-2.0-or-later
"""x86.py FILES IMAGE: a PC with a 16550 and FTDI adapters.

Reads the driver's effects on the 16550 from the writes to its registers, and on
an adapter from the USB requests.
"""
import functools
import re
import subprocess
import sys
import time

import serial
from guest import (FIRST, PATIENCE_S, PROGRAM, Bench, Served, start,
                   try_out)

COM, USB = "/dev/ttyS0", "/dev/ttyUSB0"
WIRES = {COM: "com", USB: "usb"}
SILENCE_S = 60      # after which other programs give up
TRIES = 5           # for steps that a busy machine may disturb
WRITE, READ, ERASE = rb"\x31\xce", rb"\x11\xee", rb"\x43\xbc"


def read_memory(write, read, address, length):
    """AN3155, Read Memory, in an open session. None: no ACK."""
    place = address.to_bytes(4, "big")
    place += bytes([place[0] ^ place[1] ^ place[2] ^ place[3]])
    for frame in (b"\x11\xee", place,
                  bytes([length - 1, 0xff - (length - 1)])):
        write(frame)
        if read(1) != b"\x79":
            return None
    return read(length)


def by_pyserial(name, address, length):
    with serial.Serial(name, 115200, timeout=SILENCE_S) as line:
        return read_memory(line.write, line.read, address, length)


def by_socat(name, address, length):
    with start(["socat", f"-T{SILENCE_S}", "-", f"{name},raw,echo=0"],
               stdin=subprocess.PIPE, stdout=subprocess.PIPE) as socat:
        def write(data):
            socat.stdin.write(data)
            socat.stdin.flush()
        return read_memory(write, socat.stdout.read, address, length)


class PC(Bench):
    # --- what the chips saw -------------------------------------------------

    def registers(self, number):
        """(time, value) written to this register of the 16550."""
        return [(when, int(value, 16)) for when, value in self.guest.traced(
            f"serial_write write addr 0x0{number} val (0x..)")]

    def divisors(self):
        """Low bytes of the divisor: register 0 while bit 7 of LCR is set."""
        divisors, latch = [], False
        for _, register, value in self.guest.traced(
                "serial_write write addr 0x0([03]) val (0x..)"):
            if register == "3":
                latch = int(value, 16) & 0x80 != 0
            elif latch:
                divisors.append(int(value, 16))
        return divisors

    def requests(self, number):
        """(time, value) of such a request to the adapter."""
        return [(when, int(value, 16)) for when, value in self.guest.traced(
            rf"usb_serial_handle_control dev 0:\S+ got control 0x40{number:02x}"
            r", value (0x\w+)")]

    def adapter_rates(self):
        return [int(rate) for _, rate in
                self.guest.traced(r"usb_serial_set_baud .*rate (\d+)")]

    def modem_lines(self, port):
        """(time, "rts" or "dtr", level) of each change, in order."""
        changes = []
        if port == COM:
            before = None
            for when, value in self.registers(4):
                for name, bit in (("dtr", 1), ("rts", 2)):
                    if before is not None and (value ^ before) & bit:
                        changes.append((when, name, bool(value & bit)))
                before = value
            return changes
        for when, value in self.requests(1):
            for name, bit in (("dtr", 1), ("rts", 2)):
                if value & bit << 8:
                    changes.append((when, name, bool(value & bit)))
        return changes

    # --- jobs ---------------------------------------------------------------

    def whole_job(self, port):
        self.about(f"{port}: write, verify, read")
        with self.device(WIRES[port]):
            result = self.flash(f"-b 115200 -w /image -v {port}")
            self.ends(result, 0)
            self.says(result.out, "Device ID    : 0x0410")
            result = self.flash(f"-b 115200 -r /tmp/back -S 0x08000000:"
                                f"{len(self.image)} {port}")
            self.ends(result, 0)
            self.ends(self.guest.run("cmp /image /tmp/back"), 0)
        self.written()

    def over_network(self):
        """A server of serial ports between the 16550 and the device; then
        independent programs read what this one has written."""
        for server in ("ser2net", "socat"):
            self.about(f"{server} on the way")
            kind = functools.partial(Served, server=server)
            with self.device("com", kind=kind) as wire:
                device = wire.device
                self.ends(self.flash(f"-b 115200 -w /image -v {COM}"), 0)
                wire.connect(None)
                device.leave_server()
                for reader in (by_pyserial, by_socat):
                    self.about(f"{reader.__name__}, after {server}")
                    self.equal(reader(device.name, 0x08000400, 256),
                               self.image[0x400:0x500], "the flash")
            self.written()

    def rates(self):
        self.about("a rate off the list")
        for port in (COM, USB):
            with self.device(WIRES[port]):
                self.ends(self.flash(f"-b 57601 {port}"), 0)
            if port == COM:
                self.check(2 in self.divisors(), self.divisors())
        with self.device("com"):
            self.ends(self.flash(f"-b 23040 {COM}"), 0)
        self.check(5 in self.divisors(), self.divisors())
        self.about("a rate that the 16550 cannot do")
        before = self.settings(COM)
        with self.device("com") as wire:
            result = self.flash(f"-b 250000 {COM}")
            self.ends(result, 3)
            self.says(result.err, "-b 250000: this port does not support this rate; "
                      "the driver sets 115200")
            self.equal(wire.sent, b"", "what was sent")
        self.equal(self.settings(COM), before, "stty")
        self.about("a rate that only the adapter can do")
        with self.device("usb"):
            self.ends(self.flash(f"-b 250000 {USB}"), 0)
        self.check(250000 in self.adapter_rates(), self.adapter_rates())

    def modes(self):
        """The ports are in another mode before the run."""
        for port in (COM, USB):
            self.guest.run(f"stty -F {port} cs7 parenb parodd -cstopb")
        for mode, lcr, data in (
                ("8e1", 0x1b, "parity E, data bits 8, stop bits 1"),
                ("8n1", 0x13, "parity N, data bits 8, stop bits 1"),
                ("8o1", 0x0b, "parity O, data bits 8, stop bits 1"),
                ("7o2", 0x0e, "parity O, data bits 7, stop bits 2")):
            self.about(f"-m {mode}")
            args = f"-b 115200 -m {mode} "
            with self.device("com"):
                self.ends(self.flash(args + COM), 0)
            seen = [v for _, v in self.registers(3)]
            self.check(lcr in seen, f"no {lcr:#x} in {seen}")
            with self.device("usb"):
                self.ends(self.flash(args + USB), 0)
            seen = [t for _, t in self.guest.traced(
                r"usb_serial_set_data dev \S+ (.*)")]
            self.check(data in seen, f"no {data} in {seen}")

    def breaks(self):
        for port in (COM, USB):
            self.about(f"{port}: a break")
            where = ((self.registers, 3, 0x40) if port == COM else
                     (self.requests, 4, 0x4000))
            with self.device(WIRES[port]) as wire:
                self.one_break(wire, port, *where)

    def sequences(self):
        entry = [("rts", False), ("dtr", False), ("dtr", True),
                 ("rts", True)]
        leave = [("rts", False), ("dtr", False)]
        for port in (COM, USB):
            self.about(f"{port}: a sequence")
            self.guest.run(f"stty -F {port} hupcl")
            with self.device(WIRES[port]):
                self.ends(self.flash(
                    f"-i '-rts&-dtr&dtr,rts:-rts,-dtr' -R {port}"), 0)
            self.levels(port, entry + leave)
            seen = self.modem_lines(port)[-6:]
            for i in (3, 5):
                self.check(len(seen) == 6 and seen[i][0] - seen[i - 1][0] >= 85,
                           f"no 100 ms in {seen}")
            self.about(f"{port}: the exit sequence after a failure")
            self.guest.run(f"stty -F {port} hupcl")
            self.guest.mark()
            self.ends(self.flash("-i 'rts:-rts&-dtr,rts' -R "
                                 f"--connect-timeout=1 {port}"), 4)
            self.levels(port, [("rts", False), ("dtr", False), ("rts", True)])

    def search(self):
        for port in (COM, USB):
            self.about(f"{port}: -i auto where nothing answers")
            self.guest.mark()
            result = self.flash(f"-i auto {port}")
            self.ends(result, 4)
            self.says(result.err, "no bootloader answers with any of 11")
            seen = self.modem_lines(port)
            self.equal({name: level for _, name, level in seen},
                       {"rts": False, "dtr": False}, "how the lines end")
            for name in ("rts", "dtr"):
                self.check(len([c for c in seen if c[1] == name]) > 8,
                           f"{name} hardly moved: {seen}")
            self.about(f"{port}: -i auto where a bootloader runs")
            down = None
            for _ in range(TRIES):      # of 0.2 s for the answer
                with self.device(WIRES[port]):
                    self.ends(self.flash(f"-i auto {port}"), 0)
                down = [c for c in self.modem_lines(port) if not c[2]]
                if not down:
                    break
            self.equal(down, [], "a line that fell")

    def levels(self, port, expected):
        """The last changes of the lines; nothing follows them."""
        seen = [(name, level) for _, name, level in self.modem_lines(port)]
        self.equal(seen[-len(expected):], expected, "what the lines did")

    def fallen(self, port):
        return {name for _, name, level in self.modem_lines(port) if not level}

    def lines_stay(self):
        for port in (COM, USB):
            self.about(f"{port}: RTS and DTR after a run")
            self.guest.run(f"stty -F {port} -hupcl")
            with self.device(WIRES[port]):
                self.ends(self.flash(port), 0)
            self.equal(self.fallen(port), set(), "what fell")
            self.about(f"{port}: RTS and DTR after a failure")
            self.guest.mark()
            self.ends(self.flash("--connect-timeout=1 " + port), 4)
            self.equal(self.fallen(port), set(), "what fell")
            self.about(f"{port}: RTS and DTR of a port that drops them")
            self.guest.run(f"stty -F {port} hupcl")
            with self.device(WIRES[port]):
                self.ends(self.flash(port), 0)
            self.equal([level for _, _, level in self.modem_lines(port)[-2:]],
                       [False, False], "the last changes")

    def killed(self):
        """Nothing is restored, so the settings of the run show: the lines stay,
        and the next run finds an unlisted rate."""
        for port in (COM, USB):
            self.guest.run(f"stty -F {port} hupcl")
            self.kill(port)

    def kill(self, port):
        self.about(f"{port}: RTS and DTR after SIGKILL")
        with self.device(WIRES[port]) as wire:
            self.waiting(wire, f"-b 23040 {port}")
            self.guest.run("kill -9 $(pidof stm32flash)")
            self.ends(self.ended(), 137)
        self.equal(self.fallen(port), set(), "what fell")
        self.about(f"{port}: a rate off the list comes back")
        with self.device(WIRES[port]):
            self.ends(self.flash(port), 0)
        if port == COM:
            self.equal(self.divisors()[-1], 5, "the divisor")
        else:
            self.check(abs(self.adapter_rates()[-1] - 23040) < 100,
                       self.adapter_rates())

    def settings_back(self):
        for port in (COM, USB):
            self.about(f"{port}: the settings of the terminal come back")
            odd = "stty -F {} 1200 cs7 parenb parodd cstopb icanon echo ixon"
            self.guest.run(odd.format(port))
            before = self.settings(port)
            self.says(before, "1200 baud")
            with self.device(WIRES[port]):
                self.ends(self.flash(f"-b 57601 {port}"), 0)
            self.equal(self.settings(port), before, "stty")

    def latency(self):
        files = {COM: "/sys/class/tty/ttyS0/flags",
                 USB: "/sys/bus/usb-serial/devices/ttyUSB0/latency_timer"}
        for port, file in files.items():
            self.about(f"{port}: low latency")
            if port == USB:
                self.guest.run(f"echo 16 >{file}")
            before = self.guest.run(f"cat {file}").out.strip()
            with self.device(WIRES[port]) as wire:
                self.waiting(wire, f"-w /image {port}")
                during = self.guest.run(f"cat {file}").out.strip()
                self.guest.run("kill $(pidof stm32flash)")
                self.ended()
            after = self.guest.run(f"cat {file}").out.strip()
            self.equal(after, before, "what is left")
            if port == COM:
                self.equal(int(during, 16), int(before, 16) | 0x2000,
                           "the flags in the run")
            else:
                self.equal((before, during), ("16", "1"), "the timer")

    def damaged_read(self, port, wire):
        """Reads while a byte of the flash arrives as a break, which the chip
        receives as 00."""
        def damage(data):
            # the eighth of these bytes, however they are split
            place = wire.heard.find(self.image[40:48])
            if place < 0:
                return data
            place += 7 - len(wire.heard) + len(data)
            wire.damage = None
            wire.socket.sendall(data[:place])
            time.sleep(0.1)
            self.guest.qmp("chardev-send-break", id=WIRES[port])
            self.broken = True
            return data[place + 1:]
        self.broken = False
        wire.damage = damage
        self.guest.run("rm -f /tmp/back")
        return self.flash(f"-r /tmp/back -S 0x08000000:{len(self.image)} "
                          f"{port}")

    def bad_bytes(self):
        """Never accepted, and read again. A busy machine may disturb such a read
        further: one of a few succeeds."""
        for port in (COM, USB):
            self.about(f"{port}: a byte that the driver calls damaged")
            mended = False
            for _ in range(TRIES):
                with self.device(WIRES[port], flash=self.image) as wire:
                    result = self.damaged_read(port, wire)
                self.check(self.broken, "no byte was damaged")
                if result.status == 0:
                    self.ends(self.guest.run("cmp /image /tmp/back"), 0)
                    mended = re.search("[1-9][0-9]* retr", result.out)
                    break
            self.check(mended, f"no retry: {result.err or result.out}")

    def in_use(self):
        for port in (COM, USB):
            self.about(f"{port}: in use")
            with self.device(WIRES[port]) as wire:
                self.waiting(wire, f"-w /image {port}")
                result = self.flash(port)
                pid = self.guest.run("pidof stm32flash").out.strip()
                self.ends(result, 3)
                self.says(result.err, f"{port}: in use by stm32flash "
                          f"(pid {pid}); end it first")
                self.about(f"{port}: in use by another user")
                self.guest.run(f"chmod 666 {port}")
                result = self.flash(port, user="user")
                self.ends(result, 3)
                self.says(result.err, f"{port}: in use by")
                result = self.guest.run(f"su user -c 'true <{port}'")
                self.says(result.err, "busy")   # to a program that uses no lock
                self.guest.run("kill $(pidof stm32flash)")
                self.ended()
            self.about(f"{port}: free again for another user")
            # Otherwise the last close would release it too.
            self.guest.run(f"sleep 3600 <{port} & echo $! >/run/holder")
            with self.device(WIRES[port]):
                result = self.flash(port, user="user")
                self.ends(result, 0)
            self.ends(self.guest.run(f"su user -c 'true <{port}'"), 0)
            self.guest.run("kill $(cat /run/holder)")

    def plug(self, name="usb", node=USB):
        self.guest.qmp("device_add", driver="usb-serial", id=name,
                       bus="bus.0", chardev=name, port=self.ports[name])
        self.there(node, True)

    ports = {"usb": "1", "con": "2"}

    def unplug(self, name="usb"):
        self.guest.qmp("device_del", id=name)

    def there(self, node, expected):
        word = "" if expected else "! "
        result = self.guest.run(
            f"n=0; until {word}[ -c {node} ] || [ $n -ge {PATIENCE_S * 20} ]; "
            f"do usleep 50000; n=$((n + 1)); done; {word}[ -c {node} ]")
        self.ends(result, 0)

    def unplugged(self):
        self.guest.run("head -c 512 /image >/tmp/part")
        old = bytes(range(256)) * 8
        for what, pattern, args in (
                ("a write", WRITE + rb".*" + WRITE, "-w /image -v"),
                ("a write that keeps bytes", WRITE,
                 "-F 256:20 -w /tmp/part -S 0x08000100:512"),
                ("an erase", ERASE, "-w /image -v"),
                ("a read", (READ + rb".*") * 6 + READ,
                 "-r /tmp/back -i ':-rts,rts' -R"),
                ("the first contact", FIRST, "")):
            self.about(f"the adapter is unplugged in {what}")
            with self.device("usb", flash=old) as wire:
                if pattern in (ERASE, FIRST):   # these take long
                    wire.hold_at(pattern)
                else:
                    wire.slow_at(pattern)
                self.background(f"{args} {USB}")
                self.reached(wire, what)
                self.unplug()
                result = self.ended()
                self.ends(result, 3)
                self.says(result.err, "the port has disappeared; plug the adapter in again")
                self.equal(result.err.count("stm32flash: "), 1,
                           f"messages in {result.err!r}")
                kept = "kept bytes may be lost"
                self.equal(kept in result.err, "keeps" in what,
                           f"a word of kept bytes in {result.err!r}")
                self.there(USB, False)
                self.ends(self.flash(USB), 3)
            self.plug()
            self.about(f"the run after {what}")
            with self.device("usb", flash=old):
                self.ends(self.flash(f"-w /image -v {USB}"), 0)
            self.written()

    def on_console(self, end, status):
        """A run in the foreground of a terminal, which ends it."""
        with self.device("com") as wire:
            wire.slow_at(WRITE)
            self.guest.start(
                f"setsid -c {PROGRAM} -R -i ':-rts,rts' -w /image {COM} "
                "</dev/ttyUSB1 >/dev/ttyUSB1 2>/run/job.err; status=$?; "
                "cat /run/job.err >&2; exit $status")
            self.reached(wire)
            end()
            result = self.guest.finish()
            self.ends(result, status)
        self.says(result.err, "stopped; ")
        self.levels(COM, [("rts", False), ("rts", True)])

    def consoles(self):
        self.plug("con", "/dev/ttyUSB1")
        self.about("Ctrl-C")
        self.on_console(
            lambda: self.guest.wires["con"].send(b"\x03"), 130)
        self.about("the console goes away")
        self.on_console(lambda: self.unplug("con"), 129)

    def lists(self):
        self.about("--list-ports")
        result = self.flash("--list-ports")
        self.ends(result, 0)
        lines = [line.split(None, 2) for line in result.out.splitlines()]
        self.equal([line[:2] for line in lines],
                   [[COM, "serial"], [USB, "ftdi_sio"],
                    ["/dev/i2c-0", "piix4_smbus"]], "the ports")
        self.says(result.out, "0403:6001")
        self.about("a port without hardware")
        result = self.flash("/dev/ttyS1")
        self.ends(result, 3)
        self.says(result.err, "no serial port behind this name")

    def i2c(self):
        self.about("an adapter that can do SMBus only")
        result = self.flash("-a 0x3b -w /image /dev/i2c-0")
        self.ends(result, 3)
        self.says(result.err, "/dev/i2c-0: this adapter supports SMBus only")
        self.about("an I2C bus that is not there")
        self.ends(self.flash("-a 0x3b /dev/i2c-7"), 3)

    def all(self):
        self.plug()
        for job in (self.lists, lambda: self.whole_job(COM),
                    lambda: self.whole_job(USB), self.over_network, self.rates,
                    self.modes, self.breaks, self.sequences, self.search,
                    self.lines_stay,
                    self.settings_back, self.latency, self.bad_bytes,
                    self.in_use, self.killed, self.unplugged, self.consoles,
                    self.i2c):
            job()


COMMAND = ["qemu-system-x86_64", "-M", "pc,vmport=off", "-m", "256",
           "-accel", "tcg,thread=single", "-append", "console=hvc0 quiet "
           "panic=-1 mitigations=off nokaslr random.trust_cpu=on",
           "-serial", "chardev:com", "-device", "qemu-xhci,id=bus"]

if __name__ == "__main__":
    sys.exit(try_out(PC, COMMAND, ["com", "usb", "con"],
                     ["serial_write", "usb_serial_*"]))
