# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest in QEMU, wires to its chips, and checks.

Every wire is a socket of QEMU, connected to the simulated device or to a test.
Its bytes are counted and can be delayed.
"""
import base64
import contextlib
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ["BUILD"]
FLASH_SIZE = 128 * 1024     # of the simulated device
# Generous limits: every wait ends as soon as its event occurs, which takes
# long if the guest is emulated on a busy machine.
PATIENCE_S = 300
ALL_S = 1500        # for all jobs of a machine
END_S = 10          # for a program that was told to end
FIRST = rb"\x7f"
SLOW_S = 0.2        # delay of an answer; less than the program's timeout


def start(command, **settings):
    """A program that ends with this one, however this one ends."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL"] + command,
                            **settings)


def stop(process):
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_by_signals():
    """Of this program: runs the cleanup, and ends it in any case."""
    def end(number, _):
        raise SystemExit(f"FAIL ended by {signal.Signals(number).name}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
                   signal.SIGALRM):
        signal.signal(number, end)
    signal.alarm(ALL_S)


class Checks:
    """Counts checks, and prints failures."""

    def __init__(self):
        self.passed = self.failed = 0
        self.subject = ""

    def about(self, subject):
        self.subject = subject

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {self.subject}: {what}", flush=True)
        return good

    def equal(self, got, expected, what):
        return self.check(got == expected,
                          f"{what} is {got!r}, expected {expected!r}")

    def says(self, text, part):
        return self.check(part in text, f"no {part!r} in {text!r}")

    def ends(self, result, status):
        return self.check(result.status == status,
                          f"exit status {result.status}, expected {status}: "
                          f"{result.err or result.out}")


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


class Device:
    """The simulated device; its files exist after it has stopped."""

    def __init__(self, directory, spec="sim:0x410", flash=None):
        self.dir = tempfile.mkdtemp(dir=directory)
        self.file = os.path.join(self.dir, "flash")
        if flash is not None:
            with open(self.file, "wb") as out:
                out.write(flash.ljust(FLASH_SIZE, b"\xff"))
        spec += "".join(f",{key}={self.dir}/{name}" for key, name in (
            ("file", "flash"), ("log", "log"), ("stats", "stats")))
        self.process = start([f"{BUILD}/sim-server", spec],
                             stdout=subprocess.PIPE, text=True)
        self.name = self.process.stdout.readline().strip()
        self.fd = os.open(self.name.replace("\n", ""),
                          os.O_RDWR | os.O_NOCTTY)

    def stop(self):
        os.close(self.fd)
        stop(self.process)
        self.process.stdout.close()

    def flash(self):
        with open(self.file, "rb") as data:
            return data.read()


SERVERS = {
    "ser2net": lambda at, port, directory: ["ser2net", "-n", "-c", yaml(
        at, port, directory)],
    "socat": lambda at, port, directory: [
        "socat", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr",
        f"{at},raw,echo=0"]
}


def yaml(at, port, directory):
    name = os.path.join(directory, "ser2net.yaml")
    with open(name, "w", encoding="ascii") as out:
        out.write(f"connection: &c\n  accepter: tcp,127.0.0.1,{port}\n"
                  f"  connector: serialdev,{at},115200n81,local\n")
    return name


class Served(Device):
    """The same, with a server of serial ports in between, over TCP."""

    def __init__(self, directory, server, **settings):
        super().__init__(directory, **settings)
        self.line = self.fd
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.server = start(SERVERS[server](self.name, port, self.dir))
        if not wait_until(lambda: self.reach(port)):
            raise RuntimeError(f"{server} does not listen")

    def reach(self, port):
        try:
            client = socket.create_connection(("127.0.0.1", port))
        except OSError:
            return False
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fd = client.detach()
        return True

    def leave_server(self):
        os.close(self.fd)
        self.fd = self.line
        stop(self.server)

    def stop(self):
        if self.fd != self.line:
            self.leave_server()
        super().stop()


class Wire:
    """From a chardev of QEMU to a device. Matches the guest's bytes with a
    pattern: on a match runs an action before the bytes are passed on, or passes
    nothing, or delays answers, until another device is connected."""

    def __init__(self):
        self.socket = self.device = None
        self.lock = threading.Lock()
        self.held = threading.Event()
        self.slow = threading.Event()
        self.reached = threading.Event()    # the pattern was received
        self.connect(None)

    def begin(self, connection):
        self.socket = connection
        threading.Thread(target=self.pump, daemon=True).start()

    def connect(self, device):
        with self.lock:
            while self.socket and select.select([self.socket], [], [], 0)[0]:
                if not self.socket.recv(4096):  # sent to the device before
                    break
            self.device = device
            self.sent = self.heard = b""    # by and from the guest
            self.pattern = self.action = self.damage = None
            for event in self.held, self.slow, self.reached:
                event.clear()

    def at(self, pattern, action):
        self.action = action
        self.pattern = re.compile(pattern, re.DOTALL)

    def hold_at(self, pattern):
        self.at(pattern, self.held.set)

    def slow_at(self, pattern):
        self.at(pattern, self.slow.set)

    def send(self, data):
        self.socket.sendall(data)

    def from_guest(self):
        data = self.socket.recv(4096)
        self.sent += data
        if self.pattern and self.pattern.search(self.sent):
            self.pattern = None
            self.action()
            self.reached.set()
        if self.device and not self.held.is_set():
            os.write(self.device.fd, data)
        return bool(data)

    def from_device(self):
        data = os.read(self.device.fd, 4096)
        self.heard += data
        if self.slow.is_set():
            time.sleep(SLOW_S)
        if self.damage:
            data = self.damage(data)
        self.socket.sendall(data)

    def pump(self):
        alive = True
        while alive:
            with self.lock:
                fds = [self.socket]
                if self.device and not self.held.is_set():
                    fds.append(self.device.fd)
                ready = select.select(fds, [], [], 0)[0]
                if self.socket in ready:
                    alive = self.from_guest()
                elif ready:
                    self.from_device()
            if not ready:
                self.rest(fds)

    @staticmethod
    def rest(fds):
        try:
            select.select(fds, [], [], 0.02)
        except OSError:     # the device was just removed
            pass


VIRTIO = ["-device", "virtio-serial-pci,id=vs",
          "-device", "virtserialport,chardev=agent,nr=1,bus=vs.0",
          "-device", "virtconsole,chardev=console,nr=2,bus=vs.0"]


class Guest:
    """A machine that has booted; run() runs a line of shell in it."""

    def __init__(self, directory, command, wires, events, agent):
        self.dir = directory
        self.trace = os.path.join(directory, "trace")
        self.console = os.path.join(directory, "console")
        self.wires = {name: Wire() for name in wires}
        self.marked = 0
        listeners = {name: self.listen(name)
                     for name in list(wires) + ["agent", "qmp"]}
        self.process = start(
            command + self.common(events) + agent, stdin=subprocess.DEVNULL,
            stdout=open(os.path.join(directory, "qemu"), "wb"),
            stderr=subprocess.STDOUT)
        try:
            self.greet(listeners)
        except BaseException:
            self.end()
            raise

    def greet(self, listeners):
        sockets = {name: self.accept(listener)
                   for name, listener in listeners.items()}
        for name, wire in self.wires.items():
            wire.begin(sockets[name])
        self.agent = sockets["agent"].makefile("rwb", buffering=0)
        sockets["agent"].settimeout(PATIENCE_S)
        self.answers = sockets["agent"].makefile("rb")
        self.qmp_socket = sockets["qmp"].makefile("rwb")
        self.qmp_answer()
        self.qmp("qmp_capabilities")
        if self.answers.readline().strip() != b"ready":
            raise RuntimeError("the guest did not start")

    def listen(self, name):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(self.dir, name))
        listener.listen(1)
        listener.settimeout(PATIENCE_S)
        return listener

    @staticmethod
    def accept(listener):
        connection = listener.accept()[0]
        listener.close()
        return connection

    def chardev(self, name):
        return f"socket,id={name},path={self.dir}/{name},server=off"

    def common(self, events):
        args = ["-nodefaults", "-display", "none", "-no-reboot",
                "-msg", "timestamp=on", "-D", self.trace,
                "-chardev", self.chardev("qmp"), "-mon",
                "chardev=qmp,mode=control",
                "-chardev", f"file,id=console,path={self.console}",
                "-chardev", self.chardev("agent")]
        for name in self.wires:
            args += ["-chardev", self.chardev(name)]
        for event in events:
            args += ["-trace", event]
        return args

    def qmp_answer(self):
        while True:
            line = self.qmp_socket.readline()
            if not line:
                raise RuntimeError("QEMU has ended")
            answer = json.loads(line)
            if "event" not in answer:
                return answer

    def qmp(self, command, **arguments):
        self.qmp_socket.write(json.dumps(
            {"execute": command, "arguments": arguments}).encode() + b"\n")
        self.qmp_socket.flush()
        answer = self.qmp_answer()
        if "error" in answer:
            raise RuntimeError(f"{command}: {answer['error']['desc']}")
        return answer.get("return")

    def start(self, line):
        self.agent.write(line.encode() + b"\n")

    def finish(self):
        status, out, err = (self.answers.readline() for _ in range(3))
        return Result(int(status or -1),
                      base64.b64decode(out).decode(errors="replace"),
                      base64.b64decode(err).decode(errors="replace"))

    def run(self, line):
        self.start(line)
        return self.finish()

    def mark(self):
        """The result of traced() begins here."""
        self.marked = os.path.getsize(self.trace)

    def traced(self, pattern):
        """Groups of the lines of the trace that match, after their time in
        milliseconds."""
        found = []
        with open(self.trace, errors="replace") as lines:
            lines.seek(self.marked)
            for line in lines:
                head, _, text = line.partition(":")
                match = re.match(pattern, text)
                if match:
                    when = float(head.partition("@")[2]) * 1000
                    found.append((when,) + match.groups())
        return found

    def end(self):
        stop(self.process)


# The device exists, but may be slow to answer.
PROGRAM = "stm32flash --connect-timeout=60"


class Bench(Checks):
    """Jobs on the ports of a guest, with checks."""

    def __init__(self, guest, image):
        super().__init__()
        self.guest = guest
        self.image = image

    @contextlib.contextmanager
    def device(self, wire, flash=None, kind=Device):
        """A fresh device on this wire, within a with statement."""
        self.guest.mark()
        device = kind(self.guest.dir, flash=flash)
        self.guest.wires[wire].connect(device)
        try:
            yield self.guest.wires[wire]
        finally:
            self.guest.wires[wire].connect(None)
            device.stop()
            self.last = device

    def written(self):
        """The last device has the image in its flash."""
        self.check(self.last.flash().startswith(self.image),
                   "the image is not in the flash")

    def flash(self, args, user=None):
        """Runs the program in the guest. Options in args override the defaults,
        as the last one counts."""
        line = f"{PROGRAM} {args}"
        return self.guest.run(f"su {user} -c '{line}'" if user else line)

    def background(self, args):
        """The same in the background; ended() waits for it."""
        self.guest.run(f"rm -f /run/status; {{ {PROGRAM} {args} "
                       ">/run/job.out 2>/run/job.err; "
                       "echo $? >/run/status.new; "
                       "mv /run/status.new /run/status; } &")

    def waiting(self, wire, args):
        """A run in the background that holds the port, and waits for the first
        answer of the device until it is ended."""
        wire.hold_at(FIRST)
        self.background(f"--connect-timeout=3600 {args}")
        self.reached(wire, "first contact")

    def settings(self, port):
        return self.guest.run(f"stty -a -F {port}").out

    def one_break(self, wire, port, register, number, bit):
        """The break of a run: long enough, and over before the first byte.
        register: returns (time, value) of writes to that register."""
        before = []
        wire.at(FIRST, lambda: before.extend(register(number)))
        self.ends(self.flash(f"-i brk {port}"), 0)
        on = [when for when, value in before if value & bit]
        off = [when for when, value in before
               if on and when > on[0] and not value & bit]
        if self.check(on and off, f"no break in {before}"):
            self.check(off[0] - on[0] >= 240, f"it took {off[0] - on[0]} ms")

    def reached(self, wire, what="write"):
        return self.check(wire.reached.wait(PATIENCE_S), f"no {what}")

    def ended(self):
        """Its result; the status is 255 if it does not end."""
        return self.guest.run(
            f"n=0; until [ -f /run/status ] || [ $n -ge {PATIENCE_S * 20} ]; do"
            " usleep 50000; n=$((n + 1)); done; cat /run/job.out; "
            "cat /run/job.err >&2; exit $(cat /run/status || echo 255)")


def try_out(bench, command, wires, events, agent=VIRTIO):
    """Boots the machine, runs all jobs of a class of benches, and prints the
    results. agent: QEMU's device for the chardev of this name. argv: the files
    from lib.sh for the machine; the image to write."""
    files, image = sys.argv[1:]
    end_by_signals()
    # Names of sockets must be short.
    directory = tempfile.mkdtemp(prefix="stm32flash-")
    guest = None
    try:
        guest = Guest(directory, command + [
            "-kernel", f"{files}/files/vmlinuz",
            "-initrd", f"{files}/initramfs"], wires, events, agent)
        with open(image, "rb") as data:
            tried = bench(guest, data.read())
        tried.all()
        print(f"{tried.passed} passed, {tried.failed} failed")
        return tried.failed != 0
    finally:
        if guest:
            guest.end()
        shutil.rmtree(directory, ignore_errors=True)


def wait_until(condition):
    """True if the condition becomes true in time."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
