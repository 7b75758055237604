# SPDX-License-Identifier: GPL-2.0-only
"""The emulated machines, and what is booted on them.

A machine is an emulator, a processor and a Debian kernel. A boot is one start of
a machine with given kernel parameters, in which some suites (files in cases/) run
one after the other. Adding a machine or a boot means adding a row.
"""

from dataclasses import dataclass

KERNEL_PARAMS = "console=ttyS0 panic=-1 quiet tsc=reliable"
STDIO = "stdio"    # a serial port on the terminal, instead of in a file


@dataclass(frozen=True)
class Machine:
    name: str
    emulator: str              # "qemu" or "bochs"
    kernel: str                # series, as in build/kernel/
    cpu: str
    memory_mib: int = 2048
    boots: tuple = ()          # names of those it takes; empty: all
    params: str = ""           # of its kernel, beside those of a boot
    slower: float = 1          # than others of its emulator
    newest: bool = False       # its boot "main" has the newest kernel as a co-kernel, too
    short: tuple = ()          # SUITE/BOOT that are enough unless MACHINE names it; empty: all
    named_only: bool = False   # only who asks for it by its whole name gets it


@dataclass(frozen=True)
class Boot:
    name: str
    suites: tuple
    params: str = "no_ipi_broadcast=1"
    smp: str = "4"
    cpu: str = ""              # instead of the machine's
    machines: tuple = ()       # names; empty: all
    devices: tuple = ()
    nodes: tuple = ()          # CPUs of each NUMA node; each has an equal part of the memory
    # A clock that counts instructions, the same in every run, instead of speed.
    counted: bool = False
    # QEMU's CPUs take turns: where Linux patches code that they all run (Documentation/testing.rst).
    turns: bool = False
    # Whether an alarm in the host's kernel log fails the boot.
    healthy: bool = True
    # Of an empty disk. The machine comes back after a reset then, with what it has written there.
    disk_mib: int = 0
    # Lines that the log has to have, in this order.
    says: tuple = ()


EPYC = "EPYC,+svm,+npt,+x2apic"
EPYC_XAPIC = "EPYC,+svm,+npt,-x2apic"
SKYLAKE = "corei7_skylake_x"
SKYLAKE_XAPIC = f'{SKYLAKE}, exclude_features="x2apic"'

# An emulator of one thread needs minutes for what takes QEMU seconds: once_is_enough of lib/host.sh.
SLOW = "covirt.slow=yes covirt.cycles=20"
BOCHS_BOOTS = ("main", "xapic", "mitigated", "init", "restart", "crash", "filtered",
               "unprotected")

NEWEST_BOOTS = ("main", "ctl", "tracing", "x2apic", "xapic", "restart", "crash", "filtered")

MACHINES = (
    Machine("qemu-svm-6.1", "qemu", "6.1", EPYC),
    Machine("qemu-svm-6.12", "qemu", "6.12", EPYC, params="covirt.cycles=200", newest=True),
    # This kernel is that of Debian 13's backports. "make check" has no time for more of it.
    Machine("qemu-svm-newest", "qemu", "newest", EPYC, boots=NEWEST_BOOTS, params="no_timer_check",
            short=("module/main", "sysfs/main", "payload/main", "contain/main")),
    # A kernel with KASAN and lockdep, and covirt in it: selftests/live/.kunitconfig.
    Machine("qemu-svm-checked", "qemu", "checked", EPYC, boots=("checked",),
            params="kmemleak=on", slower=3),
    # For "make coverage": covirt counts what is executed. The kernel is not Debian's: it has no kexec,
    # no tracing and no disk.
    Machine("qemu-svm-counted", "qemu", "counted", EPYC,
            boots=("counted", "counted-xapic", "counted-filtered", "counted-failures", "counted-smt"), slower=2,
            named_only=True),
    # An interrupt that makes the guest exit at the first instruction of an exception handler has
    # Bochs 3.0 save the wrong RIP for VMX. A user space has thousands of exceptions.
    Machine("bochs-vmx", "bochs", "6.1", SKYLAKE, 1024, BOCHS_BOOTS,
            params=f"{SLOW} covirt.rip=unreliable", newest=True),
    # QEMU shows for SVM what covirtctl says of a fault.
    Machine("bochs-svm", "bochs", "6.1", 'ryzen, add_features="x2apic"', 1024, BOCHS_BOOTS,
            params=f"{SLOW} covirt.reports=no"),
)

MAIN = ("module", "sysfs", "cpus", "memory", "payload", "protocols", "wall", "contain", "misdeeds", "apicmode",
        "random", "escape", "doorbell", "smp", "routes", "attacks", "handover", "console", "cycles", "steady",
        "debian", "kvm", "verify")

# The same on any processor, and dear in an emulator of one thread.
NEUTRAL = ("sysfs", "console")


def without(suites):
    return tuple(suite for suite in MAIN if suite not in suites)


# What "make coverage" counts.
COUNTED = ("module", "sysfs", "cpus", "memory", "payload", "wall", "contain", "misdeeds", "escape", "doorbell", "smp",
           "apicmode", "attacks", "handover", "console", "hang")

# Suites for an APIC whose registers are in memory: all that depends on them. An emulator of one thread
# takes what the other vendor decodes in another way, and the older kernel little more.
XAPIC = ("payload", "wall", "contain", "xapic", "random", "escape", "doorbell", "smp",
         "routes", "debian")

# To load a kernel Linux sums it up, which takes Bochs more than the 20 s that Linux allows itself.
PATIENT = "nosoftlockup"

BOOTS = (
    Boot("main", MAIN, machines=("qemu-svm-6.1", "qemu-svm-6.12", "qemu-svm-newest")),
    Boot("main", without(NEUTRAL), machines=("bochs-vmx",)),
    # KVM and a stranger's run of the suites are QEMU's to show for SVM.
    Boot("main", without(NEUTRAL + ("kvm", "verify")), machines=("bochs-svm",)),
    # The tool is user space's: the same on any processor.
    Boot("ctl", ("ctl", "core"), machines=("qemu-svm-6.12", "qemu-svm-newest")),
    # Events are switched on and off all the time.
    Boot("tracing", ("tracing",), turns=True),
    # Linux in x2APIC mode: the enclave's CPU has to come back to it in that mode. A co-kernel is in
    # that mode anyhow.
    Boot("x2apic", ("cpus", "contain", "handover"),
         devices=("intel-iommu,intremap=on,eim=on",),
         params="no_ipi_broadcast=1 intel_iommu=on no_timer_check"),
    # An APIC id above 255, as the second socket of a large machine has: 0 1 2 3 280.
    Boot("wide", ("wide",), smp="4,maxcpus=162,sockets=18,cores=9",
         devices=("intel-iommu,intremap=on,eim=on",
                  "EPYC-x86_64-cpu,socket-id=17,die-id=0,module-id=0,core-id=8,thread-id=0"),
         params="no_ipi_broadcast=1 intel_iommu=on no_timer_check",
         machines=("qemu-svm-6.1", "qemu-svm-6.12")),
    # Processors without x2APIC: the co-kernel's APIC is in memory.
    Boot("xapic", XAPIC, cpu=EPYC_XAPIC, machines=("qemu-svm-6.12", "qemu-svm-newest")),
    Boot("xapic", ("contain", "xapic"), cpu=EPYC_XAPIC, machines=("qemu-svm-6.1",)),
    Boot("xapic", ("xapic",), cpu=SKYLAKE_XAPIC, machines=("bochs-vmx",)),
    Boot("xapic", ("xapic",), cpu="ryzen", machines=("bochs-svm",)),
    # Into another kernel by kexec, and at the end to the firmware, with enclaves that run.
    Boot("restart", ("restart",), params=f"no_ipi_broadcast=1 {PATIENT}",
         says=("covirt e1: stopped", "covirt e0: stopped", "Starting new kernel",
               "covirt e2: stopped", "reboot: Restarting system")),
    # The crash kernel's NMIs reach the enclave's CPU. The dump kernel needs minutes in Bochs.
    Boot("crash", ("crash",), machines=("qemu-svm-6.1", "qemu-svm-6.12", "qemu-svm-newest", "bochs-vmx"),
         params=f"crashkernel=256M {PATIENT}", healthy=False, says=("sysrq triggered crash",)),
    Boot("checked", ("files", "contain", "console"), machines=("qemu-svm-checked",)),
    Boot("counted", COUNTED, machines=("qemu-svm-counted",)),
    Boot("counted-xapic", ("xapic",), cpu=EPYC_XAPIC, machines=("qemu-svm-counted",)),
    Boot("counted-filtered", ("filtered", "routes"), params="", machines=("qemu-svm-counted",)),
    Boot("counted-failures", ("failures", "park"), turns=True, machines=("qemu-svm-counted",)),
    Boot("counted-smt", ("smt",), smp="4,threads=2", machines=("qemu-svm-counted",)),
    # With the processor's errata taken seriously.
    Boot("mitigated", ("erratum", "init", "hang", "park"), machines=("bochs-vmx",),
         params="no_ipi_broadcast=1 mitigations=auto retbleed=off"),
    Boot("init", ("init", "park"), machines=("bochs-svm",)),
    # Not for tests: what "make bench" boots.
    Boot("bench", (), smp="2", counted=True),
    Boot("bench-wide", (), smp="17", counted=True),
    # Probes come and go in functions that all of Linux calls.
    Boot("failures", ("failures", "park"), turns=True),
    Boot("sleep", ("sleep",), turns=True, machines=("qemu-svm-6.12",)),
    # A panic would be a reset.
    Boot("hibernate", ("hibernate",), params="no_ipi_broadcast=1 covirt.disk=yes panic=0",
         disk_mib=1024, turns=True, machines=("qemu-svm-6.12",)),
    # Most of it is waiting for the watchdog.
    Boot("hang", ("hang",), machines=("qemu-svm-6.12",)),
    Boot("smt", ("smt",), smp="4,threads=2"),
    # APIC ids 0 1 2 4 5 6.
    Boot("ids", ("logical",), smp="6,cores=3,sockets=2"),
    Boot("physical", ("logical",), smp="6,cores=3,sockets=2",
         params="no_ipi_broadcast=1 possible_cpus=9", machines=("qemu-svm-6.1",)),
    # Linux broadcasts its interrupts.
    Boot("filtered", ("filtered", "routes", "attacks"), params="",
         machines=("qemu-svm-6.12", "qemu-svm-newest")),
    Boot("filtered", ("filtered",), params="", machines=("qemu-svm-6.1",)),
    Boot("filtered", ("filtered", "core"), params="", machines=("bochs-vmx",)),
    Boot("filtered", ("filtered",), params="", machines=("bochs-svm",)),
    Boot("filtered-xapic", ("filtered", "routes", "attacks"), params="", cpu=EPYC_XAPIC,
         machines=("qemu-svm-6.12",)),
    # Two NUMA nodes of 1 GiB and two CPUs each.
    Boot("numa", ("numa",), nodes=("0-1", "2-3"), machines=("qemu-svm-6.12",)),
    # CPUs 1 and 3 are left to Linux's own work.
    Boot("isolated", ("isolated",), params="no_ipi_broadcast=1 isolcpus=0,2",
         machines=("qemu-svm-6.12",)),
    Boot("nosvm", ("nohardware",), cpu="EPYC,-svm"),
    # Damages Linux on purpose, so its kernel log may say so.
    Boot("unprotected", ("unprotected",), healthy=False),
    Boot("unprotected-xapic", ("unprotected",), cpu=EPYC_XAPIC, healthy=False,
         machines=("qemu-svm-6.1",)),
)

# Seconds that a suite may take under QEMU and under Bochs, when "make check" runs on two cores.
# Time is never a reason to fail: what is over is marked, for whoever changes a suite.
BUDGETS = {
    "module": (10, 30), "sysfs": (35, 0), "cpus": (15, 35), "memory": (30, 60), "payload": (10, 40), "protocols": (10, 60),
    "wall": (5, 20), "contain": (10, 30), "misdeeds": (60, 190), "random": (10, 20),
    "escape": (5, 10), "doorbell": (8, 20), "smp": (25, 60), "routes": (25, 80),
    "attacks": (15, 50), "handover": (12, 45), "console": (35, 0), "cycles": (110, 60),
    "steady": (85, 200), "debian": (85, 200), "verify": (15, 70), "kvm": (25, 80),
    "restart": (8, 60), "crash": (5, 10), "erratum": (15, 20), "init": (15, 25),
    "failures": (70, 0), "park": (5, 15), "sleep": (20, 0), "hibernate": (60, 0), "smt": (30, 0),
    "isolated": (8, 0), "numa": (20, 0), "hang": (45, 70), "logical": (10, 0), "wide": (5, 0),
    "filtered": (20, 45), "nohardware": (5, 0), "xapic": (20, 60), "unprotected": (30, 60),
    "files": (20, 0), "ctl": (70, 0), "core": (80, 25), "tracing": (30, 0),
    "apicmode": (40, 100),
}


def budget(machine, suite):
    """Of a suite on a machine; None for what is no suite."""
    if suite not in BUDGETS:
        return None
    return round(BUDGETS[suite][machine.emulator == "bochs"] * machine.slower)
