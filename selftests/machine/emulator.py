# SPDX-License-Identifier: GPL-2.0-only
"""One run of an emulated machine, whichever emulator it is."""

import subprocess

import bochs
import qemu

EMULATORS = {"bochs": bochs, "qemu": qemu}


def command(machine, boot, initramfs, params, serials):
    """The emulator's command line; @serials are the files that COM1, COM2 write to, or STDIO."""
    return EMULATORS[machine.emulator].command(machine, boot, initramfs, params, serials)


class Run:
    """An emulator that writes its serial ports to files; to be used with "with"."""

    _alive = set()             # processes, for who has to end in a hurry

    @classmethod
    def kill_all(cls):
        for process in list(cls._alive):
            process.kill()

    def __init__(self, argv, log):
        self._argv = argv
        self._log = log

    def __enter__(self):
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(self._argv, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        self._alive.add(self.process)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._alive.discard(self.process)

    def alive(self):
        return self.process.poll() is None
