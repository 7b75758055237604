# SPDX-License-Identifier: GPL-2.0-only
"""One run of an emulated machine."""

import subprocess

from image import BUILD, kernel_image
from machines import KERNEL_PARAMS


def command(machine, boot, initramfs, params, serials):
    """The emulator's command line; @serials are QEMU's names for COM1, COM2."""
    argv = [
        str(BUILD / "qemu" / "qemu-system-x86_64"),
        "-machine", "q35", "-accel", "tcg,thread=multi",
        "-cpu", boot.cpu or machine.cpu, "-smp", boot.smp, "-m", boot.memory,
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", str(kernel_image(machine.kernel)), "-initrd", str(initramfs),
        "-append", f"{KERNEL_PARAMS} {boot.params} {params}",
    ]
    for device in boot.devices:
        argv += ["-device", device]
    for serial in serials:
        argv += ["-serial", serial]
    return argv


class Run:
    """An emulator that writes its serial ports to files; to be used with "with"."""

    def __init__(self, argv, log):
        self._argv = argv
        self._log = log

    def __enter__(self):
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(self._argv, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def alive(self):
        return self.process.poll() is None
