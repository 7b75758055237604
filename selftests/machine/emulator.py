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

    PATIENCE = 10              # seconds for the answers to questions

    _alive = set()             # processes, for who has to end in a hurry

    @classmethod
    def kill_all(cls):
        for process in list(cls._alive):
            process.kill()

    def __init__(self, machine, argv, log):
        self._questions = EMULATORS[machine.emulator].WHERE_ARE_YOU
        self._argv = argv
        self._log = log

    def __enter__(self):
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(
                self._argv, stdout=log, stderr=log,
                stdin=subprocess.PIPE if self._questions else subprocess.DEVNULL)
        self._alive.add(self.process)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._alive.discard(self.process)

    def alive(self):
        return self.process.poll() is None

    def where(self):
        """Of one that hangs: what it says about its processors, in lines; and it ends."""
        if not self._questions or not self.alive():
            return []
        start = self._log.stat().st_size
        try:
            self.process.communicate(self._questions, timeout=self.PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        text = self._log.read_bytes()[start:].decode(errors="replace")
        return [line.rstrip() for line in text.splitlines() if not line.startswith("(qemu)")]
