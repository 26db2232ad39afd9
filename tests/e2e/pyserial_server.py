# SPDX-License-Identifier: GPL-2.0-or-later
"""pyserial_server.py EXAMPLE LOG ARGS...: the example RFC 2217 server of
python3-serial, with a pty. A pty has no lines and no parity: writes the
server's changes of them to LOG instead."""
import runpy
import sys

import serial

example, log_name = sys.argv[1:3]
log = open(log_name, "w", encoding="ascii", buffering=1)


def record(name):
    """A method that records the state of a line."""
    def update(self):
        value = getattr(self, "_" + name + "_state")
        log.write("%s %d\n" % (name, value))
    return update


serial.Serial._update_rts_state = record("rts")
serial.Serial._update_dtr_state = record("dtr")
serial.Serial._update_break_state = record("break")
for name in "cts", "dsr", "ri", "cd":
    setattr(serial.Serial, name, property(lambda self: False))
reconfigure = serial.Serial._reconfigure_port


def note_settings(self, force_update=False):
    log.write("%d %d%s%d\n" % (self.baudrate, self.bytesize, self.parity,
                               self.stopbits))
    parity, self._parity = self._parity, serial.PARITY_NONE
    try:
        reconfigure(self, force_update)
    finally:
        self._parity = parity


serial.Serial._reconfigure_port = note_settings
sys.argv = [example] + sys.argv[3:]
runpy.run_path(example, run_name="__main__")
