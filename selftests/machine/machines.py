# SPDX-License-Identifier: GPL-2.0-only
"""The emulated machines, and what is booted on them.

A machine is an emulator, a processor and a Debian kernel. A boot is one start of
a machine with given kernel parameters, in which some suites (files in cases/) run
one after the other. Adding a machine or a boot means adding a row.
"""

from dataclasses import dataclass, field

KERNEL_PARAMS = "console=ttyS0 panic=-1 quiet tsc=reliable"


@dataclass(frozen=True)
class Machine:
    name: str
    kernel: str                # series, as in build/kernel/
    cpu: str


@dataclass(frozen=True)
class Boot:
    name: str
    suites: tuple
    params: str = "no_ipi_broadcast=1"
    smp: str = "4"
    memory: str = "2G"
    cpu: str = ""              # instead of the machine's
    machines: tuple = ()       # names; empty: all
    devices: tuple = ()
    # What the host's kernel log may show here although it fails any other boot.
    tolerated: tuple = field(default=())


EPYC = "EPYC,+svm,+npt,+x2apic"

MACHINES = (
    Machine("qemu-svm-6.1", "6.1", EPYC),
    Machine("qemu-svm-6.12", "6.12", EPYC),
)

BOOTS = (
    Boot("main", ("sysfs", "cpus", "memory", "payload", "contain", "doorbell", "console",
                  "cycles", "steady", "debian")),
)
