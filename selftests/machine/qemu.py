# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's command line for one run."""

from image import BUILD, GCOV, hypervisor_image, kernel_image
from machines import KERNEL_PARAMS, STDIO

PARALLEL = ["-accel", "tcg,thread=multi"]
TURNS = ["-accel", "tcg,thread=single"]
# The time-stamp counter counts instructions, and idle time is skipped.
COUNTED = [*TURNS, "-icount", "shift=0,sleep=off",
           "-rtc", "base=2023-11-14T22:13:20,clock=vm", "-seed", "1"]

# Linux looks whether the interrupts of the old timer arrive, and panics where the emulator was given no
# turn for so long.
PARAMS = f"{KERNEL_PARAMS} no_timer_check"

# To its monitor, if it hangs; the answers are in its log.
WHERE_ARE_YOU = b"info registers -a\ninfo lapic 0\ninfo lapic 1\ninfo lapic 2\ninfo lapic 3\nquit\n"


def processors(boot):
    if boot.counted:
        return COUNTED
    return TURNS if boot.turns else PARALLEL


def nodes(machine, boot):
    """NUMA nodes, and the memory behind them."""
    for number, cpus in enumerate(boot.nodes):
        size = machine.memory_mib // len(boot.nodes)
        yield from ("-object", f"memory-backend-ram,id=node{number},size={size}M",
                    "-numa", f"node,nodeid={number},cpus={cpus},memdev=node{number}")


def disk(boot):
    """An empty disk, which goes when QEMU ends."""
    drive = f"driver=null-co,read-zeroes=on,size={boot.disk_mib}M,snapshot=on,if=none,id=disk"
    return ["-drive", drive, "-device", "nvme,drive=disk,serial=disk"]


def executed(machine, initramfs):
    """Has QEMU say what it translates of the hypervisor's image, which it does when that is executed first."""
    if machine.kernel != GCOV:
        return []
    folder = BUILD / "coverage" / initramfs.stem
    folder.mkdir(parents=True, exist_ok=True)
    # Its trampoline is copied below 1 MiB.
    ranges = f"0x1000+0xff000,{hypervisor_image():#x}+0x80000"
    return ["-d", "in_asm", "-dfilter", ranges, "-D", str(folder / "translated")]


def command(machine, boot, initramfs, params, serials):
    """The emulator's command line; @serials are the files that COM1, COM2 write to, or STDIO."""
    argv = [
        str(BUILD / "qemu" / "qemu-system-x86_64"),
        "-machine", "q35", *processors(boot),
        "-cpu", boot.cpu or machine.cpu, "-smp", boot.smp, "-m", str(machine.memory_mib),
        "-nodefaults", "-no-user-config", "-display", "none",
        "-kernel", str(kernel_image(machine.kernel)), "-initrd", str(initramfs),
        "-append", f"{PARAMS} {boot.params} {machine.params} {params}",
    ]
    argv += disk(boot) if boot.disk_mib else ["-no-reboot"]
    argv += nodes(machine, boot)
    argv += executed(machine, initramfs)
    for device in boot.devices:
        argv += ["-device", device]
    for serial in serials:
        argv += ["-serial", "mon:stdio" if serial == STDIO else f"file:{serial}"]
    if STDIO not in serials:
        argv += ["-monitor", "stdio"]
    return argv
